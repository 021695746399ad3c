"""The path of a question through a real inference server: grammar, sampler, tokenizer and HTTP are real, only the model is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.extract.llm.read import read_printed
from agents.models.caller import Caller
from agents.models.probe import RIGHT, probe
from agents.models.question import Outcome, Question
from eval.endpoint import walk
from eval.llama import LlamaServer, free_sampling, random_model, tape_model
from eval.llama.gold import GoldForm, sample_names
from eval.llama.tape import NO_ANSWER
from schema.cells import ROW_CELLS, iter_cells, row_cell
from schema.form import Form
from schema.transcript import CellsTranscript, HeadTranscript, RowsTranscript, Transcript, wire_schema
from tests.eval.llama.conftest import Calls, endpoint_of, every_gold_form

WIRE = [pytest.param(model, id=model.__name__) for model in (HeadTranscript, RowsTranscript, CellsTranscript)]
SEEDS = 8
"""Random answers to each schema."""
AT_ONCE, ON_A_TAPE = 4, 3
"""Forms of one test, and of one tape: long ones are slow."""
BATCHES = range(0, 24, AT_ONCE)
"""The first forms of the tests with random answers."""


@pytest.fixture(scope="module")
def random_server(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    """A server that says anything, in the words of the samples."""
    path = tmp_path_factory.mktemp("gguf") / "random.gguf"
    random_model(path, (word for form in every_gold_form() for word in form.words()))
    with LlamaServer(binary, path) as server:
        yield server


def _question(schema: type[Transcript], limit: int = 8192, user: str = "一") -> Question[Any]:
    return Question("test", "表一", "照抄。", user, schema, limit)


@pytest.mark.parametrize("schema", WIRE)
def test_the_schemas_become_grammars_that_bind(schema: type[Transcript], random_server: LlamaServer, calls: Calls) -> None:
    answers = set()
    for seed in range(SEEDS):
        outcome = calls(random_server, free_sampling(seed)).ask(_question(schema, user=f"{seed}"))
        # A model that says anything gives a transcript by its grammar or not at all.
        assert (outcome.status, outcome.attempts) == ("ok", 1), outcome.told
        # Two engines agree on what the schema lets through, to the order of keys.
        assert walk(wire_schema(schema), outcome.raw) == ""
        answers.add(outcome.raw)
    assert len(answers) > SEEDS / 2


@pytest.mark.parametrize("first", BATCHES)
def test_random_answers_never_crash_reading_and_are_not_believed(first: int, binary: Path, tmp_path: Path, calls: Calls) -> None:
    for seed, gold in enumerate(every_gold_form()[first : first + AT_ONCE], first):
        # Its own words are the hardest: all that is said is printed somewhere.
        random_model(tmp_path / "random.gguf", gold.words(), seed)
        with LlamaServer(binary, tmp_path / "random.gguf") as server:
            reading = read_printed(gold.printed, gold.name, calls(server, free_sampling(seed)).ask)
        assert [outcome.told for outcome in reading.failed] == []
        assert reading.form is not None
        assert Form.model_validate(reading.form.model_dump()) == reading.form
        assert _silently_wrong(reading.form, gold.form) == [], gold.name


_FIELDS = tuple(field for field in ROW_CELLS if not field.startswith("level"))
_SKIPPED = re.compile(r"^extras|level[12]$")


def _silently_wrong(form: Form, gold: Form) -> list[str]:
    """Values that are not those of the gold form and not marked. Rows are told by their names; one that is made of two has no right labels.

    Extras are left out: whatever is printed may be one.
    """
    marked = {mark.cell for mark in form.review}
    rows = {row.name: number for number, row in enumerate(gold.indicators)}
    right = dict(iter_cells(gold))
    right |= {
        row_cell(i, field): getattr(gold.indicators[rows[row.name]], field) if row.name in rows else None
        for i, row in enumerate(form.indicators)
        for field in _FIELDS
    }
    said = ((cell, value) for cell, value in iter_cells(form) if value is not None and not _SKIPPED.search(cell))
    return [f"{cell}: {value}" for cell, value in said if value != right.get(cell) and cell not in marked]


@pytest.mark.parametrize("name", sample_names())
def test_right_answers_arrive_word_for_word_and_give_the_gold_form(name: str, binary: Path, tmp_path: Path, calls: Calls) -> None:
    forms = [form for form in every_gold_form() if form.name.startswith(name)]
    assert forms
    for first in range(0, len(forms), ON_A_TAPE):
        batch = forms[first : first + ON_A_TAPE]
        tape_model(tmp_path / "gold.gguf", {key: text for form in batch for key, text in form.answers.items()})
        with LlamaServer(binary, tmp_path / "gold.gguf") as server:
            for gold in batch:
                _is_read_rightly(gold, calls(server))


def _is_read_rightly(gold: GoldForm, caller: Caller) -> None:
    raw: list[str] = []

    def ask(question: Question[Any]) -> Outcome[Any]:
        outcome = caller.ask(question)
        raw.append(outcome.raw)
        return outcome

    reading = read_printed(gold.printed, gold.name, ask)
    assert sorted(raw) == sorted(gold.answers.values()), gold.name
    assert reading.form is not None
    assert dict(iter_cells(reading.form)) == dict(iter_cells(gold.form)), gold.name
    assert (reading.rounds, reading.failed, reading.form.review) == (0, [], ())
    totals = caller.log.totals(run=caller.run)
    assert (totals.requests, totals.statuses, totals.unknown) == (len(raw), (("ok", len(raw)),), 0)
    assert caller.notes == ()


TAPED = {
    "甲": '{"cells":[{"cell":"grade","printed":"优"},{"cell":"total_score","printed":"98.5"}]}',
    "乙": '{"cells":[{"cell":"grade","printed":98.5}]}',
    "丙": '{"rows":[{"level1":"丁类指标","level2":null,"name":"一"}]}',
    "第一项属丁类": RIGHT.model_dump_json().replace("甲类", "丁类"),
    "7-3": RIGHT.model_dump_json(),
    "从 1 写到": '{"text":"' + ",".join(map(str, range(1, 401))) + '"}',
}
"""Answers by what stands in the question."""


@pytest.fixture(scope="module")
def small_server(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    """A server with a few answers of these tests."""
    path = tmp_path_factory.mktemp("gguf") / "small.gguf"
    tape_model(path, TAPED)
    with LlamaServer(binary, path) as server:
        yield server


def test_an_answer_that_does_not_fit_its_limit_is_truncated_and_kept_as_it_came(small_server: LlamaServer, calls: Calls) -> None:
    outcome = calls(small_server).ask(_question(CellsTranscript, limit=6, user="甲"))
    # Asked again once with twice the length.
    assert (outcome.status, outcome.attempts, outcome.value) == ("truncated", 2, None)
    assert TAPED["甲"].startswith(outcome.raw)
    assert outcome.usage.completion == 6 + 12
    assert "截断" in outcome.told


def test_an_answer_that_fits_at_the_second_length_is_taken(small_server: LlamaServer, calls: Calls) -> None:
    outcome = calls(small_server).ask(_question(CellsTranscript, limit=40, user="甲"))
    assert (outcome.status, outcome.attempts, outcome.raw) == ("ok", 2, TAPED["甲"])


@pytest.mark.parametrize(("key", "schema"), [("乙", CellsTranscript), ("丙", RowsTranscript)], ids=["number", "closed list"])
def test_what_leaves_the_schema_cannot_be_said(key: str, schema: type[Transcript], small_server: LlamaServer, calls: Calls) -> None:
    outcome = calls(small_server).ask(_question(schema, limit=200, user=key))
    assert outcome.raw != TAPED[key]
    # Up to the first token that leaves the schema it is the tape's.
    assert outcome.raw[:20] == TAPED[key][:20]
    assert outcome.status in ("ok", "truncated"), outcome.told


def test_a_question_longer_than_the_context_is_refused_with_advice(binary: Path, tmp_path: Path, calls: Calls) -> None:
    random_model(tmp_path / "r.gguf")
    with LlamaServer(binary, tmp_path / "r.gguf", context=512) as server:
        outcome = calls(server).ask(_question(CellsTranscript, user="一" * 2000))
        assert (outcome.status, outcome.attempts) == ("rejected", 1)
        assert "本地模型请加大上下文长度" in outcome.told
        assert "context size" in outcome.detail


def test_an_answer_longer_than_the_context_is_truncated(binary: Path, tmp_path: Path, calls: Calls) -> None:
    tape_model(tmp_path / "t.gguf", {"甲": '{"cells":[{"cell":"a","printed":"' + "一" * 2000 + '"}]}'})
    with LlamaServer(binary, tmp_path / "t.gguf", context=512) as server:
        outcome = calls(server).ask(_question(CellsTranscript, user="甲"))
        assert outcome.status == "truncated", outcome.told
        assert "num_ctx" in outcome.told


def test_a_question_that_is_not_on_the_tape_is_an_error_that_says_so(small_server: LlamaServer, calls: Calls) -> None:
    outcome = calls(small_server).ask(_question(CellsTranscript, user="任务：戊"))
    assert (outcome.status, outcome.attempts) == ("rejected", 1)
    assert NO_ANSWER in outcome.detail


def test_a_server_that_is_gone_is_unreachable(binary: Path, tmp_path: Path, calls: Calls) -> None:
    tape_model(tmp_path / "t.gguf", TAPED)
    with LlamaServer(binary, tmp_path / "t.gguf") as server:
        caller = calls(server)
        assert caller.ask(_question(CellsTranscript, user="甲")).status == "ok"
    assert caller.ask(_question(CellsTranscript, user="甲甲")).status == "unreachable"
    assert caller.ask(_question(CellsTranscript, user="甲")).cached


def test_the_probe_finds_the_settings_of_the_preset_right(small_server: LlamaServer) -> None:
    report = probe(endpoint_of(small_server))
    lines = {line.name: line for line in report.lines}
    assert report.ok, [line for line in report.lines if not line.ok]
    assert report.settings == ()
    assert lines["格式 json_schema"].value.startswith("可用")
    assert lines["强制 json_schema"].value.startswith("是")
    assert lines["长度限制"].value == "max_tokens 有效"
    assert lines["用量"].value == "有报告"
