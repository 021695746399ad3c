"""Numbers as they are printed: digits with thousands separators, full width or not, and Chinese numerals."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from schema.record import MAX_DIGITS, MAX_PLACES

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
"""A printed number, normalised, without its sign, as a pattern."""
CHINESE = "零〇一二两三四五六七八九十百千"
"""The characters of a Chinese numeral below ten thousand."""

# Signs that NFKC leaves as they are. 、 stays itself: as a comma it would make a thousands separator of 100、200.
_SIGNS = str.maketrans(
    {"≧": "≥", "⩾": "≥", "≮": "≥", "≦": "≤", "⩽": "≤", "≯": "≤"}
    | dict.fromkeys("—–−‐‑─﹣", "-")
    | dict.fromkeys("〜∼～", "~")
    | {"。": "."}
)  # fmt: skip
_WORTH = {c: Decimal(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": Decimal(0), "两": Decimal(2)}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_PLAIN = re.compile(r"[!-~·≥≤\u4e00-\u9fff]+\Z")
_TWO_CHARACTERS = re.compile(r">=|<=|=>|=<")
_AREAS = {"m2": "平方米", "km2": "平方公里", "m3": "立方米"}
_AREA = re.compile(r"(?<![A-Za-z])(?<![A-Za-z]\d)(?:k?m2|m3)(?![A-Za-z\d])")
"""Not in a run of letters and digits (m2m2, H2m2): what stands beside would read otherwise once one of them is replaced."""
_SIGN_OF = {">=": "≥", "=>": "≥", "<=": "≤", "=<": "≤"}


def normalise(text: str) -> str:
    """The text with width, white space and look-alike signs folded, so that its numbers can be read."""
    if not _PLAIN.match(text):
        # ≮ and ≯ come apart under some normal forms, so signs are mapped on both sides of NFKC.
        text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
        text = "".join(text.split())
    if "m" in text:
        # The 2 of m2 is no number.
        text = _AREA.sub(lambda m: _AREAS[m[0]], text)
    return _TWO_CHARACTERS.sub(lambda m: _SIGN_OF[m[0]], text)


def number(digits: str) -> Decimal | None:
    """The number a NUMBER match prints; None when it has more digits than a number of a form may have (a code, not a quantity)."""
    plain = digits.replace(",", "")
    whole, _, fraction = plain.partition(".")
    if not plain.isascii() or len(whole) > MAX_DIGITS or len(fraction) > MAX_PLACES:
        return None
    return Decimal(plain)


def chinese_number(numeral: str) -> Decimal | None:
    """A Chinese numeral below ten thousand (十一 -> 11, 两百零五 -> 205); None when it is none."""
    if not numeral or any(c not in CHINESE for c in numeral):
        return None
    total, digit = Decimal(0), None
    for c in numeral:
        if c in _PLACES:
            total += (Decimal(1) if digit is None else digit) * _PLACES[c]
            digit = None
        elif digit is not None and digit != 0:
            return None
        else:
            digit = _WORTH[c]
    return total + (digit or 0)
