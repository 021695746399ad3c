"""The final answer of an agent as a record: in the structure asked for, or whatever a model wrote in its place, read tolerantly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from agents.answer.verify.text import split
from agents.models.answers import unwrapped
from schema.transcript import Transcript

MOST_CLAIMS = 60
"""An answer with more claims is none: shown in part, it would pass for the whole."""
LONGEST_CLAIM = 2000
ID = r"F\d+(?:\.[A-Za-z_]\w*(?:\[\d+\])?)*"
_IDS = re.compile(rf"[\[【(（]\s*({ID}(?:\s*[,，、;；\s]\s*{ID})*)\s*[\]】)）]")
_ONE = re.compile(ID)
_TEXT_KEYS = ("sentence", "text", "claim", "content", "句子")
_CITE_KEYS = ("cites", "citations", "ids", "cite", "sources", "evidence", "出处")
_LIST_KEYS = ("claims", "sentences", "answer", "answers", "content")


class Claim(Transcript):
    """One sentence with the ids of the cells it stands on; ids may also stand inside of it, in square brackets."""

    sentence: str
    cites: list[str]


class FinalAnswer(Transcript):
    """What an agent answers.

    Attributes:
        missing: the forms do not hold what is asked for; then there are no claims.
    """

    missing: bool
    claims: list[Claim]


def read_final(text: str) -> FinalAnswer:
    """The answer in a text: JSON, JSON with words around it or other names for its keys, or prose with ids in brackets.

    A text that says nothing is an answer without claims.
    """
    bare = unwrapped(text)
    for found in _objects(bare):
        claims = list(_claims(found))
        missing = isinstance(found, Mapping) and found.get("missing") is True
        if claims or missing:
            return FinalAnswer(missing=missing and not claims, claims=_bounded(claims))
    if bare.startswith(("{", "[")):
        # Torn JSON: what it would have said is not known.
        return FinalAnswer(missing=False, claims=[])
    return FinalAnswer(missing=False, claims=_bounded(list(_of_prose(bare))))


def _bounded(claims: list[Claim]) -> list[Claim]:
    return claims if len(claims) <= MOST_CLAIMS else []


def ids_in(sentence: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where ids in brackets stand in a sentence, and which."""
    for m in _IDS.finditer(sentence):
        yield m.start(), m.end(), tuple(_ONE.findall(m[1]))


def _objects(text: str) -> Iterator[Any]:
    """The text as JSON, else the largest object or list inside of it."""
    begins = [at for at in (text.find("{"), text.find("[{")) if at >= 0]
    for begin in dict.fromkeys([0, *sorted(begins)]):
        end = max(text.rfind("}"), text.rfind("]")) + 1
        try:
            found = json.loads(text[begin:end] if begin else text)
        except ValueError:
            try:
                found = json.loads(text[begin:end])
            except (ValueError, RecursionError):
                continue
        except RecursionError:
            continue
        if isinstance(found, dict | list):
            yield found


def _claims(found: Any) -> Iterator[Claim]:
    if isinstance(found, Mapping):
        listed = next((found[key] for key in _LIST_KEYS if key in found), None)
        if listed is None and any(key in found for key in _TEXT_KEYS):
            listed = [found]
        found = [listed] if isinstance(listed, str) else listed
    for one in found if isinstance(found, list) else ():
        if isinstance(one, str):
            yield from _of_prose(one)
        elif isinstance(one, Mapping):
            sentence = next((str(one[key]) for key in _TEXT_KEYS if isinstance(one.get(key), str)), "")
            cites: Any = next((one[key] for key in _CITE_KEYS if key in one), [])
            cites = [cites] if isinstance(cites, str) else cites
            ids = [str(cite.get("id", "") if isinstance(cite, Mapping) else cite) for cite in cites] if isinstance(cites, list) else []
            if sentence.strip():
                yield Claim(sentence=_plain(sentence), cites=[i for text in ids for i in _ONE.findall(text)])


def _of_prose(text: str) -> Iterator[Claim]:
    for line in text.splitlines():
        if line.lstrip().startswith("|"):
            # A table without ids proves nothing; one with ids is read row by row.
            told = line.strip().strip("|").replace("|", "，")
            if set(told) - set("-:， "):
                yield Claim(sentence=_plain(told), cites=[])
            continue
        for piece in split(re.sub(r"^\s*(?:[-*•]|\d+[.、])\s+|^#+\s*", "", line)):
            if not piece:
                continue
            yield Claim(sentence=_plain(piece), cites=[])


def _plain(sentence: str) -> str:
    """One line of a sensible length; what looks like our own marks is taken out, since marks are given here."""
    flat = " ".join(sentence.split())[:LONGEST_CLAIM]
    # Not the index of a row in an id.
    return re.sub(r"(?<![A-Za-z_])\[\d+\](?:\s*[–—~-]\s*\[\d+\])?", "", flat)
