"""Answers from what explanations, texts and the checker say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from agents.answer.compose.forms import described, forms_counted, name_facts, rows_counted, tell_table
from agents.answer.compose.words import VERDICTS, group_name, label, listed
from agents.answer.compose.writer import SHOWN, Writer, cleaned, rounded
from agents.answer.execute.causes import parts
from agents.answer.execute.figures import count, count_distinct, count_forms, figures_of, total
from agents.answer.execute.records import Fact, Figure, Group, Line, Lines, joined
from agents.answer.execute.summary import tells_measures
from schema.checks import RULES
from schema.text import is_blank

_QUOTES = 4
_FEW = 3


def tell_cause(w: Writer) -> None:
    """Who lost points for it in so many words; apart from them, who is only near."""
    result = w.result
    topic = _topic(w)
    if not result.lines:
        w.say("cause-none", judged=_judged(w), topic=topic)
    else:
        forms, rows, points = forms_counted(result.lines), rows_counted(result.lines), total(figures_of(result.lines))
        w.say("cause", [forms, rows, points], judged=_judged(w), topic=topic, n=rounded(forms.value), rows=rounded(rows.value),
              points=rounded(points.value), marks=_explained_marks(w, result.lines))  # fmt: skip
        loss_table(w, result.lines)
    if result.related:
        forms = forms_counted(result.related)
        w.say("related", [forms], n=rounded(forms.value), marks=_explained_marks(w, result.related))
        loss_table(w, result.related)


def tell_explanation(w: Writer) -> None:
    """Why points were lost, in the words of the form, or that it says nothing."""
    lines = w.result.lines
    rows = [line for line in lines if line.row is not None]
    for line in lines:
        if line.row is None:
            _tell_budget(w, line)
    if not rows:
        return
    if len(rows) <= _FEW:
        for line in rows:
            _tell_loss(w, line)
        return
    counted = rows_counted(rows)
    w.say("explained", [counted], n=rounded(counted.value), marks=_explained_marks(w, rows))
    loss_table(w, rows)


def tell_findings(w: Writer) -> None:
    """What the checker found, its message with the cells it is about."""
    result, query = w.result, w.result.query
    rules = _rules(w)
    if not result.lines:
        scope = count_forms(result.scope)
        w.say("finding-none", [scope], n=rounded(scope.value), rules=rules)
        return
    forms, places = forms_counted(result.lines), _places(result.lines)
    w.say("finding", [forms, places], n=rounded(forms.value), rows=rounded(places.value), rules=rules, marks=_form_marks(w, result.lines))
    if not query.rules:
        _tell_rules(w, result.groups)
    columns = w.heading("project", "year", "finding")
    table: list[tuple[list[str], list[Figure]]] = []
    for line in result.lines[:SHOWN]:
        marks = "".join(w.cite(fact) for fact in line.facts if fact.value is not None) or w.cite_row(line)
        messages = " ".join(finding.message for finding in line.findings)
        table.append(
            ([f"**{line.form.name}**" + w.cite_name(line.form), f"{line.form.fiscal_year or ''}", f"{cleaned(messages)}{marks}"], [])
        )
    w.table(columns, table, len(result.lines))


def tell_summary(w: Writer) -> None:
    """Groups with a quote each; or texts, form by form."""
    result = w.result
    scope = count_forms(result.scope)
    if result.query.pick is not None:
        _tell_fulfilment(w)
        return
    if result.groups and tells_measures(result.query):
        w.say("directions", [scope], n=rounded(scope.value), marks=_fact_marks(w, result.lines[:1]))
        for group in result.groups:
            _tell_direction(w, group)
        w.pause()
    elif result.groups:
        w.say("summary", [scope], n=rounded(scope.value), marks=_fact_marks(w, result.lines[:1]))
        for group in result.groups:
            _tell_reason(w, group)
        w.pause()
    else:
        counted = forms_counted(result.lines)
        w.say("texts", [scope, counted], n=rounded(scope.value), rows=rounded(counted.value), marks=_fact_marks(w, result.lines[:1]))
        for line in result.lines[:SHOWN]:
            w.line(_bullet_text(w, line))
        w.pause()


def _tell_loss(w: Writer, line: Line) -> None:
    row = line.row
    if row is None:
        return
    by = {fact.what: fact for fact in line.facts}
    slots: dict[str, Any] = {
        "name": w.name(line.form),
        "row": row.name,
        "mark": w.cite_row(line),
        "weight": w.value(by["weight"]),
        "score": w.value(by["score"]),
    }
    lost = line.figure
    if lost is not None and lost.value > 0:
        w.say("loss", [lost], **slots, lost=rounded(lost.value))
    else:
        w.say("full", **slots)
    if "target" in by:
        w.say("figures", target=w.value(by["target"]), actual=w.value(by["actual"]))
    deviation = by["deviation"]
    if not isinstance(deviation.value, str) or is_blank(deviation.value):
        w.say("silent", marks=w.cite(by["score"]))
        return
    w.say("says", quote=_whole(w, deviation))
    if lost is not None and lost.value > 0 and _only_promises(deviation.value):
        w.say("only-measures", marks=w.cite(_cut(deviation)))


def _only_promises(deviation: str) -> bool:
    """Whether an explanation tells what will be done and no cause."""
    reason, _ = parts(deviation)
    return not reason.strip() or reason.strip("，。；").startswith(("进一步", "持续", "继续", "不断", "加强"))


def _tell_budget(w: Writer, line: Line) -> None:
    by = {fact.what: fact for fact in line.facts}
    slots: dict[str, Any] = {
        key: w.value(by[what]) for key, what in (("rate", "execution_rate"), ("score", "budget_score"), ("weight", "budget_weight"))
    }
    w.say("budget", name=w.name(line.form), **slots)
    others = [fact for fact in line.facts if fact.what not in ("execution_rate", "budget_score", "budget_weight", "said")]
    for fact in others:
        w.say("is", name=w.name(line.form), label=label(fact.what, w.language), value=w.value(fact))
    said = [fact for fact in line.facts if fact.what == "said"]
    for fact in said:
        w.say("says", quote=_whole(w, fact))
    if not said:
        w.say("no-reason", marks=w.cite(by["execution_rate"]))


def loss_table(w: Writer, lines: Sequence[Line], room: int = SHOWN) -> None:
    """Indicators that lost points with what is said about it; the first ones where there is no room for all."""
    columns = w.heading("project", "indicator", "weight", "score", "lost", "deviation")
    table = []
    for line in lines[:room]:
        by = {fact.what: fact for fact in line.facts}
        deviation = by["deviation"]
        empty = "（空）" if w.language == "zh" else "(blank)"
        said = _whole(w, deviation) if isinstance(deviation.value, str) and not is_blank(deviation.value) else empty
        lost = rounded(line.figure.value) if line.figure is not None else "—"
        cells = [f"**{line.form.name}**" + w.cite_name(line.form), (line.row.name if line.row else "") + w.cite_row(line)]
        table.append(([*cells, w.value(by["weight"]), w.value(by["score"]), lost, said], [line.figure]))
    w.table(columns, table, len(lines))


def _tell_reason(w: Writer, group: Group) -> None:
    forms = forms_counted(group.lines)
    rest = ""
    if group.figure is not None:
        rest = _points(w, group.figure)
    line = _heaviest(group.lines)
    said = line.fact("deviation")
    if said is not None and isinstance(said.value, str) and not is_blank(said.value):
        quote = _whole(w, said)
    elif line.row is not None:
        quote = f"“{line.row.name}”{w.cite_row(line)}"
    else:
        quote = ("，" if w.language == "zh" else ", ").join(f"{label(fact.what, w.language)} {w.value(fact)}" for fact in line.facts)
    w.line(_bullet(w, group, forms, rest, f"**{line.form.name}**" + w.cite_name(line.form), quote), [forms, group.figure])


def _heaviest(lines: Sequence[Line]) -> Line:
    """The line with the greatest figure, the first of equals."""
    if isinstance(lines, Lines) and lines.lost:
        lost = [one or Decimal(0) for one in lines.lost]
        return lines[max(range(len(lost)), key=lost.__getitem__)]
    return max(lines, key=lambda one: one.figure.value if one.figure is not None else Decimal(0))


def _bullet(w: Writer, group: Group, forms: Figure, rest: str, name: str, quote: str) -> str:
    shown = group_name(group.name, w.language)
    if w.language == "en":
        return f"- {shown}: {rounded(forms.value)} projects{rest}, e.g. {name}: {quote}"
    return f"- {shown}：{rounded(forms.value)} 个项目{rest}，如{name}：{quote}"


def _points(w: Writer, figure: Figure) -> str:
    return f", {rounded(figure.value)} points" if w.language == "en" else f"，共失 {rounded(figure.value)} 分"


def _tell_direction(w: Writer, group: Group) -> None:
    forms = forms_counted(group.lines)
    shown = group_name(group.name, w.language)
    quotes = [_whole(w, line.facts[0]) for line in group.lines[:_QUOTES]]
    many = f"{rounded(forms.value)} projects" if w.language == "en" else f"{rounded(forms.value)} 个项目"
    w.line(f"- {shown} ({many}): {'; '.join(quotes)}" if w.language == "en" else f"- {shown}（{many}）：{'；'.join(quotes)}", [forms])


def _tell_fulfilment(w: Writer) -> None:
    result = w.result
    lines = joined([group.lines for group in result.groups])
    counted = rows_counted(lines)
    w.say("fulfilment", [counted], n=rounded(counted.value), marks=_fact_marks(w, lines[:1]))
    for group in result.groups:
        if group.figure is not None:
            verdict = VERDICTS[group.name][w.language == "en"]
            w.say("verdict", [group.figure], n=rounded(group.figure.value), verdict=verdict, marks=_fact_marks(w, group.lines[:1]))
    missed: Sequence[Line] = next((group.lines for group in result.groups if group.name == "missed"), ())
    lost = [_losing(group.lines) for group in result.groups if group.name != "missed"]
    for line in missed[:_FEW]:
        _tell_loss(w, line)
    if missed or any(lost):
        tell_table(w, joined([missed, *lost]), label("lost", w.language))
    else:
        tell_table(w, lines)


def _losing(lines: Sequence[Line]) -> Sequence[Line]:
    """The indicators that lost points."""
    if isinstance(lines, Lines) and lines.lost is not None:
        return lines.part([i for i, lost in enumerate(lines.lost) if lost is not None and lost > 0])
    return [line for line in lines if line.figure and line.figure.value > 0]


def _bullet_text(w: Writer, line: Line) -> str:
    quotes = "".join(_whole(w, fact) for fact in line.facts[:_QUOTES])
    return f"- {w.name(line.form)}{w.cite_name(line.form)}{': ' if w.language == 'en' else '：'}{quotes}"


def _tell_rules(w: Writer, groups: Sequence[Group]) -> None:
    for group in groups:
        counted = forms_counted(group.lines)
        title = RULES[group.name].title if group.name in RULES else group.name
        w.line(
            f"- {title}：{rounded(counted.value)} 个项目" if w.language == "zh" else f"- {title}: {rounded(counted.value)} projects",
            [counted],
        )
    w.pause()


def _whole(w: Writer, fact: Fact) -> str:
    """A quotation with its mark."""
    return w.quoted(fact) + w.cite(fact)


def _cut(fact: Fact) -> Fact:
    return fact


def _topic(w: Writer) -> str:
    query = w.result.query
    said = query.topic or listed([group_name(cause, w.language) for cause in query.causes], w.language)
    return f"“{said}”"


def _judged(w: Writer) -> int:
    return w.result.judged


def _rules(w: Writer) -> str:
    query = w.result.query
    titles = [RULES[rule].title for rule in query.rules if rule in RULES]
    joined = (" + " if query.together else "、").join(titles) or ("问题" if w.language == "zh" else "findings")
    by = described(query) if query.conditions else ""
    return f"{joined}{by}"


def _places(lines: Sequence[Line]) -> Figure:
    if isinstance(lines, Lines) and lines.keys is not None:
        return count_distinct(lines.keys)
    keys = Counter(
        (line.form.form_id, line.row.cell("name") if line.row else line.findings[0].cell if line.findings else "") for line in lines
    )
    return count(keys)


def _explained_marks(w: Writer, lines: Sequence[Line]) -> str:
    told = (fact for line in lines for fact in (line.fact("deviation"), line.fact("score")))
    return w.cite_all(fact for fact in told if fact is not None and fact.value is not None)


def _form_marks(w: Writer, lines: Sequence[Line]) -> str:
    return w.cite_all(name_facts(lines))


def _fact_marks(w: Writer, lines: Sequence[Line]) -> str:
    return w.cite_all(fact for line in lines for fact in line.facts[:2] if fact.value is not None)
