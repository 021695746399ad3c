"""What explanations and texts say: which forms lost points for a cause, why an indicator lost some, where a topic is spoken of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from unicodedata import is_normalized

from agents.answer.execute.causes import Judgement, Topic, classify
from agents.answer.execute.figures import count, count_distinct, less, printed
from agents.answer.execute.many import WHOLE
from agents.answer.execute.measures import facts_of, worths
from agents.answer.execute.records import LINES_SHOWN, Fact, Figure, Line, Note, Result
from agents.answer.execute.rows import lost_column, names_it, picked, place_of, row_fact, row_figure, row_lots
from agents.answer.execute.scope import narrowed
from agents.answer.query import Field_, Measure, Pick, Query
from schema.cells import funding_cell, row_cell
from schema.text import fold, is_blank
from store.facts import Head, LostRows, RowFact, Session, Texts

LOSS: tuple[Field_, ...] = ("weight", "score", "deviation")
EXPLAINED: tuple[Field_, ...] = ("target", "actual", *LOSS)
_SENTENCE = re.compile(r"[^。；;！!？?]+[。；;！!？?]*")
_OF_BUDGET = re.compile(r"执行率|预算|资金|支出|支付|结余|结转|尾款|经费")
_BUDGET = frozenset({"execution_rate", "budget_score", "outturn", "unspent", "adjusted_budget", "original_budget"})
_COVERED = 0.5
_SAID = "said"
_SILENT_SHOWN, _MENTIONS = 3, 3
_OF_EXECUTION = re.compile(r"执行率|结余|结转|未支付|尾款|支付进度")
_HAN = re.compile(r"[\u4e00-\u9fff]")


Judged = tuple[Head, RowFact, str]
"""A row with its form, and the words of its explanation that fit."""


def look_for_cause(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """Every explanation in scope judged: the topic is said, only a neighbour of it, or neither. Rows without lost points are noted."""
    heads, notes = narrowed(query, scope, session)
    every = session.lost([head.version_id for head in heads])
    topic = Topic(query.topic, query.causes, _said(every).texts)
    told = _said(every) if query.pick is None else _Said.of(every, query.pick)
    spoken: dict[int, Judgement] = {}
    # Many forms explain themselves in the same words.
    for said, places in told.explained.items():
        if (judgement := topic.judge(said)).level != "no":
            spoken |= dict.fromkeys(places, judgement)
    found: dict[str, list[Judged]] = {"explicit": [], "related": []}
    kept_all: dict[int, Head] = {}
    for place in sorted(spoken):
        head, lost, judgement = every.heads[place], every.lost[place], spoken[place]
        if lost is not None and lost > 0:
            found[judgement.level].append((head, every.rows[place], judgement.span))
        else:
            kept_all[head.version_id] = head
    if kept_all:
        notes = (*notes, Note("not-lost", tuple(kept_all.values())))
    if told.silence is not None:
        notes = (*notes, told.silence)
    explicit, related = _judged_lines(found["explicit"]), _judged_lines(found["related"])
    return Result(query, explicit, related, scope=scope, judged=told.rows, notes=notes, unit="分")


class _Said(NamedTuple):
    """What rows that explain themselves or lost points say.

    Attributes:
        texts: every explanation, each once, blank ones among them.
        explained: the places of the rows by what they say, in the order in which that is said first.
        rows: how many say something.
        silence: of those that lost points and say nothing; None where there are none.
    """

    texts: tuple[str, ...]
    explained: Mapping[str, Sequence[int]]
    rows: int
    silence: Note | None

    @classmethod
    def of(cls, every: LostRows, pick: Pick | None) -> _Said:
        """Of all rows, or of those that are picked."""
        by_text: dict[str | None, list[int]] = defaultdict(list)
        for i, row in enumerate(every.rows):
            if pick is None or names_it(row.name, pick):
                by_text[row.deviation].append(i)
        explained = {said: places for said, places in by_text.items() if said is not None and not is_blank(said)}
        silent = sorted(i for said, places in by_text.items() if said not in explained for i in places)
        lost = [(every.heads[i], every.rows[i]) for i in silent if (every.lost[i] or 0) > 0]
        texts = tuple(said for said in by_text if said)
        return cls(texts, explained, sum(map(len, explained.values())), _silence(lost) if lost else None)


def _said(every: LostRows) -> _Said:
    """Of all rows: told once of all forms and then known until a form changes."""
    return every.once(_SAID, lambda: _Said.of(every, None))


def _judged_lines(rows: Sequence[Judged]) -> Sequence[Line]:
    def make(i: int) -> Line:
        head, row, span = rows[i]
        line = Line(head, row=row)
        return _loss_line(line, span, row_figure(line, "lost"))

    if len(rows) <= WHOLE:
        return tuple(map(make, range(len(rows))))
    own = [row for _, row, _ in rows]
    lines = row_lots(([head for head, _, _ in rows], own), make)
    lines.figures = lost_column(own, (row.lost for row in own), make)
    return lines


def explain(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """Why indicators, or the budget, lost points: what the forms say about it, word for word, or that they say nothing."""
    heads, notes = narrowed(query, scope, session)
    result = Result(query, scope=scope, notes=notes, unit="分")
    if query.pick is None and _BUDGET & set(query.measures):
        return replace(result, lines=_budget_lines(session, _worst(heads), query))
    if query.pick is None and not query.topic:
        every = session.lost([head.version_id for head in heads])
        rows = [(head, row) for head, row, lost in zip(every.heads, every.rows, every.lost, strict=True) if lost is not None and lost > 0]
        lines = [Line(head, row=row) for head, row in rows]
    else:
        lines = picked(session, heads, query.pick)
        if not lines:
            return replace(result, missing="no-row", offered=heads[:1])
        if query.pick is None:
            lines = _about(lines, query)
    # Of very many only the first ones are shown, and the others counted.
    lines[:WHOLE] = [_loss_line(line, "", row_figure(line, "lost"), EXPLAINED) for line in lines[:WHOLE]]
    if query.pick is None:
        lost = [head for head in heads if _lost_budget(head) and not query.topic]
        told = _worst(lost)
        lines += _budget_lines(session, told, query)
        if len(told) < len(lost):
            result = replace(result, notes=(*notes, Note("worst", figure=count((head.form_id, "") for head in told))))
    return replace(result, lines=tuple(lines), missing=None if lines else "no-row", offered=heads[:1])


def mentioning(query: Query, session: Session, heads: Sequence[Head]) -> tuple[Line, ...]:
    """The forms that speak of a topic in their names, indicators, goals, results or explanations, with the words."""
    topic = Topic(query.topic, query.causes)
    speaks = lru_cache(maxsize=None)(lambda text: may_hold(topic, text, _COVERED) and _speaks(topic, text))
    by_version = {head.version_id: head for head in heads}
    lost = {(row.version_id, row.position): row for row in session.rows(list(by_version), deviation=True)}
    found: dict[int, list[Fact]] = {}
    for head in heads:
        facts = [Fact(head, "project_name", "project_name", head.project_name)] if head.project_name and speaks(head.project_name) else []
        for position, name in enumerate(session.names_of(head.version_id)):
            row = lost.get((head.version_id, position))
            for field, text in (("name", name), ("deviation", row.deviation if row else None)):
                if text and speaks(text):
                    facts.append(Fact(head, row_cell(position, field), field, text, quote=best_sentence(topic, text)))
        if facts:
            found[head.version_id] = facts
    for version_id, own in session.texts(list(by_version)).items():
        for cell, text in own.cells:
            if len(found.get(version_id, ())) < _MENTIONS and speaks(text):
                fact = Fact(by_version[version_id], cell, cell, text, quote=best_sentence(topic, text))
                found.setdefault(version_id, []).append(fact)
    return tuple(Line(head, tuple(found[head.version_id][:_MENTIONS])) for head in heads if head.version_id in found)


def may_hold(topic: Topic, text: str, share: float) -> bool:
    """Whether it is worth looking closer: False only where a text holds neither a piece of a topic nor that share of its pairs."""
    joined = "".join(topic.pieces)
    pairs = {joined[i : i + 2] for i in range(len(joined) - 1)}
    if topic.families or not pairs or not all(map(_HAN.fullmatch, joined)) or any(piece in text for piece in topic.pieces):
        return True
    # Folding a text takes longer than all else; most texts are as folding would leave their characters.
    plain = text if is_normalized("NFKC", text) and len(text.split()) < 2 else fold(text)
    return sum(pair in plain for pair in pairs) >= share * len(pairs)


def best_sentence(topic: Topic, text: str) -> str:
    """The sentence of a text that holds most of a topic, as it stands there."""
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text)] or [text]
    best: str = max(sentences, key=topic.covered)
    return best


def sentences_of(texts: Texts) -> list[tuple[str, str]]:
    """Every sentence of a form's texts with the address of its cell; what is said twice only once."""
    seen: dict[str, str] = {}
    for cell, text in texts.cells:
        for sentence in _SENTENCE.findall(text):
            seen.setdefault(sentence.strip(), cell)
    return [(cell, sentence) for sentence, cell in seen.items()]


def _silence(rows: Sequence[tuple[Head, RowFact]]) -> Note:
    """How many losses say nothing about why, and the first few of them."""
    counted = count_distinct([place_of(row) for _, row in rows])
    shown = (Line(head, row=row) for head, row in rows[:_SILENT_SHOWN])
    return Note("silent", figure=counted, lines=tuple(replace(line, facts=row_fact(line, "score")) for line in shown))


def _speaks(topic: Topic, text: str) -> bool:
    if any(piece in text for piece in topic.pieces):
        return True
    return topic.covered(text) >= _COVERED or (bool(topic.families) and topic.judge(text).level == "explicit")


def _about(lines: list[Line], query: Query) -> list[Line]:
    """The indicators that a topic speaks of, of these the ones that lost points; all that lost some where it speaks of none."""
    lost = {id(line) for line in lines if line.row and (line.row.lost or 0) > 0}
    topic = Topic(query.topic, query.causes)
    near = [line for line in lines if line.row and (_speaks(topic, line.row.name) or _speaks(topic, line.row.deviation or ""))]
    return [line for line in near if id(line) in lost] or near or [line for line in lines if id(line) in lost]


def _loss_line(line: Line, span: str, lost: Figure | None, fields: Sequence[Field_] = LOSS) -> Line:
    deviation = line.row.deviation if line.row else None
    spoken = classify(deviation) if deviation else ()
    facts = tuple(fact for field in fields for fact in row_fact(line, field))
    return replace(line, facts=facts, figure=lost, spans=(span,) if span else (), causes=tuple(one.cause for one in spoken))


def _worst(heads: Sequence[Head]) -> Sequence[Head]:
    """The forms to explain one by one: of very many those that lost most for their budget."""
    if len(heads) <= WHOLE:
        return heads
    lost = [value or Decimal(0) for value in worths(heads, "budget_lost")]
    return [heads[i] for i in sorted(range(len(heads)), key=lambda i: -lost[i])[:LINES_SHOWN]]


def _budget_lines(session: Session, heads: Sequence[Head], query: Query) -> tuple[Line, ...]:
    """The budgets of forms with what their texts and explanations say about them."""
    versions = [head.version_id for head in heads]
    said: dict[int, list[RowFact]] = defaultdict(list)
    for row in session.rows(versions, deviation=True):
        if row.deviation and _OF_BUDGET.search(row.deviation):
            said[row.version_id].append(row)
    texts = session.texts(versions)
    return tuple(_budget_line(head, query, said[head.version_id], texts.get(head.version_id)) for head in heads)


def _budget_line(head: Head, query: Query, said: Sequence[RowFact], own: Texts | None) -> Line:
    asked = [measure for measure in query.measures if measure in _BUDGET]
    measures: list[Measure] = list(dict.fromkeys(["execution_rate", "budget_score", *asked]))
    weight = Fact(head, funding_cell("total", "weight"), "budget_weight", head.budget_weight, "分")
    facts = [*(fact for measure in measures for fact in facts_of(head, measure)), weight]
    facts += [Fact(head, row.cell("deviation"), "said", row.deviation) for row in said]
    cells = dict(own.cells) if own else {}
    facts += [
        Fact(head, cell, "said", cells[cell], quote=sentence)
        for cell, sentence in (sentences_of(own) if own else ())
        if cell != "expected_goal" and _OF_EXECUTION.search(sentence)
    ]
    return Line(head, tuple(dict.fromkeys(facts)), figure=_budget_lost(head))


def _lost_budget(head: Head) -> bool:
    return head.budget_weight is not None and head.budget_score is not None and head.budget_score < head.budget_weight


def _budget_lost(head: Head) -> Figure | None:
    weight = printed(Fact(head, funding_cell("total", "weight"), "budget_weight", head.budget_weight))
    score = printed(Fact(head, funding_cell("total", "score"), "budget_score", head.budget_score))
    return less(weight, score) if weight and score else None
