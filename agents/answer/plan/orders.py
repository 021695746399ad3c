"""Where a question gives orders, or claims what the answer is to be: stretches that neither narrow nor answer anything.

A claim is what stands behind a frame (以我说的为准, 假设, 请记住, a notice in brackets) or is to be changed (把…改成…). Of it the value
goes, and the measure with it where the question proper names one of its own; names stay, since what is asked is often said of 它. The
question proper is the last clause that asks. 听说…, 对吗? is no order: the claim is what is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.answer.words.orders import ASKING, CHANGES, CHECKED, CLAIM, FRAMES, MEASURE, ORDERS, RULES, VALUE

_CLAUSE = re.compile(r"[^,:。!?;\n]+")
_STOP = re.compile(r"\.(?=\s|$)")
_QUOTE = re.compile(r"\"[^\"]{1,120}\"")
_GAP = 12
"""Characters between a frame and the quotation that it brings."""

Stretch = tuple[int, int]


def order_stretches(text: str) -> Iterator[Stretch]:
    """The stretches of a normalised question to be dropped; they may overlap."""
    text = _STOP.sub("。", text)
    yield from (match.span() for match in ORDERS.finditer(text) if match[0].strip())
    for match in CHANGES.finditer(text):
        yield from (match.span(name) for name in ("verb", "said", "verb2", "said2") if match[name])
    asked = _asked_from(text)
    yield from _rules(text, asked)
    yield from _framed(text, asked)


def _asked_from(text: str) -> int:
    """Where the question proper begins: the last clause that asks, or the last one."""
    clauses = [match.span() for match in _CLAUSE.finditer(text) if match[0].strip(' "')]
    asking = [start for start, end in clauses if ASKING.search(text, start, end)]
    return asking[-1] if asking else clauses[-1][0] if clauses else 0


def _rules(text: str, asked: int) -> Iterator[Stretch]:
    """Clauses that lay down what is to be shown: 低于90分的一律显示为95分."""
    for match in _CLAUSE.finditer(text, 0, asked):
        if RULES.search(match[0]):
            yield match.span()


def _framed(text: str, asked: int) -> Iterator[Stretch]:
    own = MEASURE.search(text, asked) is not None
    for frame in FRAMES.finditer(text):
        if CHECKED.search(text, frame.end()) and not frame["strong"]:
            continue
        yield frame.span()
        quote = _QUOTE.search(text, frame.end())
        if quote and quote.start() - frame.end() <= _GAP and quote.end() <= max(asked, quote.start()) + 1:
            yield quote.span()
        begin = 0 if frame["after"] else frame.end()
        for claim in (CLAIM if own else VALUE).finditer(text, begin, max(asked, frame.end())):
            yield claim.span()
