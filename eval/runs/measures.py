"""What a run measures beside reading: places, the checker, answers, retrieval, and how wide its figures are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from agents.answer.answer import Answer
from agents.answer.ask import Asker
from eval.dataset.making import SetDocument
from eval.dataset.manifest import Dataset
from eval.degrade.tool import read_truth
from eval.metrics.answers import AnswerResult, judge_all
from eval.metrics.bootstrap import Interval, extraction_parts, interval
from eval.metrics.checker import CheckerFigures, checker_figures, find_false_alarms, plant_everywhere
from eval.metrics.compare import FormResult
from eval.metrics.grounding import CellGrounding, Grounding, ground, grounding_figures
from eval.metrics.judging import read_questions
from eval.metrics.pagetext import PdfPages
from eval.metrics.quoted import Forms
from eval.metrics.references import References, carried, find_references
from eval.retrieval import RetrievalRecord, gold_ids, retrieval_figures
from eval.retrieval import read_questions as read_evidence
from eval.synthesis.forms import make_forms
from schema.checks.profile import load_profile
from schema.form import Form
from store.store import Store

CLEAN_FORMS = 100
"""Made-up forms without a fault, on which every finding is a false alarm."""


class Grounds:
    """Where the values of documents stand, looked up once for a document and all the copies made of it: a third of a second a page."""

    def __init__(self) -> None:
        self._found: dict[Path, dict[str, References]] = {}

    def measure(self, documents: Sequence[SetDocument], results: Sequence[FormResult], forms: Sequence[Form]) -> Grounding | None:
        """Whether values stand where their evidence says; None where no document of the set has pages (dumps)."""
        references: dict[str, References] = {}
        for one in documents:
            if one.path.suffix == ".pdf":
                found = self._references(one)
                placements = read_truth(one.truth) if one.truth is not None else None
                references |= found if placements is None else {form: carried(places, placements) for form, places in found.items()}
        if not references:
            return None
        read = {form.form_id: form for form in forms}
        pages = PdfPages() if all(one.truth is None for one in documents) else None
        try:
            return grounding_figures(_grounded(results, read, references, pages))
        finally:
            if pages is not None:
                pages.close()

    def _references(self, one: SetDocument) -> dict[str, References]:
        if one.original not in self._found:
            self._found[one.original] = find_references(one.original, one.gold)
        return self._found[one.original]


def _grounded(
    results: Iterable[FormResult], read: dict[str, Form], references: dict[str, References], pages: PdfPages | None
) -> Iterable[CellGrounding]:
    for result in results:
        if result.read is not None and result.form in references:
            yield from ground(result, read[result.read], references[result.form], pages)


def intervals_of(results: Sequence[FormResult], seed: int) -> dict[str, Interval]:
    """The interval of every figure of reading, forms drawn anew; of no more than one form there is none."""
    return {name: interval(parts, seed=seed) for name, parts in extraction_parts(results).items()} if len(results) > 1 else {}


def check_of(dataset: Dataset, seed: int) -> CheckerFigures:
    """Faults of every rule planted in every gold form; and findings on made-up forms that have no fault."""
    profile = load_profile()
    gold = {form.form_id: form for chosen in dataset.manifest.sets for path in dataset.documents(chosen) for form in dataset.gold(path)}
    alarms = find_false_alarms(make_forms(CLEAN_FORMS, seed), profile)
    return checker_figures(plant_everywhere(gold.values(), (seed,), profile), alarms, CLEAN_FORMS)


def answers_of(home: Path, questions: Path) -> list[AnswerResult]:
    """Every question of a file asked over a home, without a model, and judged."""
    asked = read_questions(questions)
    answers: dict[str, Answer] = {}
    with Asker.open(home) as asker:
        for question in asked:
            answers[question.id] = asker.turn(question.question).answer
    with Store.open(home, create=False) as store:
        forms = Forms(list(store.iter_forms()))
    pages = PdfPages()
    try:
        return judge_all(asked, answers, forms, pages)
    finally:
        pages.close()


def retrieved(home: Path, dataset: Dataset, questions: Path) -> RetrievalRecord:
    """Whether the passages that hold the evidence are found."""
    with Store.open(home, create=False) as store:
        known = gold_ids(dataset.root / dataset.manifest.gold, store)
        asked = list(read_evidence(questions, {form.form_id: form for form in store.iter_forms()}, known))
    return retrieval_figures(home, asked)
