"""Lines of a result: forms with the cells of measures, indicators with their fields, and the number that is asked for of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agents.answer.execute.figures import count, count_forms
from agents.answer.execute.many import WHOLE
from agents.answer.execute.measures import COUNTED, MONEY, TEXTS, facts_of, figure_of, unit_name, unit_of
from agents.answer.execute.records import Fact, Figure, Line, Lines, Note
from agents.answer.execute.rows import picked, picked_rows, quantity, row_fact, row_figure, row_fulfils, row_lots, row_unit
from agents.answer.execute.scope import asks_money, measured_lines, narrowed, sure_money
from agents.answer.query import Field_, Measure, Query
from store.facts import Head, RowFact, Session

Heads = tuple[Head, ...]
Notes = tuple[Note, ...]
FIELDS: tuple[Field_, ...] = ("actual", "target")
"""What is shown of an indicator where nothing is asked for."""


def form_lines(session: Session, heads: Sequence[Head], measures: Sequence[Measure]) -> Sequence[Line]:
    """A line per form with the cells of these measures; of very many forms each is made when it is looked at."""
    if len(heads) > WHOLE and not (TEXTS | COUNTED) & set(measures):
        shown = tuple(measure for measure in measures if measure != "form_count")
        return Lines(heads, lambda i: Line(heads[i], _facts(heads[i], shown)), of=shown)
    wanted = [head.version_id for head in heads]
    texts = session.texts(wanted) if TEXTS & set(measures) else {}
    rows = _rows_by_version(session, wanted) if COUNTED & set(measures) else {}
    lines = []
    for head in heads:
        facts: list[Fact] = []
        for measure in measures:
            if measure in TEXTS:
                own = texts.get(head.version_id)
                facts.append(Fact(head, measure, measure, dict(own.cells).get(measure) if own else None))
            elif measure in COUNTED:
                facts.append(Fact(head, "indicators", measure, len(counted_rows(rows.get(head.version_id, ()), measure)), "项"))
            elif measure != "form_count":
                facts += facts_of(head, measure)
        lines.append(Line(head, tuple(dict.fromkeys(facts))))
    return tuple(lines)


def _facts(head: Head, measures: Sequence[Measure]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys(fact for one in measures for fact in facts_of(head, one)))


def row_lines(query: Query, session: Session, heads: Heads) -> Sequence[Line]:
    """A line per indicator that the query picks and whose fields fulfil its conditions; of very many each is made when it is looked at."""
    conditions = [condition for condition in query.conditions if condition.field is not None]
    if not conditions and not query.measures and not query.unit:
        rows = picked_rows(session, heads, query.pick)
        if len(rows[1]) > WHOLE:
            shown = query.fields or FIELDS

            def make(i: int) -> Line:
                line = Line(rows[0][i], row=rows[1][i])
                return replace(line, facts=tuple(fact for field in dict.fromkeys(shown) for fact in row_fact(line, field)))

            return row_lots(rows, make)
    meant = picked(session, heads, query.pick)
    lines = [line for line in meant if all(row_fulfils(line, c) for c in conditions)]
    if any(c.every for c in conditions):
        # 质量指标全部满分的项目: one that is short of it leaves its form out.
        short = {line.form.form_id for line in meant if not all(row_fulfils(line, c) for c in conditions if c.every)}
        lines = [line for line in lines if line.form.form_id not in short]
    if query.unit and not query.measures:
        # 多少PB: of several indicators the one in that unit is meant.
        lines = [line for line in lines if _counts_in(line, query.unit)] or lines
    by = [field for c in conditions for field in (c.field, c.other_field) if field]
    fields = tuple(dict.fromkeys((*query.fields, *by))) or FIELDS
    forms = list({line.form.version_id: line.form for line in lines}.values())
    measures = {line.form.form_id: line.facts for line in form_lines(session, forms, query.measures)} if query.measures else {}
    return tuple(
        replace(line, facts=(*measures.get(line.form.form_id, ()), *(fact for field in fields for fact in row_fact(line, field))))
        for line in lines
    )


def measured(query: Query, session: Session, scope: Heads) -> tuple[Sequence[Line], Notes, str | None]:
    """The lines that have the number asked for, with it, in one unit; notes on what was left out."""
    heads, notes = narrowed(query, scope, session)
    if query.pick is not None or query.fields:
        return _measured_rows(query, session, heads)
    measure = query.measures[0] if query.measures else "total_score"
    unit = unit_name(measure)
    if asks_money(query):
        heads, left_out = sure_money(heads)
        notes = (*notes, *(note for note in left_out if note not in notes))
        unit = query.unit if query.unit in ("元", "万元", "亿元") else one_unit(heads)
    shown = query.measures or ("total_score",)
    if len(heads) > WHOLE and not (TEXTS | COUNTED) & set(shown):
        return _measured_many(heads, notes, unit, shown)
    lines = form_lines(session, heads, shown)
    rows = _rows_by_version(session, [head.version_id for head in heads]) if measure in COUNTED else {}
    known = tuple(replace(line, figure=_line_figure(line, measure, unit, rows)) for line in lines)
    blank = tuple(line.form for line in known if line.figure is None)
    notes = (*notes, Note("blank-out", blank)) if blank and len(blank) < len(lines) else notes
    return tuple(line for line in known if line.figure is not None), notes, unit


def _measured_many(heads: Heads, notes: Notes, unit: str | None, shown: tuple[Measure, ...]) -> tuple[Sequence[Line], Notes, str | None]:
    if shown[0] == "form_count":
        beside = [one for one in shown if one != "form_count"]
        counted = Lines(heads, lambda i: Line(heads[i], _facts(heads[i], beside), figure=count_forms(heads[i : i + 1])), of=shown)
        return counted, notes, unit
    lines = measured_lines(heads, shown[0], unit, tuple(one for one in shown if one != "form_count"))
    if 0 < len(lines) < len(heads):
        known = set(map(id, lines.heads))
        notes = (*notes, Note("blank-out", tuple([head for head in heads if id(head) not in known])))
    return lines, notes, unit


def one_unit(heads: Heads) -> str:
    """The unit of money that most of the forms are in."""
    units = Counter([unit for head in heads if (unit := unit_of(head))])
    return units.most_common(1)[0][0] if units else "万元"


def counted_rows(rows: Sequence[RowFact], measure: str) -> list[RowFact]:
    """The rows of a form that a counting measure counts."""
    return [row for row in rows if measure != "lost_rows" or (row.lost or 0) > 0]


def _rows_by_version(session: Session, versions: Sequence[int]) -> dict[int, list[RowFact]]:
    found: dict[int, list[RowFact]] = {}
    for row in session.rows(versions):
        found.setdefault(row.version_id, []).append(row)
    return found


def _counts_in(line: Line, unit: str) -> bool:
    found = quantity(line.row.actual) if line.row else None
    wanted = quantity(f"1{unit}")
    return found is not None and wanted is not None and found.unit.base == wanted.unit.base


def _line_figure(line: Line, measure: Measure, unit: str | None, rows: Mapping[int, Sequence[RowFact]]) -> Figure | None:
    form_id = line.form.form_id
    if measure in COUNTED:
        return count((form_id, row.cell("name")) for row in counted_rows(rows.get(line.form.version_id, ()), measure))
    if measure == "form_count":
        return count([(form_id, "")])
    return figure_of(line.form, measure, unit if measure in MONEY else None)


def _measured_rows(query: Query, session: Session, heads: Heads) -> tuple[tuple[Line, ...], Notes, str | None]:
    field: Field_ = next((f for f in query.fields if f in ("actual", "target", "score", "weight", "lost", "score_rate")), "actual")
    lines = [replace(line, figure=row_figure(line, field)) for line in row_lines(query, session, heads)]
    known = [line for line in lines if line.figure is not None]
    units = Counter(row_unit(line, field) for line in known)
    unit = units.most_common(1)[0][0] if units else None
    kept = tuple(line for line in known if row_unit(line, field) == unit)
    in_unit = {id(line) for line in kept}
    out = tuple({line.form.form_id: line.form for line in lines if id(line) not in in_unit}.values())
    return kept if kept else tuple(lines), (Note("unit-out", out),) if out and kept else (), unit
