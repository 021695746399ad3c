"""The form's arithmetic as equations over cells: what a figure must be, given others.

The checks say what is wrong with a document. Here the same arithmetic serves to tell well-read figures from misread ones: an equation that
holds over several figures read one by one vouches for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from schema.cells import AMOUNT_COLUMNS, FUNDING_ROWS, funding_cell, get_cell, row_cell
from schema.form import Form

Figures = Mapping[str, Decimal | None]

_SUM_TOLERANCE = Decimal("0.011")
_RATE_TOLERANCE = Decimal("0.0101")
_SOURCES = ("appropriation", "carryover", "other")


@dataclass(frozen=True)
class Equation:
    """Cells that hang together, and whether given figures do; None when too few of them are there to tell."""

    name: str
    cells: tuple[str, ...]
    holds: Callable[[Figures], bool | None]


def figures_of(form: Form) -> dict[str, Decimal | None]:
    """The figures of all cells that equations speak of."""
    cells = {cell for equation in equations_of(form) for cell in equation.cells}
    return {cell: _decimal(get_cell(form, cell)) for cell in cells}


def equations_of(form: Form) -> Iterator[Equation]:
    """The equations of a form."""
    rows = range(len(form.indicators))
    yield _sum("weights", ["funding.total.weight", *(row_cell(i, "weight") for i in rows)], "total_weight")
    yield _sum("scores", ["funding.total.score", *(row_cell(i, "score") for i in rows)], "total_score")
    for row in FUNDING_ROWS:
        yield rate_of(row)
    for column in AMOUNT_COLUMNS:
        yield _sum(f"sources of {column}", [funding_cell(row, column) for row in _SOURCES], funding_cell("total", column))
    yield _budget_score()


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _sum(name: str, parts: list[str], total: str) -> Equation:
    def holds(figures: Figures) -> bool | None:
        wanted, values = figures[total], [figures[part] for part in parts]
        if wanted is None or sum(value is not None for value in values) < 1:
            return None
        return abs(sum((value for value in values if value is not None), Decimal(0)) - wanted) <= _SUM_TOLERANCE

    return Equation(name, (*parts, total), holds)


def rate_of(row: str) -> Equation:
    """A funding row's rate as its outturn over its adjusted budget."""
    budget, spent, rate = (funding_cell(row, column) for column in ("adjusted_budget", "outturn", "execution_rate"))

    def holds(figures: Figures) -> bool | None:
        b, s, r = figures[budget], figures[spent], figures[rate]
        if b is None or s is None or r is None or b == 0:
            return None
        places = max(0, -int(r.normalize().as_tuple().exponent))
        return abs(r - s / b * 100) < max(Decimal(1).scaleb(-places) if places < 2 else Decimal(0), _RATE_TOLERANCE)

    return Equation(f"rate of {row}", (budget, spent, rate), holds)


def _budget_score() -> Equation:
    weight, rate, score = (funding_cell("total", column) for column in ("weight", "execution_rate", "score"))

    def holds(figures: Figures) -> bool | None:
        w, r, s = figures[weight], figures[rate], figures[score]
        if w is None or r is None or s is None:
            return None
        due = min(w, w * r / 100)
        place = Decimal(1).scaleb(min(0, int(s.as_tuple().exponent)))
        return s in (due.quantize(place, ROUND_HALF_UP), due.quantize(Decimal("0.01"), ROUND_DOWN))

    return Equation("budget score", (weight, rate, score), holds)
