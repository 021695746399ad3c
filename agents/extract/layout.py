"""The layout extractor: the block of a form to the form, by labels and geometry, without a model.

Every template goes through the same steps: find the header of the indicator table, then the funding table and the goals above it, then
what is around them. What no step understood is listed as leftover, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.extract.columns import Columns, find_header, read_columns
from agents.extract.funding import announce_missing, doubt_other_units, find_funding, headings, read_funding
from agents.extract.goals import read_goals
from agents.extract.head import add_extra, closing_pair, names_unit, read_head, read_head_extras, read_money_unit, read_pair, split_pairs
from agents.extract.indicators import read_indicators, read_totals
from agents.extract.rows import Body, read_body
from agents.extract.sheet import Item, Sheet
from agents.extract.trace import LooseLine, Trace
from ingest.page import Block
from schema.cells import AMOUNT_COLUMNS
from schema.evidence import Leftover
from schema.form import Extra, Form, Funding
from schema.text import is_page_number
from schema.vocabulary import GRADE, GRADE_WORDS, HEADINGS, label_key, money_unit

_STUB = 2
"""Characters of a label at the top of a page that can only be the end of one cut by the break."""
_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*分?\s*\Z")


def read_form(block: Block) -> Form | None:
    """The form of a block with evidence, review marks and leftover; None where it holds no indicator table after all, or a blank template.

    `form_id` is left empty: identity depends on the other forms of the document.
    """
    sheet = Sheet(block)
    header = find_header(sheet)
    if header is None:
        return None
    trace, extras = Trace(), list[Extra]()
    before = [LooseLine(page, part) for page, line in block.before for part in split_pairs(line)]
    after = [LooseLine(page, line) for page, line in block.after]
    columns = read_columns(sheet, header, trace)
    body = read_body(sheet, columns, trace)
    table = find_funding(sheet, header)
    goals_from = table.end if table else 0
    values: dict[str, object] = dict(read_head(sheet, before, header, trace))
    values["funding"] = read_funding(sheet, table, trace, extras) if table else Funding()
    if table is None:
        announce_missing(sheet, header, trace)
    named = [line for line in before if names_unit(line)]
    values["unit_of_money"] = read_money_unit([*headings(sheet, table), *named] if table else named, trace)
    doubt_other_units(values["unit_of_money"], trace)
    trace.use(*(line for line in named if money_unit(line.text) == values["unit_of_money"]))
    values |= read_goals(sheet, goals_from, header, trace)
    values["indicators"] = read_indicators(sheet, columns, body, trace, extras)
    totals = read_totals(columns, body, trace)
    values |= totals | _read_tail(sheet, columns, body, after, trace, extras)
    read_head_extras(sheet, header, trace, extras)
    _announce_missing_rows(sheet, columns, body, trace)
    leftover = _leftover(sheet, [*before, *after], trace)
    form = Form.model_validate(
        {"form_id": "", **values, "extras": extras, "evidence": trace.evidence, "review": trace.review, "leftover": leftover}
    )
    return None if _is_unfilled(form) else form


def _is_unfilled(form: Form) -> bool:
    """Whether the table is a template that nobody filled in: no name, no amount, no goal, no indicator, and nothing doubtful."""
    amounts = any(getattr(row, column) is not None for _, row in form.funding for column in AMOUNT_COLUMNS)
    named = form.project_name or form.department or form.implementing_unit or form.expected_goal or form.actual_result
    return not (amounts or named or form.indicators or form.review)


def _read_tail(
    sheet: Sheet, columns: Columns, body: Body, after: Sequence[LooseLine], trace: Trace, extras: list[Extra]
) -> dict[str, object]:
    """What stands below the indicators: the grade, and blocks without a slot (评价结论, 存在问题 …)."""
    values: dict[str, object] = dict(_grade_in_total(body, trace))
    for label, value in _tail_pairs(sheet, columns.first if body.total_row is None else body.total_row, trace):
        if all(item.blank for item in label) or any(trace.used(item) for item in label):
            continue
        if label[0].label in GRADE and value:
            trace.use(*label)
            values["grade"] = _grade(value, trace)
        elif _read_closing(label[0], values, trace):
            for item in value:
                _read_closing(item, values, trace)
        elif body.total_row is not None:
            _read_block(label, value, trace, extras)
    for line in after:
        # A report may speak of grades on later pages.
        near = line.page in sheet.block.pages and "grade" not in values
        if not (near and _read_closing(line, values, trace)):
            read_pair(line, trace, extras)
    return values


def _grade_in_total(body: Body, trace: Trace) -> dict[str, str | None]:
    """A grade printed without a label behind the total score."""
    found = [item for item in body.total if item.label in GRADE_WORDS and not trace.used(item)]
    return {"grade": trace.text("grade", found)} if len(found) == 1 else {}


def _grade(value: Sequence[Item], trace: Trace) -> str | None:
    """A grade beside its label. All grades with a box to tick before each are no grade."""
    grade = trace.text("grade", value)
    if grade is not None and label_key(grade) not in GRADE_WORDS:
        trace.doubt("grade", f"这里印的不是单独一个等级：{grade[:40]}", grade)
    return grade


def _read_closing(piece: Item | LooseLine, values: dict[str, object], trace: Trace) -> bool:
    """A grade or total printed as 标签：值 in one cell or line."""
    closing = closing_pair(piece)
    if closing is None:
        return False
    cell, part = closing
    if cell == "grade":
        values["grade"] = trace.text("grade", [piece], part)
        return True
    points = _POINTS.search(piece.text)
    if points is None or "total_score" in trace.evidence:
        return False
    values["total_score"] = trace.number_in("total_score", piece, points)
    return True


def _tail_pairs(sheet: Sheet, first: int, trace: Trace) -> list[tuple[list[Item], list[Item]]]:
    """The cells below the indicators as label and value; what a page break cuts put together again.

    A row on top of a page goes on with the one before when its label is blank, or a stub too short to be a label.
    """
    pairs: list[tuple[list[Item], list[Item]]] = []
    for row in range(first, len(sheet.rows)):
        # Behind the totals of the first row, a grade may stand with its own label.
        starting = [item for item in sheet.starting(row) if row > first or not (item.blank or trace.used(item))]
        if row in sheet.breaks and pairs and len(starting) == 2 and len(starting[0].label) <= _STUB:
            pairs[-1][0].append(starting[0])
            pairs[-1][1].append(starting[1])
            continue
        pairs += [(starting[i : i + 1], starting[i + 1 : i + 2]) for i in range(0, len(starting), 2)]
    return pairs


def _read_block(label: Sequence[Item], value: Sequence[Item], trace: Trace, extras: list[Extra]) -> None:
    if value and not any(trace.used(item) for item in value):
        add_extra(trace, extras, label, value)
    elif not read_pair(label[0], trace, extras) and label[0].label in HEADINGS:
        trace.use(label[0])


def _announce_missing_rows(sheet: Sheet, columns: Columns, body: Body, trace: Trace) -> None:
    """Points printed in the score columns that no indicator took: a row seems to be missing."""
    end = len(sheet.rows) if body.total_row is None else body.total_row
    spans = [columns.spans[name] for name in ("weight", "score") if name in columns.spans]
    printed = (i for span in spans for i in sheet.in_column(range(columns.first, end), span) if not columns.spans["name"].holds(i))
    missed = {id(i): i for i in printed if not i.blank and not trace.used(i)}
    lone = [item for item in missed.values() if any(ch.isdigit() for ch in item.text) and sheet.covers(item, spans) == 1]
    if lone and not any(mark.cell == "indicators" for mark in trace.review):
        pages = "、".join(str(page) for page in sorted({item.page for item in lone}))
        trace.doubt("indicators", f"第 {pages} 页的分值、得分栏里有 {len(lone)} 处没有归入任何指标，可能漏读了一行")


def _leftover(sheet: Sheet, lines: Sequence[LooseLine], trace: Trace) -> list[Leftover]:
    pieces: list[Item | LooseLine] = [*sheet.items, *lines]
    return [Leftover(page=p.page, text=p.text) for p in pieces if p.lines and not trace.used(p) and not _trivial(p)]


def _trivial(piece: Item | LooseLine) -> bool:
    """Dashes in unused cells, page numbers, and section headings (also cut by a page break), which carry no value of their own."""
    if isinstance(piece, Item):
        return piece.blank or any(piece.label in heading for heading in HEADINGS)
    return is_page_number(piece.text)
