"""Answers about figures over many forms: reckoned, ranked, by group, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from agents.answer.compose.forms import asked, figure_marks, forms_counted, line_name, marks_of, rows_counted, tell_table
from agents.answer.compose.words import FUNCTIONS, label
from agents.answer.compose.writer import SHOWN, Writer, rounded
from agents.answer.execute.figures import count
from agents.answer.execute.records import Figure, Group, forms_of, joined

_CENT = Decimal("0.01")
_ENDS = {"desc": ("高", "highest"), "asc": ("低", "lowest")}
_AMOUNTS = {"desc": ("多", "highest"), "asc": ("少", "lowest")}
_ORDERS = {"desc": ("高到低", "highest first"), "asc": ("低到高", "lowest first")}
_HAN = "零一二三四五六七八九十"
_PLACES_EN = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_LEVELS = (None, "分", "%", "个百分点")
"""Units in which something is high or low; in others there is much or little of it."""


def tell_aggregate(w: Writer) -> None:
    """One figure and what it was reckoned from."""
    result, query = w.result, w.result.query
    figure = result.figure
    if figure is None:
        return
    if query.function == "overall" or (query.function == "gap" and len(query.measures) > 1):
        _tell_over(w, figure)
        tell_table(w, result.lines)
        return
    rows = query.pick is not None
    what = ("项指标" if rows else "个项目") if w.language == "zh" else ("indicators" if rows else "projects")
    counted = rows_counted(result.lines) if rows else forms_counted(result.lines)
    marks = figure_marks(w, result.lines)
    slots: dict[str, Any] = {"n": rounded(counted.value), "what": what, "label": asked(w), "function": _function(w, figure.op)}
    w.say("aggregate", [counted, figure], **slots, value=w.number(figure, result.unit), marks=marks)
    if figure.value != figure.value.quantize(_CENT):
        w.say("exact", [figure], value=f"{figure.value:f}{w.unit(result.unit)}", marks=marks)
    for group in result.groups:
        _tell_group(w, group)
    tell_table(w, result.lines)


def _tell_over(w: Writer, figure: Figure) -> None:
    """A rate over sums, or how far two totals are apart."""
    result, query = w.result, w.result.query
    counted, marks = forms_counted(result.lines), w.cite_figure(figure)
    value = w.number(figure, result.unit)
    if query.function == "overall":
        w.say("overall", [counted, figure], n=rounded(counted.value), value=value, marks=marks)
    else:
        one, other = (label(measure, w.language) for measure in query.measures[:2])
        w.say("apart", [figure], one=one, other=other, value=value, marks=marks)


def tell_rank(w: Writer) -> None:
    """Forms or rows in their order."""
    result, query = w.result, w.result.query
    if query.group is not None:
        _tell_groups(w)
        return
    lines = result.lines
    index = w.language == "en"
    if len(lines) == 1 and lines[0].figure is not None:
        figure = lines[0].figure
        value = w.number(figure, result.unit) + w.cite_figure(figure)
        w.say("rank-one", [figure], label=asked(w), end=_end(w), name=line_name(w, lines[0]), value=value)
        for fact in lines[0].facts:
            if fact.what in query.measures[1:]:
                w.say("is", name=w.name(lines[0].form), label=label(fact.what, w.language), value=w.value(fact))
        return
    counted = rows_counted(lines) if query.pick else forms_counted(lines)
    if query.nth:
        w.say("rank-nth", [counted], label=asked(w), end=_end(w), n=rounded(counted.value), marks=marks_of(w, lines))
        tell_table(w, lines)
        return
    w.say("rank", [counted], label=asked(w), order=_ORDERS[query.order][index], n=rounded(counted.value), marks=marks_of(w, lines))
    tell_table(w, lines)


def _tell_groups(w: Writer) -> None:
    """Groups of forms in their order."""
    result, query = w.result, w.result.query
    index = w.language == "en"
    groups = result.groups
    op = groups[0].figure.op if groups and groups[0].figure else ""
    slots = {"label": asked(w), "function": _function(w, op)}
    if len(groups) == 1 and groups[0].figure is not None:
        group, counted = groups[0], forms_counted(groups[0].lines)
        value = w.number(groups[0].figure, result.unit)
        w.say("rank-group", [group.figure, counted], **slots, end=_end(w), name=group.name, n=rounded(counted.value),
              value=value, marks=figure_marks(w, group.lines))  # fmt: skip
        tell_table(w, group.lines)
        return
    many = count((group.name, "") for group in groups)
    w.say("rank-groups", [many], **slots, order=_ORDERS[query.order][index], n=rounded(many.value), marks=marks_of(w, result.lines[:1]))
    rows = []
    for group in groups[:SHOWN]:
        counted = forms_counted(group.lines)
        value = w.number(group.figure, result.unit) + figure_marks(w, group.lines) if group.figure else "—"
        rows.append(([group.name, f"{rounded(counted.value)}{marks_of(w, group.lines)}", value], [group.figure, counted]))
    columns = [*w.heading("group", "form_count"), f"{asked(w)}{_function(w, op)}"]
    if query.measures[:1] == ("form_count",):
        columns, rows = columns[:2], [(cells[:2], figures) for cells, figures in rows]
    w.table(columns, rows, len(groups))


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
    for group in result.groups:
        _tell_also(w, group)
    if sum(len(side.lines) for side in result.sides) > len(result.sides):
        tell_table(w, joined([side.lines for side in result.sides]))


def _tell_also(w: Writer, group: Group) -> None:
    """Another measure by which the sides were compared."""
    if group.figure is None:
        return
    values = "、" if w.language == "zh" else ", "
    told = values.join(f"**{line.form.name}** {w.value(fact)}" for line in group.lines for fact in line.facts if fact.what == group.name)
    unit = next((fact.unit for line in group.lines for fact in line.facts if fact.what == group.name), None)
    value = w.number(group.figure, "个百分点" if unit == "%" else unit)
    w.say("also", [group.figure], label=label(group.name, w.language), told=told, value=value, marks=w.cite_figure(group.figure))


def _tell_side(w: Writer, side: Group) -> None:
    if side.figure is None:
        return
    one = len(side.lines) == 1
    scale = w.number(side.figure, _side_unit(w))
    if one:
        w.say("side-one", [side.figure], name=line_name(w, side.lines[0]), value=scale + w.cite_figure(side.figure))
        return
    counted = forms_counted(side.lines)
    w.say("side", [side.figure, counted], name=side.name, function=asked(w) + _function(w, side.figure.op), value=scale,
          n=rounded(counted.value), marks=figure_marks(w, side.lines))  # fmt: skip


def _tell_group(w: Writer, group: Group) -> None:
    if group.figure is not None:
        counted = forms_counted(group.lines)
        w.say("group", [group.figure, counted], group=group.name, n=rounded(counted.value), function=_function(w, group.figure.op),
              value=w.number(group.figure, w.result.unit), marks=figure_marks(w, group.lines))  # fmt: skip


def _end(w: Writer) -> str:
    ends = _ENDS if w.result.unit in _LEVELS else _AMOUNTS
    end, nth = ends[w.result.query.order][w.language == "en"], w.result.query.nth
    if w.language == "en":
        return f"{_PLACES_EN.get(nth, f'number-{nth}')} {end}" if nth else end
    return f"第{_HAN[nth] if nth < len(_HAN) else nth}{end}" if nth else f"最{end}"


def _more(unit: str | None) -> str:
    return "高" if unit in _LEVELS else "多"


def _side_unit(w: Writer) -> str | None:
    return "%" if w.result.unit == "个百分点" else w.result.unit


def _side_name(side: Group) -> str:
    return f"**{side.lines[0].form.name}**" if len(side.lines) == 1 else side.name


def _same_units(sides: Sequence[Group]) -> bool:
    units = [{head.implementing_unit for head in forms_of(side.lines)} for side in sides]
    return all(one == units[0] for one in units)


def _function(w: Writer, op: str) -> str:
    if w.result.query.function == "overall":
        return FUNCTIONS["overall"][w.language == "en"]
    return FUNCTIONS[op][w.language == "en"] if op in FUNCTIONS else ""
