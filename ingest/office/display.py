"""What a workbook shows for a value: number formats applied, since what is shown is what the form prints.

Covers the formats that such forms use (general, decimals, thousands, percentages, dates, literals, sections for signs). A format beyond
them shows as None, and its cell is marked for review.
"""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_GENERAL_DIGITS = 11
"""Significant digits that the general format shows at most."""
_GENERAL = re.compile(r"General|G/通用格式|(?<![\"\\])@", re.IGNORECASE)
"""The general format, also inside of others (General"分"); for a number, the format of texts is the same."""
_LARGEST = 15
"""Digits before the point from which a workbook shows rounded numbers."""
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]\-]*)[^\]]*\]|\[(?!h|m|s)[^\]]*\]')
_NUMBER = re.compile(r"[#0?][#0?,]*(?:\.[0#?]*)?|\.[0#?]+")
_DATE = re.compile(r"(?<![\\a-z])(?:y{1,4}|m{1,4}|d{1,4}|h{1,2}|s{1,2}|am/pm)", re.IGNORECASE)
_BEYOND = re.compile(r"\[(?:[<>=]|DBNum)", re.IGNORECASE)
"""Conditions on the value, and Chinese numerals."""
_SIGNS = 3
"""Sections of a format for numbers: positive, negative, zero; a fourth is for texts."""
_SMALLEST = -5
"""Power of ten from which on the general format shows small numbers as powers."""
LOCAL_FORMATS = {
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: "h:mm", 33: "h:mm:ss", 34: "h:mm",
    35: "h:mm:ss", 36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: "h:mm", 56: "h:mm:ss", 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Built-in formats of Chinese workbooks, by number; all of them are dates. A file does not spell them out."""
_PERCENT = Decimal(100)
_THOUSAND = Decimal(1000)
_TEXT = "@"


def shown(value: object, number_format: str | None) -> str | None:
    """A cell's value as shown; None where the format is not understood. Blank shows as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return _text(value, number_format or _TEXT)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return _date(value, number_format or "")
    if isinstance(value, int | float | Decimal):
        return _number(_decimal(value), number_format or "General")
    return None


def _text(value: str, number_format: str) -> str | None:
    """A text, with what its format prints around it: 优 under @"等" shows as 优等."""
    parts = _split(number_format)
    section = parts[3] if len(parts) > _SIGNS else parts[-1]
    if _TEXT not in section or section.strip() == _TEXT:
        return value if section or len(parts) <= _SIGNS else ""
    before, _, after = section.partition(_TEXT)
    if _TEXT in after:
        return None
    return "".join(part if part == value else _LITERAL.sub(_literal, part).strip() for part in (before, value, after))


def _literal(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3] or ""


def _decimal(value: float | Decimal) -> Decimal:
    # The shortest decimal that means this binary number: what a person typed.
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _number(value: Decimal, number_format: str) -> str | None:
    if not value.is_finite() or value.adjusted() >= _LARGEST or _BEYOND.search(number_format):
        return None
    section, sign = _section(number_format, value)
    if not section.strip():
        return ""
    general = _GENERAL.search(section)
    if general is not None:
        text, around = _general(abs(value)), (section[: general.start()], section[general.end() :])
        return None if text is None else sign + _LITERAL.sub(_literal, around[0]) + text + _LITERAL.sub(_literal, around[1])
    return _formatted(abs(value), section, sign)


def _section(number_format: str, value: Decimal) -> tuple[str, str]:
    """The part of a format that holds for a value's sign, and the sign that is still to be printed."""
    parts = _split(number_format)
    if value < 0:
        return (parts[1], "") if len(parts) > 1 else (parts[0], "-")
    return (parts[2], "") if value == 0 and len(parts) > 2 else (parts[0], "")


def _split(number_format: str) -> list[str]:
    """The sections of a format: parted by semicolons outside of quotes."""
    parts, quoted = [""], False
    for ch in number_format:
        quoted ^= ch == '"'
        if ch == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += ch
    return parts


def _general(value: Decimal) -> str | None:
    if value.adjusted() >= _GENERAL_DIGITS or (value and value.adjusted() <= _SMALLEST):
        return None
    if value == value.to_integral_value():
        return f"{value.quantize(Decimal(1)):f}"
    digits = max(0, _GENERAL_DIGITS - 1 - max(0, value.adjusted() + 1))
    text = f"{value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _formatted(value: Decimal, section: str, sign: str) -> str | None:
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(_literal(match))
        return f"\0{len(literals) - 1}\0"

    bare = _LITERAL.sub(keep, section)
    found = list(_NUMBER.finditer(re.sub(r"\0\d+\0", lambda m: "\0" * len(m[0]), bare)))
    if len(found) != 1 or re.search(r"[eE/?]", bare):
        return _restored(bare, literals) if not found and not re.search(r"[a-zA-Z]", bare) else None
    pattern = found[0][0]
    percents = bare.count("%")
    scaled = value * _PERCENT**percents / _THOUSAND ** (len(pattern) - len(pattern.rstrip(",")))
    try:
        digits = _digits(scaled, pattern.rstrip(","))
    except InvalidOperation:
        return None
    text = bare[: found[0].start()] + digits + bare[found[0].end() :]
    return sign + _restored(text, literals).strip()


def _restored(text: str, literals: list[str]) -> str:
    return re.sub(r"\0(\d+)\0", lambda m: literals[int(m[1])], text)


def _digits(value: Decimal, pattern: str) -> str:
    whole, _, places = pattern.partition(".")
    text = f"{value.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP):f}"
    integer, _, fraction = text.partition(".")
    while len(fraction) > places.count("0") and fraction.endswith("0"):
        fraction = fraction[:-1]
    least = whole.replace(",", "").count("0")
    integer = integer.lstrip("0").rjust(least, "0")
    if "," in whole:
        integer = _grouped(integer)
    return integer + ("." + fraction if fraction or (places and "0" in places) else "")


def _grouped(digits: str) -> str:
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", digits)


def _date(value: datetime.datetime | datetime.date | datetime.time, number_format: str) -> str | None:
    """A date as most such forms show it; times of day are not understood."""
    if isinstance(value, datetime.time) or (isinstance(value, datetime.datetime) and value.time() != datetime.time()):
        return None
    # Locale formats are stored as the American one and shown in the reader's order.
    if _BEYOND.search(number_format):
        return None
    bare = re.sub(r"\[[^\]]*\]|[@;\\]", "", number_format).lower().replace('"', "")
    if bare in ("mm-dd-yy", "m/d/yy", "general", ""):
        return f"{value.year}/{value.month}/{value.day}"
    parts = {
        "yyyy": f"{value.year:04d}", "yy": f"{value.year % 100:02d}", "mm": f"{value.month:02d}", "m": str(value.month),
        "dd": f"{value.day:02d}", "d": str(value.day),
    }  # fmt: skip
    known = True

    def part(match: re.Match[str]) -> str:
        nonlocal known
        known = known and match[0] in parts
        return parts.get(match[0], "")

    text = _DATE.sub(part, bare)
    return text if known and not re.search(r"[a-z]", text) else None
