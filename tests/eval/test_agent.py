"""Final answers of an agent, right and faulty: faults are kept from the reader, right ones shown as worded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.agent.__main__ import main
from eval.agent.measure import AGENT_FAULTS, Measured, measure
from eval.answers.planting import FAULTS
from store import Store
from tests.answering import import_all, made_forms

QUESTIONS = (
    "2023年各项目的自评总分是多少？",
    "自评总分低于90分的项目有哪些？",
    "2021年各项目平均自评分是多少？",
    "What is the average total score of the 2022 projects?",
    "哪些项目因为机构改革丢了分？",
    "各项目全年预算数和全年执行数是多少？",
)
KINDS = len(FAULTS) + len(AGENT_FAULTS)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("agent")
    with Store.open(folder / "home") as store:
        import_all(store, made_forms(6, 8), folder)
    return folder / "home"


@pytest.fixture(scope="module")
def measured(home: Path) -> Measured:
    """Each kind of fault at least once."""
    return measure(home, QUESTIONS, seed=3, faulty=2 * KINDS, right=40)


def test_faults_are_kept_from_the_reader(measured: Measured) -> None:
    assert measured.planted.total() >= 1.7 * KINDS
    assert not measured.missed, measured.examples


@pytest.mark.slow
def test_many_faults_are_kept_from_the_reader(home: Path) -> None:
    many = measure(home, QUESTIONS, seed=4, faulty=260, right=90)
    assert many.planted.total() >= 220
    assert not many.missed, many.examples


def test_right_answers_are_shown_as_worded(measured: Measured) -> None:
    assert measured.right.total() >= 16
    assert measured.shown.total() >= 0.95 * measured.right.total(), measured.examples


def test_the_command_prints_shares(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(json.dumps({"question": q}, ensure_ascii=False) for q in QUESTIONS[:3]), "utf-8")
    assert main([str(home), str(questions), "--seed", "1", "--faulty", str(KINDS), "--right", "10"]) == 0
    told = capsys.readouterr().out
    assert "| digit changed | 1 | 1 | 100.0% |" in told
    assert "shown as worded" in told
