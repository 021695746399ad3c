"""Text as printed against text as compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Look-alikes that NFKC leaves alone; folding is for comparing only, never for what is stored.
_LOOKALIKES = str.maketrans(
    {
        "“": '"', "”": '"', "‘": "'", "’": "'", "。": ".", "、": ",", "【": "[", "】": "]",
        "—": "-", "–": "-", "−": "-", "‐": "-", "─": "-", "≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤", "·": ".", "•": ".",
    }
)  # fmt: skip
_SPACE_TO_DROP = re.compile(r"(?<![A-Za-z]) | (?![A-Za-z])")
EMPTY_MARKS = frozenset({"", "-", "--", "/", "\\", "无数据"})
"""What a cell with nothing in it prints, folded."""


def fold(text: str | None) -> str:
    """Width, white space and look-alikes folded away, so that printed variants of one text compare equal."""
    if not text:
        return ""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_LOOKALIKES)


def unwrap(lines: Iterable[str]) -> str:
    """Lines of a cell as one text: no white space except between two Latin words."""
    return _SPACE_TO_DROP.sub("", " ".join(" ".join(lines).split()))


def is_page_number(text: str) -> bool:
    """Whether a line is a page number, or nothing at all: 3, - 3 -, 第3页共7页, 3/7."""
    return not fold(text).strip("0123456789-第页共/.")


def is_blank(text: str | None) -> bool:
    """Whether a cell prints nothing: blank, a dash or a slash."""
    return fold(text) in EMPTY_MARKS
