"""Many forms at once: why points are lost, what is going to be done, how targets were met, what texts say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import get_args

from agents.answer.execute.causes import Topic, classify, parts
from agents.answer.execute.figures import Column, count, count_distinct, count_forms, less, printed
from agents.answer.execute.many import WHOLE, Lights, Making, each_once, lines_of
from agents.answer.execute.measures import facts_of, worths
from agents.answer.execute.records import Fact, Figure, Group, Line, Lines, Note, Result
from agents.answer.execute.rows import Rows, lost_column, picked_rows, row_fact, row_figure, row_lots
from agents.answer.execute.scope import narrowed
from agents.answer.execute.texts import EXPLAINED, LOSS, best_sentence, may_hold, sentences_of
from agents.answer.query import Cause, Measure, Query
from agents.answer.words.causes import DIRECTIONS
from schema.cells import funding_cell
from schema.comparison import Verdict, judge
from schema.text import is_blank
from schema.values import parse
from store.facts import Head, LostRows, RowFact, Session, Texts

_MEASURES = re.compile(r"整改|改进|措施|下一?步|后续|怎么改|improve|measure|remed|next step", re.IGNORECASE)
_USE = re.compile(r"用途|用在|花在|用于|用来|花到|用到|开支|干什么|做什么|spent on|used for", re.IGNORECASE)
_OF_FORM = re.compile(
    r"原因|失分|扣分|丢分|常见|共性|共同|普遍|问题|情况|主要|总体|类型|特点|cause|reason|lost|points|common|problem|issue", re.IGNORECASE
)
_REASONS = "rows by the reasons they give"
_SILENT, _OTHER, _BUDGET_GROUP = "没有写原因", "其他说明", "预算执行得分"
_DIRECTIONS = tuple((name, re.compile(pattern)) for name, pattern in DIRECTIONS)
_SENTENCES = 4
_TEXTS_SHOWN = 3
_LOW = 90
_NEAR = 0.4
"""How much of a topic's pairs of characters a sentence has to hold."""
_TEXTS_KNOWN = 1_000_000
"""Texts of which is kept what they say; what an explanation says stays as it is for as long as the cues do."""


def summarise(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """By what the query asks for: indicators against targets, measures planned, texts on a topic, or causes with points lost."""
    heads, notes = narrowed(query, scope, session)
    result = Result(query, scope=heads, notes=notes)
    if not heads:
        return replace(result, missing="no-form")
    if query.pick is not None:
        return _fulfilment(query, session, result)
    topic = query.topic or ""
    if tells_measures(query):
        return _directions(session, result)
    if _USE.search(topic):
        return replace(result, lines=_uses(session, heads))
    if topic and not query.causes and _left_of(topic):
        lines = _speaking(query, session, heads)
        return replace(result, lines=lines, missing=None if lines else "no-text")
    return _reasons(session, result)


def tells_measures(query: Query) -> bool:
    """Whether a summary is of the measures that are planned."""
    return bool(_MEASURES.search(query.topic or ""))


def _left_of(topic: str) -> bool:
    """Whether a topic has words beside those that every question about causes has."""
    return any(len(piece) >= 2 for piece in Topic(_OF_FORM.sub(" ", topic)).pieces)


def _fulfilment(query: Query, session: Session, result: Result) -> Result:
    """Indicators grouped by whether the actual meets the target."""
    groups: dict[str, Rows] = {}
    for head, row in zip(*picked_rows(session, result.scope, query.pick), strict=True):
        verdict = _verdict(row.target, row.actual, head.fiscal_year)
        heads, rows = groups.setdefault(verdict, ([], []))
        heads.append(head)
        rows.append(row)
    verdicts = [verdict for verdict in ("met", "missed", "unknown") if verdict in groups]
    found = tuple(_fulfilled(verdict, groups[verdict]) for verdict in verdicts)
    missed = next((group.lines for group in found if group.name == "missed"), ())
    return replace(result, groups=found, lines=missed, missing=None if found else "no-row")


def _fulfilled(verdict: str, found: Rows) -> Group:
    heads, rows = found

    def make(i: int) -> Line:
        line = Line(heads[i], row=rows[i])
        facts = tuple(fact for field in EXPLAINED for fact in row_fact(line, field)) if i < WHOLE else ()
        figure = row_figure(line, "lost") if i < WHOLE or rows[i].lost else None
        return replace(line, facts=facts, figure=figure)

    if len(rows) <= WHOLE:
        lines: Sequence[Line] = tuple(map(make, range(len(rows))))
        return Group(verdict, lines, _counted(lines))
    many = row_lots(found, make, WHOLE)
    many.lost = [row.lost for row in rows]
    return Group(verdict, many, count_distinct(many.keys or ()))


@lru_cache(maxsize=_TEXTS_KNOWN)
def _verdict(target: str | None, actual: str | None, year: int | None) -> Verdict:
    return judge(parse(target), parse(actual), year)


def _directions(session: Session, result: Result) -> Result:
    """What explanations say is going to be done, grouped by where it is aimed."""
    by_version = {head.version_id: head for head in result.scope}
    # What is said in the same words of one form stands there once, where it is said last.
    groups: dict[str, dict[tuple[int, str], RowFact]] = defaultdict(dict)
    for row in session.lost(list(by_version)).rows:
        for direction, sentence in _doings(row.deviation) if row.deviation else ():
            groups[direction][row.version_id, sentence] = row
    ordered = [name for name in (*(name for name, _ in _DIRECTIONS), _OTHER) if groups[name]]
    making, lights, found = _doing(by_version), Lights(), []
    for name in ordered:
        said = [(row, sentence) for (_, sentence), row in groups[name].items()]
        forms = count_forms([by_version[version_id] for version_id, _ in groups[name]])
        found.append(Group(name, lines_of(said, making, lights)[0], forms))
    lines = each_once([group.lines for group in found])
    return replace(result, groups=tuple(found), lines=lines, missing=None if found else "no-text")


@lru_cache(maxsize=_TEXTS_KNOWN)
def _doings(deviation: str) -> tuple[tuple[str, str], ...]:
    """What an explanation says is going to be done, sentence by sentence, each with where it is aimed."""
    return tuple((_direction(sentence), sentence) for sentence in re.findall(r"[^。；;]+[。；;]?", parts(deviation)[1]))


def _doing(by_version: Mapping[int, Head]) -> Making[tuple[RowFact, str]]:
    def whole(said: tuple[RowFact, str]) -> Line:
        row, sentence = said
        head = by_version[row.version_id]
        return Line(head, (Fact(head, row.cell("deviation"), "deviation", row.deviation, quote=sentence),), row)

    return Making(lambda said: by_version[said[0].version_id], lambda _: None, whole)


def _direction(sentence: str) -> str:
    hits = [(len(pattern.findall(sentence)), -i, name) for i, (name, pattern) in enumerate(_DIRECTIONS)]
    most, _, name = max(hits)
    return name if most else _OTHER


def _reasons(session: Session, result: Result) -> Result:
    """Rows that lost points by the causes their explanations speak of; then budgets cut and badly spent."""
    losses = session.lost([head.version_id for head in result.scope])
    # Told once of all forms and then known until a form changes.
    found, lines = losses.once(_REASONS, lambda: _grouped_reasons(losses, result.scope))
    return replace(result, groups=found, lines=lines, notes=(*result.notes, Note("causes-overlap")) if found else result.notes)


def _grouped_reasons(losses: LostRows, heads: Sequence[Head]) -> tuple[tuple[Group, ...], Sequence[Line]]:
    lights = Lights()
    groups = (*_by_kind(losses, lights), *_budget_groups(heads, lights))
    return groups, each_once([group.lines for group in groups])


def _by_kind(losses: LostRows, lights: Lights) -> list[Group]:
    """The rows that lost points by what they say about it."""
    # Rows by their places: records of their own for each of very many would take longer than all else.
    groups: dict[str, list[int]] = defaultdict(list)
    told: dict[str | None, list[Callable[[int], None]]] = {}
    for i, (row, lost) in enumerate(zip(losses.rows, losses.lost, strict=True)):
        if lost is not None and lost > 0:
            into = told.get(row.deviation)
            if into is None:
                into = told[row.deviation] = [groups[name].append for name, _ in _kinds(row.deviation)]
            for put in into:
                put(i)
    forms = {name: len({id(losses.heads[i]) for i in places}) for name, places in groups.items()}
    ordered = sorted((name for name in get_args(Cause) if name in forms), key=lambda name: -forms[name])
    names = [*ordered, *(name for name in (_OTHER, _SILENT) if name in forms)]
    return [Group(name, *lines_of(groups[name], _reason(losses, name), lights)) for name in names]


def _reason(losses: LostRows, name: str) -> Making[int]:
    def whole(i: int) -> Line:
        head, row = losses.heads[i], losses.rows[i]
        span = next((words for kind, words in _kinds(row.deviation) if kind == name), "")
        line = Line(head, row=row, spans=(span,) if span else ())
        return replace(line, facts=tuple(fact for field in LOSS for fact in row_fact(line, field)), figure=row_figure(line, "lost"))

    def column(places: Sequence[int]) -> Column:
        return lost_column([losses.rows[i] for i in places], (losses.lost[i] for i in places), lambda n: whole(places[n]))

    return Making(losses.heads.__getitem__, losses.lost.__getitem__, whole, column)


@lru_cache(maxsize=_TEXTS_KNOWN)
def _kinds(deviation: str | None) -> tuple[tuple[str, str], ...]:
    """The causes an explanation speaks of, each with its words: told once for a text and then known."""
    if deviation is None or is_blank(deviation):
        return ((_SILENT, ""),)
    return tuple((one.cause, one.span) for one in classify(deviation)) or ((_OTHER, ""),)


def _budget_groups(heads: Sequence[Head], lights: Lights) -> list[Group]:
    weights = zip(heads, worths(heads, "budget_lost"), worths(heads, "budget_cut"), strict=True)
    known = [(head, lost is not None and lost > 0, less is not None and less > 0) for head, lost, less in weights]
    lost, cut = [head for head, is_lost, _ in known if is_lost], [head for head, _, is_cut in known if is_cut]
    low = [head for head in heads if head.execution_rate is not None and head.execution_rate < _LOW]
    named: tuple[tuple[str, list[Head], Making[Head]], ...] = (
        (_BUDGET_GROUP, lost, Making(_itself, _budget_lost, _budget_line, _budget_column)),
        ("年中调减预算", cut, _telling("original_budget", "adjusted_budget")),
        ("预算执行率偏低", low, _telling("execution_rate")),
    )
    return [Group(name, *lines_of(members, making, lights)) for name, members, making in named if members]


def _budget_lost(head: Head) -> Decimal | None:
    return None if head.budget_weight is None or head.budget_score is None else head.budget_weight - head.budget_score


def _telling(*measures: Measure) -> Making[Head]:
    return Making(_itself, lambda _: None, lambda head: Line(head, tuple(fact for one in measures for fact in facts_of(head, one))))


def _budget_column(heads: Sequence[Head]) -> Column:
    values = [value for value in worths(heads, "budget_lost") if value is not None]
    return Column(heads, values, lambda i: _budget_line(heads[i]).figure, "budget_lost")


def _itself(head: Head) -> Head:
    return head


def _budget_line(head: Head) -> Line:
    score = facts_of(head, "budget_score")
    whole = Fact(head, funding_cell("total", "weight"), "budget_weight", head.budget_weight, "分")
    pair = printed(whole), printed(score[0])
    figure = less(pair[0], pair[1]) if pair[0] and pair[1] else None
    return Line(head, (*facts_of(head, "execution_rate"), *score, whole), figure=figure)


def _uses(session: Session, heads: Sequence[Head]) -> Sequence[Line]:
    """What the money is for: the first sentences of goal and result, each once; of very many forms those of the first."""
    texts = session.texts([head.version_id for head in heads[:WHOLE]])
    if len(heads) > WHOLE:
        return Lines(heads, lambda i: _use_line(heads[i], own) if (own := texts.get(heads[i].version_id)) else Line(heads[i]), WHOLE)
    return tuple(_use_line(head, texts[head.version_id]) if head.version_id in texts else Line(head) for head in heads)


def _use_line(head: Head, texts: Texts) -> Line:
    cells = dict(texts.cells)
    said = [(cell, sentence) for cell, sentence in sentences_of(texts) if cell in ("expected_goal", "actual_result")]
    return Line(head, tuple(Fact(head, cell, cell, cells[cell], quote=sentence) for cell, sentence in said[:_SENTENCES]))


def _speaking(query: Query, session: Session, heads: Sequence[Head]) -> tuple[Line, ...]:
    """The sentences of goals, results, blocks and explanations that are most about a topic, form by form."""
    topic = Topic(query.topic, query.causes)
    by_version = {head.version_id: head for head in heads}
    ranked: dict[int, list[tuple[float, Fact]]] = defaultdict(list)
    for version_id, texts in session.texts(list(by_version)).items():
        cells = dict(texts.cells)
        for cell, sentence in sentences_of(texts):
            if not may_hold(topic, sentence, _NEAR):
                continue
            fact = Fact(by_version[version_id], cell, cell, cells[cell], quote=sentence)
            ranked[version_id].append((_fit(topic, sentence), fact))
    for row in session.rows(list(by_version), deviation=True):
        if row.deviation and may_hold(topic, row.deviation, _NEAR):
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
    return said + covered if said or covered >= _NEAR else 0.0


def _counted(lines: Sequence[Line]) -> Figure:
    return count((line.form.form_id, line.row.cell("name") if line.row else "") for line in lines)
