"""An overview told: a few sentences and short tables, section by section, every figure with its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agents.answer.compose.forms import forms_counted, name_facts, rows_counted
from agents.answer.compose.texts import loss_table, tell_summary
from agents.answer.compose.words import group_name, listed
from agents.answer.compose.writer import Writer, rounded
from agents.answer.execute.figures import count, count_forms, total
from agents.answer.execute.records import Fact, Figure, Group, Line
from agents.answer.words.summary import subject
from schema.checks import RULES
from schema.text import is_blank

_LINES = 24
"""Rows of all tables of an overview together."""
_LEAST, _MOST = 5, 12
_LOW = 90
"""Percent of the budget below which an execution rate is worth telling."""
_CAUSES, _QUOTES, _RULES = 5, 6, 5
_TABLES = frozenset({"scores", "execution", "losses", "rows", "done", "said", "goals", "measures"})
_PHRASES: dict[str, tuple[str, str]] = {
    "about": ("看过 {n} 张表{marks}。", "{n} form(s) were looked at{marks}. "),
    "no-topic": (
        "没有找到写到{said}的内容，以下是这些表的概况。",
        "Nothing was found on {said}; here is an overview of these forms instead. ",
    ),
    "score": ("{name}自评总分 {score}{grade}。", "{name}: total score {score}{grade}. "),
    "grade": ("，评分等级 {grade}", ", grade {grade}"),
    "scores": (
        "{n} 个项目自评总分平均 {mean} 分{marks}；最低的是{low}，{low_score}；最高的是{high}，{high_score}。",
        "The mean total score of {n} project(s) is {mean}{marks}; lowest {low} with {low_score}, highest {high} with {high_score}. ",
    ),
    "rate": (
        "{name}的预算执行率为 {rate}，预算执行得分 {score}。",
        "{name}: budget execution rate {rate}, budget execution score {score}. ",
    ),
    "rates": (
        "预算执行率最低的是{low}，{low_rate}（预算执行得分 {low_score}）；最高的是{high}，{high_rate}。",
        "The lowest budget execution rate is that of {low}: {low_rate} (budget score {low_score}); the highest of {high}: {high_rate}. ",
    ),
    "overall": (
        "各项目执行数合计占全年预算数合计的 {rate}%{marks}。",
        "All outturns together are {rate}% of all adjusted budgets{marks}. ",
    ),
    "below": ("执行率不足九成的有 {n} 个{marks}。", "{n} spent less than nine tenths{marks}. "),
    "losses": (
        "{forms} 个项目的 {rows} 项指标失分，共失 {points} 分{marks}{causes}。",
        "{rows} indicator(s) of {forms} project(s) lost {points} points in all{marks}{causes}. ",
    ),
    "causes": ("；写明的原因归为{said}", "; the reasons given are {said}"),
    "cause": ("{name} {n} 项", "{name}: {n}"),
    "silent": ("其中 {n} 项没有写原因{marks}。", "{n} of them give no reason{marks}. "),
    "all-silent": ("都没有写原因{marks}。", "None of them gives a reason{marks}. "),
    "no-losses": ("没有失分的指标{marks}。", "No indicator lost points{marks}. "),
    "levels": ("按二级指标分，失分依次为{said}{marks}。", "By kind of indicator, the losses are {said}{marks}. "),
    "level": ("{name} {points} 分", "{name} {points} points"),
    "budgets": (
        "{n} 个项目在预算执行上失分，共 {points} 分{marks}；失得最多的是{name}：执行率 {rate}，得 {score}（分值 {weight}），失 {lost} 分。",
        "{n} project(s) lost {points} points on budget execution{marks}; most of them {name}: execution rate {rate}, "
        "budget score {score} of {weight}, {lost} lost. ",
    ),
    "budget": (
        "{name}在预算执行上失 {lost} 分：执行率 {rate}，得 {score}（分值 {weight}）。",
        "{name} lost {lost} points on budget execution: rate {rate}, budget score {score} of {weight}. ",
    ),
    "rows": ("{about}没有失分的指标有 {n} 项{marks}，列表如下。", "{n} indicator(s) {about}lost nothing{marks}, as listed. "),
    "done": ("表中写明做了以下工作{marks}：", "The forms say what was done{marks}: "),
    "said": ("表中写到的有{marks}：", "What the forms say of it{marks}: "),
    "goals": ("设定的目标如下{marks}：", "What the forms set out to do{marks}: "),
    "measures": ("写明的后续措施如下{marks}：", "What is going to be done{marks}: "),
    "rule": ("{title} {n} 处", "{title}: {n}"),
    "findings": ("核对发现：{said}{marks}。", "The checker found: {said}{marks}. "),
}


def tell_overview(w: Writer) -> None:
    """Section by section; what is put together in other ways is told by `tell_summary`."""
    if not w.result.query.sections:
        tell_summary(w)
        return
    scope = count_forms(w.result.scope)
    _say(w, "about", [scope], n=rounded(scope.value), marks=_names(w, w.result.groups[0].lines[:1]))
    groups = {group.name: group for group in w.result.groups}
    if "no-topic" in groups:
        words = subject(w.result.query.topic).split()
        _say(w, "no-topic", said=listed([f"“{word}”" for word in words], w.language))
    shown = len([name for name in groups if name in _TABLES])
    room = max(_LEAST, min(_MOST, _LINES // max(shown, 1)))
    if "no-losses" in groups:
        _say(w, "no-losses", marks=_names(w, [line for group in w.result.groups for line in group.lines][:1]))
    for name, group in groups.items():
        if name in _TELL:
            _TELL[name](w, group, room)
    _tell_findings(w, [group for group in w.result.groups if group.name.startswith("rule:")])


def _scores(w: Writer, group: Group, room: int) -> None:
    lines = group.lines
    if len(lines) == 1:
        _say(w, "score", name=_named(w, lines[0]), score=_value(w, lines[0], "total_score"), grade=_grade(w, lines[0]))
        return
    n, low, high = forms_counted(lines), lines[0], lines[-1]
    mean = group.figure
    if mean is None:
        return
    _say(w, "scores", [n, mean], n=rounded(n.value), mean=rounded(mean.value), marks=w.cite_figure(mean), low=_named(w, low),
         low_score=_value(w, low, "total_score"), high=_named(w, high), high_score=_value(w, high, "total_score"))  # fmt: skip
    _table(w, lines, ("total_score", "grade"), room)


def _execution(w: Writer, group: Group, room: int) -> None:
    lines = group.lines
    if len(lines) == 1:
        _say(w, "rate", name=_named(w, lines[0]), rate=_value(w, lines[0], "execution_rate"), score=_value(w, lines[0], "budget_score"))
        return
    low, high = lines[0], lines[-1]
    _say(w, "rates", low=_named(w, low), low_rate=_value(w, low, "execution_rate"), low_score=_value(w, low, "budget_score"),
         high=_named(w, high), high_rate=_value(w, high, "execution_rate"))  # fmt: skip
    if group.figure is not None:
        _say(w, "overall", [group.figure], rate=rounded(group.figure.value), marks=w.cite_figure(group.figure))
    below = [line for line in lines if line.figure is not None and line.figure.value < _LOW]
    if below:
        counted = forms_counted(below)
        _say(w, "below", [counted], n=rounded(counted.value), marks=w.cite_all(fact for line in below for fact in line.facts[:1]))
    _table(w, lines, ("execution_rate", "budget_score"), max(room, min(len(below), _MOST)))


def _losses(w: Writer, group: Group, room: int) -> None:
    lines, points = group.lines, group.figure
    if points is None:
        return
    forms, rows = forms_counted(lines), rows_counted(lines)
    kinds = Counter(cause for line in lines for cause in line.causes[:1]).most_common(_CAUSES) if len(lines) > _LEAST else []
    causes, figures = "", list[Figure]()
    if kinds:
        counted = [rows_counted([line for line in lines if line.causes[:1] == (cause,)]) for cause, _ in kinds]
        told = [_text(w, "cause", name=group_name(cause, w.language), n=n) for cause, n in kinds]
        causes, figures = _text(w, "causes", said=listed(told, w.language)), counted
    marks = w.cite_all(fact for line in lines[:room] for fact in line.facts if fact.what == "score")
    _say(w, "losses", [forms, rows, points, *figures], forms=rounded(forms.value), rows=rounded(rows.value), points=rounded(points.value),
         marks=marks, causes=causes)  # fmt: skip
    _levels(w, lines, marks)
    silent = [line for line in lines if (said := line.fact("deviation")) is None or not isinstance(said.value, str) or is_blank(said.value)]
    if silent and len(silent) < len(lines):
        counted_silent = rows_counted(silent)
        _say(w, "silent", [counted_silent], n=rounded(counted_silent.value), marks=w.cite_all(_facts(silent[:3], "score")))
    elif silent:
        _say(w, "all-silent", marks=w.cite_all(_facts(silent[:3], "score")))
    loss_table(w, lines, room)


def _levels(w: Writer, lines: Sequence[Line], marks: str) -> None:
    """At which kinds of indicators points were lost, the largest loss first."""
    by_level: dict[str, list[Figure]] = {}
    for line in lines:
        if line.row is not None and line.row.level2 and line.figure is not None:
            by_level.setdefault(line.row.level2, []).append(line.figure)
    sums = sorted(((total(figures), level) for level, figures in by_level.items()), key=lambda one: -one[0].value)
    if len(sums) < 2:
        return
    told = [_text(w, "level", name=level, points=rounded(figure.value)) for figure, level in sums[:_CAUSES]]
    _say(w, "levels", [figure for figure, _ in sums[:_CAUSES]], said=listed(told, w.language), marks=marks)


def _budgets(w: Writer, group: Group, _: int) -> None:
    if group.figure is None:
        return
    counted, worst = forms_counted(group.lines), group.lines[0]
    if len(group.lines) == 1:
        _say(w, "budget", [worst.figure], name=_named(w, worst), rate=_value(w, worst, "execution_rate"), lost=rounded(group.figure.value),
             score=_value(w, worst, "budget_score"), weight=_value(w, worst, "budget_weight"))  # fmt: skip
        return
    _say(w, "budgets", [counted, group.figure, worst.figure], n=rounded(counted.value), points=rounded(group.figure.value),
         marks=w.cite_all(_facts(group.lines, "budget_score")), name=_named(w, worst), rate=_value(w, worst, "execution_rate"),
         score=_value(w, worst, "budget_score"), weight=_value(w, worst, "budget_weight"),
         lost=rounded(worst.figure.value) if worst.figure else "—")  # fmt: skip


def _rows(w: Writer, group: Group, room: int) -> None:
    counted = rows_counted(group.lines)
    words = subject(w.result.query.topic).split()
    about = listed([f"“{word}”" for word in words], w.language)
    about = (f"与{about}有关、" if w.language == "zh" else f"on {about} ") if about else ""
    _say(w, "rows", [counted], n=rounded(counted.value), about=about, marks=w.cite_all(_facts(group.lines[:room], "score")))
    columns = w.heading("project", "indicator", "target", "actual", "weight", "score")
    table: list[tuple[list[str], list[Figure]]] = []
    for line in group.lines[:room]:
        cells = [f"**{line.form.name}**" + w.cite_name(line.form), (line.row.name if line.row else "") + w.cite_row(line)]
        table.append(([*cells, *(_value(w, line, what) for what in ("target", "actual", "weight", "score"))], []))
    w.table(columns, table, len(group.lines))


def _quoted(w: Writer, group: Group, room: int) -> None:
    _say(w, group.name, marks=_names(w, group.lines[:1]))
    for line in group.lines[:room]:
        quotes = "".join(w.quoted(fact) + w.cite(fact) for fact in line.facts[:_QUOTES])
        w.line(f"- {w.name(line.form)}{w.cite_name(line.form)}{': ' if w.language == 'en' else '：'}{quotes}")
    w.pause()


def _tell_findings(w: Writer, groups: Sequence[Group]) -> None:
    if not groups:
        return
    told, figures = [], []
    for group in groups[:_RULES]:
        rule = group.name.removeprefix("rule:")
        places = count((line.form.form_id, line.findings[0].cell) for line in group.lines)
        told.append(_text(w, "rule", title=RULES[rule].title if rule in RULES else rule, n=rounded(places.value)))
        figures.append(places)
    _say(w, "findings", figures, said=listed(told, w.language), marks=_names(w, [group.lines[0] for group in groups[:_RULES]]))


def _table(w: Writer, lines: Sequence[Line], whats: Sequence[str], room: int) -> None:
    table: list[tuple[list[str], list[Figure]]] = []
    for line in lines[:room]:
        cells = [f"**{line.form.name}**" + w.cite_name(line.form), f"{line.form.fiscal_year or ''}"]
        table.append(([*cells, *(_value(w, line, what) for what in whats)], []))
    w.table(w.heading("project", "year", *whats), table, len(lines))


def _named(w: Writer, line: Line) -> str:
    return w.name(line.form) + w.cite_name(line.form)


def _grade(w: Writer, line: Line) -> str:
    fact = line.fact("grade")
    return _text(w, "grade", grade=w.value(fact)) if fact is not None and fact.value is not None else ""


def _value(w: Writer, line: Line, what: str) -> str:
    fact = line.fact(what)
    return w.value(fact) if fact is not None else "—"


def _facts(lines: Sequence[Line], what: str) -> list[Fact]:
    return [fact for line in lines if (fact := line.fact(what)) is not None]


def _names(w: Writer, lines: Sequence[Line]) -> str:
    return w.cite_all(name_facts(lines))


def _text(w: Writer, key: str, **slots: Any) -> str:
    return _PHRASES[key][w.language == "en"].format(**slots)


def _say(w: Writer, key: str, figures: Sequence[Figure | None] = (), **slots: Any) -> None:
    w.write(_text(w, key, **slots), figures)


_TELL: Mapping[str, Callable[[Writer, Group, int], None]] = {
    "scores": _scores,
    "execution": _execution,
    "losses": _losses,
    "budgets": _budgets,
    "rows": _rows,
    "goals": _quoted,
    "done": _quoted,
    "said": _quoted,
    "measures": _quoted,
}
