"""The figures of `eval.bench.servers` as tables, and the limits they are held to."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from eval.bench.servers_pages import PageTimes

FORMS_PER_SECOND = 300.0
LIMITED = 10_000
"""Forms from which on the rate of import is held to its limit: fewer are over before the second process has started."""
QUESTION_MEDIAN, QUESTION_P95, PAGE = 1.0, 2.5, 0.5
"""Seconds."""
FIRST_ROWS = ("list", "findings")
GROWTH = 1.2
"""What a form may cost in the largest database, in what it costs in the smallest."""


class Moved(NamedTuple):
    """Seconds of a backup and of a restore, and the bytes of the archive."""

    backup: float
    restore: float | None
    size: int


@dataclass(frozen=True)
class Size:
    """The figures of one database.

    Attributes:
        imported: what eval.bench.servers_child tells of the import; `server_cpu` are PostgreSQL's seconds of the processor meanwhile.
        disk: bytes of the database without the index, and without what an empty one takes.
        indexed: what it tells of the index, where one was made; `vectors` are the bytes of Chroma for it.
        asked: what it tells of the questions.
        memory: megabytes of the web app, PostgreSQL and Chroma at the end.
    """

    forms: int
    imported: dict[str, Any]
    server_cpu: float | None
    disk: int
    indexed: dict[str, Any] | None
    vectors: int | None
    asked: dict[str, Any]
    pages: tuple[PageTimes, ...]
    memory: dict[str, float]
    moved: Moved | None

    @property
    def rate(self) -> float:
        """Forms imported in a second."""
        return float(self.forms / self.imported["seconds"])

    @property
    def import_cpu(self) -> float:
        """Milliseconds of all processors for one imported form."""
        return float((self.imported["cpu"] + (self.server_cpu or 0.0)) / self.forms * 1000)

    @property
    def question_seconds(self) -> list[float]:
        """Of every question each time it was put, the first time aside, shortest first."""
        return sorted(seconds for one in self.asked["asked"] for seconds in one["seconds"])

    @property
    def question_median(self) -> float:
        """Seconds."""
        return median(self.question_seconds)

    @property
    def question_p95(self) -> float:
        """Seconds."""
        seconds = self.question_seconds
        return seconds[max(0, math.ceil(0.95 * len(seconds)) - 1)]


_Cell = Callable[[Size], str]
_ROWS: tuple[tuple[str, _Cell], ...] = (
    ("indicators", lambda size: f"{size.imported['indicators']:,}"),
    ("findings", lambda size: f"{size.imported['findings']:,}"),
    ("import, forms/s", lambda size: f"{size.rate:.0f}"),
    ("import, clock ms/form", lambda size: f"{size.imported['seconds'] / size.forms * 1000:.2f}"),
    ("import, CPU ms/form, jihe", lambda size: f"{size.imported['cpu'] / size.forms * 1000:.2f}"),
    ("import, CPU ms/form, PostgreSQL", lambda size: "-" if size.server_cpu is None else f"{size.server_cpu / size.forms * 1000:.2f}"),
    ("of it comparing units, s", lambda size: f"{size.imported['settling']:.1f}"),
    ("import, peak MB of jihe", lambda size: _whole(size.imported["peak_mb"])),
    ("database, KB/form", lambda size: f"{size.disk / size.forms / 1024:.1f}"),
    ("index, forms/s", lambda size: _of_index(size, lambda told: f"{size.forms / told['seconds']:.1f}")),
    ("index, words ms/form", lambda size: _of_index(size, lambda told: f"{told['words'] / size.forms * 1000:.1f}")),
    ("index, vectors/s", lambda size: _of_index(size, lambda told: f"{told['chunks'] / max(1e-9, told['seconds'] - told['words']):.0f}")),
    ("index, KB/form in the database", lambda size: _of_index(size, lambda told: _kb(told["disk_with_words"] - size.disk, size))),
    ("index, KB/form in Chroma", lambda size: "-" if size.vectors is None else _kb(size.vectors, size)),
    ("first question of a process, s", lambda size: f"{size.asked['opened']:.2f}"),
    ("questions, median s", lambda size: f"{size.question_median:.3f}"),
    ("questions, p95 s", lambda size: f"{size.question_p95:.3f}"),
    ("questions, worst s", lambda size: f"{size.question_seconds[-1]:.3f}"),
    ("questions, median CPU s", lambda size: f"{median(s for one in size.asked['asked'] for s in one['cpu']):.3f}"),
    ("questions, peak MB of jihe", lambda size: _whole(size.asked["peak_mb"])),
    ("web app, MB", lambda size: _whole(size.memory.get("web"))),
    ("PostgreSQL, MB", lambda size: _whole(size.memory.get("postgres"))),
    ("Chroma, MB", lambda size: _whole(size.memory.get("chroma"))),
    ("backup, s", lambda size: "-" if size.moved is None else f"{size.moved.backup:.1f}"),
    ("restore, s", lambda size: "-" if size.moved is None or size.moved.restore is None else f"{size.moved.restore:.1f}"),
    ("backup, KB/form", lambda size: "-" if size.moved is None else _kb(size.moved.size, size)),
)


def table(sizes: Sequence[Size]) -> list[str]:
    """All figures, a column for each size."""
    rows = [(name, [cell(size) for size in sizes]) for name, cell in _ROWS]
    rows += [(f"{page.name}, s (first)", [_page(size, i) for size in sizes]) for i, page in enumerate(sizes[0].pages)]
    head = ["| | " + " | ".join(f"{size.forms:,} forms" for size in sizes) + " |", "|---" + "|---:" * len(sizes) + "|"]
    return head + [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows]


def slowest(size: Size, count: int = 8) -> list[str]:
    """The kinds of question that take longest in a database."""
    ordered = sorted(size.asked["asked"], key=lambda one: -median(one["seconds"]))[:count]
    lines = [f"| slowest questions, {size.forms:,} forms | median s | CPU s | first time s |", "|---|---:|---:|---:|"]
    return lines + [
        f"| {one['kind']}, {one['language']} | {median(one['seconds']):.2f} | {median(one['cpu']):.2f} | {one['first']:.2f} |"
        for one in ordered
    ]


def verdicts(sizes: Sequence[Size]) -> list[tuple[str, bool]]:
    """Every limit with the figure measured in the largest database, and whether it is kept."""
    least, most = min(sizes, key=lambda size: size.forms), max(sizes, key=lambda size: size.forms)
    out = []
    if most.forms >= LIMITED:
        out.append((f"import {most.rate:.0f} forms/s (at least {FORMS_PER_SECOND:g})", most.rate >= FORMS_PER_SECOND))
    out += [
        (f"questions: median {most.question_median:.2f} s (at most {QUESTION_MEDIAN:g})", most.question_median <= QUESTION_MEDIAN),
        (f"questions: p95 {most.question_p95:.2f} s (at most {QUESTION_P95:g})", most.question_p95 <= QUESTION_P95),
    ]
    out += [
        (f"{page.name}, first rows: {page.median * 1000:.0f} ms (at most {PAGE * 1000:.0f})", page.median <= PAGE)
        for page in most.pages
        if page.name in FIRST_ROWS
    ]
    if least is not most:
        out += [_growth(name, figure(most) / max(1e-9, figure(least))) for name, figure in _PER_FORM]
    return out


_PER_FORM: tuple[tuple[str, Callable[[Size], float]], ...] = (
    ("processor of the import", lambda size: size.import_cpu),
    ("database on disk", lambda size: size.disk / size.forms),
    ("memory of the import", lambda size: (size.imported["peak_mb"] or 0.0) / size.forms),
    ("memory of questions", lambda size: (size.asked["peak_mb"] or 0.0) / size.forms),
    ("median question", lambda size: size.question_median / size.forms),
    ("p95 of questions", lambda size: size.question_p95 / size.forms),
    ("list", lambda size: size.pages[0].median / size.forms),
    ("findings", lambda size: size.pages[-1].median / size.forms),
)


def _growth(name: str, ratio: float) -> tuple[str, bool]:
    return f"growth, {name} per form: x {ratio:.2f} from the smallest to the largest (at most {GROWTH:g})", ratio <= GROWTH


def _of_index(size: Size, cell: Callable[[dict[str, Any]], str]) -> str:
    return "-" if size.indexed is None else cell(size.indexed)


def _page(size: Size, i: int) -> str:
    return f"{size.pages[i].median:.3f} ({size.pages[i].first:.2f})"


def _kb(number: float, size: Size) -> str:
    return f"{number / size.forms / 1024:.1f}"


def _whole(number: float | None) -> str:
    return "-" if number is None else f"{number:.0f}"
