"""The cells that an answer may cite: what each prints, in which unit, of which form and row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from agents.answer.answer import Citation
from agents.answer.execute.figures import money_factor
from agents.answer.execute.measures import unit_of
from agents.answer.execute.records import CellKey, Result, every_form, every_line, fact_at
from agents.answer.verify.text import numbers
from schema.cells import funding_cell
from schema.values import Quantity, parse
from store.facts import Head

_INDICATOR = re.compile(r"indicators\[(\d+)\]\.(\w+)")
_FUNDING = {
    funding_cell("total", "original_budget"): "original_budget",
    funding_cell("total", "adjusted_budget"): "adjusted_budget",
    funding_cell("total", "outturn"): "outturn",
    funding_cell("total", "execution_rate"): "execution_rate",
    funding_cell("total", "score"): "budget_score",
    funding_cell("total", "weight"): "budget_weight",
}
MONEY = frozenset({"original_budget", "adjusted_budget", "outturn"})
POINTS = frozenset({"budget_score", "budget_weight", "total_score", "total_weight", "score", "weight"})


class Amount(NamedTuple):
    """A quantity: money is brought to 元 where its unit is known; unit "" is a bare number, factor what the printed unit is worth."""

    value: Decimal
    unit: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cited cell.

    Attributes:
        what: outturn, total_score, score, target, deviation …: the measure or the field it is.
        row: the position of its indicator; None for a cell of the form itself.
        text: what the citation quotes.
        amount: the one number it prints; None for texts.
    """

    n: int
    form: Head
    what: str
    row: int | None
    row_name: str
    text: str
    amount: Amount | None

    @property
    def key(self) -> tuple[str, int | None, str]:
        """Which cell it is, however it is quoted."""
        return self.form.form_id, self.row, self.what


class Cells:
    """Every cell of a result that may be cited, and what it prints."""

    def __init__(self, result: Result) -> None:
        self._values: dict[CellKey, Decimal | int | str] = {}
        self.heads: dict[str, Head] = {}
        self._rows: dict[CellKey, str] = {}
        self._result = result
        for line in every_line(result):
            if line.row is not None:
                self._values[line.form.form_id, line.row.cell("name")] = line.row.name
                self._rows[line.form.form_id, str(line.row.position)] = line.row.name
            self._values |= {fact.key: fact.value for fact in line.facts if fact.value is not None}
        heads = [*result.scope, *result.offered, *(head for note in result.notes for head in note.forms)]
        self.heads = {head.form_id: head for head in heads} | every_form(result)

    def stands(self, cite: Citation) -> bool:
        """Whether a citation quotes what its cell prints."""
        value = self.value(cite.form_id, cite.cell)
        return value is not None and _quotes(cite.quote, value)

    def value(self, form_id: str, cell: str) -> Decimal | int | str | None:
        """What a cell prints; None where the result does not hold it."""
        if cell == "project_name" and form_id in self.heads:
            return self.heads[form_id].project_name
        key = form_id, cell
        if key not in self._values and (fact := fact_at(self._result, key)) is not None and fact.value is not None:
            self._values[key] = fact.value
        return self._values.get(key)

    def cell(self, cite: Citation) -> Cell | None:
        """The cell of a citation; None when it does not quote what is printed."""
        head = self.heads.get(cite.form_id)
        if head is None or not self.stands(cite):
            return None
        what, row = _kind(cite.cell)
        name = self._rows.get((cite.form_id, str(row)), "")
        value = self.value(cite.form_id, cite.cell)
        assert value is not None
        return Cell(cite.n, head, what, row, name, cite.quote, _amount(what, value, head))


def _kind(address: str) -> tuple[str, int | None]:
    m = _INDICATOR.fullmatch(address)
    if m:
        return m[2], int(m[1])
    return _FUNDING.get(address, address), None


def _amount(what: str, value: Decimal | int | str, head: Head) -> Amount | None:
    if isinstance(value, Decimal):
        if what in MONEY:
            factor = money_factor(unit_of(head), "元")
            return Amount(value * factor, "元", factor) if factor else Amount(value, "")
        unit = "分" if what in POINTS else "%" if what == "execution_rate" else None
        if unit is not None:
            return Amount(value, unit)
        return Amount(value, "")
    if isinstance(value, str) and what in ("target", "actual"):
        read = parse(value)
        if isinstance(read, Quantity):
            return Amount(read.value, read.unit.base, read.unit.factor)
    return None


def _quotes(quote: str, value: Decimal | int | str) -> bool:
    if isinstance(value, str):
        return bool(quote) and quote in value
    return list(numbers(quote)) == [Decimal(value)]
