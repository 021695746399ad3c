"""Faults planted in right answers over made-up forms: none passes; nearly all right answers do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.answers.__main__ import main
from eval.answers.measure import Measured, measure
from eval.answers.planting import FAULTS
from store import Store
from tests.answering import import_all, made_forms

QUESTIONS = (
    "2023年各项目的自评总分是多少？",
    "自评总分低于90分的项目有哪些？",
    "2022年全年预算数最高的五个项目",
    "2021年各项目平均自评分是多少？",
    "What is the average total score of the 2022 projects?",
    "机构改革让哪些项目失了分？",
    "Which projects lost points to institutional reform?",
    "执行率低于70%的项目有哪些？",
    "各项目全年预算数和全年执行数是多少？",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answers")
    with Store.open(folder / "home") as store:
        import_all(store, made_forms(5, 8), folder)
    return folder / "home"


@pytest.fixture(scope="module")
def measured(home: Path) -> Measured:
    return measure(home, QUESTIONS, seed=7, count=190)


def test_no_planted_fault_passes(measured: Measured) -> None:
    assert measured.planted.total() >= 150
    assert len(measured.planted) >= 12
    assert not measured.missed, measured.examples


def test_right_answers_are_shown_as_worded(measured: Measured) -> None:
    assert measured.answers >= 30
    assert measured.passed >= 0.95 * measured.answers, measured.examples


def test_the_command_prints_shares(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(json.dumps({"question": q}, ensure_ascii=False) for q in QUESTIONS[:3]), "utf-8")
    assert main([str(home), str(questions), "--seed", "1", "--count", str(len(FAULTS))]) == 0
    told = capsys.readouterr().out
    assert "| digit changed | 1 | 1 | 100.0% |" in told
    assert "| whole answers |" in told
