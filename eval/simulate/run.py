"""A model's part played over real HTTP: documents read, an endpoint that answers from gold with faults, what came of it counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.extract.llm.extractor import Asked, Extractor
from agents.material import Candidate, Material
from agents.models import Endpoint
from agents.models.caller import Caller
from agents.reader import read_material
from eval.endpoint.honest import honest
from eval.endpoint.replies import Reply, Request
from eval.endpoint.server import ScriptedEndpoint
from eval.simulate.answers import GoldAnswers
from eval.simulate.endpoint import FaultyAnswers
from eval.simulate.measure import Measured
from ingest.mupdf import pymupdf
from ingest.settings import Settings
from schema.form import Form
from schema.text import fold
from store.calls import CALLS_NAME, CallLog

AT_ONCE = 8


@dataclass(frozen=True)
class Setting:
    """How an endpoint behaves, and what is compared.

    Attributes:
        share: share of cells with faults, 0 to 1.
        relapse: how probably a fault is told again when it is asked for again.
        alone: whether what layout read is left out.
        cuts: share of answers that break off, and of answers about rows that end early.
        delay: seconds before each answer.
    """

    share: float = 0.1
    relapse: float = 0.0
    seed: int = 1
    alone: bool = False
    delay: float = 0.0
    cuts: float = 0.0


@dataclass
class Ran:
    """What a run came to.

    Attributes:
        seconds: from the first question to the last answer.
        requests: questions that reached the endpoint; `most_at_once` of them at a time.
        ledger_agrees: whether the ledger holds the tokens that the endpoint counted.
    """

    measured: Measured
    seconds: float = 0.0
    requests: int = 0
    most_at_once: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    ledger_agrees: bool = True
    forms: list[Form] = field(default_factory=list)


def read_materials(paths: Sequence[Path]) -> list[Material]:
    """The documents as layout reads them, with the texts of their forms."""
    return [read_material(path, Settings(texts=True)) for path in paths]


def as_text(path: Path, folder: Path) -> Path:
    """A dump of the text of a PDF, in a folder: what is left when its layout is gone."""
    dump = folder / f"{path.stem}.txt"
    with pymupdf.open(path) as document:
        dump.write_text("\f".join(page.get_text() for page in document), encoding="utf-8")
    return dump


def run(materials: Sequence[Material], gold: Sequence[Form], setting: Setting) -> Ran:
    """Ask about every form of the documents as a whole, and count."""
    answers = FaultyAnswers(GoldAnswers(gold), setting.seed, setting.share, setting.relapse, setting.cuts)
    with TemporaryDirectory() as folder, ScriptedEndpoint(honest(_reply(answers, setting.delay))) as server:
        endpoint = Endpoint(server.url, "none", "simulated", concurrency=AT_ONCE)
        with CallLog.open(Path(folder) / CALLS_NAME) as log, Caller(endpoint, log) as caller:
            started = time.perf_counter()
            asked = list(_ask_all(materials, Extractor(caller.ask, "llm", compare=not setting.alone)))
            ran = Ran(Measured(), time.perf_counter() - started, len(server.requests), server.most_at_once)
            totals, counted = log.totals(), server.counted
    ran.prompt_tokens, ran.completion_tokens = counted.prompt, counted.completion
    ran.ledger_agrees = (totals.prompt_tokens, totals.completion_tokens) == (counted.prompt, counted.completion)
    ran.forms = [answer.form for answer in asked if answer.form is not None]
    told = answers.told
    for form, got in _matched(gold, ran.forms):
        ran.measured.add(form, got, told.get(form.form_id, ()))
    return ran


def _reply(answers: FaultyAnswers, delay: float) -> Callable[[Request], Reply]:
    def reply(request: Request) -> Reply:
        told = answers.reply(request.user)
        return Reply(told.text, finish_reason="length" if told.cut else None, delay=delay)

    return reply


def _ask_all(materials: Sequence[Material], extractor: Extractor) -> Iterator[Asked]:
    candidates: list[tuple[Material, Candidate]] = [(material, candidate) for material in materials for candidate in material.candidates]

    def ask(entry: tuple[Material, Candidate]) -> Asked:
        material, candidate = entry
        layout = material.reading.forms[candidate.form] if candidate.form is not None else None
        return extractor.read(candidate.printed, layout, str(candidate.form))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(ask, candidates)


def _matched(gold: Sequence[Form], forms: Sequence[Form]) -> Iterator[tuple[Form, Form | None]]:
    """Each gold form with the one read that has most indicator names in common with it, the best pairs first."""
    names = [{fold(row.name) for row in form.indicators} for form in forms]
    scored = sorted(
        ((_likeness(form, names[j], forms[j]), i, j) for i, form in enumerate(gold) for j in range(len(forms))), key=lambda s: -s[0]
    )
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for score, i, j in scored:
        if score > 0 and i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    yield from ((form, forms[pairs[i]] if i in pairs else None) for i, form in enumerate(gold))


def _likeness(gold: Form, names: set[str], form: Form) -> float:
    common = len(names & {fold(row.name) for row in gold.indicators})
    return common + 0.5 * (fold(gold.project_name) == fold(form.project_name)) + 0.1 * (gold.expected_goal == form.expected_goal)
