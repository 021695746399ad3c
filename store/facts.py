"""What answers stand on: heads, rows, texts and findings of the forms as they stand, read a few columns at a time.

Whole forms with their evidence are too much to read for one question over thousands of them. A `Facts` keeps the heads (a small record
each) and the names of indicators while the tables stay as they are; rows, texts and places are read when a question needs them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from schema.checks import Finding
from schema.evidence import Box
from store.columns import AnyRow, AnySelect
from store.models import CorrectionRow, EvidenceLine, ExtraLine, FindingRow, FormRow, FundingLine, IndicatorLine, VersionRow
from store.store import Store

AT_A_TIME = 500
"""Keys one query names at the most: SQLite takes a limited number of parameters."""
_TEXTS = ("expected_goal", "actual_result")
_PLAIN = (
    "project_name", "department", "implementing_unit", "fiscal_year", "unit_of_money", "grade", "total_weight", "total_score",
    "source_file",
)  # fmt: skip
_FUNDING = ("original_budget", "adjusted_budget", "outturn", "execution_rate")


@dataclass(frozen=True, slots=True)
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

    @property
    def name(self) -> str:
        """The project's name, or what stands for it."""
        return self.project_name or f"（未读出项目名称，表 {self.form_id}）"

    @property
    def units(self) -> tuple[str, ...]:
        """Department and implementing unit, where printed, each once."""
        return tuple(dict.fromkeys(unit for unit in (self.department, self.implementing_unit) if unit))


@dataclass(frozen=True, slots=True)
class RowFact:
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


@dataclass(slots=True)
class _Kept:
    """What stays in memory while the tables stay as they are."""

    stamp: tuple[Any, ...] = ()
    heads: tuple[Head, ...] = ()
    names: tuple[str, ...] | None = None


class Facts:
    """Reads for questions. One may be used by several threads one after another; what others committed is seen by the next `session`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept = _Kept()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One state of the tables, for one question.

        Raises:
            StoreError: the tables cannot be read.
        """
        with self.store.database.read() as connection:
            now = _stamp(connection)
            if now != self._kept.stamp:
                self._kept = _Kept(now, tuple(_heads(connection)))
            yield Session(connection, self._kept)


class Session:
    """One state of the tables."""

    def __init__(self, connection: Connection, kept: _Kept) -> None:
        self._connection = connection
        self._kept = kept

    @property
    def stamp(self) -> tuple[Any, ...]:
        """Differs whenever the forms, or what was found on them, differ."""
        return self._kept.stamp

    @property
    def heads(self) -> tuple[Head, ...]:
        """Every form, in the order they were first read."""
        return self._kept.heads

    def names(self) -> tuple[str, ...]:
        """The names of all indicators, each once."""
        if self._kept.names is None:
            query = select(IndicatorLine.name).join(VersionRow, _current(IndicatorLine)).distinct()
            self._kept.names = tuple(self._connection.execute(query).scalars())
        return self._kept.names

    def form_names(self) -> dict[str, tuple[str, ...]]:
        """The indicator names of every form, by form_id."""
        query = select(FormRow.form_id, IndicatorLine.name).select_from(IndicatorLine).join(VersionRow, _current(IndicatorLine))
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._connection.execute(query.join(FormRow, FormRow.id == VersionRow.form_pk).order_by(FormRow.id)):
            found[row.form_id].append(row.name)
        return {form_id: tuple(names) for form_id, names in found.items()}

    def rows(self, versions: Collection[int] | None, *, names: Collection[str] | None = None, deviation: bool = False) -> list[RowFact]:
        """Indicators in printed order: of these versions (None: all), with these names, with an explanation or points lost."""
        query = select(*IndicatorLine.__table__.columns).join(VersionRow, _current(IndicatorLine))
        if deviation:
            query = query.where(IndicatorLine.deviation.is_not(None) | (IndicatorLine.score < IndicatorLine.weight))
        query = query.order_by(VersionRow.form_pk, IndicatorLine.position)
        parts = _parts(query, IndicatorLine, versions, len(self.heads))
        found = [RowFact(*row) for part in parts for row in self._connection.execute(part)]
        kept = None if names is None else frozenset(names)
        wanted = None if versions is None else frozenset(versions)
        return [row for row in found if (kept is None or row.name in kept) and (wanted is None or row.version_id in wanted)]

    def named(self, names: Sequence[str]) -> list[RowFact]:
        """Indicators of all forms with one of these names."""
        query = select(*IndicatorLine.__table__.columns).join(VersionRow, _current(IndicatorLine))
        found: list[RowFact] = []
        for start in range(0, len(names), AT_A_TIME):
            part = query.where(IndicatorLine.name.in_(names[start : start + AT_A_TIME]))
            found += [RowFact(*row) for row in self._connection.execute(part.order_by(VersionRow.form_pk, IndicatorLine.position))]
        return found

    def texts(self, versions: Collection[int] | None) -> dict[int, Texts]:
        """Goals, results and blocks without a slot, by version."""
        cells: dict[int, list[tuple[str, str]]] = defaultdict(list)
        heads = select(VersionRow.id.label("version_id"), *(getattr(VersionRow, name) for name in _TEXTS)).where(VersionRow.current)
        for part in _parts(heads, None, versions, len(self.heads)):
            for row in self._connection.execute(part):
                cells[row.version_id] += [(name, text) for name in _TEXTS if (text := getattr(row, name))]
        extras = select(*ExtraLine.__table__.columns).join(VersionRow, _current(ExtraLine))
        for part in _parts(extras, ExtraLine, versions, len(self.heads)):
            for row in self._connection.execute(part):
                cells[row.version_id].append((f"extras[{row.position}].text", row.text))
        return {version_id: Texts(version_id, tuple(found)) for version_id, found in cells.items()}

    def findings(self, rules: Collection[str] | None = None) -> list[Finding]:
        """What the checker found on the forms as they stand, by these rules."""
        query = (
            select(FindingRow, FormRow.form_id, VersionRow.project_name)
            .join(FormRow, FormRow.id == FindingRow.form_pk)
            .join(VersionRow, (VersionRow.form_pk == FormRow.id) & VersionRow.current)
            .order_by(FormRow.id, FindingRow.across, FindingRow.id)
        )
        if rules is not None:
            query = query.where(FindingRow.rule.in_(list(rules)))
        return [_finding(row) for row in self._connection.execute(query)]

    def spots(self, cells: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Spot]:
        """Where cells (version, address) stand, for those that have a place; the first page, and the box there."""
        wanted = set(cells)
        versions = sorted({version_id for version_id, _ in wanted})
        found: dict[tuple[int, str], list[AnyRow]] = defaultdict(list)
        for start in range(0, len(versions), AT_A_TIME):
            query = select(EvidenceLine).where(
                EvidenceLine.version_id.in_(versions[start : start + AT_A_TIME]),
                EvidenceLine.cell.in_(list({cell for _, cell in wanted})[: 2 * AT_A_TIME]),
                EvidenceLine.text.is_not(None),
            )
            columns = query.with_only_columns(*EvidenceLine.__table__.columns)
            for row in self._connection.execute(columns.order_by(EvidenceLine.version_id, EvidenceLine.position, EvidenceLine.part)):
                if (row.version_id, row.cell) in wanted:
                    found[row.version_id, row.cell].append(row)
        return {key: _spot(rows) for key, rows in found.items()}


def _stamp(connection: Connection) -> tuple[Any, ...]:
    """Numbers that change with every change of what forms say: current versions by their ids, findings, corrections."""
    versions = connection.execute(
        select(func.count(VersionRow.id), func.sum(VersionRow.id), func.max(VersionRow.id)).where(VersionRow.current)
    ).one()
    findings = connection.execute(select(func.max(FindingRow.id), func.count(FindingRow.id))).one()
    corrections = connection.execute(select(func.count(CorrectionRow.id), func.count(CorrectionRow.undone_at))).one()
    return (*versions, *findings, *corrections)


def _heads(connection: Connection) -> Iterator[Head]:
    doubts = dict(
        connection.execute(select(FindingRow.form_pk, FindingRow.computed).where(FindingRow.rule == "money-unit").distinct()).all()
    )
    funding = [getattr(FundingLine, name) for name in _FUNDING]
    query = (
        select(FormRow.id, FormRow.form_id, VersionRow.id.label("version_id"), *(getattr(VersionRow, name) for name in _PLAIN), *funding)
        .add_columns(FundingLine.weight.label("budget_weight"), FundingLine.score.label("budget_score"))
        .select_from(VersionRow)
        .join(FormRow, FormRow.id == VersionRow.form_pk)
        .outerjoin(FundingLine, (FundingLine.version_id == VersionRow.id) & (FundingLine.row == "total"))
        .where(VersionRow.current)
        .order_by(FormRow.id)
    )
    for row in connection.execute(query):
        values = row._asdict()
        form_pk, file = values.pop("id"), values.pop("source_file")
        yield Head(**values, file=file, doubtful=form_pk in doubts, likely_money=doubts.get(form_pk))


def _current(table: Any) -> Any:
    return (VersionRow.id == table.version_id) & VersionRow.current


def _parts(query: AnySelect, table: Any, versions: Collection[int] | None, forms: int) -> Iterator[AnySelect]:
    """The query as it is for all versions or most of them, else in parts that name some each."""
    key = VersionRow.id if table is None else table.version_id
    if versions is None or len(versions) > max(AT_A_TIME, forms // 2):
        yield query
        return
    wanted = list(versions)
    for start in range(0, len(wanted), AT_A_TIME):
        yield query.where(key.in_(wanted[start : start + AT_A_TIME]))


def _finding(row: AnyRow) -> Finding:
    own = {name: getattr(row, name) for name in ("form_id", "project_name", "rule", "severity", "cell", "message", "computed", "basis")}
    return Finding(**own)


def _spot(rows: Sequence[AnyRow]) -> Spot:
    first = rows[0]
    box = None if first.x0 is None else (float(first.x0), float(first.y0), float(first.x1), float(first.y1))
    return Spot("".join(row.text for row in rows), first.page, box)
