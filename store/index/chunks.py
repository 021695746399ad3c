"""Forms to chunks, one per meaning, from the checked form and not from slices of its pages.

A chunk's text holds what is printed and no labels of ours: a label would be found in every chunk. What gives a chunk its place (project,
unit, year) stands apart in its context, so that a term is looked for in what a row says and not in the name of its project.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from schema.cells import row_cell
from schema.evidence import PagePlace
from schema.form import Extra, Form, FundingRow, Indicator
from schema.record import plain
from store.index.records import ChunkKind

CHUNKS_VERSION = 1
"""Counts up when chunks of the same form come out differently; the index is then made anew."""
SHORTEST_EXTRA = 6
"""Characters of a block without a slot that say something; amounts and dashes are shorter."""


class Draft(NamedTuple):
    """A chunk before it has a version; the fields are those of store.index.records.Chunk."""

    kind: ChunkKind
    text: str
    cell: str
    row: int | None = None
    level1: str | None = None
    level2: str | None = None
    lost: Decimal | None = None
    deviation: str | None = None


def drafts_of(form: Form) -> Iterator[Draft]:
    """The chunks of a form: head, goal, result, a chunk per indicator, blocks without a slot that say something."""
    yield Draft("head", _head(form), "project_name")
    for kind, cell in (("goal", "expected_goal"), ("result", "actual_result")):
        text = getattr(form, cell)
        if text:
            yield Draft("goal" if kind == "goal" else "result", text, cell)
    for i, indicator in enumerate(form.indicators):
        yield _row(i, indicator)
    for i, extra in enumerate(form.extras):
        if len(extra.text) >= SHORTEST_EXTRA:
            yield Draft("extra", _extra(extra), f"extras[{i}].text", i)


def context_of(form: Form) -> str:
    """What places a chunk of this form: project, unit, department, year."""
    names = [form.project_name, form.implementing_unit]
    if form.department != form.implementing_unit:
        names.append(form.department)
    return "\n".join(name for name in (*names, f"{form.fiscal_year}年" if form.fiscal_year else None) if name)


def page_of(form: Form, cell: str) -> int | None:
    """The page a cell stands on, where it stands on one; else the first page of the form."""
    evidence = form.evidence.get(cell)
    for place in evidence.at if evidence else ():
        if isinstance(place, PagePlace):
            return place.page
    return form.source.pages[0] if form.source and form.source.pages else None


def key_of(form_id: str, version: int, position: int, context: str, draft: Draft) -> str:
    """The id of a chunk: of this text at this place of this version, and of nothing else ever."""
    fields = (form_id, str(version), str(position), context, *("" if value is None else str(value) for value in draft))
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()[:24]


def lost_points(row: Indicator | FundingRow) -> Decimal | None:
    """Weight less score; None where one is not printed, or the score is above the weight."""
    if row.weight is None or row.score is None or row.score > row.weight:
        return None
    return plain(row.weight - row.score)


def _row(i: int, row: Indicator) -> Draft:
    levels = " ".join(dict.fromkeys(level for level in (row.level1, row.level2) if level))
    values = " → ".join(value for value in (row.target, row.actual) if value)
    lines = [line for line in (row.name, levels, values, row.deviation) if line]
    cell = row_cell(i, "deviation" if row.deviation else "name")
    return Draft("indicator", "\n".join(lines), cell, i, row.level1, row.level2, lost_points(row), row.deviation)


def _head(form: Form) -> str:
    money = form.unit_of_money or ""
    total = form.funding.total
    amounts = [
        f"{label}{value:f}{unit}"
        for label, value, unit in (
            ("年初预算", total.original_budget, money),
            ("全年预算", total.adjusted_budget, money),
            ("全年执行", total.outturn, money),
            ("执行率", total.execution_rate, "%"),
            ("总分", form.total_score, ""),
        )
        if value is not None
    ]
    lines = [form.project_name, form.title, " ".join(amounts), f"等级{form.grade}" if form.grade else None]
    return "\n".join(line for line in lines if line) or form.form_id


def _extra(extra: Extra) -> str:
    return f"{extra.label}\n{extra.text}"
