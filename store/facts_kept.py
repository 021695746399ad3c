"""What questions keep of the forms between one another: heads, names of indicators, rows with losses.

A version never changes, so when forms change only versions that were not current before are read; the rest stays as it is.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, Connection, select, type_coerce

from schema.record import MAX_PLACES, plain
from store.columns import AnySelect
from store.facts_records import FoundColumns, Head, LostRows, RowFact
from store.models import FindingRow, FormRow, FundingLine, IndicatorLine, VersionRow
from store.state import known_stamp

MOST_ROWS = 200_000
"""Rows that are kept of what questions have read, beside those that lost points."""
AT_A_TIME = 500
"""Keys one query names at the most: SQLite takes a limited number of parameters."""
_PLAIN = ("project_name", "department", "implementing_unit", "fiscal_year", "unit_of_money", "grade", "source_file")
_TOTALS = ("total_weight", "total_score")
_FUNDING = ("original_budget", "adjusted_budget", "outturn", "execution_rate", "weight", "score")
_AMOUNTS = (*_TOTALS, *_FUNDING[:-2], "budget_weight", "budget_score")
"""What a head calls the columns of totals and funding."""
_REPEATED = ("level1", "level2", "name", "target", "actual", "deviation")


def _raw(column: Any) -> Any:
    """A number column as the integer that is stored: very many rows print few different numbers, so each is made a Decimal once."""
    return type_coerce(column, BigInteger)


ROW_COLUMNS = tuple(_raw(column) if column.name in ("weight", "score") else column for column in IndicatorLine.__table__.columns)
"""What `row_facts` reads."""
LOST = IndicatorLine.deviation.is_not(None) | (IndicatorLine.score < IndicatorLine.weight)
"""Rows that explain themselves or lost points."""


class Kept:
    """One state of the forms. Names and losses are read when they are first asked for, and then kept up to date, too."""

    def __init__(self) -> None:
        self.stamp: tuple[Any, ...] = ()
        self.heads: tuple[Head, ...] = ()
        self.forms: dict[int, Head] = {}
        """The heads by the keys of their forms."""
        self._names: dict[int, tuple[str, ...]] | None = None
        self._losses: dict[int, tuple[RowFact, ...]] | None = None
        self._levels: tuple[tuple[str | None, str | None], ...] | None = None
        self._texts: dict[str, str] = {}
        self._lost: LostRows | None = None
        self._every_name: tuple[str, ...] | None = None
        self._found: FoundColumns | None = None
        self._read: OrderedDict[Any, Sequence[RowFact]] = OrderedDict()

    @property
    def has_losses(self) -> bool:
        """Whether `losses` is at hand."""
        return self._losses is not None

    def refresh(self, connection: Connection) -> None:
        """See the forms as they stand now; cheap when they are as they were."""
        now = known_stamp(connection)
        if now == self.stamp:
            return
        self._lost = self._found = self._every_name = None
        self._read.clear()
        self.forms = _heads(connection, {head.version_id: head for head in self.forms.values()})
        self.heads = tuple(self.forms.values())
        standing = [head.version_id for head in self.heads]
        self._levels = None
        if self._names is not None:
            self._names = self._with_new(connection, self._names, standing, self._read_names)
        if self._losses is not None:
            self._losses = self._with_new(connection, self._losses, standing, self._read_losses)
        self.stamp = now

    def names(self, connection: Connection) -> Mapping[int, tuple[str, ...]]:
        """The names of the indicators of every version, by their positions."""
        if self._names is None:
            self._names = self._with_new(connection, {}, [head.version_id for head in self.heads], self._read_names)
        return self._names

    def every_name(self, connection: Connection) -> tuple[str, ...]:
        """The names of all indicators, each once."""
        if self._every_name is None:
            self._every_name = tuple(dict.fromkeys(chain.from_iterable(self.names(connection).values())))
        return self._every_name

    def losses(self, connection: Connection) -> Mapping[int, tuple[RowFact, ...]]:
        """The rows of every version that explain themselves or lost points."""
        if self._losses is None:
            self._losses = self._with_new(connection, {}, [head.version_id for head in self.heads], self._read_losses)
        return self._losses

    def lost(self, connection: Connection) -> LostRows:
        """The rows of all forms that explain themselves or lost points, with what they lost."""
        if self._lost is None:
            losses = self.losses(connection)
            heads = [head for head in self.heads for _ in losses[head.version_id]]
            rows = [row for head in self.heads for row in losses[head.version_id]]
            # Few different weights and scores are printed, so few differences are made.
            lost: dict[tuple[int, int], Decimal | None] = {}
            for row in rows:
                if (id(row.weight), id(row.score)) not in lost:
                    lost[id(row.weight), id(row.score)] = row.lost
            self._lost = LostRows(heads, rows, [lost[id(row.weight), id(row.score)] for row in rows], {})
        return self._lost

    def found(self, connection: Connection) -> FoundColumns:
        """Where the checker found anything on the forms as they stand."""
        if self._found is None:
            self._found = _read_found(connection, self.forms)
        return self._found

    def read(self, key: Any, read: Callable[[], Sequence[RowFact]]) -> Sequence[RowFact]:
        """Rows that a question needs, kept for the next ones like it: the rows of the last few such questions stay, up to MOST_ROWS."""
        found = self._read.get(key)
        if found is None:
            found = read()
            if len(found) > MOST_ROWS:
                return found
            self._read[key] = found
            while sum(map(len, self._read.values())) > MOST_ROWS:
                self._read.popitem(last=False)
        self._read.move_to_end(key)
        return found

    def levels(self, connection: Connection) -> tuple[tuple[str | None, str | None], ...]:
        """Level 1 and level 2 of all rows, each pair once; those of versions that are no longer current may be among them."""
        if self._levels is None:
            found = connection.execute(select(IndicatorLine.level1, IndicatorLine.level2).distinct())
            self._levels = tuple((level1, level2) for level1, level2 in found)
        return self._levels

    def _with_new(self, connection: Connection, kept: dict[int, Any], standing: list[int], read: Any) -> dict[int, Any]:
        """What is kept of the standing versions, with what is read of those that are new; in the order of the forms."""
        new = [version_id for version_id in standing if version_id not in kept]
        found = read(connection, new, whole=len(new) > max(AT_A_TIME, len(standing) // 2))
        return {version_id: kept[version_id] if version_id in kept else found.get(version_id, ()) for version_id in standing}

    def _same(self, text: str | None) -> str | None:
        """The text as one object, however many rows print it."""
        return text and self._texts.setdefault(text, text)

    def _read_names(self, connection: Connection, versions: list[int], *, whole: bool) -> dict[int, tuple[str, ...]]:
        query = select(IndicatorLine.version_id, IndicatorLine.name).order_by(IndicatorLine.version_id, IndicatorLine.position)
        found: dict[int, list[str]] = defaultdict(list)
        for part in in_parts(query, IndicatorLine.version_id, None if whole else versions):
            for version_id, name in connection.execute(part):
                found[version_id].append(self._texts.setdefault(name, name))
        return {version_id: tuple(names) for version_id, names in found.items()}

    def _read_losses(self, connection: Connection, versions: list[int], *, whole: bool) -> dict[int, tuple[RowFact, ...]]:
        query = select(*ROW_COLUMNS).where(LOST).order_by(IndicatorLine.version_id, IndicatorLine.position)
        wanted = frozenset(versions)
        found: dict[int, list[RowFact]] = defaultdict(list)
        for part in in_parts(query, IndicatorLine.version_id, None if whole else versions):
            for row in row_facts(connection, part, wanted):
                same: dict[str, Any] = {name: self._same(getattr(row, name)) for name in _REPEATED}
                found[row.version_id].append(row._replace(**same))
        return {version_id: tuple(rows) for version_id, rows in found.items()}


def current(table: Any) -> Any:
    """The condition of a join with the versions that are current."""
    return (VersionRow.id == table.version_id) & VersionRow.current


def in_parts(query: AnySelect, key: Any, wanted: Collection[int] | None) -> Iterator[AnySelect]:
    """The query as it is (None), or in parts that name some keys each."""
    if wanted is None:
        yield query
        return
    keys = list(wanted)
    for start in range(0, len(keys), AT_A_TIME):
        yield query.where(key.in_(keys[start : start + AT_A_TIME]))


def row_facts(connection: Connection, query: AnySelect, versions: Collection[int]) -> Iterator[RowFact]:
    """Rows of `ROW_COLUMNS` that are of these versions."""
    for version_id, position, level1, level2, name, target, actual, weight, score, deviation in connection.execute(query):
        if version_id in versions:
            yield RowFact(version_id, position, level1, level2, name, target, actual, amount(weight), amount(score), deviation)


@lru_cache(maxsize=65536)
def amount(millionths: int | None) -> Decimal | None:
    """The number that a column of store.columns.Amount keeps."""
    return None if millionths is None else plain(Decimal(millionths).scaleb(-MAX_PLACES))


def _heads(connection: Connection, known: Mapping[int, Head]) -> dict[int, Head]:
    """Every form by its key, in the order they were first read; of those that are known only the checker's doubts are read anew."""
    doubted = select(FindingRow.form_pk, FindingRow.computed).where(FindingRow.rule == "money-unit").distinct()
    doubts = dict(connection.execute(doubted).all())
    standing = connection.execute(select(VersionRow.form_pk, VersionRow.id).where(VersionRow.current).order_by(VersionRow.form_pk)).all()
    new = [version_id for _, version_id in standing if version_id not in known]
    read = _read_heads(connection, None if len(new) > max(AT_A_TIME, len(standing) // 2) else new)
    return {form_pk: _doubted(known.get(version_id) or read[version_id], form_pk, doubts) for form_pk, version_id in standing}


def _read_heads(connection: Connection, versions: list[int] | None) -> dict[int, Head]:
    texts = [getattr(VersionRow, name) for name in _PLAIN]
    numbers = [_raw(getattr(VersionRow, name)) for name in _TOTALS] + [_raw(getattr(FundingLine, name)) for name in _FUNDING]
    query = (
        select(FormRow.form_id, VersionRow.id, *texts, *numbers)
        .select_from(VersionRow)
        .join(FormRow, FormRow.id == VersionRow.form_pk)
        .outerjoin(FundingLine, (FundingLine.version_id == VersionRow.id) & (FundingLine.row == "total"))
        .where(VersionRow.current)
    )
    found = {}
    for part in in_parts(query, VersionRow.id, versions):
        for form_id, version_id, name, department, unit, year, money, grade, file, *amounts in connection.execute(part):
            read: dict[str, Any] = dict(zip(_AMOUNTS, map(amount, amounts), strict=True))
            found[version_id] = Head(form_id, version_id, name, department, unit, year, money, grade, file=file, **read)
    return found


def _read_found(connection: Connection, forms: Mapping[int, Head]) -> FoundColumns:
    query = select(FindingRow.id, FindingRow.form_pk, FindingRow.rule, FindingRow.cell)
    query = query.order_by(FindingRow.form_pk, FindingRow.across, FindingRow.id)
    ids, versions, rules, cells, heads = array("q"), array("q"), array("i"), array("i"), list[Head]()
    rule_names, cell_names = dict[str, int](), dict[str, int]()
    for key, form, rule, cell in connection.execute(query):
        head = forms.get(form)
        if head is not None:
            ids.append(key)
            versions.append(head.version_id)
            heads.append(head)
            rules.append(rule_names.setdefault(rule, len(rule_names)))
            cells.append(cell_names.setdefault(cell, len(cell_names)))
    return FoundColumns(ids, versions, heads, rules, cells, tuple(rule_names), tuple(cell_names))


def _doubted(head: Head, form_pk: int, doubts: Mapping[int, str | None]) -> Head:
    doubtful, likely = form_pk in doubts, doubts.get(form_pk)
    same = head.doubtful == doubtful and head.likely_money == likely
    return head if same else replace(head, doubtful=doubtful, likely_money=likely)
