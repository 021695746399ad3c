"""A model on the command line: switched on by the environment, asked over real HTTP, believed where the page agrees."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import fsspec
import pymupdf
import pytest

import data
from agents.models.course import Patience
from eval.endpoint import PROFILES, Reply, Request, ScriptedEndpoint, honest, profile_named, random_answer
from eval.faults import plant
from eval.simulate.answers import GoldAnswers
from eval.simulate.endpoint import FaultyAnswers
from eval.simulate.measure import Measured
from eval.synthesis.corpus import expected_forms
from eval.synthesis.drawing import draw
from eval.synthesis.forms import make_forms
from eval.synthesis.layouts import LAYOUTS
from schema.form import Form
from store import Store
from store.calls import CALLS_NAME, CallLog
from tests.ui.conftest import Jihe

SAMPLE = "baoshan-2020"
QUICK = Patience(tries=2, slow_tries=1, pause=0.01, longest_pause=0.05)
Script = Callable[[Request], Reply]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.models.caller.Patience", lambda: QUICK)


@pytest.fixture
def gold(gold_forms: dict[str, list[Form]]) -> list[Form]:
    return gold_forms[SAMPLE]


@pytest.fixture
def pdf(sample_pdfs: list[Path]) -> Path:
    return next(path for path in sample_pdfs if path.stem == SAMPLE)


@pytest.fixture
def two(pdf: Path, tmp_path: Path) -> Path:
    """The first two forms of the sample."""
    return first_pages(pdf, 2, tmp_path)


def first_pages(file: Path, count: int, folder: Path) -> Path:
    """The first pages of a PDF; those of the sample are a form each."""
    with pymupdf.open(file) as document:
        document.select(range(count))
        document.save(folder / file.name)
    return folder / file.name


def answers(gold: list[Form], share: float = 0.0, relapse: float = 0.0) -> Script:
    """An endpoint that answers from the gold forms, with faults in a share of the cells."""
    faulty = FaultyAnswers(GoldAnswers(gold), 1, share, relapse)
    return lambda request: Reply(faulty.reply_text(request.user))


def switch_on(monkeypatch: pytest.MonkeyPatch, url: str, **more: str) -> None:
    """The three variables, or two: a server on this machine needs no key."""
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    monkeypatch.setenv("JIHE_MODEL", "gold")
    for name, value in more.items():
        monkeypatch.setenv(name, value)


def cells(form: Form) -> Form:
    """A form without what tells how it was read."""
    return form.model_copy(update={"form_id": "", "source": None, "evidence": {}, "review": (), "leftover": (), "extras": ()})


def stored(home: Path) -> list[Form]:
    with Store.open(home) as store:
        return list(store.iter_forms())


def test_right_answers_give_the_gold_forms_and_are_paid_for_once(
    jihe: Jihe, pdf: Path, gold: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedEndpoint(honest(answers(gold))) as server:
        switch_on(monkeypatch, server.url, JIHE_MODEL_PRICE="2/8元")
        first = jihe("ingest", pdf, "--extractor", "llm")
        asked = len(server.requests)
        again = jihe("ingest", pdf, "--extractor", "llm")
        counted = server.counted
    assert first.exit_code == 0, first.output
    assert f"问了 {len(gold)} 张表，采用 {len(gold)} 张，请求 {asked} 次，另有 0 次取自缓存" in first.stdout
    assert f"请求 0 次，另有 {asked} 次取自缓存" in again.stdout
    assert counted.replies == asked
    assert [cells(form) for form in stored(tmp_path / "home")] == [cells(form) for form in gold]
    assert all(form.source and (form.source.method, form.source.model) == ("llm", "gold") for form in stored(tmp_path / "home"))
    with CallLog.open(tmp_path / "home" / CALLS_NAME) as log:
        totals = log.totals()
    assert (totals.prompt_tokens, totals.completion_tokens) == (counted.prompt, counted.completion)
    assert totals.costs[0].currency == "元"


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_kind_of_endpoint_ends_in_whole_forms(
    profile: object, jihe: Jihe, two: Path, gold: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = replace(profile, context=None).script(answers(gold))  # type: ignore[type-var]
    with ScriptedEndpoint(script) as server:
        switch_on(monkeypatch, server.url)
        done = jihe("ingest", two, "--extractor", "llm")
    assert done.exit_code == 0, done.output
    assert [cells(form) for form in stored(tmp_path / "home")] == [cells(form) for form in gold[:2]]


FAILURES: dict[str, tuple[Reply, str]] = {
    "key refused": (Reply(status=401, error="Incorrect API key provided"), "端点不接受这个请求"),
    "busy": (Reply(status=429, error="rate limit", headers={"retry-after": "0.01"}), "端点出错或太忙"),
    "broken": (Reply(status=500, error="boom"), "端点出错或太忙"),
    "drops": (Reply(drop=True), "连不上端点"),
    "cut in the middle": (Reply('{"title":"项目', cut=10), "连不上端点"),
    "truncated": (Reply('{"title":"项目', finish_reason="length"), "被截断"),
    "blank": (Reply("   \n"), "返回了空白"),
    "refusal": (Reply(refusal="I cannot help with that"), "拒绝回答"),
    "filtered": (Reply("{}", finish_reason="content_filter"), "内容审查"),
    "prose": (Reply("好的，这张表的总分是 98 分。"), "不合规定的格式"),
    "further keys": (Reply('{"rows":[],"note":"x"}'), "不合规定的格式"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_keeps_what_layout_read_and_says_why(
    failure: str, jihe: Jihe, two: Path, gold: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply, told = FAILURES[failure]
    with ScriptedEndpoint(lambda _: reply) as server:
        switch_on(monkeypatch, server.url)
        done = jihe("ingest", two, "--extractor", "llm")
        counted = server.counted
    assert told in done.stdout
    assert done.stdout.count("没有得到全部回答") == 1
    assert [cells(form) for form in stored(tmp_path / "home")] == [cells(form) for form in gold[:2]]
    with CallLog.open(tmp_path / "home" / CALLS_NAME) as log:
        totals = log.totals()
    assert (totals.prompt_tokens, totals.completion_tokens) == (counted.prompt, counted.completion)


def test_auto_asks_nothing_about_forms_without_a_doubt(jihe: Jihe, pdf: Path, gold: list[Form], monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedEndpoint(answers(gold)) as server:
        switch_on(monkeypatch, server.url)
        assert jihe("ingest", pdf).exit_code == 0
        assert server.requests == []


@pytest.fixture
def dump(pdf: Path, tmp_path: Path) -> Path:
    """The sample as text, with a page break in the middle of a row: layout cannot be sure of all of it."""
    path = tmp_path / "自评表.txt"
    with pymupdf.open(pdf) as document:
        text = "\f".join(page.get_text() for page in document)
    path.write_text(text.replace("分值", "分 值"), encoding="utf-8")
    return path


def test_auto_settles_what_layout_doubts_and_falls_back_when_the_endpoint_is_down(
    jihe: Jihe, dump: Path, gold: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jihe("ingest", dump, "--extractor", "layout", "--home", tmp_path / "layout")
    doubted = [mark for form in stored(tmp_path / "layout") for mark in form.review]
    assert doubted
    switch_on(monkeypatch, "http://127.0.0.1:9/v1")
    down = jihe("ingest", dump, "--home", tmp_path / "down")
    marks = [mark for form in stored(tmp_path / "down") for mark in form.review]
    # Once for all cells; questions that were under way at the same time may have ended in other words.
    assert 1 <= down.stdout.count("连不上端点") <= 2
    assert [mark.cell for mark in marks] == [mark.cell for mark in doubted]
    assert all("想请模型核对，没有得到回答" in mark.reason for mark in marks)
    with ScriptedEndpoint(honest(answers(gold))) as server:
        switch_on(monkeypatch, server.url)
        jihe("ingest", dump, "--home", tmp_path / "up")
        assert server.requests
    left = [mark for form in stored(tmp_path / "up") for mark in form.review]
    assert len(left) < len(doubted)


def test_a_document_that_layout_cannot_read_is_read_by_a_model(
    jihe: Jihe, pdf: Path, gold: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "并排.txt"
    with pymupdf.open(pdf) as document:
        path.write_text("\f".join(page.get_text(sort=True) for page in document), encoding="utf-8")
    assert jihe("ingest", path).exit_code == 1
    with ScriptedEndpoint(honest(answers(gold))) as server:
        switch_on(monkeypatch, server.url)
        done = jihe("ingest", path)
    assert done.exit_code == 0, done.output
    forms = stored(tmp_path / "home")
    assert [form.project_name for form in forms] == [form.project_name for form in gold]
    measured = Measured()
    for form, want in zip(forms, gold, strict=True):
        measured.add(want, form, ())
    assert measured.silent["number"] == 0
    assert measured.accepted > measured.right_said / 2


def test_faults_of_a_document_are_reported_and_never_repaired(jihe: Jihe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = LAYOUTS["plain"]
    right = list(make_forms(4, seed=3))
    rules = ("score-sum", "weight-sum", "execution-rate", "score-over-weight")
    planted = [fault.form for form, rule in zip(right, rules, strict=True) if (fault := plant(form, rule, seed=5)) is not None]
    assert len(planted) == len(rules)
    path = tmp_path / "有错.pdf"
    path.write_bytes(draw(planted, layout))
    shown = expected_forms(planted, layout)
    # An endpoint that "corrects" what does not add up, and insists on it.
    corrected = [
        form.model_copy(update={"form_id": str(i), **{name: getattr(want, name) for name in ("total_score", "total_weight", "funding")}})
        for i, (form, want) in enumerate(zip(shown, right, strict=True))
    ]
    with ScriptedEndpoint(honest(answers(corrected))) as server:
        switch_on(monkeypatch, server.url)
        assert jihe("ingest", path, "--extractor", "llm").exit_code == 0
    for form, want in zip(stored(tmp_path / "home"), shown, strict=True):
        assert cells(form) == cells(want)
    with Store.open(tmp_path / "home") as store:
        found = {finding.rule for form in store.iter_forms() for finding in store.findings(form.form_id)}
    assert set(rules) <= found


def test_a_budget_stops_asking_and_an_estimate_asks_nothing(
    jihe: Jihe, pdf: Path, gold: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedEndpoint(answers(gold)) as server:
        switch_on(monkeypatch, server.url, JIHE_MODEL_PRICE="2/8元")
        told = jihe("ingest", pdf, "--extractor", "llm", "--estimate")
        assert told.exit_code == 0
        assert f"要问模型的表 {len(gold)} 张" in told.stdout and "元" in told.stdout
        fsspec.filesystem("memory").pipe("/estimated/a.pdf", pdf.read_bytes())
        assert jihe("ingest", "memory://estimated/a.pdf", "--extractor", "llm", "--estimate").stdout == told.stdout
        assert not list((tmp_path / "home").glob("spool/run-*"))
        assert server.requests == []
        assert stored(tmp_path / "home") == []
        stopped = jihe("ingest", pdf, "--extractor", "llm", "--budget", "12000")
        counted = server.counted
    assert "预算" in stopped.stdout
    assert counted.prompt + counted.completion <= 12000
    assert len(stored(tmp_path / "home")) == len(gold)


@pytest.mark.parametrize(
    "arguments,said",
    [
        (["--extractor", "llm"], "没有设置语言模型"),
        (["--budget", "5元"], "只在使用语言模型时有意义"),
        (["--estimate"], "没有设置语言模型，不会提问"),
    ],
)
def test_without_a_model_what_needs_one_says_so(arguments: list[str], said: str, jihe: Jihe, pdf: Path) -> None:
    done = jihe("ingest", pdf, *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_money_needs_a_price_and_bad_settings_are_named(jihe: Jihe, pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on(monkeypatch, "http://127.0.0.1:9/v1")
    assert "JIHE_MODEL_PRICE" in jihe("ingest", pdf, "--budget", "5元").stderr
    switch_on(monkeypatch, "http://127.0.0.1:9/v1", JIHE_MODEL_MODE="yaml")
    assert "JIHE_MODEL_MODE" in jihe("ingest", pdf).stderr
    assert "设置有误" in jihe("doctor").stdout


def test_doctor_asks_the_endpoint_what_it_can_do(jihe: Jihe, gold: list[Form], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "没有可检查的" in jihe("doctor", "--model").stderr
    with ScriptedEndpoint(
        profile_named("deepseek").script(lambda request: random_answer(request.schema or {"type": "object"}, random.Random(1)))
    ) as server:
        switch_on(monkeypatch, server.url)
        done = jihe("doctor", "--model")
    assert server.requests
    assert "json_schema" in done.stdout + done.stderr, done.output


@pytest.mark.parametrize("vision", [pytest.param("0", marks=pytest.mark.slow), "1"])
def test_pictures_of_scans_go_along_where_the_model_can_see(
    vision: str, jihe: Jihe, gold_forms: dict[str, list[Form]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = next(path for path in sorted((data.samples() / "scans" / "light").iterdir()) if path.suffix == ".pdf")
    everything = [form for forms in gold_forms.values() for form in forms]
    with ScriptedEndpoint(answers(everything)) as server:
        switch_on(monkeypatch, server.url, JIHE_VISION=vision)
        jihe("ingest", first_pages(scan, 1, tmp_path), "--extractor", "llm")
        shown = {request.images for request in server.requests}
    assert shown == ({1} if vision == "1" else {0})


# -- broken off ---------------------------------------------------------------------------------------------------------------------------


def _start(pdf: Path, home: Path, url: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"OPENAI_BASE_URL": url, "JIHE_MODEL": "gold", "JIHE_HOME": str(home), "JIHE_MODEL_CONCURRENCY": "2"}
    command = [sys.executable, "-m", "ui.cli", "ingest", str(pdf), "--extractor", "llm"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _answered(server: ScriptedEndpoint, count: int) -> None:
    end = time.monotonic() + 60
    while server.counted.replies < count:
        assert time.monotonic() < end, "the run asks nothing"
        time.sleep(0.02)


@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.slow)], ids=["kill -9", "Ctrl-C"])
def test_no_paid_answer_is_lost_when_a_run_is_broken_off(
    how: signal.Signals, jihe: Jihe, pdf: Path, gold: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, pause = answers(gold), [0.4]
    with ScriptedEndpoint(lambda request: replace(right(request), delay=pause[0])) as server:
        run = _start(pdf, tmp_path / "home", server.url)
        _answered(server, 3)
        run.send_signal(how)
        _, said = run.communicate(timeout=60)
        before = [request.user for request in server.requests]
        received = server.counted.replies
        pause[0] = 0.0
        switch_on(monkeypatch, server.url)
        again = jihe("ingest", pdf, "--extractor", "llm")
        asked_again = [request.user for request in server.requests[len(before) :]]
    assert again.exit_code == 0, again.output
    twice = len(set(before) & set(asked_again))
    if how == signal.SIGINT:
        assert run.returncode == 130
        assert "不会再次付费" in said.decode()
        assert twice == 0
    # A killed process never saw what was on its way: two questions at a time here.
    assert twice <= 2 and len(before) - received <= 2
    assert [cells(form) for form in stored(tmp_path / "home")] == [cells(form) for form in gold]
