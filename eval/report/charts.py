"""Charts as shapes on a small canvas, which a template writes as SVG: no script and no library, readable as wide as a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.report.errors import Confusion
from eval.report.gather import SetReport
from eval.report.readings import STEPS, ConfidenceClass
from eval.report.words import FIGURES, GATE, gate_figure, percent, shortened
from eval.runs.leaderboard import Board

WIDTH = 420.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 48.0, 14.0, 12.0, 40.0
_FLOORS = (0.999, 0.995, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.5, 0.0)
"""Where an axis of shares may begin: below all that is drawn, but not so far that nothing can be told apart."""
_BAR, _GAP, _NAMES, _WIDE_NAMES = 15.0, 7.0, 118.0, 150.0
ACCURACY = ("numbers", "labels", "texts")
Marker = Literal["circle", "square", "triangle"]
MARKERS: tuple[Marker, ...] = ("circle", "square", "triangle")
_Y = Callable[[float], float]
Kind = Literal["line", "rect", "text", "circle", "square", "triangle"]


@dataclass(frozen=True)
class Shape:
    """Something drawn.

    Attributes:
        at: a point; the left upper corner of a rectangle, the middle of a marker, the baseline of a text.
        to: the end of a line; width and height of a rectangle.
        style: its classes in the style sheet.
        text: what a text says; of others, what is told when a pointer rests on them.
    """

    kind: Kind
    at: tuple[float, float]
    to: tuple[float, float] = (0.0, 0.0)
    style: str = ""
    text: str = ""
    anchor: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True)
class Chart:
    """A chart; `told` says in words what it shows, `legend` which marker and style stands for what."""

    title: str
    told: str
    height: float
    shapes: tuple[Shape, ...]
    legend: tuple[tuple[Kind, str, str], ...] = ()


def accuracy_chart(sets: Sequence[SetReport]) -> Chart | None:
    """What was read rightly against how degraded the documents were, with intervals. None without any."""
    drawn = [one for one in sets if one.intervals]
    lows = [told.low for one in drawn for figure in ACCURACY if (told := one.intervals[figure]).low is not None]
    if not lows:
        return None
    floor = next(floor for floor in _FLOORS if floor <= min(lows) - 1e-9 or floor == 0)
    height, plot = 230.0, 230.0 - _TOP - _BOTTOM
    step = (WIDTH - _LEFT - _RIGHT) / len(drawn)

    def y(share: float) -> float:
        return _TOP + plot * (1 - (share - floor) / (1 - floor))

    shapes = list(_share_axis(floor, y))
    for place, one in enumerate(drawn):
        middle = _LEFT + step * (place + 0.5)
        shapes += _centred(middle, height - _BOTTOM + 16, one.run.name)
        for number, (figure, marker) in enumerate(zip(ACCURACY, MARKERS, strict=True)):
            told = one.intervals[figure]
            if told.value is None or told.low is None or told.high is None:
                continue
            x = middle + (number - 1) * min(14.0, step / 4)
            said = f"{one.run.name} {FIGURES[figure]} {percent(told.value)}（{percent(told.low)} 至 {percent(told.high)}）"
            shapes.append(Shape("line", (x, y(told.low)), (x, y(told.high)), f"span s{number}", said))
            shapes.append(Shape(marker, (x, y(told.value)), style=f"s{number}", text=said))
    told_floor = "" if floor == 0 else f"纵轴从 {percent(floor, 1)} 起。"
    legend = tuple((marker, f"s{number}", FIGURES[figure]) for number, (figure, marker) in enumerate(zip(ACCURACY, MARKERS, strict=True)))
    told_all = f"各集合读对的比例，竖线是 95% 区间。{told_floor}"
    return Chart("准确率与文件质量", told_all, height, tuple(shapes), legend)


def calibration_chart(sets: Sequence[SetReport]) -> Chart | None:
    """How often marked and unmarked cells are wrong, by set."""
    rows: list[tuple[str, int, int, str]] = []
    for one in sets:
        if one.marks is not None:
            rows.append((f"{one.run.name} 已标", *one.marks.marked, "b0"))
            rows.append((f"{one.run.name} 未标", *one.marks.unmarked, "b1"))
    return _share_bars("待核对标记准不准（calibration）", "已标和未标的格里，读错的各占多少：错的格数/格数。", rows)


def confidence_chart(classes: Sequence[ConfidenceClass]) -> Chart | None:
    """How often values are wrong by the confidence they were read with."""
    rows: list[tuple[str, int, int, str]] = []
    above = dict(zip(STEPS[1:], STEPS, strict=False))
    for one in classes:
        name = f"{one.low:g} 至 {above[one.low]:g}" if one.low in above else f"{one.low:g}"
        rows.append((name, one.wrong, one.cells, "b0"))
    return _share_bars("置信度与读错的比例", "按读取时的置信度分档，每档里读错的占多少：错的格数/格数（含已标出的）。", rows)


def confusion_chart(confusions: Sequence[Confusion]) -> Chart | None:
    """Which characters were taken for which, most often first."""
    if not confusions:
        return None
    most = max(one.count for one in confusions)
    rows = []
    for one in confusions:
        about = f"{shortened(one.example_want)} 读成 {shortened(one.example_got)}"
        rows.append((f"{one.want} → {one.got}", one.count / most, str(one.count), "b2", about))
    return _bars("认错的字（confusion）", "左边是原字，右边是读成的字，∅ 表示没有字（漏读或多读）；长度是次数。", rows)


def cost_chart(board: Board | None, run: str) -> Chart | None:
    """What runs cost against how much they read rightly; without a model, the seconds of a page stand for the cost."""
    if board is None:
        return None
    figure = next((name for name in _paid(board) if any(line.overall.get(name) for line in board.runs)), "seconds_per_page")
    currency = next((line.currency for line in board.runs if line.currency), "") if figure == "cost" else ""
    axis = f"{GATE[figure]}（{currency}）" if currency else GATE[figure]
    points = [
        (line, cost, share)
        for line in board.runs
        if (cost := line.overall.get(figure)) is not None and (share := line.overall.get("number.f1")) is not None
    ]
    if not points:
        return None
    floor = next(floor for floor in _FLOORS if floor <= min(share for *_, share in points) - 1e-9 or floor == 0)
    most = max(cost for _, cost, _ in points) * 1.08 or 1.0
    height, plot = 230.0, 230.0 - _TOP - _BOTTOM

    def y(share: float) -> float:
        return _TOP + plot * (1 - (share - floor) / (1 - floor))

    shapes = list(_share_axis(floor, y))
    for tick in range(5):
        x = _LEFT + (WIDTH - _LEFT - _RIGHT) * tick / 4
        shapes += _centred(x, height - _BOTTOM + 16, f"{most * tick / 4:.3g}")
    shapes += _centred((WIDTH + _LEFT) / 2, height - 6, axis)
    for line, cost, share in points:
        x = _LEFT + (WIDTH - _LEFT - _RIGHT) * cost / most
        own = line.id == run
        said = f"{line.id} {line.extractor} {line.model or ''}：{gate_figure('number.f1')} {percent(share)}，{axis} {cost:g}"
        shapes.append(Shape("circle" if own else "square", (x, y(share)), style="s1" if own else "s0", text=said))
    legend: tuple[tuple[Kind, str, str], ...] = (("circle", "s1", "这一次"), ("square", "s0", "读同样文件的其他评测"))
    left_out = len(board.runs) - len(points)
    rest = f"另有 {left_out} 次的花费不能从这里看出（回答取自缓存，或没有价格），没有画。" if left_out else ""
    told = f"横轴是{axis}，纵轴是{gate_figure('number.f1')}；共 {len(points)} 次评测。{rest}"
    return Chart("花费与准确率", told, height, tuple(shapes), legend)


def _paid(board: Board) -> tuple[str, ...]:
    """What tells the cost of runs: money where all of it is of one currency, else tokens."""
    return ("cost", "tokens") if len({line.currency for line in board.runs if line.currency}) <= 1 else ("tokens",)


def _share_axis(floor: float, y: _Y) -> Iterator[Shape]:
    places = 0 if floor in (0.0, 0.5, 0.8, 0.9) else 1 if floor < 0.99 else 2
    for tick in range(5):
        share = floor + (1 - floor) * tick / 4
        yield Shape("line", (_LEFT, y(share)), (WIDTH - _RIGHT, y(share)), "grid")
        yield Shape("text", (_LEFT - 5, y(share) + 4), text=percent(share, places), anchor="end")


def _share_bars(title: str, told: str, rows: Sequence[tuple[str, int, int, str]]) -> Chart | None:
    """Bars of parts of wholes, as long as the largest of them is."""
    shares = [part / whole if whole else 0.0 for _, part, whole, _ in rows]
    if not rows:
        return None
    most = max(shares) or 1.0
    return _bars(
        title,
        told,
        [
            (name, share / most, f"{percent(share) if whole else '—'}（{part}/{whole}）", style, "")
            for (name, part, whole, style), share in zip(rows, shares, strict=True)
        ],
    )


def _bars(title: str, told: str, rows: Iterable[tuple[str, float, str, str, str]]) -> Chart:
    """Bars one below the other: name, length from 0 to 1, what stands behind it, style, what is told of it."""
    shapes: list[Shape] = []
    top = 4.0
    longest = WIDTH - _NAMES - 130.0
    for name, length, value, style, about in rows:
        shapes.append(Shape("text", (_NAMES - 6, top + 12), text=shortened(name, 14), anchor="end"))
        shapes.append(Shape("rect", (_NAMES, top), (max(1.0, longest * length), _BAR), style, f"{name}：{value}。{about}"))
        shapes.append(Shape("text", (_NAMES + longest * length + 6, top + 12), text=value))
        top += _BAR + _GAP
    return Chart(title, told, top + 2, tuple(shapes))


def stacked(
    title: str,
    told: str,
    rows: Iterable[tuple[str, Sequence[tuple[float, str]], str, str]],
    legend: tuple[tuple[Kind, str, str], ...] = (),
) -> Chart:
    """Bars one below the other, each of parts: name, parts (share of the bar, style), what stands behind it, what is told of it."""
    shapes: list[Shape] = []
    top, whole = 4.0, WIDTH - _WIDE_NAMES - 60.0
    for name, parts, value, about in rows:
        shapes.append(Shape("text", (_WIDE_NAMES - 6, top + 12), text=name, anchor="end"))
        left = _WIDE_NAMES
        for part, style in parts:
            # The least part there is shall be seen.
            width = max(1.5, whole * part) if part else 0.0
            shapes += [Shape("rect", (left, top), (width, _BAR), style, f"{name}：{about}")] if width else []
            left += width
        shapes.append(Shape("text", (_WIDE_NAMES + whole + 8, top + 12), text=value))
        top += _BAR + _GAP
    return Chart(title, told, top + 2, tuple(shapes), legend)


def _centred(x: float, y: float, text: str) -> list[Shape]:
    return [Shape("text", (x, y), text=text, anchor="middle")]
