"""The head of a form as a model gives it, looked up behind its printed labels: head cells, funding, goals, totals, grade, extras.

A value counts only where it stands behind the label of its own field: both departments are printed, and a model may exchange them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from decimal import Decimal

from agents.extract.llm.printed import Printed
from agents.extract.llm.same import alike, key, said_nothing, same_number
from agents.extract.llm.verdict import Verdict
from agents.extract.numbers import parse_number, says_nothing
from agents.repair.equations import Equation, rate_of
from ingest.blocks import is_title
from ingest.dump.amounts import Amounts, is_amount
from ingest.dump.flow import FormText, Goals
from ingest.dump.pieces import Piece
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, TEXT_CELLS, funding_cell
from schema.text import is_blank
from schema.transcript import FundingTranscript, HeadTranscript
from schema.vocabulary import ALL_LABELS, FUNDING_ROW, GRADE, HEAD, MONEY_UNITS, label_key, money_unit, printed_points

_NAMES = ("project_name", "department", "implementing_unit")
_YEAR = re.compile(r"((?:19|20)\d\d)年?")
_NOT_THERE = "没有印在应在的位置"
_NO_LABEL = "没有找到这一栏的标签，不能确定是不是这一栏"

Pieces = Sequence[Piece]
Verdicts = dict[str, Verdict]


def ground_head(printed: Printed, said: HeadTranscript) -> Verdicts:
    """The verdict on each cell of the head, by address; extras are those of `ground_extras`."""
    form = printed.form
    if form is None:
        return dict(_anywhere(printed, said))
    verdicts = {"title": _title(printed, form, said.title), "fiscal_year": _year(printed, form, said.fiscal_year)}
    values = {HEAD.exact(label_key(_joined(label))): value for label, value in form.head}
    for name in _NAMES:
        verdicts[name] = _text(printed, getattr(said, name), values.get(name))
    verdicts["unit_of_money"] = _unit(form, said.unit_of_money)
    verdicts |= _funding(form, said)
    verdicts |= _goals(printed, form, said)
    return verdicts | _totals(form, said)


def ground_extras(printed: Printed, said: HeadTranscript, used: Set[int]) -> list[tuple[Pieces, Pieces]]:
    """Label and text of each extra that is printed as it is said: in pieces (by their start) that no cell uses, and no known labels."""
    free = [piece for piece in printed.pieces if piece.start not in used and label_key(piece.text) not in ALL_LABELS]
    found = []
    for extra in said.extras:
        label, text = _find(free, extra.label), _find(free, extra.text)
        if label and text:
            found.append((label, text))
    return found


def _joined(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces)


def _find(pieces: Pieces, text: str) -> Pieces:
    """The first neighbouring pieces that print a text."""
    wanted = key(text).rstrip(":")
    for i in range(len(pieces)) if wanted else ():
        at, end = 0, i
        while end < len(pieces) and at < len(wanted) and wanted.startswith(piece := key(pieces[end].text).rstrip(":"), at) and piece:
            at, end = at + len(piece), end + 1
        if at == len(wanted):
            return pieces[i:end]
    return ()


def _text(printed: Printed, said: str | None, value: Pieces | None) -> Verdict:
    """A text behind its label."""
    there = [piece for piece in value or () if not is_blank(piece.text)]
    if said_nothing(said):
        return Verdict(None, "unclear" if there else "blank", why=f"这一栏印着“{_joined(there)[:40]}”" if there else "")
    text = said or ""
    if value is None:
        found = tuple(_find(printed.pieces, text))
        return Verdict(said, "unclear" if found else "absent", found, _NO_LABEL if found else f"“{text[:40]}”没有印在这张表上")
    if key(text) == key(_joined(there)):
        return Verdict(said, "exact", tuple(there))
    if printed.by_ocr(there) and alike(text, _joined(there)):
        return Verdict(said, "similar", tuple(there))
    return Verdict(said, "absent", tuple(there), f"“{text[:40]}”{_NOT_THERE}，这一栏印的是“{_joined(there)[:40]}”")


def _lines_above(printed: Printed, form: FormText) -> list[list[Piece]]:
    """The printed lines above the project's name."""
    above = printed.pieces[: form.first]
    return [[piece for piece in above if piece.line == line] for line in dict.fromkeys(piece.line for piece in above)]


def _title(printed: Printed, form: FormText, said: str | None) -> Verdict:
    title = next((line for line in _lines_above(printed, form) if is_title(_joined(line))), [])
    return _text(printed, said, [piece for piece in title if piece.text.strip("#")])


def _year(printed: Printed, form: FormText, said: str | None) -> Verdict:
    """The year behind its label, else the first that a line above the project's name prints, else 2024年度 in the head."""
    labelled = [value for label, value in form.head if HEAD.exact(label_key(_joined(label))) == "fiscal_year"]
    in_head = [[piece] for label, value in form.head for piece in (*label, *value) if "年度" in piece.text]
    lines = [*labelled, *(line for line in _lines_above(printed, form) if "年" in _joined(line)), *in_head]
    found = next(((line, match[1]) for line in lines if (match := _YEAR.search(key(_joined(line))))), None)
    shown = f"印着“{_joined(found[0])[:20]}”" if found else ""
    if said_nothing(said):
        return Verdict(None, "unclear" if found else "blank", why=shown)
    wanted = _YEAR.search(key(said or ""))
    if found is None or wanted is None or found[1] != wanted[1]:
        return Verdict(
            said, "absent", tuple(found[0]) if found else (), f"“{said}”{_NOT_THERE}" + (f"，{shown}" if found else ""), found and found[1]
        )
    line, year = found
    return Verdict(said, "exact", tuple(piece for piece in line if year in piece.text) or tuple(line), text=year)


def _unit(form: FormText, said: str | None) -> Verdict:
    columns = [piece for label in form.columns for piece in form.pieces[label.first : label.end]]
    rows = [piece for row in form.amounts for piece in row.label]
    lines = [p for p in form.pieces[: form.first] if "单位" in p.text]
    named = [p for p in (*form.heading, *columns, *rows, *lines) if money_unit(p.text)]
    unit = money_unit(named[0].text) if named else None
    if said_nothing(said):
        return Verdict(None, "unclear" if unit else "blank", why=f"印着“{named[0].text[:20]}”" if unit else "")
    if said in MONEY_UNITS and said == unit:
        return Verdict(said, "exact", (named[0],), text=unit)
    return Verdict(said, "absent", tuple(named[:1]), f"“{said}”{_NOT_THERE}" + (f"，印的是“{unit}”" if unit else ""), unit)


def _funding(form: FormText, said: HeadTranscript) -> Verdicts:
    rows = {_row_name(form, row): row for row in form.amounts}
    fields = [label.field for label in form.columns]
    unread = _amounts_unread(form)
    verdicts: Verdicts = {}
    for name in FUNDING_ROWS:
        given: FundingTranscript = getattr(said.funding, name)
        row = rows.get(name)
        vouched = row is not None and _vouched(row, name, fields, given)
        for column in FUNDING_COLUMNS:
            value = _in_column(row, fields, column)
            verdict = _amount(getattr(given, column), value, row, vouched=vouched)
            if verdict.status == "blank" and row is None and unread:
                verdict = Verdict(None, "unclear", why="没有认出资金表的这一行，表里却印着金额")
            verdicts[funding_cell(name, column)] = verdict
    cell = funding_cell("total", "weight")
    if not verdicts[cell].believed and said.funding.total.weight is not None:
        verdicts[cell] = _points_in_heading(form, said.funding.total.weight) or verdicts[cell]
    return verdicts


def _row_name(form: FormText, row: Amounts) -> str | None:
    """Which row of the funding table this is; amounts in a single row need no label."""
    return FUNDING_ROW.get(label_key(_joined(row.label))) or ("total" if len(form.amounts) == 1 else None)


def _amounts_unread(form: FormText) -> bool:
    """Whether amounts are printed above the goals that belong to no row that is known."""
    unknown = [value for row in form.amounts if _row_name(form, row) is None for value in row.values]
    if form.amounts:
        return any(not is_blank(_joined(value)) for value in unknown)
    own = {piece.start for _, value in form.head for piece in value if not is_amount(piece)}
    above = form.pieces[form.first : form.header[0].first]
    return any(is_amount(piece) and not is_blank(piece.text) and piece.start not in own for piece in above)


def _in_column(row: Amounts | None, fields: Sequence[str], column: str) -> list[Piece]:
    if row is None or column not in fields or fields.index(column) not in row.columns:
        return []
    return row.values[row.columns.index(fields.index(column))]


def _vouched(row: Amounts, name: str, fields: Sequence[str], given: FundingTranscript) -> bool:
    """Whether what is given tiles a row whose blank cells left no trace: all its numbers in order, and a rate that follows from them."""
    said = [(f, text) for f in fields if f in FUNDING_COLUMNS and not said_nothing(text := getattr(given, f))]
    printed = [_joined(value) for value in row.values if not is_blank(_joined(value))]
    if len(said) != len(printed) or not all(same_number(text, value) for (_, text), value in zip(said, printed, strict=True)):
        return False
    equation: Equation = rate_of(name)
    figures: dict[str, Decimal | None] = dict.fromkeys(equation.cells)
    figures |= {funding_cell(name, f): parsed[0] for f, text in said if (parsed := parse_number(text or ""))}
    return equation.holds(figures) is True


def _amount(said: str | None, value: Pieces, row: Amounts | None, *, vouched: bool) -> Verdict:
    printed = _joined(value)
    nothing = is_blank(printed) or says_nothing(printed)
    doubt = row.doubt if row is not None and not vouched else None
    if said_nothing(said) or says_nothing(said or ""):
        if nothing:
            return Verdict(None, "unclear" if doubt else "blank", why=doubt or "")
        return Verdict(None, "unclear", tuple(value), f"这一格印着“{printed[:20]}”")
    if not nothing and same_number(said or "", printed):
        return Verdict(said, "unclear" if doubt else "exact", tuple(value), doubt or "")
    if vouched and row is not None:
        found = next((v for v in row.values if same_number(said or "", _joined(v))), None)
        if found is not None:
            return Verdict(said, "exact", tuple(found))
    where = f"，这一格印的是“{printed[:20]}”" if not nothing else ""
    return Verdict(said, "absent", () if nothing else tuple(value), f"“{said}”{_NOT_THERE}{where}")


def _points_in_heading(form: FormText, said: str) -> Verdict | None:
    """The points of the section that only a heading or a column's label names: 预算执行情况(20分)."""
    columns = [piece for label in form.columns for piece in form.pieces[label.first : label.end]]
    for piece in (*form.heading, *columns):
        points = printed_points(piece.text)
        if points is not None and same_number(said, points):
            return Verdict(said, "exact", (piece,), text=points)
    return None


def _goals(printed: Printed, form: FormText, said: HeadTranscript) -> Verdicts:
    goals = form.goals
    if goals.together.lines:
        return _goals_together(form, said)
    if not goals.sure and printed.ruled:
        return {name: _text(printed, getattr(said, name), _below(printed, goals, name)) for name in TEXT_CELLS}
    return {name: _text(printed, getattr(said, name), goals.texts.get(name, [])) for name in TEXT_CELLS}


def _below(printed: Printed, goals: Goals, name: str) -> list[Piece] | None:
    """The cells below a goal's label: more than one where a page break cuts the text."""
    label = goals.labels.get(name)
    head = printed.column(label[0]) if label else None
    if head is None:
        return None
    cells = [piece for pieces in goals.texts.values() for piece in pieces]
    return sorted((p for p in cells if (column := printed.column(p)) is not None and head.holds(column)), key=lambda piece: piece.start)


def _goals_together(form: FormText, said: HeadTranscript) -> Verdicts:
    """Two texts printed one after the other behind both labels: together they have to be all that is printed there."""
    pieces = [piece for line in form.goals.together.lines for piece in line]
    names = [name for name in form.goals.labels if name in TEXT_CELLS]
    texts = {name: key(getattr(said, name) or "") for name in names}
    whole = key(_joined(pieces))
    verdicts = {name: Verdict(None, "blank") for name in TEXT_CELLS}
    cut = _cut(pieces, texts[names[0]])
    if len(names) == len(TEXT_CELLS) and not all(texts.values()) and whole:
        why = "两栏的文字连着印，只给出了一栏"
        return {name: Verdict(getattr(said, name), "unclear", tuple(pieces) if texts[name] == whole else (), why) for name in names}
    if "".join(texts.values()) == whole and cut is not None and _ends_sentence(texts[names[0]]):
        parts = {names[0]: pieces[:cut], names[-1]: pieces[cut:]}
        for name in names:
            verdicts[name] = Verdict(getattr(said, name), "exact", tuple(parts[name])) if texts[name] else Verdict(None, "blank")
        return verdicts
    for name, other in zip(names, reversed(names), strict=True):
        fits = whole.startswith(texts[name]) if name == names[0] else whole.endswith(texts[name])
        right = bool(texts[name]) and fits and not texts[other]
        why = "与另一栏的文字合起来，不是这里印的全部" if fits else f"{_NOT_THERE}"
        verdicts[name] = Verdict(getattr(said, name), "absent" if not right else "unclear", (), why)
    return verdicts


def _ends_sentence(text: str) -> bool:
    """Whether a text ends where a border between two texts may be."""
    return not text or text[-1] in ".;!?\"')]"


def _cut(pieces: Pieces, first: str) -> int | None:
    """How many pieces the first text takes; None where it does not end with one."""
    at = 0
    for count, piece in enumerate(pieces):
        if at == len(first):
            return count
        at += len(key(piece.text))
    return len(pieces) if at == len(first) else None


def _totals(form: FormText, said: HeadTranscript) -> Verdicts:
    values = form.total_values
    found = {"total_weight": values[0] if len(values) > 1 else [], "total_score": values[-1] if values else []}
    verdicts = {name: _amount(getattr(said, name), found[name], None, vouched=False) for name in found}
    grade = [piece for piece in form.grade_value if not is_blank(piece.text)]
    if not grade and said.grade is not None:
        grade = _behind(form.pieces[form.end :], GRADE)
    verdicts["grade"] = _grade(said.grade, grade)
    return verdicts


def _behind(pieces: Pieces, labels: frozenset[str]) -> list[Piece]:
    return next(([pieces[i + 1]] for i in range(len(pieces) - 1) if label_key(pieces[i].text) in labels), [])


def _grade(said: str | None, value: Pieces) -> Verdict:
    printed = _joined(value)
    if said_nothing(said):
        return Verdict(None, "unclear" if printed else "blank", tuple(value), f"印着“{printed[:20]}”" if printed else "")
    if key(said or "") == key(printed):
        return Verdict(said, "exact", tuple(value))
    return Verdict(said, "absent", tuple(value), f"“{said}”{_NOT_THERE}" + (f"，印的是“{printed[:20]}”" if printed else ""))


def _anywhere(printed: Printed, said: HeadTranscript) -> Iterator[tuple[str, Verdict]]:
    """Verdicts where no label is known: what is printed somewhere may be right, and a person has to say so."""
    cells = {name: getattr(said, name) for name in ("title", "fiscal_year", *_NAMES, "unit_of_money", *TEXT_CELLS)}
    cells |= {funding_cell(row, column): getattr(getattr(said.funding, row), column) for row in FUNDING_ROWS for column in FUNDING_COLUMNS}
    cells |= {name: getattr(said, name) for name in ("total_weight", "total_score", "grade")}
    for cell, text in cells.items():
        if said_nothing(text):
            yield cell, Verdict(None, "blank")
            continue
        found = tuple(_find(printed.pieces, text))
        yield cell, Verdict(text, "unclear" if found else "absent", found, _NO_LABEL if found else f"“{text[:40]}”没有印在这张表上")
