"""Logs, traces and metrics: nothing unless asked for, and nothing in them that is nobody's business."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

import data
from agents.guarded.frames import Lost
from agents.guarded.process import lost_told
from schema.errors import UsageError
from schema.observing import listening, observe
from store.store import Store
from tests.factories import make_form, make_reading
from ui.observing import metrics, of_store

QUESTION = "热线项目的执行率是多少？"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "home") as store:
        store.save(make_reading([make_form("政务服务热线运维")], "自评表.pdf"), store.start_run("test"))
    return tmp_path / "home"


def _ask(home: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return _jihe(home, "ask", QUESTION, **environ)


def _jihe(home: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | environ)


def _events(log: Path, event: str) -> list[dict[str, Any]]:
    return [line for text in log.read_text(encoding="utf-8").splitlines() if (line := json.loads(text))["event"] == event]


def test_a_log_is_json_lines_without_questions_and_secrets(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "jihe.log"
    _ask(home, JIHE_LOG=str(log), OPENAI_API_KEY="sk-verysecret")
    (answer,) = _events(log, "answer")
    assert (answer["mode"], answer["verified"], answer["level"]) == ("offline", True, "INFO")
    assert "热线" not in log.read_text(encoding="utf-8")
    assert "sk-verysecret" not in log.read_text(encoding="utf-8")
    assert '"event": "answer"' in _ask(home, JIHE_LOG="-").stderr
    assert "answer" not in _ask(home).stderr


def test_a_log_tells_of_documents_the_index_and_corrections_without_their_values(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "jihe.log"
    sample = data.samples() / "pdf" / "baoshan-2020.pdf"
    (tmp_path / "empty.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(subprocess.CalledProcessError):
        _jihe(home, "ingest", str(sample), str(tmp_path / "empty.pdf"), JIHE_LOG=str(log))
    good, bad = sorted(_events(log, "document"), key=lambda line: line["status"])
    assert (good["document"], good["status"], good["forms"], good["error"]) == (str(sample), "done", 4, None)
    assert good["pages"] > 0
    assert (bad["status"], bad["error"]) == ("failed", "DamagedDocument")
    assert [line["forms"] for line in _events(log, "index")] == [5]
    with Store.open(home) as store:
        form = next(form for form in store.iter_forms() if form.project_name == "政务服务热线运维")
    _jihe(home, "correct", form.form_id, "implementing_unit", "某某中心", "--who", "小李", JIHE_LOG=str(log))
    (correction,) = _events(log, "correction")
    assert (correction["form"], correction["cell"], correction["undone"]) == (form.form_id, "implementing_unit", False)
    assert "某某" not in log.read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_is_told(home: Path, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        _ask(home, JIHE_LOG=str(tmp_path / "none" / "jihe.log"))
    assert "JIHE_LOG" in failed.value.stderr
    assert "Traceback" not in failed.value.stderr


def test_metrics_are_counted_and_served_on_loopback(home: Path) -> None:
    with Store.open(home) as store, metrics(0, lambda: of_store(store)) as port:
        lost_told(Lost("stalled", "what the user never sees"), "a.pdf")
        observe("answer", mode="offline", seconds=0.02, verified=True)
        observe("login.refused", address="192.0.2.1")
        told = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
        with pytest.raises(UsageError, match="--metrics-port"), metrics(port, dict):
            pass
    assert 'jihe_workers_lost_total{why="stalled"} 1.0' in told
    assert 'jihe_answer_seconds_bucket{le="0.05",mode="offline"} 1.0' in told
    assert "jihe_logins_refused_total 1.0" in told
    assert "jihe_forms 1.0" in told
    assert "热线" not in told
    assert "192.0.2.1" not in told


def test_nobody_hears_more_than_asked_for() -> None:
    heard: list[str] = []
    with listening(lambda event, fields: heard.append(f"{event} {dict(fields)}")):
        observe("one", number=1)
    observe("two")
    assert heard == ["one {'number': 1}"]


class _Collector(trace_service_pb2_grpc.TraceServiceServicer):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def Export(self, request: Any, context: object) -> Any:  # noqa: N802 - the name of the protocol
        self.names |= {span.name for resource in request.resource_spans for scope in resource.scope_spans for span in scope.spans}
        return trace_service_pb2.ExportTraceServiceResponse()


@pytest.fixture
def collector() -> Iterator[tuple[_Collector, int]]:
    made = _Collector()
    server = grpc.server(ThreadPoolExecutor(1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(made, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield made, port
    server.stop(None)


def test_spans_reach_a_collector(home: Path, collector: tuple[_Collector, int]) -> None:
    made, port = collector
    _ask(home, OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}", OTEL_EXPORTER_OTLP_INSECURE="true")
    assert "answer.composed" in made.names
    sample = data.samples() / "pdf" / "baoshan-2020.pdf"
    _jihe(home, "ingest", str(sample), OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}", OTEL_EXPORTER_OTLP_INSECURE="true")
    assert {"document.stored", "index.caught_up"} <= made.names
