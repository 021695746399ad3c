"""The benchmark of questions: what it tells of figures, and a small home asked for real."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.bench import __main__ as command
from eval.bench import asked, questions
from eval.bench.asked import QUESTIONS, Asked, Measured

INTENTS = {"lookup", "list", "count", "aggregate", "rank", "compare", "cause", "explain", "finding", "summary", "check"}


def _asked(kind: str, warm: float) -> Asked:
    return Asked(kind, "zh", "list", first=1.0, warm=warm, cpu=warm / 2, longest=2.0, projects=1234, abstained=False, verified=True)


def _measured(forms: int, *warm: float) -> Measured:
    each = tuple(_asked(f"kind{i}", seconds) for i, seconds in enumerate(warm))
    return Measured(forms, 10 * forms, floor=0.5, floor_cpu=0.25, opened=2.0, changed=0.5, peak_mb=100.0, asked=each)


def test_limits() -> None:
    verdicts = questions.verdicts([_measured(37, 0.1, 0.4), _measured(1000, 9.0, 9.0), _measured(20_000, 1.4, 1.2)])
    assert [good for _, good in verdicts] == [False, True]
    assert "1 of 2" in verdicts[0][0]
    assert "kind1 0.40 s" in verdicts[0][0]


def test_over_a_province_most_kinds_have_to_keep_the_limits() -> None:
    assert [good for _, good in questions.verdicts([_measured(100_000, *[0.4] * 19, 9.0)])] == [True]
    assert [good for _, good in questions.verdicts([_measured(100_000, *[0.4] * 18, 9.0, 9.0)])] == [False]
    assert [good for _, good in questions.verdicts([_measured(100_000, *[1.1] * 20)])] == [False]
    assert [questions.share_within([3.0, 1.0, 2.0], share) for share in (0.0, 0.5, 0.95)] == [1.0, 2.0, 3.0]


def test_tables() -> None:
    small, large = _measured(37, 0.1), _measured(20_000, 1.0)
    lines = questions.table([small, replace(large, asked=(replace(large.asked[0], abstained=True, verified=False),))])
    assert lines[0].startswith("| question | query | 37 forms | 20,000 forms | CPU |")
    assert lines[2] == "| kind0, zh | list (table only) | 100 | 1000 | 500 | 2.00 | 1000 | - |"
    told = questions.standing([small], [0.004])
    assert told[2] == "| 37 | 370 | 500.0 | 250.0 | 2.00 | 0.50 | 100 | 4.0 |"


def test_a_small_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert questions.fill(home, 12) > 0
    measured = asked.measure(home, 1)
    assert (measured.forms, len(measured.asked)) == (12, len(QUESTIONS))
    assert {one.intent for one in measured.asked} == INTENTS
    assert all(one.verified for one in measured.asked)
    # Its own figures can be had again: what was added for the last of them is gone.
    assert asked.measure(home, 1).forms == 12


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(questions, "asked_apart", lambda _home, _repeat: _measured(37, 0.2))
    output = tmp_path / "figures.json"
    assert command.main(["questions", "--forms", "3", "-o", str(output)]) == 0
    assert "ok: 37 forms: 1 of 1 within 0.3 s" in capsys.readouterr().out
    assert json.loads(output.read_text(encoding="utf-8"))["homes"][0]["forms"] == 37


def test_a_process_that_fails(tmp_path: Path) -> None:
    with pytest.raises(questions.AskingFailed):
        questions.asked_apart(tmp_path / "nowhere", 1)
