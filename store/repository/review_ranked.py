"""All marked cells in the order of the queue, kept between questions: over tens of thousands of marks to make it takes a second or more.

A version never changes, so when forms change only the marks of other versions are read, and only cells of forms that changed, or on
which something else was found, are ranked anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from store.columns import AnyRow
from store.facts_kept import AT_A_TIME, in_parts
from store.models import FindingRow, FormRow, FundingLine, MarkLine, VersionRow
from store.repository.review_order import CLASSES, Found, class_of, hold_of, plain_reason, rank, row_number
from store.review_records import CellClass, Hold, ReviewFacets, Share
from store.state import known_stamp

_YUAN = {"万元": 10_000, "元": 1, "亿元": 10**8, "千元": 1000}
_MOST_SHARES = 300
"""Choices of one filter that are offered; who has more of them types."""


class Head(NamedTuple):
    """Of a form with marks, what filters and order ask of it; plain, as there may be a hundred thousand marks."""

    form_pk: int
    version_id: int
    form_id: str
    name: str
    department: str
    yuan: int


class Marked(NamedTuple):
    """A marked cell in its place."""

    key: tuple[int, ...]
    """Smaller comes first."""
    head: Head
    cell: str
    hold: Hold
    kind: CellClass
    reason: str
    """Without what is of this cell only."""


class Ranked(NamedTuple):
    """One state of the queue."""

    cells: Sequence[Marked] = ()
    facets: ReviewFacets = ReviewFacets()


class _Form(NamedTuple):
    head: Head
    found: Sequence[Found]
    cells: Sequence[Marked]


class KeptOrder:
    """The queue of one store. Threads may ask for it at the same time."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._stamp: tuple[Any, ...] | None = None
        self._forms: dict[int, _Form] = {}
        self._ranked = Ranked()

    def at(self, connection: Connection) -> Ranked:
        """The queue as the connection sees the tables; cheap when they are as they were."""
        with self._turn:
            now = known_stamp(connection)
            if now != self._stamp:
                self._refresh(connection)
                self._stamp = now
            return self._ranked

    def _refresh(self, connection: Connection) -> None:
        heads = {row.form_pk: _head(row) for row in connection.execute(_HEADS)}
        found = _found(connection)
        changed = {key for key, head in heads.items() if not _same(self._forms.get(key), head, found.get(key, ()))}
        stale = changed | (self._forms.keys() - heads.keys())
        if not stale and self._stamp is not None:
            return
        marks = _marks(connection, [heads[key].version_id for key in changed], whole=len(changed) > max(AT_A_TIME, len(heads) // 2))
        kept = {key: form for key, form in self._forms.items() if key not in stale}
        fresh = {key: _ranked_form(heads[key], found.get(key, ()), marks[heads[key].version_id]) for key in changed}
        self._forms = kept | fresh
        cells = [mark for mark in self._ranked.cells if mark.head.form_pk not in stale]
        for form in fresh.values():
            cells.extend(form.cells)
        # What stays is in order already, which makes this cheap. Keys are unique, so nothing else is compared.
        cells.sort()
        self._ranked = Ranked(cells, _facets(cells, self._forms.values()))


_HEADS = (
    select(
        VersionRow.id.label("version_id"),
        VersionRow.form_pk,
        FormRow.form_id,
        VersionRow.project_name,
        VersionRow.fiscal_year,
        VersionRow.department,
        VersionRow.unit_of_money,
        FundingLine.adjusted_budget,
    )
    .join(FormRow, FormRow.id == VersionRow.form_pk)
    .outerjoin(FundingLine, (FundingLine.version_id == VersionRow.id) & (FundingLine.row == "total"))
    .where(VersionRow.current, VersionRow.review_count > 0)
)


def _head(row: AnyRow) -> Head:
    name = f"{row.project_name or '（无项目名称）'}（{row.fiscal_year or '无年度'}）"
    yuan = int((row.adjusted_budget or Decimal(0)) * _YUAN.get(row.unit_of_money or "万元", 10_000))
    return Head(row.form_pk, row.version_id, row.form_id, name, row.department or "", yuan)


def _found(connection: Connection) -> Mapping[int, list[Found]]:
    doubtful = select(VersionRow.form_pk).where(VersionRow.current, VersionRow.review_count > 0)
    query = select(FindingRow.form_pk, FindingRow.rule, FindingRow.severity, FindingRow.cell).where(FindingRow.form_pk.in_(doubtful))
    found: dict[int, list[Found]] = defaultdict(list)
    for form_pk, rule, severity, cell in connection.execute(query.order_by(FindingRow.form_pk, FindingRow.id)):
        found[form_pk].append(Found(rule, severity, cell))
    return found


def _same(kept: _Form | None, head: Head, found: Sequence[Found]) -> bool:
    return kept is not None and kept.head == head and list(kept.found) == list(found)


def _marks(connection: Connection, versions: Collection[int], *, whole: bool) -> Mapping[int, list[tuple[str, str, int]]]:
    """Cell, reason and position of the marks of these versions; of a cell with two reasons the first one, as one word settles both."""
    query = select(MarkLine.version_id, MarkLine.cell, MarkLine.reason, MarkLine.position)
    wanted, seen = frozenset(versions), set[tuple[int, str]]()
    marks: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for part in in_parts(query.order_by(MarkLine.version_id, MarkLine.position), MarkLine.version_id, None if whole else wanted):
        for version_id, cell, reason, position in connection.execute(part):
            if version_id in wanted and (version_id, cell) not in seen:
                seen.add((version_id, cell))
                marks[version_id].append((cell, reason, position))
    return marks


def _ranked_form(head: Head, found: Sequence[Found], marks: Sequence[tuple[str, str, int]]) -> _Form:
    cells = []
    for cell, reason, position in marks:
        hold, kind = hold_of(cell, reason, found), class_of(cell)
        key = (*rank(hold, kind, head.yuan), head.form_pk, row_number(cell), position)
        cells.append(Marked(key, head, cell, hold, kind, plain_reason(reason)))
    return _Form(head, found, cells)


def _facets(cells: Sequence[Marked], forms: Collection[_Form]) -> ReviewFacets:
    largest = sorted(forms, key=lambda form: (-len(form.cells), form.head.form_pk))
    departments: Counter[str] = Counter()
    for form in forms:
        departments[form.head.department] += len(form.cells)
    reasons = Counter([mark.reason for mark in cells])
    kinds = Counter([mark.kind for mark in cells])
    return ReviewFacets(
        forms=tuple(Share(value=one.head.form_id, label=one.head.name, count=len(one.cells)) for one in largest[:_MOST_SHARES]),
        departments=tuple(Share(value=key, label=key, count=n) for key, n in departments.most_common(_MOST_SHARES) if key),
        kinds=tuple(Share(value=kind, label=kind, count=kinds[kind]) for kind in CLASSES if kinds[kind]),
        reasons=tuple(Share(value=key, label=key, count=n) for key, n in reasons.most_common(_MOST_SHARES)),
    )
