"""Many forms at once: why points are lost, what is going to be done, how targets were met, what texts say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from agents.answer.causes import Topic, classify, parts
from agents.answer.causes_words import DIRECTIONS
from agents.answer.execute_figures import count, less, printed, total
from agents.answer.execute_measures import facts_of
from agents.answer.execute_records import Fact, Figure, Group, Line, Note, Result
from agents.answer.execute_rows import picked, row_fact, row_figure
from agents.answer.execute_scope import narrowed
from agents.answer.execute_texts import EXPLAINED, LOSS, best_sentence, sentences_of
from agents.answer.query import Cause, Query
from schema.cells import funding_cell
from schema.comparison import judge
from schema.text import is_blank
from schema.values import parse
from store.facts import Head, Session

_MEASURES = re.compile(r"整改|改进|措施|下一?步|后续|怎么改|improve|measure|remed|next step", re.IGNORECASE)
_USE = re.compile(r"用途|用在|花在|用于|用来|花到|用到|开支|干什么|做什么|spent on|used for", re.IGNORECASE)
_OF_FORM = re.compile(
    r"原因|失分|扣分|丢分|常见|共性|共同|普遍|问题|情况|主要|总体|类型|特点|cause|reason|lost|points|common|problem|issue", re.IGNORECASE
)
_SILENT, _OTHER, _BUDGET_GROUP = "没有写原因", "其他说明", "预算执行得分"
_DIRECTIONS = tuple((name, re.compile(pattern)) for name, pattern in DIRECTIONS)
_SENTENCES = 4
_TEXTS_SHOWN = 3
_LOW = 90


def summarise(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """By what the query asks for: indicators against targets, measures planned, texts on a topic, or causes with points lost."""
    heads, notes = narrowed(query, scope)
    result = Result(query, scope=heads, notes=notes)
    if query.pick is not None:
        return _fulfilment(query, session, result)
    topic = query.topic or ""
    if _MEASURES.search(topic):
        return _directions(session, result)
    if _USE.search(topic):
        return replace(result, lines=_uses(session, heads))
    if topic and not query.causes and _left_of(topic):
        lines = _speaking(query, session, heads)
        return replace(result, lines=lines, missing=None if lines else "no-text")
    return _reasons(session, result)


def _left_of(topic: str) -> bool:
    """Whether a topic has words beside those that every question about causes has."""
    return any(len(piece) >= 2 for piece in Topic(_OF_FORM.sub(" ", topic)).pieces)


def _fulfilment(query: Query, session: Session, result: Result) -> Result:
    """Indicators grouped by whether the actual meets the target."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in picked(session, result.scope, query.pick):
        row = line.row
        if row is None:
            continue
        told = replace(line, facts=tuple(fact for field in EXPLAINED for fact in row_fact(line, field)), figure=row_figure(line, "lost"))
        groups[judge(parse(row.target), parse(row.actual), line.form.fiscal_year)].append(told)
    verdicts = [verdict for verdict in ("met", "missed", "unknown") if groups[verdict]]
    found = tuple(Group(verdict, tuple(groups[verdict]), _counted(groups[verdict])) for verdict in verdicts)
    return replace(result, groups=found, lines=tuple(groups["missed"]), missing=None if found else "no-row")


def _directions(session: Session, result: Result) -> Result:
    """What explanations say is going to be done, grouped by where it is aimed."""
    by_version = {head.version_id: head for head in result.scope}
    groups: dict[str, list[Line]] = defaultdict(list)
    for row in session.rows(list(by_version), deviation=True):
        doing = parts(row.deviation)[1] if row.deviation else ""
        for sentence in re.findall(r"[^。；;]+[。；;]?", doing):
            head = by_version[row.version_id]
            fact = Fact(head, row.cell("deviation"), "deviation", row.deviation, quote=sentence)
            groups[_direction(sentence)].append(Line(head, (fact,), row))
    ordered = [name for name, _ in _DIRECTIONS if groups[name]] + [name for name in (_OTHER,) if groups[name]]
    found = tuple(Group(name, _once(groups[name]), _forms_counted(groups[name])) for name in ordered)
    lines = tuple(line for group in found for line in group.lines)
    return replace(result, groups=found, lines=lines, missing=None if found else "no-text")


def _direction(sentence: str) -> str:
    hits = [(len(pattern.findall(sentence)), -i, name) for i, (name, pattern) in enumerate(_DIRECTIONS)]
    most, _, name = max(hits)
    return name if most else _OTHER


def _reasons(session: Session, result: Result) -> Result:
    """Rows that lost points by the causes their explanations speak of; then budgets cut and badly spent."""
    by_version = {head.version_id: head for head in result.scope}
    groups: dict[str, list[Line]] = defaultdict(list)
    for row in session.rows(list(by_version), deviation=True):
        line = Line(by_version[row.version_id], row=row)
        lost = row_figure(line, "lost")
        if lost is None or lost.value <= 0:
            continue
        told = replace(line, facts=tuple(fact for field in LOSS for fact in row_fact(line, field)), figure=lost)
        for name, span in _kinds(row.deviation):
            groups[name].append(replace(told, spans=(span,) if span else ()))
    ordered = sorted((name for name in get_args(Cause) if groups[name]), key=lambda name: -len({line.form for line in groups[name]}))
    names = [*ordered, *(name for name in (_OTHER, _SILENT) if groups[name])]
    found = [Group(name, tuple(groups[name]), _points(groups[name])) for name in names] + _budget_groups(result.scope)
    lines = tuple(dict.fromkeys(line for group in found for line in group.lines))
    return replace(result, groups=tuple(found), lines=lines, notes=(*result.notes, Note("causes-overlap")) if found else result.notes)


def _kinds(deviation: str | None) -> list[tuple[str, str]]:
    if deviation is None or is_blank(deviation):
        return [(_SILENT, "")]
    return [(one.cause, one.span) for one in classify(deviation)] or [(_OTHER, "")]


def _budget_groups(heads: Sequence[Head]) -> list[Group]:
    lost, cut, low = list[Line](), list[Line](), list[Line]()
    for head in heads:
        score, weight = head.budget_score, head.budget_weight
        facts = facts_of(head, "execution_rate") + facts_of(head, "budget_score")
        if score is not None and weight is not None and score < weight:
            whole = Fact(head, funding_cell("total", "weight"), "budget_weight", weight, "分")
            pair = printed(whole), printed(facts_of(head, "budget_score")[0])
            lost.append(Line(head, (*facts, whole), figure=less(*pair) if pair[0] and pair[1] else None))  # type: ignore[arg-type]
        if head.original_budget is not None and head.adjusted_budget is not None and head.adjusted_budget < head.original_budget:
            cut.append(Line(head, facts_of(head, "original_budget") + facts_of(head, "adjusted_budget")))
        if head.execution_rate is not None and head.execution_rate < _LOW:
            low.append(Line(head, facts_of(head, "execution_rate")))
    named = ((_BUDGET_GROUP, lost, _points(lost)), ("年中调减预算", cut, None), ("预算执行率偏低", low, None))
    return [Group(name, tuple(lines), figure) for name, lines, figure in named if lines]


def _uses(session: Session, heads: Sequence[Head]) -> tuple[Line, ...]:
    """What the money is for: the first sentences of goal and result, each once."""
    lines = []
    for version_id, texts in session.texts([head.version_id for head in heads]).items():
        head = next(head for head in heads if head.version_id == version_id)
        cells = dict(texts.cells)
        said = [(cell, sentence) for cell, sentence in sentences_of(texts) if cell in ("expected_goal", "actual_result")]
        lines.append(Line(head, tuple(Fact(head, cell, cell, cells[cell], quote=sentence) for cell, sentence in said[:_SENTENCES])))
    return tuple(sorted(lines, key=lambda line: [head.form_id for head in heads].index(line.form.form_id)))


def _speaking(query: Query, session: Session, heads: Sequence[Head]) -> tuple[Line, ...]:
    """The sentences of goals, results, blocks and explanations that are most about a topic, form by form."""
    topic = Topic(query.topic, query.causes)
    by_version = {head.version_id: head for head in heads}
    ranked: dict[int, list[tuple[float, Fact]]] = defaultdict(list)
    for version_id, texts in session.texts(list(by_version)).items():
        cells = dict(texts.cells)
        for cell, sentence in sentences_of(texts):
            fact = Fact(by_version[version_id], cell, cell, cells[cell], quote=sentence)
            ranked[version_id].append((_fit(topic, sentence), fact))
    for row in session.rows(list(by_version), deviation=True):
        if row.deviation:
            sentence = best_sentence(topic, row.deviation)
            fact = Fact(by_version[row.version_id], row.cell("deviation"), "deviation", row.deviation, quote=sentence)
            ranked[row.version_id].append((_fit(topic, sentence), fact))
    lines = []
    for head in heads:
        best = sorted((one for one in ranked[head.version_id] if one[0] > 0), key=lambda one: -one[0])[:_TEXTS_SHOWN]
        if best:
            lines.append(Line(head, tuple(fact for _, fact in best)))
    return tuple(lines)


def _fit(topic: Topic, sentence: str) -> float:
    said = sum(piece in sentence for piece in topic.pieces)
    covered = topic.covered(sentence)
    return said + covered if said or covered >= 0.4 else 0.0


def _points(lines: Sequence[Line]) -> Figure | None:
    figures = [line.figure for line in lines if line.figure is not None]
    return total(figures) if figures else None


def _counted(lines: Sequence[Line]) -> Figure:
    return count((line.form.form_id, line.row.cell("name") if line.row else "") for line in lines)


def _forms_counted(lines: Sequence[Line]) -> Figure:
    return count((line.form.form_id, "") for line in lines)


def _once(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines that say the same in the same words of one form only once."""
    return tuple({(line.form.form_id, line.facts[0].quote): line for line in lines}.values())
