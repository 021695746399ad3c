"""`jihe eval` on the command line: a run and its card, the gate that a broken extractor fails, runs broken off, answers paid for once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import eval.runs.carry
from agents.models.course import Patience
from eval.dataset.manifest import Dataset
from eval.endpoint import Reply, Request, ScriptedEndpoint, honest
from eval.runs.folder import Runs
from eval.runs.gate import read_baseline
from eval.simulate.answers import GoldAnswers
from schema.canonical import read_forms
from tests.eval.runs.breaking import BREAKS, broken, small_dataset
from tests.ui.conftest import Jihe

Script = Callable[[Request], Reply]
NAMED = {"column": ("指标行·得分", "指标行·分值"), "row": ("指标行·三级指标",), "digit": ("总得分",)}
"""What people call the fields that each break spoils."""


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return small_dataset(tmp_path / "set", forms=2)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def right(dataset: Dataset) -> Script:
    """An endpoint that answers from the gold forms."""
    answers = GoldAnswers(read_forms(dataset.root / "gold" / "baoshan-2020.json"))
    return honest(lambda request: Reply(answers.reply_text(request.user)))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are read in this process, and an endpoint that is down is given up soon."""
    monkeypatch.setattr(eval.runs.carry, "WORKERS", 0)
    monkeypatch.setattr("agents.models.caller.Patience", lambda: Patience(tries=2, slow_tries=1, pause=0.01, longest_pause=0.05))


def _model(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in {"OPENAI_BASE_URL": url, "JIHE_MODEL": "gold", "JIHE_MODEL_PRICE": "2/8元"}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] if name != "digit" else []) for name in BREAKS])
def test_a_broken_extractor_fails_the_gate_which_names_the_cells_and_shows_the_place(
    name: str, jihe: Jihe, dataset: Dataset, home: Path, tmp_path: Path
) -> None:
    baseline, asked = tmp_path / "baseline.json", ("eval", "run", "--dataset", dataset.root, "--faults", 0)
    assert jihe(*asked).exit_code == 0
    assert jihe("eval", "gate", "--baseline", baseline, "--write").exit_code == 0
    passed = jihe("eval", "gate", "--baseline", baseline)
    assert passed.exit_code == 0 and "不比基线差（digital）" in passed.stdout

    with broken(BREAKS[name]):
        assert jihe(*asked).exit_code == 0
    failed = jihe("eval", "gate", "--baseline", baseline)
    assert failed.exit_code == 1, failed.output
    bad = Runs(home).get("last")
    (one,) = bad.sets
    for field in NAMED[name]:
        assert field in failed.stdout
    assert "完全正确的表" in failed.stdout and "基线里对而现在错的有" in failed.stdout
    report = Runs(home).of(bad) / "report.html"
    assert str(report) in failed.stdout.replace("\n", "")
    page = report.read_text(encoding="utf-8")
    shown = [article for article in page.split("<article ")[1:] if any(f". {field}\n" in article for field in NAMED[name])]
    # Among the errors of the report is the field that broke, with a piece of the page.
    assert shown and all("data:image/jpeg;base64," in article for article in shown)
    assert one.extraction.forms_exact == 0


@pytest.mark.usefixtures("here")
def test_what_takes_long_is_read_only_where_it_is_named(jihe: Jihe, dataset: Dataset, home: Path) -> None:
    path = dataset.root / "dataset.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    (usual,) = manifest["sets"]
    manifest["sets"].append(usual | {"name": "whole", "on_request": True})
    path.write_text(json.dumps(manifest), encoding="utf-8")
    asked = ("eval", "run", "--dataset", dataset.root, "--reading-only")
    for more, read in (((), ["digital"]), (("--set", "whole"), ["whole"])):
        assert jihe(*asked, *more).exit_code == 0
        assert [one.name for one in Runs(home).get("last").sets] == read


@pytest.mark.usefixtures("here")
def test_a_gate_wants_the_same_documents_and_its_own_sets(jihe: Jihe, dataset: Dataset, home: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    assert jihe("eval", "run", "--dataset", dataset.root, "--faults", 0).exit_code == 0
    assert jihe("eval", "gate", "--baseline", baseline, "--write", "--slack", 0.1).exit_code == 0
    told = read_baseline(baseline)
    assert told.sets["digital"].slack == 0 and told.sets["digital"].figures["number.f1"] == 1
    assert told.beside["checker.false_alarms"] == 0
    assert jihe("eval", "run", "--dataset", dataset.root, "--limit", 1, "--reading-only").exit_code == 0
    refused = jihe("eval", "gate", "--baseline", baseline)
    assert refused.exit_code == 2 and "--limit" in refused.stderr
    assert "没有 light" in jihe("eval", "gate", str(Runs(home).all()[1].id), "--baseline", baseline, "--set", "light").stderr
    # What is worse beside reading is told as well.
    baseline.write_text(told.model_copy(update={"beside": {"checker.found": 99.0}}).model_dump_json(), encoding="utf-8")
    found = jihe("eval", "gate", str(Runs(home).all()[1].id), "--baseline", baseline)
    assert found.exit_code == 1 and "检查：找到的埋错" in found.stdout
    assert jihe("eval", "gate", str(Runs(home).all()[1].id), "--baseline", baseline, "--set", "digital").exit_code == 0


@pytest.mark.usefixtures("here")
def test_a_run_prints_one_card_with_all_that_was_measured_and_where_the_report_is(jihe: Jihe, dataset: Dataset, home: Path) -> None:
    done = jihe("eval", "run", "--dataset", dataset.root, "--quick")
    assert done.exit_code == 0, done.output
    run = Runs(home).get("last")
    assert run.injection is not None and run.checker is not None
    assert f"模型埋错 {run.injection.planted} 处" in done.stdout and "数字 0" in done.stdout and "检查：埋错" in done.stdout
    folder = Runs(home).of(run)
    assert str(folder / "report.html") in done.stdout and {path.name for path in folder.iterdir()} >= {
        "report.html",
        "report.md",
        "run.json",
    }
    assert "digital 1/1 读取" in done.stderr and "faults 0/3 模型埋错第 1 轮" in done.stderr
    as_json = jihe("eval", "run", "--dataset", dataset.root, "--limit", 1, "--reading-only", "--json")
    told = json.loads(as_json.stdout)
    assert (told["settings"]["limit"], told["settings"]["reading_only"], told["settings"]["faults"]) == (1, True, 0)
    assert told["injection"] is None and told["sets"][0]["documents"] == 1
    board = jihe("eval", "leaderboard")
    assert board.stdout.count("small（版本 ") == 2 and "每集合至多 1 份" in board.stdout and "快速" in board.stdout


@pytest.mark.usefixtures("here")
def test_answers_are_paid_for_once_and_their_cost_is_told(
    jihe: Jihe, dataset: Dataset, home: Path, right: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("eval", "run", "--dataset", dataset.root, "--extractor", "llm", "--reading-only")
    without = jihe(*asked)
    assert without.exit_code == 2 and "没有设置语言模型" in without.stderr
    with ScriptedEndpoint(right) as server:
        _model(monkeypatch, server.url)
        assert jihe(*asked).exit_code == 0
        calls, counted = len(server.requests), server.counted
        spent = (2 * counted.prompt + 8 * counted.completion) / 1_000_000
        assert jihe(*asked).exit_code == 0
        assert len(server.requests) == calls > 0
    second, first = Runs(home).all()
    (one,), (again,) = first.sets, second.sets
    assert first.settings.model == "gold" and one.extraction.forms_exact == again.extraction.forms_exact == 2
    assert (one.requests, one.cached, one.prompt_tokens) == (calls, 0, counted.prompt)
    assert (one.cost, one.currency) == (pytest.approx(spent), "元") and spent > 0
    assert (again.requests, again.cached, again.cost) == (0, calls, 0.0)
    report = (Runs(home).of(second) / "report.md").read_text(encoding="utf-8")
    assert f"{spent:.4f}元" in report and f"缓存 {calls}" in report and "横轴是费用（元）" in report


@pytest.mark.usefixtures("here")
def test_layout_asks_nobody_and_a_run_elsewhere_is_found_with_its_results(
    jihe: Jihe, dataset: Dataset, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedEndpoint(lambda _: Reply(status=500)) as server:
        _model(monkeypatch, server.url)
        assert jihe("eval", "run", "--dataset", dataset.root, "--reading-only").exit_code == 0
        assert server.requests == []
    other = tmp_path / "other"
    with broken(BREAKS["digit"]):
        assert jihe("eval", "run", "--dataset", dataset.root, "--reading-only", "--home", other).exit_code == 0
    (elsewhere,) = (other / "evals").glob("*/run.json")
    compared = jihe("eval", "compare", "last", elsewhere)
    assert compared.exit_code == 0 and "变错 2 格" in compared.stdout and "读不出" not in compared.stdout
    assert jihe("eval", "report", elsewhere, "-o", tmp_path / "out").exit_code == 0
    assert "data:image/jpeg;base64," in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


# -- broken off ---------------------------------------------------------------------------------------------------------------------------


def _start(dataset: Dataset, home: Path, *more: str, **variables: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ui.cli", "eval", "run", "--dataset", str(dataset.root), *more]
    environment = os.environ | {"JIHE_HOME": str(home)} | variables
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def _until(what: Callable[[], bool], told: str) -> None:
    end = time.monotonic() + 90
    while not what():
        assert time.monotonic() < end, told
        time.sleep(0.02)


def _kill(run: subprocess.Popen[str]) -> None:
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate(timeout=60)


@pytest.mark.slow
def test_a_run_that_is_killed_while_it_asks_goes_on_and_pays_for_no_answer_twice(dataset: Dataset, home: Path, right: Script) -> None:
    pause = [0.5]
    with ScriptedEndpoint(lambda request: replace(right(request), delay=pause[0])) as server:
        settings = {"OPENAI_BASE_URL": server.url, "JIHE_MODEL": "gold", "JIHE_MODEL_CONCURRENCY": "1"}
        first = _start(dataset, home, "--extractor", "llm", "--reading-only", **settings)
        # The third is under way: two have come, and are written down before anybody uses them.
        _until(lambda: len(server.requests) >= 3, "the run asks nothing")
        _kill(first)
        before, pause[0] = [request.user for request in server.requests], 0.0
        (begun,) = Runs(home).all()
        assert begun.finished_at is None
        done = _start(dataset, home, "--extractor", "llm", "--reading-only", **settings)
        said = done.communicate(timeout=120)
        later = [request.user for request in server.requests][len(before) :]
    assert done.returncode == 0, said
    (run,) = Runs(home).all()
    assert run.id == begun.id and run.finished_at is not None
    assert run.sets[0].extraction.forms_exact == 2 and run.sets[0].cached >= 2
    assert later and {*before[:2]}.isdisjoint(later)


@pytest.mark.slow
def test_a_run_that_is_killed_while_faults_are_played_goes_on_behind_them(dataset: Dataset, home: Path) -> None:
    first = _start(dataset, home, "--quick")
    kept = lambda: sorted(home.glob("evals/*/faults/*.json"))  # noqa: E731 - a folder that is not there yet
    _until(lambda: bool(kept()), "no setting was kept")
    _kill(first)
    (begun,) = Runs(home).all()
    assert begun.finished_at is None and begun.sets
    times = {path: path.stat().st_mtime_ns for path in kept()}
    done = _start(dataset, home, "--quick")
    said = done.communicate(timeout=120)
    assert done.returncode == 0, said
    run = Runs(home).get("last")
    assert run.id == begun.id and run.injection is not None and len(run.injection.runs) == 3
    assert run.sets == begun.sets and {path: path.stat().st_mtime_ns for path in times} == times
    assert "读取" not in said[1]
