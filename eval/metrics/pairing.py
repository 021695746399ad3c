"""Which form is which gold form, and which indicator row is which: one to one, by what they say, not by where they stand."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from schema.form import Form, Indicator
from schema.text import fold

_ALIKE_NAME = 0.75
_ALIKE_WITH_ROWS = 0.4
"""Likeness of project names from which two forms may be the same; with half of the rows in common, less will do."""
_SAME_ROW = 0.7
"""A row is another one below this sum of likenesses."""


@dataclass(frozen=True)
class Pairs:
    """Gold forms with the forms they were read as, and forms that are none of them."""

    pairs: tuple[tuple[Form, Form | None], ...]
    extra: tuple[Form, ...]


def spelled(text: str | None) -> str:
    """A text as it is compared: widths, white space and look-alikes folded, comparators in one spelling."""
    return fold(text).replace(">=", "≥").replace("<=", "≤")


@lru_cache(maxsize=65536)
def likeness(a: str | None, b: str | None) -> float:
    """How much two texts are alike as they are compared, from 0 to 1; two blanks are alike."""
    left, right = spelled(a), spelled(b)
    if left == right:
        return 1.0
    if not left or not right:
        return 0.0
    return difflib.SequenceMatcher(None, left, right, autojunk=False).ratio()


def pair_forms(gold: Sequence[Form], read: Sequence[Form]) -> Pairs:
    """Best pairs first. A pair needs a name that is alike; where the name was misread, rows in common."""
    scored = ((_form_score(one, other), i, j) for i, one in enumerate(gold) for j, other in enumerate(read))
    found: dict[int, int] = {}
    for score, i, j in sorted(scored, reverse=True):
        if score and i not in found and j not in found.values():
            found[i] = j
    pairs = tuple((form, read[found[i]] if i in found else None) for i, form in enumerate(gold))
    return Pairs(pairs, tuple(form for j, form in enumerate(read) if j not in found.values()))


def _form_score(gold: Form, read: Form) -> float:
    name = likeness(gold.project_name, read.project_name)
    common = {spelled(row.name) for row in gold.indicators} & {spelled(row.name) for row in read.indicators}
    rows = len(common) / max(1, len(gold.indicators))
    if name < _ALIKE_NAME and (rows < 0.5 or (name < _ALIKE_WITH_ROWS and read.project_name)):
        return 0.0
    head = (likeness(gold.department, read.department) + likeness(gold.implementing_unit, read.implementing_unit)) / 2
    return name + 0.3 * head + 0.2 * (gold.fiscal_year == read.fiscal_year) + rows


def pair_rows(gold: Sequence[Indicator], read: Sequence[Indicator]) -> dict[int, int]:
    """Index of a gold row to index of the row it was read as, in printed order; the pairing with the most likeness."""
    gains = [[_row_score(one, other) for other in read] for one in gold]
    best = [[0.0] * (len(read) + 1) for _ in range(len(gold) + 1)]
    for i in range(len(gold) - 1, -1, -1):
        for j in range(len(read) - 1, -1, -1):
            paired = gains[i][j] + best[i + 1][j + 1] if gains[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    out: dict[int, int] = {}
    i = j = 0
    while i < len(gold) and j < len(read):
        if gains[i][j] and best[i][j] == gains[i][j] + best[i + 1][j + 1]:
            out[i] = j
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return out


def _row_score(gold: Indicator, read: Indicator) -> float:
    score = likeness(gold.name, read.name) + 0.3 * likeness(gold.target, read.target) + 0.3 * (gold.weight == read.weight)
    return score if score >= _SAME_ROW else 0.0
