"""What is left of a question, in stretches, and the part that each plays: named as a project, one of several side by side, a preamble."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from agents.answer.names.keys import name_key
from agents.answer.plan.draft import Draft
from agents.answer.words import asking as words_asking
from agents.answer.words.kin import APPOSED, LISTED, MARKS, MONEY, OF_FORMS, POINTED

_SPLIT = re.compile(r"以及|或者|或是|还是|[的和与跟及或]")
_PREAMBLE = 24
"""Characters before a colon that may only say what somebody asks for."""
_REACH = 8
"""Characters within which what is asked of something is said behind it."""
_GLOSS = re.compile(r"[\s\"]*(?:project|programme|program|indicator)?[\s\"]*\([\s\"]*")
"""What stands between a phrase and the name that explains it."""
_HEAD = re.compile(r"(?:[一二两三四五六七八九十几\d]{1,2}|这些|那些|各|这|那)(?:几)?(?:个|家|张|项)?(?:大)?\Z")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a question that may be a name.

    Attributes:
        start, end: its places in the text.
        word: what stands there.
        marked: 项目 or the like stands behind it, or behind the last of the names beside it.
        pointed: 那个 stands before it.
        listed: it is one of several side by side.
        asked: something that forms tell is said right behind it.
        described: it only describes what names before it mean (政务云和政务外网这两个基础设施项目).
        idle: it stands in a preamble or in the marks of a system message, or its full name follows in brackets.
    """

    start: int
    end: int
    word: str
    marked: bool = False
    pointed: bool = False
    listed: bool = False
    asked: bool = False
    described: bool = False
    idle: bool = False

    @property
    def key(self) -> str:
        """The word as names are compared."""
        return name_key(self.word)


def tells(word: str) -> bool:
    """Whether a word says more than words of any form do."""
    left = name_key(OF_FORMS.sub("", word))
    return len(left) > 1 and any(c not in words_asking.EDGES for c in left)


def stretches(draft: Draft) -> list[Stretch]:
    """Everything that is left, from left to right, with its parts."""
    plain = draft.text.plain
    found = [_stretch(draft, start, end) for start, end in content(draft)]
    for i in range(len(found) - 1, -1, -1):
        one, after = found[i], found[i + 1] if i + 1 < len(found) else None
        if after and (LISTED.fullmatch(plain[one.end : after.start])):
            found[i] = one = replace(one, listed=True, marked=one.marked or after.marked)
            found[i + 1] = replace(after, listed=True)
        if APPOSED.match(plain, one.end):
            found[i] = replace(one, marked=True)
    for i in range(1, len(found)):
        before, one = found[i - 1], found[i]
        if before.marked and one.start > before.end and _HEAD.search(plain[before.end : one.start]):
            found[i] = replace(one, described=True)
    return found


def _stretch(draft: Draft, start: int, end: int) -> Stretch:
    plain = draft.text.plain
    colon = re.match(r"[^:。?!;]*:(?!\d)", plain)
    idle = bool(colon and colon.end() <= _PREAMBLE and end < colon.end() and not draft.corpus.named_in(plain[start:end]))
    idle = idle or is_gloss(draft, end)
    idle = idle or any(m.start() <= start and end <= m.end() for m in re.finditer(r"【[^】]*】", plain))
    behind = [said.start for said in (*draft.said, *draft.fields) if end <= said.start <= end + _REACH]
    asked = any(not re.search(r"[,。?!;:]", plain[end:place]) for place in behind)
    return Stretch(
        start,
        end,
        plain[start:end],
        marked=MARKS.match(plain, end) is not None or MONEY.search(plain[start:end]) is not None,
        pointed=POINTED.search(plain[:start]) is not None,
        asked=asked,
        idle=idle,
    )


def is_gloss(draft: Draft, end: int) -> bool:
    """Whether a name that is known by now follows in brackets: 公积金（住房公积金缴存）, platform availability (平台可用性)."""
    opened = _GLOSS.match(draft.text.plain, end)
    if not opened:
        return False
    known = {span.start for span in (*draft.projects, *draft.rows, *draft.units)} | {said.start for said in (*draft.said, *draft.fields)}
    return opened.end() in known


def content(draft: Draft, *, split: bool = True) -> list[tuple[int, int]]:
    """Stretches that are left, without words at their ends that mean nothing; parted at 的, 和 and the like unless a name holds these."""
    found = []
    for start, end in draft.text.parts():
        pieces = [(start, end)]
        if split and not draft.corpus.named_in(draft.text.plain[start:end]):
            guarded = [(a + start, b + start) for a, b in draft.corpus.protected(draft.text.plain[start:end])]
            cuts = [(m.start() + start, m.end() + start) for m in _SPLIT.finditer(draft.text.plain[start:end])]
            cuts = [cut for cut in cuts if not any(a < cut[0] < b - 1 for a, b in guarded)]
            edges = [start, *(place for cut in cuts for place in cut), end]
            pieces = list(zip(edges[::2], edges[1::2], strict=True))
        found += [trimmed for piece in pieces if (trimmed := _trimmed(draft, *piece))]
    return found


def _trimmed(draft: Draft, start: int, end: int) -> tuple[int, int] | None:
    plain = draft.text.plain
    while start < end and plain[start] in words_asking.EDGES and not _holds(draft, plain[start : start + 2]):
        start += 1
    while (
        start < end
        and plain[end - 1] in words_asking.EDGES + words_asking.TAILS
        and not (end - start > 1 and _holds(draft, plain[end - 2 : end]))
    ):
        end -= 1
    return (start, end) if end > start else None


def _holds(draft: Draft, pair: str) -> bool:
    """Whether names hold two characters of which one says something; 的有 says nothing, whatever name holds it."""
    return any(c not in words_asking.EDGES for c in pair) and draft.corpus.named_in(pair)
