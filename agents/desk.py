"""The forms of a store as a conversation handles them: reads that give small records with ids to cite.

    with Store.open(home) as store, IndexFinder(store, os.environ) as finder:
        desk = Desk(store, finder)
        desk.query_forms(Query(intent="rank", measures=("execution_rate",), order="asc", limit=3))
        desk.read_form("F1", ("funding.total",))

Forms are called F1, F2, … in the order in which they first came up, which stays so as long as the desk. Agents call the reads as tools
(agents.tools), an MCP server may hand them on; nothing here knows of either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from threading import Lock
from typing import NamedTuple

from agents.answer.execute.execution import execute
from agents.answer.execute.records import Result
from agents.answer.execute.scope import forms_in
from agents.answer.query import Query, Scope
from agents.desk_records import (
    MOST,
    Explained,
    FindingFilter,
    FindingsText,
    FindingText,
    FormFilter,
    FormText,
    PassageText,
    SearchText,
    SheetText,
    TableText,
    TextFilter,
)
from agents.desk_tables import Names, sheet, table
from agents.finder import IndexFinder
from agents.retrieve import Retrieval
from schema.cells import get_cell
from schema.checks import RULES
from schema.errors import UsageError
from schema.text import fold, is_blank
from store.facts import Facts, Head
from store.store import Store

_CELL = re.compile(r"(?P<form>[^.]+)\.(?P<cell>.+)\Z")
_PASSAGES = 20
_ORDER = {"error": 0, "warning": 1, "info": 2}
_OFFERED = 5
_SHORTEST_PART = 2


class CellId(NamedTuple):
    """Which cell an id cites."""

    form_id: str
    cell: str


class Desk:
    """Reads over one store. Threads may share it.

    Args:
        store, finder: they have to stay open as long as the desk.
    """

    def __init__(self, store: Store, finder: IndexFinder) -> None:
        self._store = store
        self._finder = finder
        self._facts = Facts(store)
        self._retrieval = Retrieval(store, finder)
        self._handles: dict[str, str] = {}
        self._called: dict[str, str] = {}
        self._lock, self._naming = Lock(), Lock()

    def query_forms(self, query: Query, limit: int = 20) -> TableText:
        """A typed query over the tables, carried out by code.

        Args:
            query: names of forms and units in it may be ids of the desk or parts of names.
            limit: rows at the most, 1 to 50.

        Raises:
            UsageError: a form or unit is meant that is not stored.
            StoreError: the store cannot be read.
        """
        return table(self._executed(query), self._form_text, bounded(limit))

    def search_text(self, topic: str, filters: TextFilter | None = None, limit: int = 8) -> SearchText:
        """Passages about a topic, best first.

        Args:
            limit: passages at the most, 1 to 20.

        Raises:
            UsageError: a form or unit is meant that is not stored.
            StoreError: the store cannot be read.
        """
        from store.index import ChunkFilter  # noqa: PLC0415 - see agents.finder

        wanted = filters or TextFilter()
        chunks = ChunkFilter(kinds=wanted.kinds or None, lost=wanted.lost, deviation=wanted.explained)
        with self._lock:
            forms = self._forms(wanted)
            self._finder.notice = None
            ids = None if forms is None else tuple(head.form_id for head in forms)
            found = self._retrieval.search(topic, ids, min(_PASSAGES, bounded(limit)), chunks)
            notice = self._finder.notice
        passages = tuple(
            PassageText(
                id=f"{self._handle(one.form_id)}.{one.cell}",
                form=FormText(id=self._handle(one.form_id), project=one.project, unit=one.unit, year=one.year),
                kind=one.kind,
                page=one.page,
                text=one.text,
                found_by=one.how,
            )
            for one in found
        )
        return SearchText(passages=passages, notice=notice)

    def read_form(self, form: str, cells: Sequence[str] = ()) -> SheetText:
        """One form as it stands.

        Args:
            form: an id, or a project name, or part of one.
            cells: addresses or beginnings of addresses (`funding`, `indicators[3]`, `total_score`); none for the whole form.

        Raises:
            UsageError: no such form, several, or none of the cells.
            StoreError: the store cannot be read.
        """
        found = self._store.get(self._form_id(form) or form)
        unit = found.implementing_unit or found.department
        head = FormText(id=self._handle(found.form_id), project=found.project_name, unit=unit, year=found.fiscal_year)
        return sheet(found, head, tuple(cells), MOST)

    def list_findings(self, filters: FindingFilter | None = None, limit: int = 20) -> FindingsText:
        """What the checker found, errors first.

        Args:
            limit: findings at the most, 1 to 50.

        Raises:
            UsageError: a form, unit or rule is meant that there is not.
            StoreError: the store cannot be read.
        """
        wanted = filters or FindingFilter()
        if unknown := [rule for rule in wanted.rules if rule not in RULES]:
            raise UsageError(f"没有规则 {unknown[0]}。现有：{'、'.join(RULES)}。")
        with self._lock, self._facts.session() as session:
            chosen = self._chosen(wanted, session.heads)
            heads = {head.form_id: head for head in chosen}
            found = [one for one in session.findings(wanted.rules or None) if one.form_id in heads]
        found = [one for one in found if not wanted.severities or one.severity in wanted.severities]
        found.sort(key=lambda one: _ORDER[one.severity])
        shown = tuple(
            FindingText(
                id=f"{self._handle(one.form_id)}.{one.cell}",
                form=self._form_text(heads[one.form_id]),
                rule=one.rule,
                title=RULES[one.rule].title,
                severity=one.severity,
                message=one.message,
            )
            for one in found[: bounded(limit)]
        )
        by_rule: dict[str, int] = {}
        for one in found:
            by_rule[one.rule] = by_rule.get(one.rule, 0) + 1
        return FindingsText(total=len(found), by_rule=by_rule, findings=shown)

    def explained(self, filters: FormFilter) -> list[Explained]:
        """Every indicator in scope that lost points and says why.

        Raises:
            UsageError: a form or unit is meant that is not stored.
            StoreError: the store cannot be read.
        """
        with self._lock, self._facts.session() as session:
            heads = {head.version_id: head for head in self._chosen(filters, session.heads)}
            rows = session.rows(list(heads), deviation=True)
        return [
            Explained(
                id=f"{self._handle(heads[row.version_id].form_id)}.{row.cell('deviation')}",
                form=self._form_text(heads[row.version_id]),
                indicator=row.name,
                lost=row.lost or Decimal(0),
                text=row.deviation or "",
            )
            for row in rows
            if (row.lost or 0) > 0 and not is_blank(row.deviation)
        ]

    def cited(self, reference: str) -> CellId:
        """The cell that an id of the desk cites.

        Raises:
            UsageError: it is no id, no form was called so, or the form has no such cell.
            StoreError: the store cannot be read.
        """
        m = _CELL.match(reference.strip())
        form_id = self._form_id(m["form"]) if m else None
        if m is None or form_id is None:
            raise UsageError(f"没有 {reference!r} 这个出处。写法如 F3.indicators[4].score。")
        get_cell(self._store.get(form_id), m["cell"])
        return CellId(form_id, m["cell"])

    def _executed(self, query: Query) -> Result:
        with self._lock, self._facts.session() as session:
            sides = tuple(self._settled(side, session.heads) for side in query.sides)
            settled = query.model_copy(update={"scope": self._settled(query.scope, session.heads), "sides": sides})
            return execute(settled, session)

    # Names

    def _handle(self, form_id: str) -> str:
        with self._naming:
            handle = self._handles.setdefault(form_id, f"F{len(self._handles) + 1}")
            self._called[handle] = form_id
        return handle

    def _form_text(self, head: Head) -> FormText:
        unit = head.implementing_unit or head.department
        return FormText(id=self._handle(head.form_id), project=head.project_name, unit=unit, year=head.fiscal_year)

    def _form_id(self, said: str) -> str | None:
        return self._called.get(said.strip())

    def _forms(self, wanted: FormFilter) -> tuple[Head, ...] | None:
        """The forms that are meant; None for all."""
        with self._facts.session() as session:
            chosen = self._chosen(wanted, session.heads)
            return chosen if len(chosen) < len(session.heads) else None

    def _chosen(self, wanted: FormFilter, heads: Sequence[Head]) -> tuple[Head, ...]:
        return forms_in(heads, self._scope_of(wanted, heads))

    def _scope_of(self, wanted: FormFilter, heads: Sequence[Head]) -> Scope:
        return self._settled(Scope(forms=wanted.forms, units=wanted.units, years=wanted.years), heads)

    def _settled(self, scope: Scope, heads: Sequence[Head]) -> Scope:
        """A scope whose forms and units are those that are stored."""
        if not scope.forms and not scope.units:
            return scope
        names = Names(heads)
        forms = [self._form_id(said) or said for said in scope.forms]
        found = dict.fromkeys(one for said in forms for one in _meant(said, names.forms, "表"))
        units = dict.fromkeys(one for said in scope.units for one in _meant(said, names.units, "单位"))
        return scope.model_copy(update={"forms": tuple(found), "units": tuple(units)})


def _meant(said: str, names: Sequence[tuple[str, str]], what: str) -> Iterable[str]:
    """What a name means among (name, meaning): the same name, else all that hold it.

    Raises:
        UsageError: nothing; the message offers what is near.
    """
    wanted = fold(said)
    for fits in (lambda name: name == wanted, lambda name: len(wanted) >= _SHORTEST_PART and wanted in name):
        found = [meaning for name, meaning in names if fits(name)]
        if found:
            return found
    shared = sorted(((len(set(wanted) & set(name)), name) for name, _ in names), reverse=True)
    near = "、".join(dict.fromkeys(name for share, name in shared[:_OFFERED] if share > 1))
    raise UsageError(f"没有叫“{said}”的{what}。" + (f"相近的有：{near}。" if near else ""))


def bounded(limit: int) -> int:
    """How many entries a call gives that asks for so many."""
    return max(1, min(MOST, limit))
