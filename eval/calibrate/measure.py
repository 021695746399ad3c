"""Cells read from scans beside their gold values, and what each threshold of confidence would mark and miss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agents.repair.doubts import THRESHOLDS, kind_of_cell
from schema.cells import iter_cells
from schema.form import Form
from schema.text import fold

STEPS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995)
KINDS = tuple(THRESHOLDS)


@dataclass(frozen=True)
class Reading:
    """One cell: its kind, the confidence of its least certain character, whether it is right, and whether it was marked."""

    kind: str
    confidence: float
    right: bool
    marked: bool


@dataclass(frozen=True)
class Step:
    """What a threshold does: shares of cells marked, of wrong ones caught, of marked ones that are wrong; how many wrong stay silent."""

    threshold: float
    marked: float
    caught: float
    wrong: float
    silent: int


def readings(form: Form, gold: Form) -> Iterator[Reading]:
    """The printed cells of a form that is read like its gold, row by row; none where rows are missing or too many."""
    if len(form.indicators) != len(gold.indicators):
        return
    wanted = dict(iter_cells(gold))
    covered = {mark.cell for mark in form.review}
    for cell, value in iter_cells(form):
        evidence = form.evidence.get(cell)
        if evidence is not None and evidence.read_by == "ocr" and cell in wanted and value is not None:
            marked = cell in covered or cell.partition(".")[0] in covered
            yield Reading(kind_of_cell(cell), evidence.confidence, same(value, wanted[cell]), marked)


def same(value: object, wanted: object) -> bool:
    """Whether a value is the wanted one; texts but for widths and look-alikes."""
    if isinstance(value, str) and isinstance(wanted, str):
        return fold(value) == fold(wanted)
    if isinstance(value, Decimal | int) and isinstance(wanted, Decimal | int):
        return value == wanted
    return value == wanted


def steps(found: Sequence[Reading]) -> list[Step]:
    """What each threshold would do to these cells."""
    return [_step(found, threshold) for threshold in STEPS]


def _step(found: Sequence[Reading], threshold: float) -> Step:
    below = [r for r in found if r.confidence < threshold]
    wrong = sum(not r.right for r in found)
    caught = sum(not r.right for r in below)
    return Step(
        threshold,
        marked=len(below) / max(1, len(found)),
        caught=caught / wrong if wrong else 1.0,
        wrong=caught / max(1, len(below)),
        silent=wrong - caught,
    )


def marks_that_are_wrong(found: Iterable[Reading]) -> tuple[int, int, int, int]:
    """How many cells there are, are marked, are marked and wrong, are wrong and not marked; after the form's arithmetic was used."""
    every = list(found)
    marked = [r for r in every if r.marked]
    return len(every), len(marked), sum(not r.right for r in marked), sum(not r.right and not r.marked for r in every)


def report(by_preset: dict[str, list[Reading]]) -> str:
    """The measurements as a page of Markdown."""
    lines = ["| 做旧 | 单元格 | 标出 | 标出的当中确实读错 | 读错而没有标出 |", "|---|---|---|---|---|"]
    for preset, found in by_preset.items():
        count, marked, wrong, silent = marks_that_are_wrong(found)
        lines.append(
            f"| {preset} | {count} | {marked}（{marked / max(1, count):.1%}） | {wrong}（{wrong / max(1, marked):.0%}） | {silent} |"
        )
    every = [reading for found in by_preset.values() for reading in found]
    for kind in KINDS:
        of_kind = [r for r in every if r.kind == kind]
        lines += ["", f"{kind}（现用 {THRESHOLDS[kind]}）：{len(of_kind)} 格，读错 {sum(not r.right for r in of_kind)}", ""]
        lines += ["| 低于此把握即标出 | 标出 | 读错的当中标出 | 标出的当中读错 | 漏标 |", "|---|---|---|---|---|"]
        for s in steps(of_kind):
            lines.append(f"| {s.threshold} | {s.marked:.2%} | {s.caught:.0%} | {s.wrong:.0%} | {s.silent} |")
    return "\n".join(lines) + "\n"
