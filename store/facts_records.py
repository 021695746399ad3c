"""What questions read of the forms: heads, rows, texts, findings, places of cells. Plain and small: a question may read very many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from schema.evidence import Box

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One form as it stands, without its rows and texts.

    Attributes:
        original_budget, adjusted_budget, outturn: of funding.total, in `unit_of_money`.
        budget_weight, budget_score: of funding.total, in points.
        file: the document it was read from; None for an imported form.
        likely_money: where the money unit is doubtful, the adjusted total in 万元 as the checker would read it, as text.
        doubtful: whether the checker doubts the money unit.
    """

    form_id: str
    version_id: int
    project_name: str | None
    department: str | None
    implementing_unit: str | None
    fiscal_year: int | None
    unit_of_money: str | None
    grade: str | None
    total_weight: Decimal | None
    total_score: Decimal | None
    original_budget: Decimal | None
    adjusted_budget: Decimal | None
    outturn: Decimal | None
    execution_rate: Decimal | None
    budget_weight: Decimal | None
    budget_score: Decimal | None
    file: str | None
    doubtful: bool = False
    likely_money: str | None = None

    # A version never changes, so these tell heads apart; comparing all that they say costs a question over thousands of forms seconds.
    def __eq__(self, other: object) -> bool:
        """Whether it is the same version of the same form, doubted alike."""
        return self is other or (isinstance(other, Head) and self._identity == other._identity)

    def __hash__(self) -> int:
        """Of the version."""
        return hash(self.version_id)

    @property
    def _identity(self) -> tuple[int, str, bool, str | None]:
        return self.version_id, self.form_id, self.doubtful, self.likely_money

    @property
    def name(self) -> str:
        """The project's name, or what stands for it."""
        return self.project_name or f"（未读出项目名称，表 {self.form_id}）"

    @property
    def units(self) -> tuple[str, ...]:
        """Department and implementing unit, where printed, each once."""
        return tuple(dict.fromkeys(unit for unit in (self.department, self.implementing_unit) if unit))


class RowFact(NamedTuple):
    """One indicator of a form; `position` counts from 0, as in cell addresses."""

    version_id: int
    position: int
    level1: str | None
    level2: str | None
    name: str
    target: str | None
    actual: str | None
    weight: Decimal | None
    score: Decimal | None
    deviation: str | None

    @property
    def lost(self) -> Decimal | None:
        """Points lost: weight less score; None where one of them is not printed."""
        return None if self.weight is None or self.score is None else self.weight - self.score

    def cell(self, field: str) -> str:
        """The address of a cell of this row."""
        return f"indicators[{self.position}].{field}"


@dataclass(frozen=True, slots=True)
class Texts:
    """The running texts of a form: cell address and text, empty ones left out."""

    version_id: int
    cells: tuple[tuple[str, str], ...]


class Spot(NamedTuple):
    """Where a cell stands and how it is printed there."""

    printed: str
    page: int | None
    box: Box | None


class LostRows(NamedTuple):
    """Rows that explain themselves or lost points, as columns: very many are gone through for one question.

    Attributes:
        heads: the form of each row.
        lost: weight less score; None where one of them is not printed.
        memo: what was worked out of these rows, kept as long as they are: those of all forms stay until a form changes.
    """

    heads: Sequence[Head]
    rows: Sequence[RowFact]
    lost: Sequence[Decimal | None]
    memo: dict[str, Any]

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What goes by this key in `memo`, made when it is first asked for."""
        if key not in self.memo:
            self.memo[key] = make()
        made: T = self.memo[key]
        return made


class FoundColumns(NamedTuple):
    """Where the checker found anything, as columns, in the order of `Session.findings`; rules and cells by their numbers."""

    ids: Sequence[int]
    versions: Sequence[int]
    heads: Sequence[Head]
    rules: Sequence[int]
    cells: Sequence[int]
    rule_names: Sequence[str]
    cell_names: Sequence[str]


class FoundAt(NamedTuple):
    """That a rule was broken, and where; what the checker says of it is read for those that are shown (`Session.findings_of`)."""

    finding_id: int
    form: Head
    rule: str
    cell: str
