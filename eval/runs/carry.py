"""Carrying a run out: each set read into a home of its own, then compared with gold. What is done already is not done again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from agents.modelling import ModelRun, model_run
from agents.models.price import Price
from agents.pipeline import Outcome, plan
from agents.pipeline import run as read_documents
from eval.bench.memory import PeakMemory
from eval.dataset.making import SetDocument, make_documents
from eval.dataset.manifest import Dataset, DocumentSet
from eval.metrics.answers import answer_figures
from eval.metrics.extraction import compare_all, figures
from eval.runs.faults import Faults
from eval.runs.folder import FORMS, Runs
from eval.runs.measures import Grounds, answers_of, check_of, intervals_of, retrieved
from eval.runs.record import ExtractorChoice, RunRecord, RunSettings, SetRun
from eval.runs.stamp import dataset_digest, make_stamp
from ingest.settings import Settings
from schema.canonical import dump_forms
from schema.errors import UsageError
from schema.form import Form
from store.export.atomic import replacing
from store.store import Store


@dataclass(frozen=True)
class Wish:
    """What a run is asked to do; see RunSettings.

    Attributes:
        budget: what a model may cost at most.
        faults: at least so many faults of a model's answers; None for one round of them (eval.runs.faults), 0 for none.
    """

    sets: tuple[str, ...] = ()
    quick: bool = False
    limit: int | None = None
    extractor: ExtractorChoice = "layout"
    budget: str | None = None
    seed: int = 1
    faults: int | None = None
    reading_only: bool = False


@dataclass(frozen=True)
class Step:
    """How far a run is: which set, what is being done, `done` of `total` documents of it."""

    set: str
    doing: str
    done: int
    total: int


Watch = Callable[[Step], None]
WORKERS: int | None = None
"""Processes that read; None for as many as pay off, 0 to read in this one."""


def carry_out(dataset: Dataset, runs: Runs, wish: Wish, environ: Mapping[str, str] = os.environ, watch: Watch | None = None) -> RunRecord:
    """Read, compare and keep; a run with the same settings that was broken off is gone on with.

    Raises:
        UsageError: a set is not in the dataset, a document or gold form is missing, or a model is insisted on and none is set.
        StoreError: the home cannot be written.
    """
    chosen = _chosen(dataset, wish)
    with model_run(runs.shared, environ, wish.extractor, wish.budget) as model:
        settings = RunSettings(
            dataset=dataset.manifest.name,
            dataset_sha256=dataset_digest(dataset),
            sets=tuple(one.name for one in chosen),
            quick=wish.quick,
            limit=wish.limit,
            extractor=wish.extractor,
            model=model.endpoint.model if model is not None else None,
            seed=wish.seed,
            faults=0 if wish.reading_only else 1 if wish.faults is None else wish.faults,
            reading_only=wish.reading_only,
        )
        record = runs.begin(settings, make_stamp())
        done = {one.name for one in record.sets}
        grounds = Grounds()
        for one in chosen:
            if one.name in done:
                continue
            work = _Work(dataset, runs, record, grounds, watch or (lambda _: None))
            record = record.model_copy(update={"sets": (*record.sets, work.read(one, wish, model))})
            runs.keep(record)
    beside = {} if wish.reading_only else _beside(dataset, runs, record, watch)
    record = record.model_copy(update={**beside, "finished_at": datetime.now(UTC)})
    runs.keep(record)
    return record


def _beside(dataset: Dataset, runs: Runs, record: RunRecord, watch: Watch | None) -> dict[str, object]:
    """The checker over the gold forms, faults of a model; answers and retrieval where all documents they are about were read."""
    tell = watch or (lambda _: None)
    settings = record.settings
    tell(Step("checker", "埋错并检查", 0, 0))
    out: dict[str, object] = {"checker": check_of(dataset, settings.seed)}
    if settings.faults:
        step = Faults(dataset, runs.shared, runs.of(record), settings.faults, settings.quick, settings.limit, settings.seed)
        out["injection"] = step.play(lambda doing, done, total: tell(Step("faults", doing, done, total)))
    over = dataset.manifest.questions_over
    sizes = {chosen.name: len(dataset.documents(chosen)) for chosen in dataset.manifest.sets}
    whole = {one.name for one in record.sets if one.documents == sizes[one.name]}
    if dataset.questions is not None and over is not None and over in whole:
        home = runs.of(record) / over / "home"
        tell(Step("questions", "提问", 0, 0))
        out["answers"] = answer_figures(answers_of(home, dataset.questions))
        tell(Step("questions", "检索", 0, 0))
        out["retrieval"] = retrieved(home, dataset, dataset.questions)
    return out


def _chosen(dataset: Dataset, wish: Wish) -> list[DocumentSet]:
    known = {one.name: one for one in dataset.manifest.sets}
    if absent := [name for name in wish.sets if name not in known]:
        raise UsageError(f"数据集 {dataset.manifest.name} 没有 {absent[0]} 这个集合，有 {'、'.join(known)}。")
    out = [known[name] for name in wish.sets] or [one for one in known.values() if not one.on_request]
    return [one for one in out if not wish.quick or one.quick]


@dataclass
class _Work:
    dataset: Dataset
    runs: Runs
    record: RunRecord
    grounds: Grounds
    watch: Watch

    def read(self, chosen: DocumentSet, wish: Wish, model: ModelRun | None) -> SetRun:
        """One set: its copies, its reading, its figures."""
        documents = make_documents(
            self.dataset, chosen, self.runs.shared, quick=wish.quick, told=lambda name: self._tell(chosen, f"制作 {name}", 0, 0)
        )
        documents = documents[: wish.limit]
        folder = self.runs.of(self.record) / chosen.name
        before = _spent(model)
        started = time.perf_counter()
        with PeakMemory() as peak, Store.open(folder / "home") as store:
            outcomes = list(self._outcomes(chosen, documents, store, model))
            forms = list(store.iter_forms())
            # Pages of documents that an earlier, broken off call has read are in the store only.
            pages = [page for summary in store.documents() if summary.sha256 for page in store.pages(summary.sha256)]
        seconds = time.perf_counter() - started
        _keep_forms(folder / FORMS, forms)
        compared = compare_all([form for one in documents for form in one.gold], forms)
        self.runs.keep_results(self.record, chosen.name, compared.forms)
        taken = [page.seconds for page in pages if page.seconds is not None]
        price = model.endpoint.price if model is not None else None
        return SetRun(
            name=chosen.name,
            condition=chosen.condition,
            documents=len(documents),
            pages=len(pages),
            failed={Path(outcome.file).name: outcome.error.told for outcome in outcomes if outcome.error is not None},
            seconds=round(seconds, 2),
            seconds_per_page=round(sum(taken) / len(taken), 4) if taken else None,
            peak_megabytes=round(peak.megabytes, 1) if peak.megabytes is not None else None,
            extraction=figures(compared),
            grounding=None if wish.reading_only else self.grounds.measure(documents, compared.forms, forms),
            intervals=intervals_of(compared.forms, self.record.settings.seed),
            **_spent(model).since(before, price),
        )

    def _outcomes(self, chosen: DocumentSet, documents: list[SetDocument], store: Store, model: ModelRun | None) -> Iterator[Outcome]:
        planned = plan([str(one.path.absolute()) for one in documents], store, Settings(texts=model is not None))
        self._tell(chosen, "读取", 0, len(documents))
        stage = model.stage if model is not None else None
        for count, outcome in enumerate(read_documents(planned, store, WORKERS, "eval run", stage), 1):
            self._tell(chosen, f"读取 {Path(outcome.file).name}", count, len(documents))
            yield outcome

    def _tell(self, chosen: DocumentSet, doing: str, done: int, total: int) -> None:
        self.watch(Step(chosen.name, doing, done, total))


def _keep_forms(path: Path, forms: list[Form]) -> None:
    with replacing(path) as part:
        part.write_text(dump_forms(forms), encoding="utf-8")


class _Spent(NamedTuple):
    """What the ledger holds of a run so far; fields as of SetRun."""

    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    money: Decimal = Decimal(0)

    def since(self, before: _Spent, price: Price | None) -> dict[str, object]:
        """What was spent after another look, as fields of a SetRun."""
        out: dict[str, object] = {name: getattr(self, name) - getattr(before, name) for name in self._fields if name != "money"}
        if price is not None:
            return out | {"cost": float(self.money - before.money), "currency": price.currency}
        return out | {"cost": None if out["requests"] else 0.0}


def _spent(model: ModelRun | None) -> _Spent:
    if model is None or not model.caller.run:
        return _Spent()
    totals = model.log.totals(run=model.caller.run)
    money = sum((amount for amount, _ in totals.costs), Decimal(0))
    return _Spent(totals.requests, totals.cached, totals.prompt_tokens, totals.completion_tokens, money)
