"""Whether what a model says is what is printed: numbers and values by what they mean, texts by their characters, nothing by likeness.

Likeness is for long texts of scans only, and only `alike` speaks of it: 98.50 is like 98.20, and ≥350 like ≥250.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from agents.extract.numbers import parse_number
from schema.deadlines import Deadline
from schema.text import fold, is_blank
from schema.values import Quantity, Range, parse

NUMBER_FIELDS = frozenset({"weight", "score"})
VALUE_FIELDS = frozenset({"target", "actual"})
TEXT_FIELDS = frozenset({"name", "deviation"})
_LIKE = 0.9
"""Similarity from which a text read by OCR is taken for the one a model gives."""
_LONG = 12
_DIGIT = re.compile(r"\d")
_NUMBERING = re.compile(r"^(?:指标[0-9一二三四五六七八九十]+[:,.]?|\(?\d{1,2}[),.:](?!\d))")
_CIRCLED = re.compile(r"^\s*[①-⑳]\s*")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "《": "<", "》": ">"})


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """A text as it is compared: width, white space and look-alikes folded, comparators in one spelling."""
    return fold(text).translate(_QUOTES).replace(">=", "≥").replace("<=", "≤")


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """A name's key without the numbering that templates print before it."""
    # Folding makes a plain digit of a circled one.
    whole = key(_CIRCLED.sub("", text)) or key(text)
    return _NUMBERING.sub("", whole) or whole


@lru_cache(maxsize=65536)
def same_number(said: str, printed: str) -> bool:
    """Whether both are the same decimal with the same unit, as far as both print one."""
    a, b = parse_number(said), parse_number(printed)
    return a is not None and b is not None and a[0] == b[0] and (a[1] == b[1] or not a[1] or not b[1])


@lru_cache(maxsize=65536)
def same_value(said: str, printed: str) -> bool:
    """Whether both are the same text, or one quantity, range or date: comparator, decimal, unit and remark."""
    if key(said) == key(printed):
        return True
    a, b = parse(said), parse(printed)
    return isinstance(a, Quantity | Range | Deadline) and a == b


def same(field: str, said: str, printed: str) -> bool:
    """Whether a cell of an indicator says what is printed; both are not blank."""
    if field in NUMBER_FIELDS:
        return same_number(said, printed)
    if field in VALUE_FIELDS:
        return same_value(said, printed)
    return (bare(said) == bare(printed)) if field == "name" else key(said) == key(printed)


def alike(said: str, printed: str) -> bool:
    """Whether a long text of a scan is most likely the same, its digits exactly."""
    a, b = key(said), key(printed)
    if min(len(a), len(b)) < _LONG or _DIGIT.findall(a) != _DIGIT.findall(b):
        return False
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() >= _LIKE


@lru_cache(maxsize=65536)
def value_like(text: str) -> bool:
    """Whether a printed piece is a figure: points, an amount, or a quantity with its unit."""
    value = parse(text)
    return parse_number(text) is not None or isinstance(value, Range) or (isinstance(value, Quantity) and not value.note)


def said_nothing(text: str | None) -> bool:
    """Whether a model says that a cell prints nothing."""
    return text is None or is_blank(text)
