"""What a question says that something was caused by, taken out whole before its words are read as anything else.

因为预算压缩导致未完成的项目 is about forms that speak of it, and not about those whose budget was cut.
"""

from __future__ import annotations

import re

from agents.answer.plan.draft import Draft
from agents.answer.words import asking as words_asking
from agents.answer.words import because as words
from agents.answer.words import measures as words_measures

_MANY = (("set", words_asking.SET), ("count", words_asking.COUNT), ("count_rows", words_asking.COUNT_ROWS))


def read_cause(draft: Draft) -> None:
    """Take out the cause and what came of it, where a question asks for all that it came to."""
    plain, rest = draft.text.plain, draft.text.rest
    asks = {name for name, pattern in _MANY if pattern.search(rest)} or ({"set"} if words.WHOSE.search(plain) else set())
    if not asks or words_asking.WHY.search(rest) or words_asking.CHECK.search(rest):
        return
    match = _caused(plain)
    lost = words_measures.LOST.search(rest) is not None
    if match is None and lost:
        match = words.BLAMED.search(plain)
    if match is None or not draft.text.is_free(*match.span("cause")) or words.OTHERWISE.search(match["cause"]):
        return
    if match["effect"] and not words.EFFECT.match(match["effect"]):
        return
    draft.cause = match["cause"].removeprefix("受到").removeprefix("受").removesuffix("的").strip()
    draft.flags |= {"because"} | asks | ({"lost"} if lost else set())
    behind = words.BEHIND.match(plain, match.end())
    draft.text.take(match.start(), behind.end() if behind else match.end())


def _caused(plain: str) -> re.Match[str] | None:
    """The first cause whose effect is one; 没 and 未 may well stand in the cause: 因没按标准对接而扣分."""
    first = match = words.caused().search(plain)
    while match is not None and match["effect"] and not words.EFFECT.match(match["effect"]) and len(match["cause"]) < words.LONGEST:
        match = words.caused(len(match["cause"]) + 1).search(plain)
    return match or first
