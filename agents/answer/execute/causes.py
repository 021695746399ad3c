"""Why points are lost: the taxonomy of ten causes, told by cue words, and whether an explanation speaks of a topic.

A cause has *families* of cues (causes_words.py): 机制 and 管理 are both 管理与机制不足, but who asks for the one does not mean the other.
An explanation has two parts: the reason, and what is going to be done (后续将…, 下一步…). A cause is told from the reason; from the rest
only where nothing else is said. A *neighbour* goes with a cause without saying it: 移交 with 机构改革.

    机构改革与职能划转   bodies merged, functions moved            预算与资金       cut, late, unspent
    需求或计划变化       demand, plan, policy changed              外部单位与业务制约   others did not deliver; the business sets limits
    技术故障             faults, outages                            系统易用性与培训     hard to use, users not trained
    管理与机制不足       rules incomplete, work not supervised      人员             turnover, shortage
    工期                 late, not finished within the year         指标设置         target or its scope badly set
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from agents.answer.execute.terms import Term, coverage, folded, plain, weights_of
from agents.answer.query import Cause
from agents.answer.words.causes import ALTERNATIVES, ASKED, CUES, IDLE, NEIGHBOURS
from schema import thesaurus
from schema.text import fold

Level = Literal["explicit", "related", "no"]
Family = tuple[Cause, str]


class Spoken(NamedTuple):
    """A cause that an explanation speaks of, and the words that say so, as they stand."""

    cause: Cause
    span: str


class Judgement(NamedTuple):
    """Whether an explanation is about a topic, and by which words."""

    level: Level
    span: str = ""


_CLAUSE = r"[^，。；,;]"
_CUES: tuple[tuple[Family, re.Pattern[str]], ...] = tuple(
    ((cause, family), re.compile("|".join(patterns).replace("~", _CLAUSE))) for cause, family, patterns in CUES
)
_ASKED = tuple(((cause, family), re.compile(pattern.replace("~", _CLAUSE), re.IGNORECASE)) for cause, family, pattern in ASKED)
_NEIGHBOURS = {cause: re.compile(pattern) for cause, pattern in NEIGHBOURS.items()}
_DOING = re.compile(r"(?:^|(?<=[，。；,;]))(?:后续|下一?步|下阶段|今后|接下来|未来|建议|拟|将(?=进一步|持续|加强|不断|继续)|已通过)")
_SENTENCE = re.compile(r"[^。；;！!？?]+[。；;！!？?]*")
_PIECES = re.compile(r"[\s，,。；;、/（）()“”\"'‘’：:]+|或者|以及|并且|而且|或|(?<=..)和(?=..)|(?<=..)与(?=..)")
_FILLER = re.compile(
    r"哪些|哪个|哪几个|项目|因此|因为|由于|导致|造成|所以|失分|扣分|丢分|丢了?分|没拿满分|没得满分|承认|偏差|原因|这个|那个|有些|有的|还要|还得|还|再|而|"
    r"的|了|是|在|被|里|把|就|都|也|还没|没有|比较|不够|问题|影响|方面|等"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WIDE_PIECE = 4
_ENOUGH = 0.6
_WEAK = re.compile(r"[的了没有未不能被在上来去过得把给就也都很太更]")
_LONG = 6
"""Characters from which on words describe one thing rather than name a class."""
_RARE = 2.0
"""Weight of a word that at most one explanation in six holds."""
_SHARED, _LEAST, _WHOLE = 0.45, 0.55, 0.9
"""Of the weight of its words: what an explanation has to hold for a description to be one; of the best that any holds, what tells it; and
what the whole of an explanation has to hold where its reason holds only half of that."""


@lru_cache(maxsize=1_000_000)
def parts(deviation: str) -> tuple[str, str]:
    """An explanation taken apart: the reason, and what is going to be done about it; either may be empty."""
    reason, doing = [], []
    for sentence in _SENTENCE.findall(deviation):
        m = _DOING.search(sentence)
        reason.append(sentence[: m.start()] if m else sentence)
        doing.append(sentence[m.start() :] if m else "")
    return "".join(reason), "".join(doing)


@lru_cache(maxsize=1_000_000)
def classify(deviation: str) -> tuple[Spoken, ...]:
    """The causes that an explanation speaks of, and the words that say so; a neighbour only where nothing else does."""
    reason, doing = parts(deviation)
    for text in (reason, doing):
        found: dict[Cause, str] = {}
        for (cause, _), pattern in _CUES:
            m = pattern.search(text)
            if m:
                found.setdefault(cause, m[0])
        if found:
            return tuple(Spoken(cause, span) for cause, span in found.items())
        near = [Spoken(cause, m[0]) for cause, pattern in _NEIGHBOURS.items() if (m := pattern.search(text))]
        if near:
            return tuple(near)
    return ()


class Topic:
    """What a question looks for in explanations: families of causes that its words belong to, and the words themselves.

    What a question gives are alternatives: 后备人手不足、交接不规范 looks for either. An alternative that describes one thing, in
    words that some explanation has, is meant as it is described; its family is then only near.

    Args:
        text: the words; may be empty where only causes are given.
        causes: classes the asker, or the planner, settled on.
        explanations: every explanation that is going to be judged; they tell which words matter.
    """

    def __init__(self, text: str | None, causes: Sequence[Cause] = (), explanations: Iterable[str] = ()) -> None:
        # Folded keeps one character for one; English words need their spaces.
        self.text = IDLE.sub(" ", text or "").strip()
        self.pieces = tuple(dict.fromkeys(_pieces(self.text)))
        self._pairs = _pairs("".join(self.pieces))
        alternatives = {text: _families(text) for text in _alternatives(self.text)}
        self._described = _described(tuple(alternatives), tuple(explanations))
        families = frozenset[Family]().union(*alternatives.values())
        if not families and not self.pieces and not self._described:
            families = frozenset(family for family, _ in _CUES if family[0] in causes)
        self.families = families
        # What is described in its own words is not asked for as a class, unless another alternative names it.
        described = {one.text for one in self._described}
        own = frozenset[Family]().union(*(named for text, named in alternatives.items() if text in described))
        near = own.difference(*(named for text, named in alternatives.items() if text not in described))
        # Very many explanations are gone through with the same few patterns.
        self._meant = tuple(pattern for family, pattern in _CUES if family in self.families - near)
        self._close = tuple(pattern for family, pattern in _CUES if family in near)
        self.causes = frozenset(cause for cause, _ in families) | (frozenset(causes) if not families else frozenset())

    def judge(self, deviation: str) -> Judgement:
        """Explicit where the reason says the topic or its cause; related where a neighbour does, or only what is to be done."""
        reason, doing = parts(deviation)
        if span := self._says(reason) or self._describes(reason, deviation):
            return Judgement("explicit", span)
        for pattern in self._close:
            if m := pattern.search(reason):
                return Judgement("related", m[0])
        for cause in self.causes:
            m = _NEIGHBOURS[cause].search(reason) if cause in _NEIGHBOURS else None
            if m:
                return Judgement("related", m[0])
        if span := self._says(doing):
            return Judgement("related" if reason else "explicit", span)
        return Judgement("no")

    def may_speak(self, deviation: str) -> bool:
        """Whether it is worth judging an explanation: False only where it lacks characters of every word of the topic."""
        if self.families or self.causes or self._described:
            return True
        said = folded(deviation)
        held = sum([pair[0] in said and pair[1] in said for pair in self._pairs])
        return held >= _ENOUGH * len(self._pairs) or any(all(c in deviation for c in piece) for piece in self.pieces)

    def covered(self, text: str) -> float:
        """How much of the topic's words a text holds: the share of their pairs of characters."""
        if not self._pairs:
            return 0.0
        said = folded(text)
        return sum([pair in said for pair in self._pairs]) / len(self._pairs)

    def _says(self, text: str) -> str:
        if not text:
            return ""
        for pattern in self._meant:
            if m := pattern.search(text):
                return m[0]
        for piece in self.pieces:
            if piece in text and (len(piece) >= _WIDE_PIECE or len(self.pieces) == 1):
                return piece
        return self._nearest(text) if not self.families and self.covered(text) >= _ENOUGH else ""

    def _describes(self, reason: str, deviation: str) -> str:
        """The sentence of a reason that tells what an alternative describes; what is planned may say the rest of it."""
        for one in self._described:
            if not any(term.held(plain(reason)) for term in one.terms):
                continue
            share = coverage(one.terms, reason)
            if share >= one.least or (share >= one.least / 2 and coverage(one.terms, deviation) >= max(one.least, _WHOLE)):
                return _best(reason, one.terms)
        return ""

    def _nearest(self, text: str) -> str:
        sentences = _SENTENCE.findall(text)
        nearest: str = max(sentences, key=lambda sentence: len(self._pairs & _pairs(fold(sentence))))
        return nearest.strip()


class _Description(NamedTuple):
    """An alternative that describes one thing: its words, and the share of their weight that tells it."""

    text: str
    terms: tuple[Term, ...]
    least: float


def _described(alternatives: Sequence[str], explanations: Sequence[str]) -> tuple[_Description, ...]:
    if not alternatives:
        return ()
    weights = weights_of(tuple(explanations))
    found = []
    for text in alternatives:
        terms = weights.terms(text)
        # One English word may stand for a whole Chinese description; one Chinese word names a class.
        least = 2 if _HAN.search(text) else 1
        best = weights.heaviest(terms, least) if len(terms) >= least else 0.0
        share = best / sum(term.weight for term in terms) if best else 0.0
        if share >= _SHARED and _is_description(text, terms):
            found.append(_Description(text, terms, _LEAST * share))
    return tuple(found)


def _is_description(text: str, terms: Sequence[Term]) -> bool:
    """Whether words are too many for the name of a class, and enough of them are said."""
    characters = len(_HAN.findall(text))
    said = {character for term in terms for word in term.words for character in word if character in text}
    telling = len(_HAN.findall(_WEAK.sub("", text)))
    return (characters >= _LONG and len(said) >= _SHARED * telling) or (
        characters < 2 and (len(terms) > 1 or max(term.weight for term in terms) > _RARE)
    )


def _best(reason: str, terms: Sequence[Term]) -> str:
    best: str = max(_SENTENCE.findall(reason), key=lambda sentence: coverage(terms, sentence))
    return best.strip()


def _alternatives(text: str) -> tuple[str, ...]:
    found = [piece.strip() for piece in ALTERNATIVES.split(text)]
    return tuple(dict.fromkeys(piece for piece in found if piece))


def _families(text: str) -> frozenset[Family]:
    """The families that words belong to: by their cues, by plain words for them, or all of a cause that is named."""
    own = {family for family, pattern in _CUES if pattern.search(text)} | {family for family, pattern in _ASKED if pattern.search(text)}
    causes = {cause for cause, _ in own}
    # 工期往后拖 names the cause and tells which family of it is meant; so do plain words, of what a thesaurus takes them for.
    named = [cause for cause in (_named(text) if not own else get_args(Cause)) if not own or cause in text]
    return frozenset(own) | {f for f, _ in _CUES if f[0] in named and f[0] not in causes}


def causes_in(text: str) -> tuple[Cause, ...]:
    """The causes that words of a question name."""
    return tuple(dict.fromkeys([*_named(text), *(cause for (cause, _), pattern in _CUES if pattern.search(text))]))


def _named(text: str) -> tuple[Cause, ...]:
    """Causes by their names, or by terms of the thesaurus that are said in so many words."""
    taxonomy = get_args(Cause)
    folded = fold(text)
    own = [cause for cause in taxonomy if cause in folded]
    said = [m.concept.name for m in thesaurus.mentions(text) if m.concept.cause and not m.hint and m.word in _sure(m.concept)]
    return tuple(dict.fromkeys([*own, *(cause for cause in taxonomy if cause in said)]))


def _sure(concept: thesaurus.Concept) -> frozenset[str]:
    """Terms that are the cause itself, not one family of it: English ones, and those no cue tells apart."""
    return frozenset(concept.english) | frozenset(term for term in concept.terms if not any(p.search(term) for _, p in _CUES))


def _pieces(text: str) -> list[str]:
    pieces = []
    for piece in _PIECES.split(text):
        plain = fold(_FILLER.sub("", piece))
        if len(plain) >= 2 and not plain.isascii():
            pieces.append(plain)
    return pieces


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
