"""Faults planted in right answers: one in each, of a given kind; None where an answer has no place for it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from agents.answer.verify.text import MARK, RUN
from eval.answers.material import Material
from schema.text import fold

_T = TypeVar("_T")
_NUMBER = re.compile(r"(?<![\d.,A-Za-z第])\d[\d,]*(?:\.\d+)?(?![\d.]*[年\]期])")
_YEAR = re.compile(r"(?<!\d)20\d\d(?=年| *[),，]|, the)")
_QUOTE = re.compile(r"“([^”]{6,})”(?=\[)")
_PROJECTS = ("智慧停车综合服务项目", "数字乡村平台建设经费", "城市体征监测工程", "政务热线升级改造项目", "窗口培训专项经费")
_UNITS = ("市教育局", "浦东新区卫生健康委员会", "静安区行政服务中心", "市交通运输管理局", "某某信息技术有限公司")
_UNIT = (
    ("亿元", "万元"),
    ("万元", "元"),
    ("万元", "亿元"),
    ("个百分点", "%"),
    ("percentage points", "%"),
    ("points", "%"),
    ("分", "%"),
    ("%", "分"),
)
_OPPOSITES = (
    ("最高", "最低"), ("最低", "最高"), ("从高到低", "从低到高"), ("从低到高", "从高到低"), ("highest", "lowest"), ("lowest", "highest"),
    ("higher than", "lower than"), ("lower than", "higher than"), ("高于", "低于"), ("低于", "高于"), (r"(?<=）)高(?=[\d])", "低"),
    (r"(?<=）)低(?=[\d])", "高"), ("超过", "低于"), ("more than", "less than"),
)  # fmt: skip
_DENIALS = (
    ("没有扣分", "被扣分"), ("lost no points", "lost points"), ("没有达到目标", "达到目标"), ("(?<!没有)达到目标", "没有达到目标"),
    ("met its target", "missed its target"), ("missed its target", "met its target"), ("丢了", "没有扣分，"),
)  # fmt: skip
_LABELS = (
    ("年初预算", "全年预算"), ("全年预算", "实际支出"), ("实际支出", "全年预算"), ("预算执行得分", "自评总分"),
    ("自评总分", "预算执行得分"),
    ("original budget", "outturn"), ("adjusted budget", "original budget"), ("outturn", "adjusted budget"), ("total score", "budget score"),
)  # fmt: skip


class Planted(NamedTuple):
    """An answer with a fault in it."""

    kind: str
    text: str


Planter = Callable[[random.Random, str, Material], str | None]


def plant(kind: str, draw: random.Random, text: str, m: Material) -> Planted | None:
    """A fault of a kind in a right answer; None where it has no place for one."""
    wrong = FAULTS[kind](draw, text, m)
    return Planted(kind, wrong) if wrong is not None and wrong != text else None


def _digit(draw: random.Random, text: str, m: Material) -> str | None:
    spot = _pick(draw, _numbers(text, m))
    if spot is None:
        return None
    at = draw.choice([i for i in range(*spot.span()) if text[i].isdigit()])
    other = draw.choice([d for d in "123456789" if d != text[at]])
    return text[:at] + other + text[at + 1 :]


def _decimal(draw: random.Random, text: str, m: Material) -> str | None:
    spot = _pick(draw, [n for n in _numbers(text, m) if float(n[0].replace(",", "")) != 0])
    if spot is None:
        return None
    plain = spot[0].replace(",", "")
    moved = f"{plain}0" if "." not in plain else re.sub(r"(\d)\.(\d)", r"\1\2.", plain).rstrip(".")
    moved = moved if draw.random() < 0.5 or len(plain) < 3 else re.sub(r"(\d)(\.|$)", r".\1", plain, count=1).rstrip(".")
    return text[: spot.start()] + moved + text[spot.end() :]


def _exchanged(draw: random.Random, text: str, m: Material) -> str | None:
    found = _numbers(text, m)
    pairs = [
        (a, b) for a in found for b in found if a.start() < b.start() and _worth(a[0]) != _worth(b[0]) and _tail(text, a) == _tail(text, b)
    ]
    pair = _pick(draw, pairs)
    if pair is None:
        return None
    a, b = pair
    return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


def _wrong_project(draw: random.Random, text: str, m: Material) -> str | None:
    names = [m.name(line.form) for line in m.lines]
    return _renamed(draw, text, m, [name for name in dict.fromkeys(names) if name not in text])


def _strange_project(draw: random.Random, text: str, m: Material) -> str | None:
    held = {m.name(line.form) for line in m.lines}
    return _renamed(draw, text, m, [name for name in m.basis.names if name not in held and name not in text])


def _invented_project(draw: random.Random, text: str, m: Material) -> str | None:
    return _renamed(draw, text, m, list(_PROJECTS))


def _renamed(draw: random.Random, text: str, m: Material, others: list[str]) -> str | None:
    told = [name for name in dict.fromkeys(m.name(line.form) for line in m.lines) if name in text]
    told = [name for name in told if not any(name != other and name in other for other in told)]
    if not told or not others:
        return None
    return text.replace(draw.choice(told), draw.choice(others), 1)


def _invented_unit(draw: random.Random, text: str, m: Material) -> str | None:
    told = [m.name(line.form) for line in m.lines if m.name(line.form) in text]
    if not told:
        return None
    name, unit = draw.choice(told), draw.choice(_UNITS)
    return text.replace(name, draw.choice([f"{unit}的{name}", f"由{unit}实施的{name}"]), 1)


def _unit_changed(draw: random.Random, text: str, m: Material) -> str | None:
    spots = []
    for number in _numbers(text, m):
        for unit, other in _UNIT:
            found = re.match(rf"\s*{unit}", text[number.end() :])
            if found and not (unit == "元" and text[number.end()] in "万亿"):
                spots.append((number.end() + found.end() - len(unit), len(unit), other))
                break
    spot = _pick(draw, spots)
    return None if spot is None else text[: spot[0]] + spot[2] + text[spot[0] + spot[1] :]


def _wrong_year(draw: random.Random, text: str, m: Material) -> str | None:
    spots = [y for y in _YEAR.finditer(text) if not _inside_name(text, y.start(), m)]
    spot = _pick(draw, spots)
    return None if spot is None else text[: spot.start()] + str(int(spot[0]) + draw.choice([-2, -1, 1])) + text[spot.end() :]


def _invented_quote(draw: random.Random, text: str, m: Material) -> str | None:
    marks = MARK.findall(text)
    if not marks:
        return None
    said = draw.choice(["由于供应商破产，项目被迫中止", "财政资金未及时拨付到位", "领导高度重视，成效显著", "the supplier went bankrupt"])
    lead = " The form says: " if m.language == "en" else "表中写的是："
    return f"{text}{lead}“{said}”[{draw.choice(marks)[0]}]{'.' if m.language == 'en' else '。'}"


def _changed_quote(draw: random.Random, text: str, m: Material) -> str | None:
    del m
    spot = _pick(draw, list(_QUOTE.finditer(text)))
    if spot is None:
        return None
    at = draw.choice([i for i in range(spot.start(1), spot.end(1)) if "\u4e00" <= text[i] <= "\u9fff"])
    other = draw.choice([c for c in "未已不无增减多少" if c != text[at]])
    return text[:at] + other + text[at + 1 :]


def _shifted(draw: random.Random, text: str, m: Material) -> str | None:
    """A mark that points to another cell, which does not print the same."""
    cites = {cite.n: cite for cite in m.pen.citations}
    spots = []
    for spot in re.finditer(r"\[(\d+)\]", text):
        own = cites[int(spot[1])]
        others = [c.n for c in cites.values() if c.form_id != own.form_id and fold(own.quote) not in fold(c.quote)]
        # Beside the right cell stays what it was.
        if others and f"[{own.n}]" not in text.replace(spot[0], "", 1) and own.cell != "project_name":
            spots.append((spot, draw.choice(others)))
    found = _pick(draw, spots)
    if found is None:
        return None
    spot, other = found
    return text[: spot.start()] + f"[{other}]" + text[spot.end() :]


def _uncited(draw: random.Random, text: str, m: Material) -> str | None:
    del draw, m
    return RUN.sub("", text)


def _sum_off(draw: random.Random, text: str, m: Material) -> str | None:
    spots = [
        n
        for n in _numbers(text, m)
        if re.search(r"(?:合计|加起来是|相差|平均[^\d]{2,8}为|[高低]|结余|占[^\d]{2,8}|失|丢了|total of |by |of )\s*\Z", text[: n.start()])
    ]
    spot = _pick(
        draw, [n for n in spots if not re.match(r"[^\[]{0,14}\[", text[n.end() :]) or "合计" in text or "total" in text or "相差" in text]
    )
    if spot is None:
        return None
    wrong = (_worth(spot[0]) or 1) * draw.choice([1.01, 0.99, 1.1, 0.5, 2]) + draw.choice([0.03, 0.11, 1])
    if abs(wrong - _worth(spot[0])) < 0.02:
        return None
    return text[: spot.start()] + f"{wrong:.2f}" + text[spot.end() :]


def _count_off(draw: random.Random, text: str, m: Material) -> str | None:
    del m
    found = _pick(draw, list(re.finditer(r"(?<![\d.])(\d+|[两三四])(?= ?(?:个项目|projects))", text)))
    if found is None:
        return None
    told = {"两": 2, "三": 3, "四": 4}.get(found[0]) or int(found[0])
    return text[: found.start()] + str(told + draw.choice([-1, 1, 2])) + text[found.end() :]


def _swapped(pairs: tuple[tuple[str, str], ...]) -> Planter:
    def planter(draw: random.Random, text: str, m: Material) -> str | None:
        names = [m.name(line.form) for line in m.lines]
        spots = [
            (f, other) for one, other in pairs for f in re.finditer(one, text) if not any(f[0] in name for name in names if name in text)
        ]
        found = _pick(draw, spots)
        return None if found is None else text[: found[0].start()] + found[1] + text[found[0].end() :]

    return planter


def _wrong_cause(draw: random.Random, text: str, m: Material) -> str | None:
    """The reason of one project told of another."""
    if not re.search(r"因|原因|写道|说明是|due to|explains", text):
        return None
    return _wrong_project(draw, text, m)


def _numbers(text: str, m: Material) -> list[re.Match[str]]:
    """Numbers that are no marks, years or parts of names and quotations."""
    quotes = [q.span() for q in re.finditer(r"“[^”]*”", text)]
    spots = [n for n in _NUMBER.finditer(text) if text[n.start() - 1 : n.start()] != "[" and not re.fullmatch(r"20\d\d", n[0])]
    # Another bound may be true as well.
    spots = [n for n in spots if not text[: n.start()].rstrip().endswith(("超过", "more than"))]
    return [n for n in spots if not any(a <= n.start() < b for a, b in quotes) and not _inside_name(text, n.start(), m)]


def _inside_name(text: str, at: int, m: Material) -> bool:
    names = {m.name(line.form) for line in m.lines} | {line.row.name for line in m.lines if line.row}
    return any(f.start() <= at < f.end() for name in names if name in text for f in re.finditer(re.escape(name), text))


def _worth(told: str) -> float:
    return float(told.replace(",", ""))


def _tail(text: str, number: re.Match[str]) -> str:
    found = re.match(r"\s*([万亿]?元|分|%|points|个?百分点)", text[number.end() :])
    return found[1] if found else ""


def _pick(draw: random.Random, found: list[_T]) -> _T | None:
    return draw.choice(found) if found else None


FAULTS: dict[str, Planter] = {
    "digit changed": _digit, "decimal moved": _decimal, "numbers exchanged": _exchanged, "wrong project": _wrong_project,
    "project of other forms": _strange_project, "project invented": _invented_project, "unit invented": _invented_unit,
    "unit of measure": _unit_changed, "wrong year": _wrong_year, "quotation invented": _invented_quote,
    "quotation changed": _changed_quote, "citation shifted": _shifted, "citation missing": _uncited, "sum off": _sum_off,
    "order reversed": _swapped(_OPPOSITES), "count off": _count_off, "wrong cause": _wrong_cause, "denial": _swapped(_DENIALS),
    "label changed": _swapped(_LABELS),
}  # fmt: skip
"""Kinds of faults, and what plants them."""
