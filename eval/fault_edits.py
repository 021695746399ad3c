"""What planting a fault needs: rows that suit it, and edits that keep the rest of the form as it was."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from schema.cells import CellValue, row_cell, set_cell
from schema.comparison import Verdict, judge_figures
from schema.form import Form, Indicator
from schema.numerals import NUMBER
from schema.record import MAX_PLACES
from schema.values import Quantity, Value, parse

_NUMBER = re.compile(NUMBER)
REASON = "受客观因素影响，下一步将加强管理。"
"""A reason that planted deductions give where the fault is not its absence."""


@dataclass(frozen=True)
class Fault:
    """A form with one fault.

    `cell` is where the rule must point. `follows` are the rules that may newly speak because of the same edit; `siblings` are forms that
    must be checked together with it, before it.
    """

    form: Form
    rule: str
    cell: str
    follows: frozenset[str] = frozenset()
    siblings: tuple[Form, ...] = field(default=())


Planter = Callable[[Form, random.Random], Fault | None]
"""Plants its rule's fault; None where the form offers no place for it."""


@dataclass(frozen=True)
class Spot:
    """A row of a form with its values parsed."""

    index: int
    row: Indicator
    target: Value
    actual: Value
    verdict: Verdict

    def cell(self, name: str) -> str:
        """The address of a cell of the row."""
        return row_cell(self.index, name)

    @property
    def full(self) -> bool:
        """Whether it has a weight and scores all of it."""
        return bool(self.row.weight) and self.row.score == self.row.weight


def spots(form: Form) -> Iterator[Spot]:
    """The rows of a form."""
    for i, row in enumerate(form.indicators):
        target, actual = parse(row.target), parse(row.actual)
        yield Spot(i, row, target, actual, judge_figures(target, actual))


def pick(rng: random.Random, form: Form, suits: Callable[[Spot], bool]) -> Spot | None:
    """One of the rows that suit, or None."""
    suitable = [spot for spot in spots(form) if suits(spot)]
    return rng.choice(suitable) if suitable else None


def edit(form: Form, changes: dict[str, CellValue]) -> Form:
    """The form with some cells replaced; their evidence goes, for it would read the old values."""
    for cell, value in changes.items():
        form = set_cell(form, cell, value)
    kept = {cell: evidence for cell, evidence in form.evidence.items() if cell not in changes}
    return form.model_copy(update={"evidence": kept})


def share(number: Decimal, percent: int) -> Decimal:
    """A percentage of a number that a form can hold."""
    return (number * percent / 100).quantize(Decimal("0.01"))


def renumber(text: str, number: Decimal) -> str:
    """A printed quantity with another number in it."""
    return _NUMBER.sub(f"{number.normalize():f}", text, count=1)


def comparable(spot: Spot) -> bool:
    """Whether target and actual are quantities printed in one unit, neither of them with words beside it."""
    target, actual = spot.target, spot.actual
    if not isinstance(target, Quantity) or not isinstance(actual, Quantity):
        return False
    plain = not (target.note or actual.note or target.approximate or actual.approximate or actual.comparator)
    return plain and target.unit == actual.unit and -int(target.amount.as_tuple().exponent) < MAX_PLACES


def wants_more(target: Value) -> bool:
    """Whether a target is a quantity above 0 that more fulfils."""
    return isinstance(target, Quantity) and target.amount > 0 and target.comparator in ("≥", ">", None)
