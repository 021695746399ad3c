"""The ledger and the kept answers: sums, what is committed when, and files that cannot be used."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schema.errors import StoreBusy, StoreError, StoreVersion
from store.calls import CALLS_NAME, Answer, Call, CallLog, Money, Totals

LINE: dict[str, Any] = {"run": "r", "model": "m", "host": "h", "purpose": "extract", "form": "表", "status": "ok", "attempt": 1}


def _call(**changes: Any) -> Call:
    return Call(**LINE | {"prompt_tokens": 10, "completion_tokens": 5, "seconds": 0.5} | changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log is to be; its folder is not there yet."""
    return tmp_path / "home" / CALLS_NAME


def test_lines_come_back_as_they_were(path: Path) -> None:
    at = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    first = _call(cost=Decimal("0.00006"), currency="元", at=at)
    second = _call(run="s", status="invalid", prompt_tokens=None, completion_tokens=None, at=at)
    with CallLog.open(path) as log:
        log.write(first)
        log.write(second)
    with CallLog.open(path) as log:
        assert log.calls() == [first, second]
        assert log.calls("s") == [second]


def test_answers_are_kept_and_replaced(path: Path) -> None:
    with CallLog.open(path) as log:
        assert log.find("k") is None
        log.write(_call(), "k", Answer(text="一", model="m", prompt_tokens=10, completion_tokens=5))
        found = log.find("k")
        assert found is not None
        assert (found.text, found.model, found.prompt_tokens) == ("一", "m", 10)
        assert found.created is not None
        log.write(_call(), "k", Answer(text="二", model="m"))
    with CallLog.open(path) as log:
        again = log.find("k")
        assert again is not None
        assert again.text == "二"


def test_sums_are_exact_and_apart(path: Path) -> None:
    with CallLog.open(path) as log:
        for _ in range(3):
            log.write(_call(cost=Decimal("0.0000000001"), currency="元"))
        log.write(
            _call(run="s", model="n", purpose="check", status="server", prompt_tokens=0, completion_tokens=0, cost=Decimal(0), currency="$")
        )
        log.write(_call(status="unreachable", prompt_tokens=None, completion_tokens=None))
        log.write(_call(attempt=0, cached=True, prompt_tokens=0, completion_tokens=0, seconds=0.0))
        totals = log.totals()
        assert totals == Totals(
            requests=5,
            cached=1,
            prompt_tokens=30,
            completion_tokens=15,
            unknown=1,
            seconds=2.5,
            costs=(Money(Decimal(0), "$"), Money(Decimal("0.0000000003"), "元")),
            statuses=(("ok", 3), ("server", 1), ("unreachable", 1)),
        )
        assert log.totals(run="s") == log.totals(model="n") == log.totals(purpose="check") == log.totals_by("run")["s"]
        assert {name: part.requests for name, part in log.totals_by("status").items()} == {"ok": 3, "server": 1, "unreachable": 1}
        assert log.totals_by("model", run="s").keys() == {"n"}
        assert log.totals(run="none") == Totals()


def test_a_line_and_its_answer_are_one(path: Path) -> None:
    with CallLog.open(path) as log:
        with pytest.raises(StoreError):
            log.write(_call(), "k", Answer.model_construct(text=None, model="m", created=None, prompt_tokens=None, completion_tokens=None))
        assert log.calls() == []
        log.write(_call())
        assert len(log.calls()) == 1


def test_what_is_written_is_committed_for_others_to_see(path: Path) -> None:
    with CallLog.open(path) as log, CallLog.open(path) as other:
        log.write(_call(), "k", Answer(text="一", model="m"))
        assert other.find("k") is not None
        connection = sqlite3.connect(path)
        assert connection.execute("SELECT count(*) FROM calls").fetchone() == (1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.close()


def test_many_threads_and_two_openings_write_at_once(path: Path) -> None:
    with CallLog.open(path) as one, CallLog.open(path) as two, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: (one, two)[i % 2].write(_call(), f"k{i}", Answer(text=str(i), model="m")), range(200)))
        assert one.totals().requests == 200
        assert {answer.text for i in range(200) if (answer := two.find(f"k{i}"))} == {str(i) for i in range(200)}


def test_opening_at_the_same_time_makes_the_tables_once(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        logs = list(pool.map(lambda _: CallLog.open(path), range(8)))
    for log in logs:
        log.write(_call())
        log.close()
    with CallLog.open(path) as log:
        assert log.totals().requests == 8


def test_a_newer_file_is_left_alone(path: Path) -> None:
    CallLog.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreVersion, match=r"99.*升级"):
        CallLog.open(path)


def test_files_that_cannot_be_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    path.write_text("not a database, whatever its name says " * 50, encoding="utf-8")
    with pytest.raises(StoreError, match="已损坏"):
        CallLog.open(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError, match="打不开"):
        CallLog.open(path)
    path.rmdir()
    path.parent.rmdir()
    path.parent.write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match="不是文件夹"):
        CallLog.open(path)


def test_another_writer_is_waited_for_and_then_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.sidefile.BUSY_SECONDS", 0.1)
    with CallLog.open(path) as log:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            log.write(_call())
        other.execute("ROLLBACK")
        other.close()
        log.write(_call())
        assert log.totals().requests == 1
