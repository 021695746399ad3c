"""What an overview is about beside its forms: a topic in words, and how well an indicator, a sentence or a form fits it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from agents.answer.execute.causes import Topic
from agents.answer.execute.rows import names_it
from agents.answer.execute.terms import Term, plain, telling, weights_of
from agents.answer.query import Query
from agents.answer.words.summary import SYNONYMS, subject

_SYNONYMS = tuple((re.compile(pattern), words) for pattern, words in SYNONYMS)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PARTS = re.compile(r"[\s、，,/]+|(?<=..)[和与及](?=..)|或者?")
_OF_ALL = re.compile(r"扣分原因|共性问题")
"""What a summary is of, and no subject."""
_BESIDE = 0.4
"""How much of its weight a word keeps that only goes before the one that matters: 人员 of 人员培训."""
_WHOLE, _MORE = 0.5, 0.1
"""How much more a piece of the topic counts that is held as it was said, and each word beside the most telling one."""
_FEW = 0.5
"""Share of the forms in scope up to which a word in their names sets them apart."""


def words_of(query: Query) -> tuple[str, ...]:
    """Words of which a text that is about the topic holds at least one."""
    text = _said(query)
    words = [*Topic(text).pieces, *_PARTS.split(text), *_synonyms(text)]
    return tuple(dict.fromkeys(word for word in words if len(word) > 1))


def _said(query: Query) -> str:
    said = [subject(_OF_ALL.sub(" ", query.topic or "")), query.pick.said or "" if query.pick else ""]
    return " ".join(word for word in said if word)


def _synonyms(text: str) -> list[str]:
    return " ".join(words for pattern, words in _SYNONYMS if pattern.search(text)).split()


class Subject:
    """A topic over the texts of the forms in scope.

    Args:
        query: its topic, and what it picks of indicators.
        names: the names of the forms in scope.
        texts: names of indicators, explanations and sentences of these forms.
    """

    def __init__(self, query: Query, names: Sequence[str], texts: Sequence[str], explanations: Sequence[str]) -> None:
        text = _said(query)
        self.topic = Topic(text, (), explanations)
        self.pieces = self.topic.pieces
        self._pick = query.pick
        weights = weights_of(tuple(dict.fromkeys([*texts, *names])))
        # Of every piece what tells most: 培训 of 人员培训.
        parts = [*(_PARTS.split(text) if _HAN.search(text) else [text]), *_synonyms(text)]
        terms = [term for part in parts for term in telling(weights.terms(part))]
        self.terms = _headed(tuple(dict.fromkeys(terms)))
        times = Counter(names).items()
        named = [piece for piece in self.pieces if 0 < sum(n for name, n in times if piece in plain(name)) <= _FEW * len(names)]
        self._named = tuple(named)
        self.asked = text
        self._fits: dict[str, float] = {}
        self._explained: dict[str, bool] = {}

    @property
    def known(self) -> bool:
        """Whether the forms in scope speak of the topic at all."""
        return bool(self.terms or self._named)

    def names(self, project: str) -> bool:
        """Whether the topic holds words of this name that set it apart."""
        return bool(self._named) and any(piece in plain(project) for piece in self._named)

    def fit(self, text: str | None) -> float:
        """How well a text fits: 0 where it holds none of the telling words."""
        if not text or not self.terms:
            return 0.0
        if text not in self._fits:
            # Many forms say the same in the same words.
            self._fits[text] = self._fit(plain(text))
        return self._fits[text]

    def _fit(self, folded: str) -> float:
        held = [term.weight for term in self.terms if term.held(folded)]
        whole = any(piece in folded for piece in self.pieces)
        # The most telling word decides; more of them only come first.
        return max(held) + _MORE * sum(held) + _WHOLE * whole if held else 0.0

    def picks(self, row: str) -> bool:
        """Whether an indicator of this name is one that the query picks."""
        return self._pick is not None and bool(self._pick.words) and names_it(row, self._pick)

    def explains(self, deviation: str | None) -> bool:
        """Whether an explanation speaks of the topic, or of a cause that it names."""
        if not deviation:
            return False
        if deviation not in self._explained:
            self._explained[deviation] = self.topic.may_speak(deviation) and self.topic.judge(deviation).level == "explicit"
        return self._explained[deviation]


def _headed(terms: Sequence[Term]) -> tuple[Term, ...]:
    longer = [word for term in terms for word in term.words if len(word) >= 4]

    def beside(word: str) -> bool:
        own = [whole for whole in longer if word != whole and word in whole]
        return bool(own) and not any(whole.endswith(word) for whole in own)

    return tuple(term._replace(weight=term.weight * _BESIDE) if all(map(beside, term.words)) else term for term in terms)
