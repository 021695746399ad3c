"""`python -m eval.retrieval HOME QUESTIONS.jsonl --gold DIR`: does retrieval find the passages that questions are answered from?

Counted are questions whose evidence lies in at most k passages: of those with more, no k passages could hold all. Three ways are measured
side by side: the search alone; the search among the forms that the planner reads out of the question; and the retrieval of the product,
where passages that the plan chooses in the tables stand beside both. The last one is about as good as the plan is, so it says little about
the search.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from agents.answer.ask import Asker
from agents.finder import IndexFinder
from agents.retrieve import Passage, Place, Retrieval, place_of
from schema.canonical import read_forms
from schema.errors import UsageError
from schema.form import Form
from schema.record import Record
from schema.text import fold
from store.store import Store

WAYS = ("search", "scope", "plan")
_NAMED_ROW = re.compile(r"indicators\[(?P<name>.*)\]\.(?P<field>\w+)\Z")
Wanted = frozenset[Place]
Found = Mapping[str, Sequence[Place]]
"""Places by way, best first."""


@dataclass(frozen=True)
class Question:
    """A question and the passages that hold its evidence, one entry per piece: any of its places will do (rows may share a name)."""

    id: str
    kind: str
    text: str
    evidence: tuple[Wanted, ...]


@dataclass(frozen=True)
class Score:
    """One question by one way.

    Attributes:
        recall: the share of its pieces of evidence among the first k passages.
        reciprocal: 1 by the place of the first passage that holds any; 0 where none does.
        gain: nDCG: pieces held by the first k passages, each counted once and for less the later it comes (by log2 of its place + 1), by
            what the best order would give.
    """

    recall: float
    reciprocal: float
    gain: float = 0.0


class RetrievalFigures(Record):
    """One way over the questions of one type, or of all: means of their scores."""

    questions: int
    recall: float
    mrr: float
    ndcg: float


class WayFigures(Record):
    """One way to find passages: over all questions, and by type."""

    all: RetrievalFigures
    types: dict[str, RetrievalFigures]


class RetrievalRecord(Record):
    """What retrieval finds among the first k passages, by way (`WAYS`).

    Attributes:
        questions: in the set; `counted` of them have evidence, and in at most k passages.
    """

    k: int
    questions: int
    counted: int
    ways: dict[str, WayFigures]


def main(argv: list[str] | None = None) -> int:
    """Measure and print; 0 where the product's retrieval reaches the target."""
    options = _parser().parse_args(argv)
    console = Console(highlight=False, markup=False)
    with Store.open(options.home, create=False) as store:
        gold = gold_ids(options.gold, store) if options.gold else {}
        questions = list(read_questions(options.questions, {form.form_id: form for form in store.iter_forms()}, gold))
    counted = countable(questions, options.k)
    scores = measure(options.home, counted, options.k)
    console.print(f"{len(counted)} of {len(questions)} questions have evidence in at most {options.k} passages.\n")
    for line in table(counted, scores, options.k):
        console.print(line, soft_wrap=True)
    for question, score in zip(counted, scores["plan"], strict=True):
        if score.recall < 1 and options.missed:
            console.print(f"missed {1 - score.recall:.0%}: {question.id} {question.text}", soft_wrap=True)
    return 0 if _mean(score.recall for score in scores["plan"]) >= options.target else 1


def retrieval_figures(home: Path, questions: Sequence[Question], k: int = 10) -> RetrievalRecord:
    """The figures of a question set over a home, for the record of a run.

    Args:
        questions: from `read_questions`.
    """
    counted = countable(questions, k)
    scores = measure(home, counted, k)
    ways = {way: _way(counted, scores[way]) for way in WAYS}
    return RetrievalRecord(k=k, questions=len(questions), counted=len(counted), ways=ways)


def countable(questions: Iterable[Question], k: int) -> list[Question]:
    """The questions whose evidence k passages can hold."""
    return [question for question in questions if 0 < len(set(question.evidence)) <= k]


def _way(questions: Sequence[Question], scores: Sequence[Score]) -> WayFigures:
    types = {
        kind: [score for question, score in zip(questions, scores, strict=True) if question.kind == kind] for kind in _kinds(questions)
    }
    return WayFigures(all=_figures(scores), types={kind: _figures(held) for kind, held in types.items()})


def _figures(scores: Sequence[Score]) -> RetrievalFigures:
    recall, mrr, ndcg = (round(_mean(getattr(score, name) for score in scores), 6) for name in ("recall", "reciprocal", "gain"))
    return RetrievalFigures(questions=len(scores), recall=recall, mrr=mrr, ndcg=ndcg)


def _kinds(questions: Sequence[Question]) -> list[str]:
    return list(dict.fromkeys(question.kind for question in questions))


def measure(home: Path, questions: Sequence[Question], k: int) -> dict[str, list[Score]]:
    """Every question by every way; scores in the order of the questions."""
    scores: dict[str, list[Score]] = {way: [] for way in WAYS}
    with Asker.open(home) as asker, Store.open(home, create=False) as store, IndexFinder(store, os.environ) as finder:
        retrieval = Retrieval(store, finder)
        for question in questions:
            query = asker.planned(question.text)
            ways: dict[str, Callable[[], list[Passage]]] = {
                "search": lambda text=question.text: retrieval.search(text, k=k),  # type: ignore[misc]
                "scope": lambda text=question.text, query=query: retrieval.among_meant(query, text, k),  # type: ignore[misc]
                "plan": lambda text=question.text, query=query: retrieval.for_query(query, text, k),  # type: ignore[misc]
            }
            for way, found in ways.items():
                places = [Place(passage.form_id, passage.kind, passage.row) for passage in found()]
                scores[way].append(score(question.evidence, places, k))
    return scores


def score(evidence: Sequence[Wanted], found: Sequence[Place], k: int) -> Score:
    """How much of the evidence is found among the first k, and how early the first of it."""
    pieces = set(evidence)
    first = frozenset(found[:k])
    held = sum(bool(piece & first) for piece in pieces)
    places = (place for place, one in enumerate(found[:k], 1) if any(one in piece for piece in pieces))
    # A passage that holds two pieces may bring more than the best order of one each.
    gain = min(1.0, _gain(pieces, found[:k]) / _best_gain(len(pieces), k))
    return Score(held / len(pieces), 1 / next(places, float("inf")), gain)


def _gain(pieces: set[Wanted], found: Sequence[Place]) -> float:
    """The worth of an order: for each piece, by the place of the first passage that holds it."""
    return sum(_worth(next((place for place, one in enumerate(found, 1) if one in piece), None)) for piece in pieces)


def _best_gain(pieces: int, k: int) -> float:
    return sum(_worth(place) for place in range(1, min(pieces, k) + 1))


def _worth(place: int | None) -> float:
    return 1 / math.log2(place + 1) if place is not None else 0.0


def read_questions(path: Path, forms: Mapping[str, Form], gold: Mapping[str, str]) -> Iterable[Question]:
    """The questions of a file with the passages of these stored forms that hold their evidence.

    Args:
        path: JSONL with id, type, question and evidence, a list of form_id and cell; `indicators[NAME].FIELD` means rows of that name.
        gold: stored ids by the ids of the file, where they differ.

    Raises:
        UsageError: evidence names a form, or a row, that is not there.
    """
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        one = json.loads(line)
        pieces = tuple(_places(piece, forms, gold) for piece in one.get("evidence") or ())
        yield Question(one["id"], one["type"], one["question"], tuple(dict.fromkeys(pieces)))


def table(questions: Sequence[Question], scores: Mapping[str, Sequence[Score]], k: int) -> Iterable[str]:
    """A row per type of question and one for all, as Markdown: recall, mean reciprocal rank and nDCG by each way."""
    yield "| type | n | " + " | ".join(f"{way} recall@{k} | {way} MRR | {way} nDCG@{k}" for way in WAYS) + " |"
    yield "|---" * (2 + 3 * len(WAYS)) + "|"
    ways = [_way(questions, scores[way]) for way in WAYS]
    for kind in (*_kinds(questions), None):
        rows = [way.types[kind] if kind is not None else way.all for way in ways]
        cells = " | ".join(f"{row.recall:.3f} | {row.mrr:.3f} | {row.ndcg:.3f}" for row in rows)
        yield f"| {kind or 'all'} | {rows[0].questions} | {cells} |"


def _places(piece: Mapping[str, Any], forms: Mapping[str, Form], gold: Mapping[str, str]) -> Wanted:
    form_id = gold.get(piece["form_id"], piece["form_id"])
    if form_id not in forms:
        raise UsageError(f"没有表 {piece['form_id']}。请检查 --gold 和数据文件夹是否对应。")
    m = _NAMED_ROW.match(piece["cell"])
    if not m or m["name"].isdigit():
        return frozenset({place_of(form_id, piece["cell"])})
    rows = [i for i, row in enumerate(forms[form_id].indicators) if fold(row.name) == fold(m["name"])]
    if not rows:
        raise UsageError(f"表 {form_id} 没有指标 {m['name']}。")
    return frozenset(place_of(form_id, f"indicators[{i}].{m['field']}") for i in rows)


def gold_ids(folder: Path, store: Store) -> dict[str, str]:
    """Stored ids by those of gold files: the same project, unit and year."""
    stored = {_identity(form): form.form_id for form in store.iter_forms()}
    forms = [form for path in sorted(folder.glob("*.json")) for form in read_forms(path)]
    return {form.form_id: stored[_identity(form)] for form in forms if _identity(form) in stored}


def _identity(form: Form) -> tuple[object, ...]:
    return fold(form.project_name), fold(form.implementing_unit), form.fiscal_year


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held) if held else 0.0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.retrieval", description="Recall and reciprocal rank of retrieval.")
    parser.add_argument("home", type=Path, help="home with the forms the questions are about")
    parser.add_argument("questions", type=Path, help="JSONL with id, type, question, evidence")
    parser.add_argument("--gold", type=Path, help="folder of the gold forms whose ids the evidence uses")
    parser.add_argument("-k", type=int, default=10, help="passages that count")
    parser.add_argument("--target", type=float, default=0.95, help="recall of the product's retrieval that is wanted; exit code 1 below")
    parser.add_argument("--missed", action="store_true", help="list the questions whose evidence is not all found")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
