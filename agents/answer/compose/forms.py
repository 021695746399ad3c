"""Answers about values: looked up, listed, counted, checked; and tables of lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.answer.compose.words import FUNCTIONS, label, listed
from agents.answer.compose.writer import SHOWN, Writer, rounded
from agents.answer.execute.figures import Column, FormKeys, count, count_distinct, count_forms
from agents.answer.execute.measures import COUNTED, unit_of
from agents.answer.execute.records import Fact, Figure, Line, Lines, forms_of, projects
from agents.answer.query import Condition, Query
from schema.record import json_number

_DERIVED = ("difference", "scale", "ratio")
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "=", "!=": "≠"}


def tell_lookup(w: Writer) -> None:
    """Values of one form or row as sentences, of several as a table."""
    lines = w.result.lines
    if len(lines) == 1:
        _tell_line(w, lines[0])
        return
    names = projects(lines)
    counted = forms_counted(lines)
    if len(names) > 1 and w.result.query.ambiguous:
        said = w.result.query.scope.said
        w.say("ambiguous" if said else "ambiguous-plain", [counted], said=said, n=rounded(counted.value), marks=marks_of(w, lines))
    else:
        rows = rows_counted(lines)
        w.say("rows", [rows], n=rounded(rows.value), marks=marks_of(w, lines))
    tell_table(w, lines)


def tell_list(w: Writer) -> None:
    """Which forms fulfil the conditions."""
    lines, query = w.result.lines, w.result.query
    by = described(query)
    if not lines:
        scope = count_forms(w.result.scope)
        w.say("list-none", [scope], n=rounded(scope.value), by=by)
        return
    counted = forms_counted(lines)
    if any(condition.field for condition in query.conditions):
        rows = rows_counted(lines)
        w.say("list-rows", [rows, counted], by=by, rows=rounded(rows.value), n=rounded(counted.value), marks=marks_of(w, lines))
        tell_table(w, lines)
        return
    w.say("list", [counted], by=by, n=rounded(counted.value), marks=marks_of(w, lines))
    tell_table(w, lines)


def tell_count(w: Writer) -> None:
    """How many, and which."""
    result = w.result
    if result.figure is None:
        return
    forms = isinstance(result.figure.keys, FormKeys) or not any(key[1] for key in result.figure.keys)
    number = rounded(result.figure.value)
    what = {"zh": ("项指标", "个项目"), "en": ("indicators", "projects")}[w.language][forms]
    told = f" {number} {what}" if w.language == "zh" else f"{number} {what}"
    w.say("count", [result.figure], n=told, marks=marks_of(w, result.lines))
    if result.lines:
        tell_table(w, result.lines)


def tell_check(w: Writer) -> None:
    """Whether the statement is so, and what is printed."""
    result, claim = w.result, w.result.query.claim
    w.lead({True: "right", False: "wrong", None: "untold"}[result.holds])
    if result.holds is False and claim is not None and claim.value is not None and claim.op == "=":
        figure = result.figure
        w.say("not-claim", [figure], claim=f"{json_number(claim.value)}{w.unit(claim.unit)}", marks=w.cite_figure(figure))
    tell_lookup(w)


def tell_table(w: Writer, lines: Sequence[Line], reckoned: str = "") -> None:
    """Lines as a table: project, year, indicator, every cell with its mark, and what was `reckoned` from them."""
    # Very many lines are all alike: the first ones tell what the others hold.
    alike = lines[:SHOWN] if isinstance(lines, Lines) else lines
    whats = list(dict.fromkeys(fact.what for line in alike for fact in line.facts if fact.what != "project_name"))
    rows = any(line.row for line in alike)
    derived = any(line.figure is not None and line.figure.op in _DERIVED for line in alike) or _any_scaled(lines)
    columns = w.heading("project", "year", *(("indicator",) if rows else ()), *whats)
    if derived:
        name = reckoned or asked(w)
        columns.append(f"{name}（{w.unit(w.result.unit).strip()}）" if name in columns else name)
    table = []
    for line in lines[:SHOWN]:
        cells = [f"**{line.form.name}**" + w.cite_name(line.form), f"{line.form.fiscal_year or ''}"]
        if rows:
            cells.append((line.row.name if line.row else "") + w.cite_row(line))
        for what in whats:
            cells.append("；".join(w.value(fact) for fact in line.facts if fact.what == what) or "—")
        if derived:
            cells.append((w.number(line.figure, w.result.unit) + w.cite_figure(line.figure)) if line.figure else "—")
        table.append((cells, [line.figure, *_counts(line)]))
    w.table(columns, table, len(lines))


def _any_scaled(lines: Sequence[Line]) -> bool:
    """Whether an amount further down stands in another unit of money than the one that is told."""
    if isinstance(lines, Lines) and lines.parts:
        return any(map(_any_scaled, lines.parts))
    figures = lines.figures if isinstance(lines, Lines) else None
    if not isinstance(figures, Column) or figures.unit is None:
        return False
    units = {head.unit_of_money: head for head in figures.items}
    return any(unit_of(head) != figures.unit for head in units.values())


def _counts(line: Line) -> list[Figure]:
    """Numbers of rows, which no cell prints."""
    return [
        count((line.form.form_id, f"{fact.what}[{i}]") for i in range(fact.value))
        for fact in line.facts
        if fact.what in COUNTED and isinstance(fact.value, int)
    ]


def forms_counted(lines: Sequence[Line]) -> Figure:
    """How many forms."""
    return count_forms(forms_of(lines))


def rows_counted(lines: Sequence[Line]) -> Figure:
    """How many indicators."""
    if isinstance(lines, Lines) and lines.keys is not None:
        return count_distinct(lines.keys)
    return count((line.form.form_id, line.row.cell("name") if line.row else "") for line in lines)


def described(query: Query) -> str:
    """The conditions of a query, between brackets."""
    parts = [_condition(query, condition) for condition in query.conditions]
    if query.scope.grades:
        parts.append(f"{label('grade', query.language)} = {listed(list(query.scope.grades), query.language)}")
    if query.pick is not None:
        said = query.pick.said or listed([words[0] for words in query.pick.words], query.language)
        parts.append(f"{label('indicator', query.language)}：{said}" if query.language == "zh" else f"indicator: {said}")
    if query.topic:
        parts.append(query.topic)
    told = "；".join(part for part in parts if part)
    if not told:
        return ""
    return f"（{told}）" if query.language == "zh" else f" ({told})"


def _condition(query: Query, condition: Condition) -> str:
    name = label(str(condition.measure or condition.field), query.language)
    if condition.than is not None:
        return f"{name} {_SIGNS[condition.op]} {FUNCTIONS[condition.than][query.language == 'en']}"
    if condition.other_field is not None:
        times = f" × {json_number(condition.relative)}" if condition.relative is not None else ""
        return f"{name} {_SIGNS[condition.op]} {label(condition.other_field, query.language)}{times}"
    if condition.other is not None:
        times = f" × {json_number(condition.relative)}" if condition.relative is not None else ""
        return f"{name} {_SIGNS[condition.op]} {label(condition.other, query.language)}{times}"
    value = condition.text if condition.text is not None else f"{json_number(condition.value)}" if condition.value is not None else ""
    return f"{name} {_SIGNS[condition.op]} {value}{' ' if condition.unit and condition.unit != '%' else ''}{condition.unit or ''}"


def _tell_line(w: Writer, line: Line) -> None:
    result, zh = w.result, w.language == "zh"
    own = [fact for fact in line.facts if line.row is None or not fact.cell.startswith("indicators[")]
    for fact in own:
        w.say("is", _counts(line), name=w.name(line.form), label=label(fact.what, w.language), value=w.value(fact))
    rest = [fact for fact in line.facts if fact not in own]
    if rest and line.row is not None:
        values = ("，" if zh else ", ").join(f"{label(fact.what, w.language)} {w.value(fact)}" for fact in rest)
        w.say("row", name=w.name(line.form), row=line.row.name, mark=w.cite_row(line), values=values)
    figure = result.figure
    told = {fact.value for fact in line.facts}
    if figure is not None and w.result.query.function == "gap":
        names = w.result.query.fields if line.row is not None and w.result.query.fields else w.result.query.measures
        one, other = (label(name, w.language) for name in names[:2])
        w.say("apart", [figure], one=one, other=other, value=w.number(figure, result.unit), marks=w.cite_figure(figure))
    elif figure is not None and figure.value not in told and figure.op != "cell":
        w.say("is", [figure], name=w.name(line.form), label=asked(w), value=w.number(figure, result.unit) + w.cite_figure(figure))


def line_name(w: Writer, line: Line) -> str:
    """A form, or an indicator of it, by name with its mark."""
    if line.row is None:
        return w.name(line.form) + w.cite_name(line.form)
    return f"{w.name(line.form)}“{line.row.name}”{w.cite_row(line)}"


def asked(w: Writer) -> str:
    """What the first number asked for is called."""
    query = w.result.query
    if query.pick is not None or (query.fields and not query.measures):
        field = query.fields[0] if query.fields else "actual"
        said = query.pick.said if query.pick else None
        return f"{said or ''}{label(field, w.language)}"
    return label(query.measures[0] if query.measures else "total_score", w.language)


def marks_of(w: Writer, lines: Sequence[Line]) -> str:
    """The marks of the forms' names."""
    return w.cite_all(name_facts(lines))


def name_facts(lines: Sequence[Line]) -> Iterator[Fact]:
    """The cells of the forms' names, line by line, as far as they are asked for."""
    heads = lines.heads if isinstance(lines, Lines) else (line.form for line in lines)
    return (Fact(head, "project_name", "project_name", head.project_name) for head in heads)


def figure_marks(w: Writer, lines: Sequence[Line]) -> str:
    """The marks of the cells that lines were reckoned from."""
    if isinstance(lines, Lines):
        return w.cite_all(_figure_facts(lines[:SHOWN]))
    return w.cite_all(_figure_facts(lines))


def _figure_facts(lines: Sequence[Line]) -> list[Fact]:
    facts = {fact.key: fact for line in lines for fact in line.facts}
    keys = [key for line in lines if line.figure is not None for key in line.figure.cells()]
    return [facts[key] for key in dict.fromkeys(keys) if key in facts]
