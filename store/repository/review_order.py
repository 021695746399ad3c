"""How much hangs on a doubtful cell: the order of the queue of review.

First what findings and equations hang on, then by kind of cell (amounts and scores, weights, texts), then by the form's budget.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from store.review_records import CellClass, Hold

HOLDS: tuple[Hold, ...] = ("error", "equation", "notice", "none")
CLASSES: tuple[CellClass, ...] = ("figure", "weight", "text")

_AMOUNT = r"funding\.\w+\.(original_budget|adjusted_budget|outturn)"
_TERMS = {
    "weight-sum": r"(indicators\[\d+\]|funding\.total)\.weight|total_weight|indicators",
    "category-weights": r"indicators\[\d+\]\.(weight|level1)|indicators",
    "score-sum": r"(indicators\[\d+\]|funding\.total)\.score|total_score|indicators",
    "grade-band": r"total_score|grade",
    "funding-sum": _AMOUNT,
    "execution-rate": r"funding\.\w+\.(adjusted_budget|outturn|execution_rate)",
    "execution-score": r"funding\.total\.(execution_rate|weight|score)",
    "over-execution": _AMOUNT,
    "low-execution": _AMOUNT,
    "budget-revised": _AMOUNT,
    "money-unit": rf"{_AMOUNT}|unit_of_money",
    "result-copies-goal": "expected_goal|actual_result",
    "goal-direction": "expected_goal",
}
"""Which cells go into what a rule reckons, beside the cell that its finding names and the row of that cell."""
_EQUATION = ("算不拢", "合计")
"""Words of the reasons that tell of an equation that fails."""
ROW = re.compile(r"(?:indicators|extras)\[(\d+)\]")
"""The row that a cell stands in."""
_FIGURES = re.compile(r"funding\.\w+\.(?!weight)\w+|.*\.score|total_score")
_WEIGHTS = re.compile(r".*\.weight|total_weight|indicators|fiscal_year|unit_of_money")
_ASIDE = re.compile(r"（[^（）]*）|[：:].*")
_NUMBER = re.compile(r"\d+(?:[.、]\d+)*")


class Found(NamedTuple):
    """As much of a finding as the order needs."""

    rule: str
    severity: str
    cell: str


def hold_of(cell: str, reason: str, findings: Iterable[Found]) -> Hold:
    """What hangs on a cell of a form with these findings."""
    milder = False
    for rule, severity, named in findings:
        if hangs_on(cell, rule, named):
            if severity == "error":
                return "error"
            milder = True
    if any(word in reason for word in _EQUATION):
        return "equation"
    return "notice" if milder else "none"


@lru_cache(maxsize=50_000)
def hangs_on(cell: str, rule: str, named: str) -> bool:
    """Whether a finding of this rule about the cell `named` may be gone once `cell` is read rightly."""
    if cell == named:
        return True
    row = ROW.match(named)
    if row is not None and cell.startswith(row[0] + "."):
        return True
    terms = _TERMS.get(rule)
    return terms is not None and re.fullmatch(terms, cell) is not None


@lru_cache(maxsize=10_000)
def class_of(cell: str) -> CellClass:
    """What kind of cell it is."""
    if _FIGURES.fullmatch(cell):
        return "figure"
    return "weight" if _WEIGHTS.fullmatch(cell) else "text"


@lru_cache(maxsize=10_000)
def plain_reason(reason: str) -> str:
    """A reason without what is of one cell only, so that cells can be told apart by it."""
    return _NUMBER.sub("…", _ASIDE.sub("", reason)) or reason


def rank(hold: Hold, kind: CellClass, yuan: int) -> Sequence[int]:
    """Smaller comes first."""
    return HOLDS.index(hold), CLASSES.index(kind), -yuan


def row_number(cell: str) -> int:
    """The row (from 1) that a cell stands in, 0 outside of rows: cells of one rank come row by row, as the eye goes."""
    row = ROW.match(cell)
    return int(row[1]) + 1 if row else 0
