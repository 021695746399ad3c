"""Words of this kind of document that mean the same, and what they are called in English: data in thesaurus.json, looked up here.

Ten *causes* name why points are lost: terms that say a cause in so many words, and hints that only go with it. *Groups* are plain
synonyms. Broad on purpose: words of public administration as such, none of one document or question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from schema.record import Record

_DATA = Path(__file__).with_suffix(".json")
_LATIN = re.compile(r"[0-9a-zà-ɏ]")


class Concept(Record):
    """Words for one thing.

    Attributes:
        name: of a cause, its name; of a group, its first term.
        terms: Chinese words that say it.
        hints: Chinese words that go with it but may mean something else.
        english: English words for it, lower case.
        cause: whether it is one of the causes for lost points.
        of_form: a word that every form has, or asks for (score, budget, lost points): no use to look for in texts.
    """

    name: str
    terms: tuple[str, ...]
    hints: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    cause: bool = False
    of_form: bool = False


class Mention(NamedTuple):
    """A word of a concept in a text, and where it stands there."""

    concept: Concept
    word: str
    start: int
    hint: bool


class _Entry(NamedTuple):
    word: str
    concept: Concept
    hint: bool


@lru_cache(maxsize=1)
def concepts() -> tuple[Concept, ...]:
    """Every concept, the causes first."""
    data = _read()
    found = [
        Concept(name=one["name"], terms=tuple(one["says"]), hints=tuple(one["hints"]), english=tuple(one["english"]), cause=True)
        for one in data["causes"]
    ]
    found += [
        Concept(name=one["terms"][0], terms=tuple(one["terms"]), english=tuple(one["english"]), of_form=one.get("of_form", False))
        for one in data["groups"]
    ]
    return tuple(found)


def causes() -> tuple[Concept, ...]:
    """The causes for lost points, in the order of the data."""
    return tuple(concept for concept in concepts() if concept.cause)


def version() -> int:
    """Counts up with every change of the data; vectors made by another one are not comparable."""
    return int(_read()["version"])


def mentions(text: str) -> list[Mention]:
    """The words of concepts in a text, from left to right; of words that begin at one place the longest. English words are whole words."""
    folded = text.casefold()
    table = _by_beginning()
    found: list[Mention] = []
    for start in range(len(folded) - 1):
        longest = 0
        for entry in table.get(folded[start : start + 2], ()):
            size = len(entry.word)
            if size < longest:
                break
            if folded.startswith(entry.word, start) and _is_whole(folded, start, entry.word):
                found.append(Mention(entry.concept, entry.word, start, entry.hint))
                longest = size
    return found


def terms_of(text: str) -> list[str]:
    """The Chinese terms of the causes that a text names in so many words, and of what else it names in English, each once.

    Other synonyms of Chinese words are left out: they find what is merely of the same field. So are words that every form has.
    """
    wanted = (
        mention.concept
        for mention in _outermost(mentions(text))
        if not mention.hint and not mention.concept.of_form and (mention.concept.cause or _LATIN.match(mention.word))
    )
    return list(dict.fromkeys(term for concept in dict.fromkeys(wanted) for term in concept.terms))


def hints_of(text: str) -> list[str]:
    """The hints of the causes that a text names in so many words, each once."""
    named = (mention.concept for mention in _outermost(mentions(text)) if not mention.hint)
    return list(dict.fromkeys(hint for concept in dict.fromkeys(named) for hint in concept.hints))


def translated(text: str, terms: int = 3) -> str:
    """The first Chinese terms of every concept that a text names in English, apart; empty for a text without English words."""
    english = (mention.concept for mention in _outermost(mentions(text)) if _LATIN.match(mention.word))
    named = dict.fromkeys(concept for concept in english if not concept.of_form)
    return " ".join(dict.fromkeys(term for concept in named for term in concept.terms[:terms]))


def without_question_words(text: str) -> str:
    """A question without the words that make it one; the text itself where nothing else is in it."""
    rest = " ".join(_question_words().sub(" ", text).split())
    return rest or text


def _outermost(found: Sequence[Mention]) -> Iterator[Mention]:
    """Without the mentions that stand inside of a longer one: "training" in "lack of training"."""
    end = 0
    for mention in found:
        if mention.start + len(mention.word) > end:
            end = mention.start + len(mention.word)
            yield mention


def _is_whole(text: str, start: int, word: str) -> bool:
    if not _LATIN.match(word):
        return True
    end = start + len(word)
    return not (start and _LATIN.match(text[start - 1])) and not (end < len(text) and _LATIN.match(text[end]))


@lru_cache(maxsize=1)
def _by_beginning() -> dict[str, tuple[_Entry, ...]]:
    """The words by their first two characters, longest first: a text is then gone through once, however many words there are."""
    table: dict[str, list[_Entry]] = {}
    for concept in concepts():
        for word, hint in _words(concept):
            table.setdefault(word[:2], []).append(_Entry(word, concept, hint))
    return {key: tuple(sorted(entries, key=lambda entry: -len(entry.word))) for key, entries in table.items()}


def _words(concept: Concept) -> Iterable[tuple[str, bool]]:
    yield from ((word.casefold(), False) for word in (*concept.terms, *concept.english))
    yield from ((word.casefold(), True) for word in concept.hints)


@lru_cache(maxsize=1)
def _question_words() -> re.Pattern[str]:
    words = sorted(_read()["question_words"], key=len, reverse=True)
    latin = [re.escape(word) for word in words if _LATIN.match(word)]
    others = [re.escape(word) for word in words if not _LATIN.match(word)]
    return re.compile(rf"(?:{'|'.join(others)})|(?<![0-9A-Za-z])(?:{'|'.join(latin)})(?![0-9A-Za-z])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _read() -> Any:
    return json.loads(_DATA.read_text(encoding="utf-8"))
