"""What explanations and texts say: which forms lost points for a cause, why an indicator lost some, where a topic is spoken of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.answer.causes import Judgement, Topic, classify
from agents.answer.execute_figures import count, less, printed
from agents.answer.execute_measures import facts_of
from agents.answer.execute_records import Fact, Figure, Line, Note, Result
from agents.answer.execute_rows import names_it, picked, row_fact, row_figure
from agents.answer.execute_scope import narrowed
from agents.answer.query import Field_, Measure, Query
from schema.cells import funding_cell
from schema.text import is_blank
from store.facts import Head, Session, Texts

LOSS: tuple[Field_, ...] = ("weight", "score", "deviation")
EXPLAINED: tuple[Field_, ...] = ("target", "actual", *LOSS)
_SENTENCE = re.compile(r"[^。；;！!？?]+[。；;！!？?]*")
_OF_BUDGET = re.compile(r"执行率|预算|资金|支出|支付|结余|结转|尾款|经费")
_BUDGET = frozenset({"execution_rate", "budget_score", "outturn", "unspent", "adjusted_budget", "original_budget"})
_COVERED = 0.5
_SILENT_SHOWN = 3


def look_for_cause(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """Every explanation in scope judged: the topic is said, only a neighbour of it, or neither. Rows without lost points are noted."""
    heads, notes = narrowed(query, scope)
    by_version = {head.version_id: head for head in heads}
    topic, verdicts = Topic(query.topic, query.causes), dict[str, Judgement]()
    explicit, related, kept_all, silent, judged = list[Line](), list[Line](), list[Head](), list[Line](), 0
    for row in session.rows(list(by_version), deviation=True):
        if query.pick is not None and not names_it(row.name, query.pick):
            continue
        line = Line(by_version[row.version_id], row=row)
        points = (row.lost or 0) > 0
        if row.deviation is None or is_blank(row.deviation):
            silent += [line] * points
            continue
        judged += 1
        judgement = verdicts.get(row.deviation)
        if judgement is None:
            # Many forms explain themselves in the same words.
            judgement = verdicts[row.deviation] = topic.judge(row.deviation)
        if judgement.level == "no":
            continue
        if not points:
            kept_all.append(line.form)
            continue
        told = _loss_line(line, judgement.span, row_figure(line, "lost"))
        (explicit if judgement.level == "explicit" else related).append(told)
    if kept_all:
        notes = (*notes, Note("not-lost", tuple(dict.fromkeys(kept_all))))
    if silent:
        notes = (*notes, _silence(silent))
    return Result(query, tuple(explicit), tuple(related), scope=scope, judged=judged, notes=notes, unit="分")


def explain(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """Why indicators, or the budget, lost points: what the forms say about it, word for word, or that they say nothing."""
    heads, notes = narrowed(query, scope)
    result = Result(query, scope=scope, notes=notes, unit="分")
    if query.pick is None and _BUDGET & set(query.measures):
        return replace(result, lines=tuple(_budget_line(session, head, query) for head in heads))
    lines = picked(session, heads, query.pick)
    if not lines:
        return replace(result, missing="no-row", offered=heads[:1])
    if query.pick is None:
        lines = _about(lines, query)
    lines = [_loss_line(line, "", row_figure(line, "lost"), EXPLAINED) for line in lines]
    if query.pick is None:
        lines += [_budget_line(session, head, query) for head in heads if _lost_budget(head) and not query.topic]
    return replace(result, lines=tuple(lines), missing=None if lines else "no-row", offered=heads[:1])


def mentioning(query: Query, session: Session, heads: Sequence[Head]) -> tuple[Line, ...]:
    """The forms that speak of a topic in their names, indicators, goals, results or explanations, with the words."""
    topic = Topic(query.topic, query.causes)
    by_version = {head.version_id: head for head in heads}
    texts = session.texts(list(by_version))
    found: dict[int, list[Fact]] = {}
    for row in session.rows(list(by_version)):
        for field in ("name", "deviation"):
            text = getattr(row, field)
            if text and _speaks(topic, text):
                found.setdefault(row.version_id, []).append(
                    Fact(by_version[row.version_id], row.cell(field), field, text, quote=best_sentence(topic, text))
                )
    for version_id, own in texts.items():
        for cell, text in own.cells:
            if _speaks(topic, text):
                found.setdefault(version_id, []).append(Fact(by_version[version_id], cell, cell, text, quote=best_sentence(topic, text)))
    lines = []
    for head in heads:
        if head.project_name and _speaks(topic, head.project_name):
            found.setdefault(head.version_id, []).insert(0, Fact(head, "project_name", "project_name", head.project_name))
        if head.version_id in found:
            lines.append(Line(head, tuple(found[head.version_id][:3])))
    return tuple(lines)


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


def _silence(lines: Sequence[Line]) -> Note:
    """How many losses say nothing about why, and the first few of them."""
    counted = count((line.form.form_id, line.row.cell("name") if line.row else "") for line in lines)
    shown = (replace(line, facts=row_fact(line, "score")) for line in lines[:_SILENT_SHOWN])
    return Note("silent", figure=counted, lines=tuple(shown))


def _speaks(topic: Topic, text: str) -> bool:
    if any(piece in text for piece in topic.pieces):
        return True
    return topic.covered(text) >= _COVERED or (bool(topic.families) and topic.judge(text).level == "explicit")


def _about(lines: list[Line], query: Query) -> list[Line]:
    """Of all indicators of a form those that lost points, and of these the ones a topic speaks of."""
    lost = [line for line in lines if (figure := row_figure(line, "lost")) is not None and figure.value > 0]
    if not query.topic:
        return lost
    topic = Topic(query.topic, query.causes)
    near = [line for line in lines if line.row and (_speaks(topic, line.row.name) or _speaks(topic, line.row.deviation or ""))]
    lost_ids = {id(line) for line in lost}
    return [line for line in near if id(line) in lost_ids] or near or lost


def _loss_line(line: Line, span: str, lost: Figure | None, fields: Sequence[Field_] = LOSS) -> Line:
    deviation = line.row.deviation if line.row else None
    spoken = classify(deviation) if deviation else ()
    facts = tuple(fact for field in fields for fact in row_fact(line, field))
    return replace(line, facts=facts, figure=lost, spans=(span,) if span else (), causes=tuple(one.cause for one in spoken))


def _budget_line(session: Session, head: Head, query: Query) -> Line:
    """The budget of a form with what its texts and explanations say about it."""
    asked = [measure for measure in query.measures if measure in _BUDGET]
    measures: list[Measure] = list(dict.fromkeys(["execution_rate", "budget_score", *asked]))
    weight = Fact(head, funding_cell("total", "weight"), "budget_weight", head.budget_weight, "分")
    facts = [*(fact for measure in measures for fact in facts_of(head, measure)), weight]
    for row in session.rows([head.version_id], deviation=True):
        if row.deviation and _OF_BUDGET.search(row.deviation):
            facts.append(Fact(head, row.cell("deviation"), "said", row.deviation))
    own = session.texts([head.version_id]).get(head.version_id)
    cells = dict(own.cells) if own else {}
    facts += [
        Fact(head, cell, "said", cells[cell], quote=sentence)
        for cell, sentence in (sentences_of(own) if own else ())
        if cell != "expected_goal" and re.search(r"执行率|结余|结转|未支付|尾款|支付进度", sentence)
    ]
    return Line(head, tuple(dict.fromkeys(facts)), figure=_budget_lost(head))


def _lost_budget(head: Head) -> bool:
    return head.budget_weight is not None and head.budget_score is not None and head.budget_score < head.budget_weight


def _budget_lost(head: Head) -> Figure | None:
    weight = printed(Fact(head, funding_cell("total", "weight"), "budget_weight", head.budget_weight))
    score = printed(Fact(head, funding_cell("total", "score"), "budget_score", head.budget_score))
    return less(weight, score) if weight and score else None
