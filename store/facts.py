"""What answers stand on: heads, rows, texts and findings of the forms as they stand, read a few columns at a time.

Whole forms with their evidence are too much to read for one question over thousands of them. A `Facts` keeps the heads (a small record
each), the names of indicators and the rows that lost points while the tables stay as they are; other rows, texts and places are read when
a question needs them.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from sqlalchemy import Connection, or_, select

from schema.checks import Finding
from store.columns import AnyRow
from store.facts_kept import AT_A_TIME, LOST, ROW_COLUMNS, Kept, current, in_parts, row_facts
from store.facts_records import FoundAt, FoundColumns, Head, LostRows, RowFact, Spot, Texts
from store.models import EvidenceLine, ExtraLine, FindingRow, FormRow, IndicatorLine, VersionRow
from store.store import Store

__all__ = ["Facts", "FoundAt", "FoundColumns", "Head", "LostRows", "RowFact", "Session", "Spot", "Texts"]

_TEXTS = ("expected_goal", "actual_result")


class Facts:
    """Reads for questions. One may be used by several threads one after another; what others committed is seen by the next `session`."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept = Kept()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One state of the tables, for one question.

        Raises:
            StoreError: the tables cannot be read.
        """
        with self.store.database.read() as connection, without_collecting():
            self._kept.refresh(connection)
            yield Session(connection, self._kept)


class Session:
    """One state of the tables."""

    def __init__(self, connection: Connection, kept: Kept) -> None:
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
        return self._kept.every_name(self._connection)

    def form_names(self) -> dict[str, tuple[str, ...]]:
        """The indicator names of every form that has any, by form_id."""
        names = self._kept.names(self._connection)
        return {head.form_id: own for head in self.heads if (own := names[head.version_id])}

    def names_of(self, version_id: int) -> tuple[str, ...]:
        """The names of the indicators of a form, by their positions."""
        return self._kept.names(self._connection).get(version_id, ())

    def rows(self, versions: Collection[int] | None, *, names: Collection[str] | None = None, deviation: bool = False) -> list[RowFact]:
        """Indicators in printed order: of these versions (None: all), with these names, with an explanation or points lost."""
        found = self._lost(versions) if deviation else self._all_rows(versions)
        kept = None if names is None else frozenset(names)
        return found if kept is None else [row for row in found if row.name in kept]

    def lost(self, versions: Collection[int]) -> LostRows:
        """Rows of these versions with an explanation or points lost, with what they lost."""
        wanted = frozenset(versions)
        if len(wanted) < max(AT_A_TIME, len(self.heads) // 2):
            heads = {head.version_id: head for head in self.heads if head.version_id in wanted}
            rows = self._lost(wanted)
            return LostRows([heads[row.version_id] for row in rows], rows, [row.lost for row in rows], {})
        every = self._kept.lost(self._connection)
        if len(wanted) >= len(self.heads):
            return every
        kept = [i for i, row in enumerate(every.rows) if row.version_id in wanted]
        return LostRows([every.heads[i] for i in kept], [every.rows[i] for i in kept], [every.lost[i] for i in kept], {})

    def _lost(self, versions: Collection[int] | None) -> list[RowFact]:
        if versions is not None and len(versions) <= AT_A_TIME and not self._kept.has_losses:
            return self._all_rows(versions, LOST)
        losses = self._kept.losses(self._connection)
        if versions is None:
            return [row for rows in losses.values() for row in rows]
        wanted = frozenset(versions)
        if len(wanted) <= AT_A_TIME:
            return [row for head in self.heads if head.version_id in wanted for row in losses[head.version_id]]
        return [row for version_id, rows in losses.items() if version_id in wanted for row in rows]

    def _all_rows(self, versions: Collection[int] | None, *conditions: Any) -> list[RowFact]:
        some = self._some(versions)
        wanted = {head.version_id for head in self.heads} if versions is None else frozenset(versions)
        # In the order of the key, and sifted and put in order here: joined and sorted by the database, all rows take twice as long.
        query = select(*ROW_COLUMNS).where(*conditions).order_by(IndicatorLine.version_id, IndicatorLine.position)
        rows: dict[int, list[RowFact]] = {}
        for part in in_parts(query, IndicatorLine.version_id, some):
            for row in row_facts(self._connection, part, wanted):
                rows.setdefault(row.version_id, []).append(row)
        return [row for head in self.heads if head.version_id in rows for row in rows[head.version_id]]

    def rows_at(self, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], RowFact]:
        """The indicators at these places: version and position."""
        wanted = frozenset(places)
        query = select(*ROW_COLUMNS)
        versions = {version_id for version_id, _ in wanted}
        parts = in_parts(query, IndicatorLine.version_id, self._some(versions))
        rows = (row for part in parts for row in row_facts(self._connection, part, versions))
        return {place: row for row in rows if (place := (row.version_id, row.position)) in wanted}

    def named(self, names: Sequence[str]) -> list[RowFact]:
        """Indicators of all forms with one of these names."""
        wanted = frozenset(names)
        holding = [version_id for version_id, own in self._kept.names(self._connection).items() if not wanted.isdisjoint(own)]
        in_sql = [IndicatorLine.name.in_(wanted)] if len(wanted) <= AT_A_TIME else []
        read = self._kept.read(("named", wanted), lambda: [row for row in self._all_rows(holding, *in_sql) if row.name in wanted])
        return list(read)

    def levels(self) -> tuple[tuple[str | None, str | None], ...]:
        """Level 1 and level 2 as indicators print them, each pair once."""
        return self._kept.levels(self._connection)

    def at_levels(self, levels: Collection[tuple[str | None, str | None]]) -> list[RowFact]:
        """Indicators of all forms at these of `levels`."""
        wanted = frozenset(levels)
        names = [name for name, _ in wanted if name]
        in_sql = [IndicatorLine.level1.in_(names)] if len(names) == len(wanted) <= AT_A_TIME else []
        found = self._kept.read(
            ("levels", wanted), lambda: [row for row in self._all_rows(None, *in_sql) if (row.level1, row.level2) in wanted]
        )
        return list(found)

    def texts(self, versions: Collection[int] | None) -> dict[int, Texts]:
        """Goals, results and blocks without a slot, by version."""
        cells: dict[int, list[tuple[str, str]]] = defaultdict(list)
        some = self._some(versions)
        heads = select(VersionRow.id, *(getattr(VersionRow, name) for name in _TEXTS)).where(VersionRow.current)
        for part in in_parts(heads, VersionRow.id, some):
            for version_id, *texts in self._connection.execute(part):
                cells[version_id] += [(name, text) for name, text in zip(_TEXTS, texts, strict=True) if text]
        extras = select(*ExtraLine.__table__.columns).join(VersionRow, current(ExtraLine))
        for part in in_parts(extras, ExtraLine.version_id, some):
            for row in self._connection.execute(part):
                cells[row.version_id].append((f"extras[{row.position}].text", row.text))
        return {version_id: Texts(version_id, tuple(found)) for version_id, found in cells.items()}

    def speaking(self, words: Collection[str]) -> frozenset[int]:
        """The versions of the forms whose goals, results or blocks hold one of these words."""
        if not words:
            return frozenset()
        told = or_(*(getattr(VersionRow, name).contains(word, autoescape=True) for name in _TEXTS for word in words))
        blocks = or_(*(ExtraLine.text.contains(word, autoescape=True) for word in words))
        texts = select(VersionRow.id).where(VersionRow.current, told)
        extras = select(ExtraLine.version_id).join(VersionRow, current(ExtraLine)).where(blocks)
        return frozenset(chain(self._connection.execute(texts).scalars(), self._connection.execute(extras).scalars()))

    def findings(self, rules: Collection[str] | None = None) -> list[Finding]:
        """What the checker found on the forms as they stand, by these rules."""
        query = _found(select(FindingRow, FormRow.form_id, VersionRow.project_name), rules)
        return [_finding(row) for row in self._connection.execute(query)]

    def found(self, rules: Collection[str] | None = None) -> list[FoundAt]:
        """Where the checker found anything by these rules, in the order of `findings`: for counting, at a tenth of what they cost."""
        found = self.found_columns()
        names, cells = found.rule_names, found.cell_names
        wanted = {number for number, name in enumerate(names) if rules is None or name in rules}
        columns = zip(found.ids, found.heads, found.rules, found.cells, strict=True)
        return [FoundAt(key, head, names[rule], cells[cell]) for key, head, rule, cell in columns if rule in wanted]

    def found_columns(self) -> FoundColumns:
        """The same of all rules, as it is kept."""
        return self._kept.found(self._connection)

    def findings_of(self, ids: Collection[int]) -> dict[int, Finding]:
        """What the checker says of what was found, by the ids of `found`."""
        query = _found(select(FindingRow, FormRow.form_id, VersionRow.project_name), None)
        return {row.id: _finding(row) for part in in_parts(query, FindingRow.id, ids) for row in self._connection.execute(part)}

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

    def _some(self, versions: Collection[int] | None) -> Collection[int] | None:
        """The versions to be named in queries; None for all of them, and where they are so many that reading all takes no longer."""
        return None if versions is None or len(versions) > max(AT_A_TIME, len(self.heads) // 2) else versions


@contextmanager
def without_collecting() -> Iterator[None]:
    """No garbage is collected meanwhile: a question makes a hundred thousand small records, none in circles, and Python would go through
    all that is kept of the forms again and again because of them. It took a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _found(query: Any, rules: Collection[str] | None) -> Any:
    """The query over findings of forms as they stand, form by form in the order they were first read."""
    joined = (
        query.select_from(FindingRow)
        .join(FormRow, FormRow.id == FindingRow.form_pk)
        .join(VersionRow, (VersionRow.form_pk == FormRow.id) & VersionRow.current)
        .order_by(FormRow.id, FindingRow.across, FindingRow.id)
    )
    return joined if rules is None else joined.where(FindingRow.rule.in_(list(rules)))


def _finding(row: AnyRow) -> Finding:
    own = {name: getattr(row, name) for name in ("form_id", "project_name", "rule", "severity", "cell", "message", "computed", "basis")}
    return Finding(**own)


def _spot(rows: Sequence[AnyRow]) -> Spot:
    first = rows[0]
    box = None if first.x0 is None else (float(first.x0), float(first.y0), float(first.x1), float(first.y1))
    return Spot("".join(row.text for row in rows), first.page, box)
