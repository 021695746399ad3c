"""How far a share may be off that was measured on few forms: percentile intervals over forms drawn again, of one run or of two.

Forms are drawn, not cells: the cells of one form are read well or badly together, so a thousand cells of 37 forms are nearer to 37
observations than to a thousand. Of two runs the same forms are drawn for both, so what is hard about a form falls out of the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from eval.metrics.compare import FormResult
from schema.record import Record

DRAWS = 2000
LEVEL = 0.95
_PLACES = 6


class Part(NamedTuple):
    """What one form adds to a share: so much of so much."""

    part: float
    whole: float


Parts = Mapping[str, Part]
"""By the name of a form, its part in one share."""


class Interval(Record):
    """A share, or a difference of two, with the interval that its forms leave open.

    Attributes:
        value: over all forms; None where there is nothing to share.
        low, high: the percentiles; None as `value`.
        forms: over how many forms.
        flat: every draw gave the same. Then the forms cannot tell how rare an error is that none of them has: see `unseen`.
    """

    value: float | None
    low: float | None
    high: float | None
    forms: int
    level: float = LEVEL
    draws: int = DRAWS
    seed: int = 0
    flat: bool = False


class Difference(Interval):
    """Run B less run A, the same forms drawn for both.

    Attributes:
        above: the share of draws in which B has more than A; those in which both have the same count half.
    """

    above: float | None = None

    @property
    def told(self) -> bool:
        """Whether the interval leaves no room for there being no difference."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def interval(parts: Parts, *, seed: int = 0, draws: int = DRAWS, level: float = LEVEL) -> Interval:
    """The share of one run."""
    names = sorted(parts)
    if not sum(parts[name].whole for name in names):
        return Interval(value=None, low=None, high=None, forms=len(names), level=level, draws=draws, seed=seed)
    told = _array(parts, names)
    drawn = _shares(told, _drawn(len(names), draws, seed))
    low, high = _between(drawn, level)
    value = round(float(told[:, 0].sum() / told[:, 1].sum()), _PLACES)
    return Interval(value=value, low=low, high=high, forms=len(names), level=level, draws=draws, seed=seed, flat=low == high)


def difference(first: Parts, second: Parts, *, seed: int = 0, draws: int = DRAWS, level: float = LEVEL) -> Difference:
    """How much more the second run has than the first.

    Raises:
        ValueError: the runs are not over the same forms.
    """
    if set(first) != set(second):
        raise ValueError(f"forms of one run only: {sorted(set(first) ^ set(second))[:5]}")
    names = sorted(first)
    a, b = _array(first, names), _array(second, names)
    if not a[:, 1].sum() or not b[:, 1].sum():
        return Difference(value=None, low=None, high=None, forms=len(names), level=level, draws=draws, seed=seed)
    chosen = _drawn(len(names), draws, seed)
    drawn = _shares(b, chosen) - _shares(a, chosen)
    low, high = _between(drawn, level)
    drawn = drawn[~np.isnan(drawn)]
    value = float(b[:, 0].sum() / b[:, 1].sum() - a[:, 0].sum() / a[:, 1].sum())
    above = float((drawn > 0).mean() + (drawn == 0).mean() / 2)
    return Difference(
        value=round(value, _PLACES),
        low=low,
        high=high,
        forms=len(names),
        level=level,
        draws=draws,
        seed=seed,
        flat=low == high,
        above=round(above, _PLACES),
    )


def unseen(forms: int, level: float = LEVEL) -> float:
    """The largest share of forms that may have an error none of so many forms has, at this level: 0.078 for 37. 1 for no forms."""
    return round(1 - (1 - level) ** (1 / forms), _PLACES) if forms else 1.0


def extraction_parts(forms: Sequence[FormResult], prefix: str = "") -> dict[str, dict[str, Part]]:
    """For each figure of reading, what each form adds to it.

    Args:
        prefix: put before the names of forms, to tell apart forms that several documents print.

    Raises:
        ValueError: two forms have one name.
    """
    names = [f"{prefix}{form.form}" for form in forms]
    if len(set(names)) < len(names):
        raise ValueError("two forms of one name; give a prefix for each document")
    return {figure: {name: part(form) for name, form in zip(names, forms, strict=True)} for figure, part in FIGURES.items()}


def _group(name: str) -> Callable[[FormResult], Part]:
    def part(form: FormResult) -> Part:
        cells = [cell for cell in form.cells if cell.group == name]
        return Part(sum(cell.right for cell in cells), sum(cell.gold_cell is not None for cell in cells))

    return part


def _similarity(form: FormResult) -> Part:
    texts = [cell for cell in form.cells if cell.group == "text" and form.found]
    return Part(sum(cell.likeness for cell in texts), len(texts))


def _silent(form: FormResult) -> Part:
    cells = [cell for cell in form.cells if form.found and cell.group != "text"]
    return Part(sum(cell.silent for cell in cells), len(cells))


def _noticed(form: FormResult) -> Part:
    wrong = [cell for cell in form.cells if form.found and not cell.right]
    return Part(sum(cell.marked for cell in wrong), len(wrong))


FIGURES: Mapping[str, Callable[[FormResult], Part]] = {
    "numbers": _group("number"),
    "labels": _group("label"),
    "deviations": _group("deviation"),
    "texts": _similarity,
    "forms_found": lambda form: Part(form.found, 1),
    "forms_exact": lambda form: Part(form.exact, 1),
    "rows_recall": lambda form: Part(form.rows_paired, form.rows_gold),
    "rows_precision": lambda form: Part(form.rows_paired, form.rows_read),
    "marked": lambda form: Part(form.marked, form.all_cells),
    "wrong_marked": _noticed,
    "silent": _silent,
}
"""Figures of reading that can be had with an interval, and what a form adds to each."""


def _array(parts: Parts, names: Sequence[str]) -> np.ndarray:
    return np.array([parts[name] for name in names], np.float64).reshape(-1, 2)


def _drawn(forms: int, draws: int, seed: int) -> np.ndarray:
    """For each draw, how often each form is in it."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(forms, np.full(forms, 1 / forms), draws).astype(np.float64)


def _shares(parts: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The share in each draw; nan in draws of forms that have nothing to share."""
    sums = drawn @ parts
    whole = np.where(sums[:, 1] > 0, sums[:, 1], np.nan)
    shares: np.ndarray = sums[:, 0] / whole
    return shares


def _between(drawn: np.ndarray, level: float) -> tuple[float, float]:
    low, high = np.nanpercentile(drawn, [50 * (1 - level), 50 * (1 + level)])
    return round(float(low), _PLACES), round(float(high), _PLACES)
