"""Whether the text layer of a page can be trusted, or the page has to be read from its picture.

Judged from the text layer alone and from what else is on the page. A wrong refusal costs the seconds of OCR, a wrong trust costs wrong
values, so doubt goes against the text layer.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.hidden import Why

ON_THE_PAGE: frozenset[Why] = frozenset({"透明", "与底色相同", "被遮盖"})
"""Ways of being hidden that an OCR layer under or over a scan has."""
SPARSE = 200
"""Characters below which a page's text may be no more than stamps, headers and page numbers on a picture."""
_PICTURE, _FULL_PICTURE = 0.3, 0.7
"""Shares of the page: images that may hold a table, and an image that is the page."""
_ODD_SHARE, _FEWEST_ODD = 0.05, 5
_RARE_SHARE, _FEWEST_RARE = 0.2, 10
"""Han characters outside the common set of 6763: real forms have one in hundreds, wrongly mapped fonts many."""
_LETTERS_SHARE = 0.6
_MISREAD = 0.2
_GLYPH = (3.0, 40.0)
"""Height in points of a line of print."""
_CURVES_A_GLYPH = 20
_FEWEST_OUTLINES = 60
_FEWEST_FILLED = 6


@dataclass(frozen=True)
class PageFacts:
    """What is known of a page before it is read.

    Attributes:
        shown: the characters that show, without white space.
        hidden: how many characters stand on the page without showing.
        picture: share of the page that images cover.
        filled: how many cells of drawn tables hold text: a picture with as many of them is the background of a form.
        outlines: about how many characters are drawn as paths; looked at where little text shows.
        unsettled: how many characters may or may not show; it would have taken too long to find out.
        misread: share of sampled characters that OCR reads otherwise than the text layer says: a font that lies about its characters
            can only be found out this way. None where nobody sampled.
    """

    shown: str
    hidden: int = 0
    picture: float = 0.0
    filled: int = 0
    outlines: int = 0
    unsettled: int = 0
    misread: float | None = None


def judge(facts: PageFacts) -> str | None:
    """Why the page must be read from its picture; None when its text layer can be trusted."""
    shown = len(facts.shown)
    if facts.hidden > max(shown, 20) and facts.picture >= _PICTURE:
        return f"图上附着 {facts.hidden} 个看不见的字（以前文字识别的结果），不作为依据"
    if facts.outlines >= _FEWEST_OUTLINES and facts.outlines > shown:
        return "字是用线条画出来的，没有文字层"
    if facts.picture >= (_PICTURE if not shown else _FULL_PICTURE) and shown < SPARSE and facts.filled < _FEWEST_FILLED:
        return f"整页是图，文字层只有零星 {shown} 个字" if shown else "扫描页或图片页，没有文字层"
    if facts.misread is not None and facts.misread > _MISREAD:
        return "文字层和看得见的字不一致"
    if facts.unsettled:
        return f"有 {facts.unsettled} 个字可能被遮盖，看不看得见难以逐个确定"
    return _garbage(facts.shown)


def outlines(drawings: Sequence[Mapping[str, Any]]) -> int:
    """About how many characters are drawn as filled curves, from PyMuPDF's drawings."""
    count = 0
    for path in drawings:
        if path["type"] not in ("f", "fs") or not _GLYPH[0] <= path["rect"][3] - path["rect"][1] <= _GLYPH[1]:
            continue
        curves = sum(item[0] == "c" for item in path["items"])
        if curves:
            count += max(1, curves // _CURVES_A_GLYPH)
    return count


def _garbage(shown: str) -> str | None:
    letters = Counter(shown)
    odd = sum(count for letter, count in letters.items() if _is_odd(letter))
    if odd >= max(_FEWEST_ODD, _ODD_SHARE * len(shown)):
        return f"文字层有乱码（{len(shown)} 个字里有 {odd} 个认不出）"
    han = {letter: count for letter, count in letters.items() if _is_han(letter)}
    rare = sum(count for letter, count in han.items() if not _is_common(letter))
    if han and rare > max(_FEWEST_RARE, _RARE_SHARE * sum(han.values())):
        return f"文字层有乱码（{sum(han.values())} 个汉字里有 {rare} 个是生僻字）"
    plain = sum(count for letter, count in letters.items() if letter.isascii() and letter.isalnum())
    if len(shown) >= SPARSE // 4 and not han and plain < _LETTERS_SHARE * len(shown):
        return "文字层有乱码（几乎没有文字和数字）"
    return None


def _is_han(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


def _is_odd(letter: str) -> bool:
    """Whether a character has no place in a form: no Han, no Latin, no digit, no punctuation or symbol."""
    if letter.isascii():
        return not letter.isprintable()
    if _is_han(letter):
        return False
    if letter == "\ufffd":
        return True
    category = unicodedata.category(letter)
    if category.startswith("C"):
        return True
    if not category.startswith("L"):
        return False
    name = unicodedata.name(letter, "")
    return not name.startswith(("CJK", "FULLWIDTH", "KANGXI", "GREEK", "BOPOMOFO", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA"))


def _is_common(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
