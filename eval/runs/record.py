"""What a run leaves: its settings, with what it was made, and its figures."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from eval.metrics.answers import AnswerFigures
from eval.metrics.bootstrap import Interval
from eval.metrics.checker import CheckerFigures
from eval.metrics.extraction import Extraction
from eval.metrics.grounding import Grounding
from eval.metrics.injection import Injection
from eval.retrieval import RetrievalRecord
from schema.record import Record

ExtractorChoice = Literal["layout", "auto", "llm"]


class RunSettings(Record):
    """What was asked for. Two runs with the same settings, stamp and dataset give the same figures, but for seconds and memory.

    Attributes:
        dataset: name of the manifest; `dataset_sha256` of its file, documents and gold forms.
        sets: names of the sets that were read, in order; `limit` documents of each at most.
        seed: of everything drawn at random: planted faults, intervals.
        faults: at least so many faults of a model's answers are told, in whole rounds; 0 for none.
        reading_only: places, checker, faults, answers and retrieval were left out.
    """

    dataset: str
    dataset_sha256: str
    sets: tuple[str, ...]
    quick: bool = False
    limit: int | None = None
    extractor: ExtractorChoice = "layout"
    model: str | None = None
    ocr: Literal["auto", "always"] = "auto"
    seed: int = 1
    faults: int = 0
    reading_only: bool = False


class Stamp(Record):
    """With what a run was made.

    Attributes:
        commit: of the working copy, with `+` where files were changed; None where jihe was installed without one.
        libraries: versions of the libraries that read or draw.
    """

    version: str
    commit: str | None
    python: str
    machine: str
    cores: int
    libraries: dict[str, str]


class SetRun(Record):
    """One set of documents, read and compared.

    Attributes:
        failed: documents that could not be read, each with its reason.
        seconds: of reading, all workers together counted once (wall time); `seconds_per_page` of a page in its worker.
        peak_megabytes: of all processes together, as sampled; None where the system does not tell.
        grounding: whether values stand where their evidence says; None for text dumps.
        intervals: of the figures of reading, by name (eval.metrics.bootstrap.FIGURES).
        requests, cached, prompt_tokens, completion_tokens: of the model, as the ledger of the shared folder has them. What comes from the
            cache (`cached` answers) uses no tokens; what a call that was broken off has paid stands in the ledger only.
        cost: of the tokens, in `currency`; 0 where nothing was asked, None where the endpoint has no price.
    """

    name: str
    condition: str
    documents: int
    pages: int
    failed: dict[str, str]
    seconds: float
    seconds_per_page: float | None
    peak_megabytes: float | None
    extraction: Extraction
    grounding: Grounding | None = None
    intervals: dict[str, Interval] = Field(default_factory=dict)
    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = 0.0
    currency: str = ""


class RunRecord(Record):
    """A run as it is kept in its `run.json`.

    Attributes:
        checker: faults planted in the gold forms, and what was found of them.
        injection: faults told by a model that the gold forms play, and what became of them; None where no document is read as it is.
        answers, retrieval: of the questions of the dataset, asked over the set it names; None where it was not read, or only a part of it.
        finished_at: None while it goes on, or where it was broken off: the next call with the same settings goes on with it.
    """

    id: str
    settings: RunSettings
    stamp: Stamp
    started_at: datetime
    finished_at: datetime | None = None
    sets: tuple[SetRun, ...] = ()
    checker: CheckerFigures | None = None
    injection: Injection | None = None
    answers: AnswerFigures | None = None
    retrieval: RetrievalRecord | None = None
