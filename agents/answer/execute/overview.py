"""An overview of forms: scores, budgets, losses with their explanations, what was done, indicators on a topic, findings.

Which parts are shown the query says. A topic narrows them to what fits it; one that nothing fits narrows nothing, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from agents.answer.execute.causes import classify, parts
from agents.answer.execute.figures import less, printed, ratio, reckon, total
from agents.answer.execute.measures import facts_of, figure_of
from agents.answer.execute.records import Fact, Figure, Group, Line, Result
from agents.answer.execute.rows import row_fact, row_figure
from agents.answer.execute.scope import narrowed, sure_money
from agents.answer.execute.subject import Subject, words_of
from agents.answer.execute.summary import summarise
from agents.answer.execute.texts import LOSS, sentences_of
from agents.answer.query import Field_, Measure, Query, Section
from agents.answer.words.summary import DEFAULT
from schema.cells import funding_cell
from schema.comparison import judge
from schema.text import is_blank
from schema.values import parse
from store.facts import Head, RowFact, Session, Texts

MANY = 500
"""Forms up to which every text is looked at."""
_TOLD = 12
"""Forms whose texts are told."""
_SENTENCES = 3
_NEAR, _NOTHING = 0.5, 0.01
"""Of the best fit: how much another has to fit; more than nothing anyway."""
_ROW: tuple[Field_, ...] = ("target", "actual", "weight", "score")
_BUDGET: tuple[Measure, ...] = ("execution_rate", "budget_score")
_AMOUNTS: tuple[Measure, ...] = ("adjusted_budget", "outturn")
_TELLING = re.compile(r"\d|完成|开展|实施|组织|保障|提供|建设|运维|巡检|维护|培训|处理|采购|举办|编制|开发|升级|评估|咨询|检查|服务")
_IDLE = re.compile(r"^(?:为|根据|按照|随着|通过|在)[^，,]{0,40}(?:要求|精神|发展|环境|营商)|一是$")


def overview(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """The parts that the query asks for; where it asks for none, what `summarise` puts together."""
    if not query.sections:
        return summarise(query, session, scope)
    heads, notes = narrowed(query, scope)
    if not heads:
        return Result(query, scope=heads, notes=notes, missing="no-form")
    view = _View(query, session, heads)
    # What is asked for may be nowhere filled in: then what every form has.
    groups = _groups(view, _ordered(view)) or _groups(view, DEFAULT)
    if view.subject.asked and not view.subject.known:
        groups.append(Group("no-topic", ()))
    if "losses" in query.sections and not view.narrow and not {"losses", "budgets"} & {group.name for group in groups}:
        groups.append(Group("no-losses", ()))
    lines = tuple(dict.fromkeys(line for group in groups for line in group.lines[:_TOLD]))
    return Result(query, lines, groups=tuple(groups), scope=heads, notes=notes, missing=None if groups else "no-text")


def _groups(view: _View, sections: Sequence[Section]) -> list[Group]:
    return [group for section in sections for group in _SECTIONS[section](view) if group.lines]


class _View:
    """The forms in scope with what is read of them."""

    def __init__(self, query: Query, session: Session, heads: tuple[Head, ...]) -> None:
        self.session = session
        self.heads = heads
        self.by_version = {head.version_id: head for head in heads}
        self.sections = query.sections
        topical = bool(query.topic or query.pick)
        versions = list(self.by_version)
        self.rows = session.rows(versions, deviation=not topical or len(versions) > MANY)
        told = versions if topical and len(versions) <= MANY else versions[:_TOLD]
        if topical and len(versions) > MANY:
            # Of very many forms those whose texts may be about it.
            speaking = session.speaking(words_of(query))
            told = [version_id for version_id in versions if version_id in speaking][:MANY] or told
        self.texts: dict[int, Texts] = session.texts(told) if topical or {"done", "goals"} & set(query.sections) or len(heads) == 1 else {}
        sentences = [sentence for own in self.texts.values() for _, sentence in sentences_of(own)]
        explanations = [row.deviation for row in self.rows if row.deviation]
        own_names = session.names() if topical and len(versions) > MANY else [row.name for row in self.rows]
        self.subject = Subject(query, [head.name for head in heads], [*own_names, *explanations, *sentences], explanations)
        if topical and len(versions) > MANY:
            # Of very many forms only the indicators are read whose names may fit.
            more = session.named([name for name in own_names if self.subject.fit(name) or self.subject.picks(name)])
            read = {(row.version_id, row.position) for row in self.rows}
            self.rows += [row for row in more if row.version_id in self.by_version and (row.version_id, row.position) not in read]
        # Very many rows have the same few names and explanations; an explanation matters where the name does not fit.
        names = {row.name for row in self.rows}
        self._unfit = {name for name in names if not self.subject.fit(name)}
        beside = {row.deviation for row in self.rows if row.name in self._unfit}
        best = max((self.subject.fit(text) for text in {*names, *beside}), default=0.0)
        self._least = max(_NEAR * best, _NOTHING)
        self.least_said = max(_NEAR * max(map(self.subject.fit, sentences), default=0.0), _NOTHING)

    @property
    def narrow(self) -> bool:
        """Whether a topic narrows what is shown."""
        return self.subject.known

    def line(self, row: RowFact, fields: Sequence[Field_]) -> Line:
        """A row as a line with these cells."""
        line = Line(self.by_version[row.version_id], row=row)
        facts = tuple(fact for field in fields for fact in row_fact(line, field))
        spoken = tuple(one.cause for one in classify(row.deviation)) if row.deviation else ()
        return replace(line, facts=facts, figure=row_figure(line, "lost"), causes=spoken)

    def fit(self, row: RowFact) -> float:
        """How well an indicator fits the topic."""
        return self.subject.fit(row.name) or self.subject.fit(row.deviation)

    def fits(self, row: RowFact) -> bool:
        """Whether an indicator is about the topic by its name or its explanation, or belongs to a form that the topic names."""
        close = self.fit(row) >= self._least or self.subject.picks(row.name)
        return close or self.subject.explains(row.deviation) or self.subject.names(self.by_version[row.version_id].name)

    @cached_property
    def fitting(self) -> list[RowFact]:
        """The indicators that `fits`."""
        subject, least, unfit = self.subject, self._least, self._unfit
        forms = {version_id for version_id, head in self.by_version.items() if subject.names(head.name)}
        names = {name for name in {row.name for row in self.rows} if subject.fit(name) >= least or subject.picks(name)}
        texts = {row.deviation for row in self.rows if row.deviation is not None}
        close = {text for text in texts if subject.fit(text) >= least}
        said = {text for text in texts if subject.explains(text)}
        return [
            row
            for row in self.rows
            if row.name in names or row.deviation in said or (row.deviation in close and row.name in unfit) or row.version_id in forms
        ]


def _ordered(view: _View) -> list[Section]:
    """The sections to show, in their order: with a topic whatever speaks of it, of one form also what it did."""
    asked = set(view.sections)
    if view.narrow:
        asked = (set() if asked == set(DEFAULT) else asked) | {"rows", "done", "losses"}
    elif asked == set(DEFAULT):
        asked |= {"done"} if len(view.heads) == 1 else {"execution"}
    order = list(_SECTIONS)
    if view.narrow and "losses" not in view.sections:
        order.sort(key=lambda section: section == "losses")
    return [section for section in order if section in asked]


def _scores(view: _View) -> Iterable[Group]:
    told = [
        Line(head, facts_of(head, "total_score") + facts_of(head, "grade"), figure=figure_of(head, "total_score")) for head in view.heads
    ]
    lines = sorted((line for line in told if line.figure is not None), key=_value)
    yield Group("scores", tuple(lines), reckon("mean", [line.figure for line in lines if line.figure is not None]))


def _execution(view: _View) -> Iterable[Group]:
    sure = {head.form_id for head in sure_money(view.heads)[0]}
    lines, spent, planned = [], list[Figure](), list[Figure]()
    for head in view.heads:
        rate = figure_of(head, "execution_rate")
        if rate is None:
            continue
        facts = [fact for measure in _BUDGET for fact in facts_of(head, measure)]
        if head.form_id in sure and (budget := figure_of(head, "adjusted_budget", "万元")) and (out := figure_of(head, "outturn", "万元")):
            planned.append(budget)
            spent.append(out)
            facts += [fact for measure in _AMOUNTS for fact in facts_of(head, measure)]
        lines.append(Line(head, tuple(facts), figure=rate))
    overall = ratio(total(spent), total(planned)) if planned else None
    yield Group("execution", tuple(sorted(lines, key=_value)), overall)


def _losses(view: _View) -> Iterable[Group]:
    """Indicators that lost points, the largest of each cause first; then budgets that did."""
    rows = [row for row in (view.fitting if view.narrow else view.rows) if (row.lost or 0) > 0]
    lost = [view.line(row, LOSS) for row in rows]
    lost.sort(key=lambda line: -_value(line))
    first = {id(line) for line in {line.causes[:1]: line for line in reversed(lost)}.values()}
    # Of many the largest of each cause first.
    ordered = sorted(lost, key=lambda line: id(line) not in first) if len(lost) > _TOLD else lost
    yield Group("losses", tuple(ordered), total([line.figure for line in lost if line.figure is not None]) if lost else None)
    if not view.narrow or "execution" in view.sections:
        yield _budgets(view)


def _budgets(view: _View) -> Group:
    lines = []
    for head in view.heads:
        weight = Fact(head, funding_cell("total", "weight"), "budget_weight", head.budget_weight, "分")
        whole, got = printed(weight), figure_of(head, "budget_score")
        if whole and got and got.value < whole.value:
            facts = (*facts_of(head, "execution_rate"), *facts_of(head, "budget_score"), weight)
            lines.append(Line(head, facts, figure=less(whole, got)))
    lines.sort(key=lambda line: -_value(line))
    return Group("budgets", tuple(lines), total([line.figure for line in lines if line.figure is not None]) if lines else None)


def _rows(view: _View) -> Iterable[Group]:
    """Indicators that fit the topic: missed ones first; those that lost points stand among the losses already."""
    if not view.narrow:
        return
    fitting = [(view.fit(row), row) for row in view.fitting if row.name and (row.lost or 0) <= 0]
    ordered = sorted(fitting, key=lambda one: (not _missed(one[1], view), -one[0]))
    yield Group("rows", tuple(view.line(row, _ROW) for _, row in ordered))


def _missed(row: RowFact, view: _View) -> bool:
    return judge(parse(row.target), parse(row.actual), view.by_version[row.version_id].fiscal_year) == "missed"


def _done(view: _View) -> Iterable[Group]:
    yield Group("said" if view.narrow else "done", tuple(_said(view, ("actual_result",))))


def _goals(view: _View) -> Iterable[Group]:
    yield Group("goals", tuple(_said(view, ("expected_goal",))))


def _said(view: _View, wanted: Sequence[str]) -> list[Line]:
    """Form by form the sentences that fit the topic best, or else the first telling ones."""
    found = []
    for head in view.heads:
        own = view.texts.get(head.version_id)
        if own is None:
            continue
        cells = dict(own.cells)
        chosen = _chosen(view, head, _wanted(own, wanted, view.narrow))
        facts = tuple(Fact(head, cell, cell, cells[cell], quote=sentence) for cell, sentence in chosen)
        if facts:
            found.append((max(view.subject.fit(fact.quote) for fact in facts), Line(head, facts)))
    # The sort is stable: forms that fit equally well stay in their order.
    return [line for _, line in sorted(found, key=lambda one: -one[0])]


def _wanted(own: Texts, wanted: Sequence[str], narrow: bool) -> list[tuple[str, str]]:
    """Sentences of these cells; where none is filled in, or a topic is looked for, of all; what is said twice stands in the first."""
    inside = Texts(own.version_id, tuple((cell, text) for cell, text in own.cells if cell in wanted and not is_blank(text)))
    rest = Texts(own.version_id, tuple((cell, text) for cell, text in own.cells if cell not in wanted and not is_blank(text)))
    chosen = sentences_of(inside)
    if narrow or not chosen:
        said = {sentence for _, sentence in chosen}
        chosen += [(cell, sentence) for cell, sentence in sentences_of(rest) if sentence not in said]
    return [(cell, sentence) for cell, sentence in chosen if len(sentence) > 4]


def _chosen(view: _View, head: Head, sentences: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if view.narrow:
        ranked = sorted(((view.subject.fit(sentence), -i) for i, (_, sentence) in enumerate(sentences)), reverse=True)
        best = [-i for fit, i in ranked if fit >= view.least_said][:_SENTENCES]
        if best or not view.subject.names(head.name):
            return [sentences[i] for i in sorted(best)]
    kept = [one for one in sentences if _TELLING.search(one[1]) and not _IDLE.search(one[1])] or sentences
    return kept[: _SENTENCES + 1 if len(view.heads) > 1 else 2 * _SENTENCES]


def _measures(view: _View) -> Iterable[Group]:
    """What explanations say is going to be done."""
    lines = []
    for row in view.rows:
        doing = parts(row.deviation)[1].strip() if row.deviation else ""
        if doing and row.deviation and doing in row.deviation and (not view.narrow or view.fits(row)):
            head = view.by_version[row.version_id]
            lines.append(Line(head, (Fact(head, row.cell("deviation"), "deviation", row.deviation, quote=doing),), row))
    yield Group("measures", tuple({line.facts[0].quote: line for line in lines}.values()))


def _findings(view: _View) -> Iterable[Group]:
    """The checker's findings, rule by rule, the most frequent first."""
    wanted = {head.form_id: head for head in view.heads}
    by_rule: dict[str, list[Line]] = {}
    for finding in view.session.findings():
        if finding.form_id in wanted:
            head = wanted[finding.form_id]
            by_rule.setdefault(finding.rule, []).append(Line(head, findings=(finding,)))
    for rule, lines in sorted(by_rule.items(), key=lambda one: -len(one[1])):
        yield Group(f"rule:{rule}", tuple(lines))


def _value(line: Line) -> Decimal:
    return line.figure.value if line.figure is not None else Decimal(0)


_SECTIONS = {
    "scores": _scores,
    "execution": _execution,
    "losses": _losses,
    "rows": _rows,
    "goals": _goals,
    "done": _done,
    "measures": _measures,
    "findings": _findings,
}
