"""What the forms say to a question, as passages with their places: found by the index alone, or by the plan of the question.

    with Store.open(home) as store, IndexFinder(store, os.environ) as finder:
        passages = Retrieval(store, finder).for_query(query, question)
        documents = FormRetriever(retrieval=Retrieval(store, finder)).for_query(query).invoke(question)

A set question (which projects have the grade 良) is no matter of likeness: what its conditions choose in the tables stands beside what a
search finds, and counts as much as two of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from agents.answer.execute.execution import execute
from agents.answer.execute.records import Result, shown_lines
from agents.answer.execute.scope import forms_in
from agents.answer.query import Query
from agents.finder import IndexFinder
from store.facts import Facts, Session
from store.store import Store

if TYPE_CHECKING:
    from store.index import Chunk, ChunkFilter

USUAL = 10
CANDIDATES = 30
"""Passages that each way proposes."""
PLAN_SHARE, STEADINESS = 2.0, 5
"""What a place in the plan counts against one in a search, and how little the very first places count above the next ones."""
_ROW = re.compile(r"(indicators|extras)\[(\d+)\]")
_TEXTS = {"expected_goal": "goal", "actual_result": "result"}
PLAN = "plan"
"""How a passage was found that the question's conditions chose in the tables; the other ways are those of store.index.records.How."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One meaning of a form: an indicator row with its explanation, a goal, a result, the head, a block without a slot.

    Attributes:
        id: of the chunk.
        cell: the address that evidence is shown for.
        row: the index of the indicator or extra; None for the other kinds.
        page: where the cell stands, from 1; None where the document has no pages.
        text: what is printed, a line per cell.
        how: by what it was found: plan, text, terms, dense.
    """

    id: str
    form_id: str
    cell: str
    kind: str
    row: int | None
    project: str | None
    unit: str | None
    year: int | None
    page: int | None
    text: str
    how: tuple[str, ...]


class Place(NamedTuple):
    """Which chunk of a form holds a cell."""

    form_id: str
    kind: str
    row: int | None


class Retrieval:
    """Passages of the forms of one store.

    Args:
        finder: its `notice` says what a call went without.
    """

    def __init__(self, store: Store, finder: IndexFinder) -> None:
        self._facts = Facts(store)
        self._finder = finder

    def search(self, text: str, forms: Sequence[str] | None = None, k: int = USUAL, wanted: ChunkFilter | None = None) -> list[Passage]:
        """The passages that are most about a text, best first; see agents.finder."""
        return [_passage(hit.chunk, hit.how) for hit in self._finder.search(text, forms, k, wanted)]

    def for_query(self, query: Query, text: str, k: int = USUAL) -> list[Passage]:
        """The passages that a planned question needs: what its conditions choose, in the order of the answer, beside what a search among
        the forms that are meant, and one among all forms, find for its text. Places are fused, so that a plan that misread the question
        does not push out what the words find.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._facts.session() as session:
            chosen = self._chosen(execute(query, session), CANDIDATES)
            forms = meant_forms(query, session)
        everywhere = self.search(text, None, CANDIDATES)
        meant = self.search(text, forms, CANDIDATES) if forms is not None else everywhere
        return _fused(((chosen, PLAN_SHARE), (meant, 1.0), (everywhere, 1.0)))[:k]

    def among_meant(self, query: Query, text: str, k: int = USUAL) -> list[Passage]:
        """The search alone, among the forms that a planned question means: what the tables answer is left aside."""
        with self._facts.session() as session:
            forms = meant_forms(query, session)
        return self.search(text, forms, k)

    def _chosen(self, result: Result, k: int) -> list[Passage]:
        from store.index import ChunkFilter  # noqa: PLC0415 - see agents.finder

        places = list(islice(dict.fromkeys(places_of(result)), k))
        if not places:
            return []
        forms = tuple(dict.fromkeys(place.form_id for place in places))
        held = {Place(chunk.form_id, chunk.kind, chunk.row): chunk for chunk in self._finder.chunks(ChunkFilter(forms=forms))}
        return [_passage(held[place], (PLAN,)) for place in places if place in held]


class FormRetriever(BaseRetriever):
    """LangChain's view of a Retrieval: texts to Documents.

    A Document's content is what is printed; its metadata: form_id, cell, kind, row, page, project, unit, year, how (a list).

    Attributes:
        k: Documents at the most.
        query: the plan of the question that will be asked; None searches by the text alone.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retrieval: Retrieval
    k: int = USUAL
    query: Query | None = None

    def for_query(self, query: Query) -> Self:
        """The same retriever for one planned question."""
        return self.model_copy(update={"query": query})

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002
        planned = self.query
        found = self.retrieval.search(query, k=self.k) if planned is None else self.retrieval.for_query(planned, query, self.k)
        return [as_document(passage) for passage in found]


def as_document(passage: Passage) -> Document:
    """A passage as LangChain's Document; what is not known is left out of its metadata."""
    values: dict[str, Any] = {
        name: getattr(passage, name) for name in ("form_id", "cell", "kind", "row", "page", "project", "unit", "year")
    }
    metadata = {name: value for name, value in values.items() if value is not None} | {"how": list(passage.how)}
    return Document(page_content=passage.text, metadata=metadata, id=passage.id)


def place_of(form_id: str, cell: str) -> Place:
    """The chunk that holds a cell; see store.index.chunks."""
    m = _ROW.match(cell)
    if m:
        return Place(form_id, "indicator" if m[1] == "indicators" else "extra", int(m[2]))
    return Place(form_id, _TEXTS.get(cell, "head"), None)


def places_of(result: Result) -> Iterable[Place]:
    """The chunks a result stands on, in the order it is told."""
    for line in shown_lines(result):
        if line.row is not None:
            yield place_of(line.form.form_id, line.row.cell("name"))
        for fact in line.facts:
            yield place_of(*fact.key)
        if line.row is None and not line.facts:
            yield place_of(line.form.form_id, "project_name")


def meant_forms(query: Query, session: Session) -> tuple[str, ...] | None:
    """Ids of the forms a query looks at; None where that is all of them, or where it names what there is not."""
    scopes = query.sides or (query.scope,)
    found = {head.form_id: head for scope in scopes for head in forms_in(forms_in(session.heads, query.scope), scope)}
    return tuple(found) if found and len(found) < len(session.heads) else None


def _fused(rankings: Iterable[tuple[Sequence[Passage], float]]) -> list[Passage]:
    """Reciprocal rank fusion of rankings with their shares; a passage keeps every way it was found by."""
    scores: dict[str, float] = defaultdict(float)
    held: dict[str, Passage] = {}
    for ranking, share in rankings:
        for place, passage in enumerate(ranking, 1):
            scores[passage.id] += share / (STEADINESS + place)
            before = held.get(passage.id)
            how = (*before.how, *passage.how) if before else passage.how
            held[passage.id] = replace(passage, how=tuple(dict.fromkeys(how)))
    return sorted(held.values(), key=lambda passage: -scores[passage.id])


def _passage(chunk: Chunk, how: tuple[str, ...]) -> Passage:
    return Passage(
        id=chunk.id,
        form_id=chunk.form_id,
        cell=chunk.cell,
        kind=chunk.kind,
        row=chunk.row,
        project=chunk.project,
        unit=chunk.unit,
        year=chunk.year,
        page=chunk.page,
        text=chunk.text,
        how=how,
    )
