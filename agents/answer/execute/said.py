"""Questions about one form, or a few, that no cell of a number answers: the sentences of its texts that speak of what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.answer.execute.causes import Topic
from agents.answer.execute.records import Fact, Figure, Line
from agents.answer.execute.texts import sentences_of
from agents.answer.query import Query
from schema.numerals import NUMBER, normalise, number
from schema.text import is_blank
from store.facts import Head, Session

MOST_FORMS = 40
"""Scopes of more forms are not gone through sentence by sentence: a question about so many is no question about what one of them says."""
_ENOUGH = 0.5
"""How much of the words' pairs of characters a sentence has to hold."""
_CLAUSE = re.compile(r"[^，,、；;。！？]+")
_NUMBERS = re.compile(NUMBER)
_COUNTED = re.compile(rf"(?P<number>{NUMBER})\s?(?P<unit>%|[个次条件项人名台套家处张份辆篇场亩户册]|万?元|平方米|公里)?")
_SHOWN = 3


def said_about(query: Query, session: Session, heads: Sequence[Head]) -> tuple[Line, ...]:
    """The sentences that hold most of the topic, best form first; none where no sentence holds enough of it."""
    if not query.topic or len(heads) > MOST_FORMS:
        return ()
    topic = Topic(query.topic)
    found = [(score, head, facts) for head in heads if (best := _best(topic, session, head)) for score, facts in [best]]
    if not found:
        return ()
    top = max(score for score, _, _ in found)
    return tuple(Line(head, facts) for score, head, facts in found if score >= top - 1e-9)


def with_number(line: Line) -> tuple[Line, str | None]:
    """The line with the one number of the clause that it quotes, and what is counted behind it; unchanged where it is not just one."""
    fact = line.facts[0] if line.facts else None
    found = list(_COUNTED.finditer(normalise(fact.quote))) if fact and fact.quote else []
    value = number(found[0]["number"]) if len(found) == 1 else None
    if fact is None or value is None:
        return line, None
    return replace(line, figure=Figure("cell", value, keys=(fact.key,))), found[0]["unit"] or None


def _best(topic: Topic, session: Session, head: Head) -> tuple[float, tuple[Fact, ...]] | None:
    own = session.texts([head.version_id]).get(head.version_id)
    texts = dict(own.cells) if own else {}
    pieces = [(cell, sentence, texts[cell]) for cell, sentence in (sentences_of(own) if own else ())]
    for row in session.rows([head.version_id], deviation=True):
        if row.deviation and not is_blank(row.deviation):
            pieces.append((row.cell("deviation"), row.deviation, row.deviation))
    scored = sorted(((topic.covered(sentence), cell, sentence, text) for cell, sentence, text in pieces), key=lambda one: -one[0])
    kept = [one for one in scored[:_SHOWN] if one[0] >= max(_ENOUGH, scored[0][0] - 0.2)]
    if not kept:
        return None
    facts = tuple(Fact(head, cell, "said", text, quote=_clause(topic, sentence)) for _, cell, sentence, text in kept)
    return kept[0][0], facts


def _clause(topic: Topic, sentence: str) -> str:
    """The clause of a sentence that says it, where one says as much as the whole; else the sentence."""
    whole = topic.covered(sentence)
    clauses = [clause.strip() for clause in _CLAUSE.findall(sentence)]
    best = max(clauses, key=topic.covered, default=sentence)
    return best if clauses and topic.covered(best) >= whole - 1e-9 and _NUMBERS.search(normalise(best)) else sentence.strip()
