"""Answers about values: looked up, listed, counted, reckoned, ranked, compared, checked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from agents.answer.compose_words import FUNCTIONS, label, listed
from agents.answer.compose_writer import SHOWN, Writer, rounded
from agents.answer.execute_figures import count
from agents.answer.execute_records import Fact, Figure, Group, Line, projects
from agents.answer.query import Condition, Query
from schema.record import json_number

_CENT = Decimal("0.01")
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "=", "!=": "≠"}
_ENDS = {"desc": ("高", "highest"), "asc": ("低", "lowest")}
_ORDERS = {"desc": ("高到低", "highest first"), "asc": ("低到高", "lowest first")}


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
        w.say("ambiguous" if said else "ambiguous-plain", [counted], said=said, n=rounded(counted.value), marks=_marks(w, lines))
    else:
        rows = rows_counted(lines)
        w.say("rows", [rows], n=rounded(rows.value), marks=_marks(w, lines))
    tell_table(w, lines)


def tell_list(w: Writer) -> None:
    """Which forms fulfil the conditions."""
    lines, query = w.result.lines, w.result.query
    by = described(query)
    if not lines:
        scope = count((head.form_id, "") for head in w.result.scope)
        w.say("list-none", [scope], n=rounded(scope.value), by=by)
        return
    counted = forms_counted(lines)
    w.say("list", [counted], by=by, n=rounded(counted.value), marks=_marks(w, lines))
    tell_table(w, lines)


def tell_count(w: Writer) -> None:
    """How many, and which."""
    result = w.result
    if result.figure is None:
        return
    forms = not any(key[1] for key in result.figure.keys)
    number = rounded(result.figure.value)
    what = {"zh": ("项指标", "个项目"), "en": ("indicators", "projects")}[w.language][forms]
    told = f" {number} {what}" if w.language == "zh" else f"{number} {what}"
    w.say("count", [result.figure], n=told, marks=_marks(w, result.lines))
    if result.lines:
        tell_table(w, result.lines)


def tell_aggregate(w: Writer) -> None:
    """One figure and what it was reckoned from."""
    result, query = w.result, w.result.query
    figure = result.figure
    if figure is None:
        return
    rows = query.pick is not None
    what = ("项指标" if rows else "个项目") if w.language == "zh" else ("indicators" if rows else "projects")
    counted = rows_counted(result.lines) if rows else forms_counted(result.lines)
    marks = _figure_marks(w, result.lines)
    slots: dict[str, Any] = {"n": rounded(counted.value), "what": what, "label": _asked(w), "function": _function(w, figure.op)}
    w.say("aggregate", [counted, figure], **slots, value=w.number(figure, result.unit), marks=marks)
    if figure.value != figure.value.quantize(_CENT):
        w.say("exact", [figure], value=f"{figure.value:f}{w.unit(result.unit)}", marks=marks)
    for group in result.groups:
        _tell_group(w, group)
    tell_table(w, result.lines)


def tell_rank(w: Writer) -> None:
    """Forms or rows in their order."""
    result, query = w.result, w.result.query
    lines = result.lines
    index = w.language == "en"
    if len(lines) == 1 and lines[0].figure is not None:
        figure = lines[0].figure
        value = w.number(figure, result.unit) + w.cite_figure(figure)
        w.say("rank-one", [figure], label=_asked(w), end=_ENDS[query.order][index], name=_line_name(w, lines[0]), value=value)
        return
    counted = rows_counted(lines) if query.pick else forms_counted(lines)
    w.say("rank", [counted], label=_asked(w), order=_ORDERS[query.order][index], n=rounded(counted.value), marks=_marks(w, lines))
    tell_table(w, lines)


def tell_compare(w: Writer) -> None:
    """The sides, and how far they are apart."""
    result = w.result
    for side in result.sides:
        _tell_side(w, side)
    ordered = sorted((side for side in result.sides if side.figure), key=lambda s: -s.figure.value if s.figure else 0)
    figure = result.figure
    if figure is not None and len(ordered) >= 2:
        marks = w.cite_figure(figure)
        if figure.value == 0:
            w.say("equal", marks=marks)
        else:
            first, second = _side_name(ordered[0]), _side_name(ordered[-1])
            w.say(
                "difference",
                [figure],
                first=first,
                second=second,
                value=w.number(figure, result.unit),
                more=_more(result.unit),
                marks=marks,
            )
            if figure.value != figure.value.quantize(_CENT):
                w.say("exact", [figure], value=f"{figure.value:f}{w.unit(result.unit)}", marks=marks)
        if any(len(side.lines) > 1 for side in ordered) and not _same_units(ordered):
            w.say("years-differ", marks=marks)
    if sum(len(side.lines) for side in result.sides) > len(result.sides):
        tell_table(w, [line for side in result.sides for line in side.lines])


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
    whats = list(dict.fromkeys(fact.what for line in lines for fact in line.facts if fact.what != "project_name"))
    rows = any(line.row for line in lines)
    derived = any(line.figure is not None and line.figure.op in ("difference", "scale") for line in lines)
    columns = w.heading("project", "year", *(("indicator",) if rows else ()), *whats)
    if derived:
        columns.append(reckoned or _asked(w))
    table = []
    for line in lines[:SHOWN]:
        cells = [f"**{line.form.name}**" + w.cite_name(line.form), f"{line.form.fiscal_year or ''}"]
        if rows:
            cells.append((line.row.name if line.row else "") + w.cite_row(line))
        for what in whats:
            cells.append("；".join(w.value(fact) for fact in line.facts if fact.what == what) or "—")
        if derived:
            cells.append((w.number(line.figure, w.result.unit) + w.cite_figure(line.figure)) if line.figure else "—")
        table.append((cells, [line.figure]))
    w.table(columns, table, len(lines))


def forms_counted(lines: Sequence[Line]) -> Figure:
    """How many forms."""
    return count((line.form.form_id, "") for line in lines)


def rows_counted(lines: Sequence[Line]) -> Figure:
    """How many indicators."""
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
    if condition.other is not None:
        times = f" × {json_number(condition.relative)}" if condition.relative is not None else ""
        return f"{name} {_SIGNS[condition.op]} {label(condition.other, query.language)}{times}"
    value = condition.text if condition.text is not None else f"{json_number(condition.value)}" if condition.value is not None else ""
    return f"{name} {_SIGNS[condition.op]} {value}{' ' if condition.unit and condition.unit != '%' else ''}{condition.unit or ''}"


def _tell_line(w: Writer, line: Line) -> None:
    result, zh = w.result, w.language == "zh"
    own = [fact for fact in line.facts if line.row is None or not fact.cell.startswith("indicators[")]
    for fact in own:
        w.say("is", name=w.name(line.form), label=label(fact.what, w.language), value=w.value(fact))
    rest = [fact for fact in line.facts if fact not in own]
    if rest and line.row is not None:
        values = ("，" if zh else ", ").join(f"{label(fact.what, w.language)} {w.value(fact)}" for fact in rest)
        w.say("row", name=w.name(line.form), row=line.row.name, mark=w.cite_row(line), values=values)
    figure = result.figure
    told = {fact.value for fact in line.facts}
    if figure is not None and figure.value not in told and figure.op != "cell":
        w.say("is", [figure], name=w.name(line.form), label=_asked(w), value=w.number(figure, result.unit) + w.cite_figure(figure))


def _tell_side(w: Writer, side: Group) -> None:
    if side.figure is None:
        return
    one = len(side.lines) == 1
    scale = w.number(side.figure, _side_unit(w))
    if one:
        w.say("side-one", [side.figure], name=_line_name(w, side.lines[0]), value=scale + w.cite_figure(side.figure))
        return
    counted = forms_counted(side.lines)
    w.say("side", [side.figure, counted], name=side.name, function=_asked(w) + _function(w, side.figure.op), value=scale,
          n=rounded(counted.value), marks=_figure_marks(w, side.lines))  # fmt: skip


def _tell_group(w: Writer, group: Group) -> None:
    if group.figure is not None:
        counted = forms_counted(group.lines)
        w.say("group", [group.figure, counted], group=group.name, n=rounded(counted.value), function=_function(w, group.figure.op),
              value=w.number(group.figure, w.result.unit), marks=_figure_marks(w, group.lines))  # fmt: skip


def _more(unit: str | None) -> str:
    return "高" if unit in (None, "分", "%", "个百分点") else "多"


def _side_unit(w: Writer) -> str | None:
    return "%" if w.result.unit == "个百分点" else w.result.unit


def _side_name(side: Group) -> str:
    return f"**{side.lines[0].form.name}**" if len(side.lines) == 1 else side.name


def _line_name(w: Writer, line: Line) -> str:
    if line.row is None:
        return w.name(line.form) + w.cite_name(line.form)
    return f"{w.name(line.form)}“{line.row.name}”{w.cite_row(line)}"


def _same_units(sides: Sequence[Group]) -> bool:
    units = [{line.form.implementing_unit for line in side.lines} for side in sides]
    return all(one == units[0] for one in units)


def _function(w: Writer, op: str) -> str:
    return FUNCTIONS[op][w.language == "en"] if op in FUNCTIONS else ""


def _asked(w: Writer) -> str:
    query = w.result.query
    if query.pick is not None or (query.fields and not query.measures):
        field = query.fields[0] if query.fields else "actual"
        said = query.pick.said if query.pick else None
        return f"{said or ''}{label(field, w.language)}"
    return label(query.measures[0] if query.measures else "total_score", w.language)


def _marks(w: Writer, lines: Sequence[Line]) -> str:
    """The marks of the forms' names."""
    return w.cite_all(fact for line in lines for fact in _name_facts(line))


def _name_facts(line: Line) -> list[Fact]:
    return [Fact(line.form, "project_name", "project_name", line.form.project_name)]


def _figure_marks(w: Writer, lines: Sequence[Line]) -> str:
    """The marks of the cells that lines were reckoned from."""
    facts = {fact.key: fact for line in lines for fact in line.facts}
    keys = [key for line in lines if line.figure is not None for key in line.figure.cells()]
    return w.cite_all(facts[key] for key in dict.fromkeys(keys) if key in facts)
