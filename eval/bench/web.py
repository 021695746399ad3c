"""`python -m eval.bench web`: many askers at once against `jihe ui` in a process of its own, over loopback.

Every asker is a visitor with a tab and a conversation of its own, who opens the page (not counted) and asks the next question as soon as
the last one is answered (or after a pause), once as the page does it and once over the documented API. Seconds are from sending a question
to the end of its answer.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eval.bench.questions import fill
from eval.bench.report import machine
from eval.bench.visits import Refused, event, fetched
from schema.errors import JiheError
from store.records import FormSummary
from store.store import Store

LIMIT_SECONDS = 2.0
"""p95 that 20 askers at once may see."""
START_SECONDS = 120.0
SIZE = 37


class ServerFailed(JiheError):
    """The web app did not start."""


@dataclass(frozen=True)
class Reply:
    """What came of one question: seconds until its answer was whole, and what went wrong."""

    seconds: float
    error: str = ""


@dataclass(frozen=True)
class Load:
    """The figures of one way of asking."""

    way: str
    askers: int
    questions: int
    errors: int
    p50: float
    p95: float
    worst: float
    per_second: float
    cpu: float | None
    """Seconds of the processor that the server needed for a question; None where the system does not tell."""

    @property
    def kept(self) -> bool:
        """Whether the limit is kept, without an error."""
        return not self.errors and self.p95 <= LIMIT_SECONDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 where the limit is missed or a question failed."""
    given = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="jihe-web-") as folder:
        home = Path(folder) / "home"
        if given.home is None:
            fill(home, SIZE)
        else:
            # Conversations are kept in the home; the one that was given stays as it is.
            shutil.copytree(given.home, home)
        with Store.open(home) as store:
            asked = questions(store.forms(), given.askers * given.questions)
        with serving(home) as (address, pid):
            loads = [_measured(way, (address, pid), asked, given) for way in WAYS]
    for load in loads:
        told = (
            f"p50 {load.p50:.2f} s, p95 {load.p95:.2f} s, worst {load.worst:.2f} s, {load.per_second:.1f} questions/s, {load.errors} errors"
        )
        told += f", {load.cpu * 1000:.0f} ms of the server's processor per question" if load.cpu is not None else ""
        sys.stdout.write(f"{'ok  ' if load.kept else 'MISS'} {load.way}: {load.askers} askers, {load.questions} questions: {told}\n")
    if given.output:
        figures = {"machine": machine(), "loads": [asdict(load) for load in loads]}
        given.output.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(load.kept for load in loads) else 1


def questions(forms: Sequence[FormSummary], count: int) -> list[str]:
    """Questions of many kinds over these forms, the same ones each time; hardly any comes twice."""
    chance = random.Random(count)
    names = [form.project_name for form in forms if form.project_name]
    units = sorted({form.implementing_unit for form in forms if form.implementing_unit})
    years = sorted({form.fiscal_year for form in forms if form.fiscal_year})

    def one() -> str:
        name, unit, year = chance.choice(names), chance.choice(units), chance.choice(years)
        return chance.choice(
            (
                f"“{name}”的执行率是多少？",
                f"“{name}”的总得分和评分等级是多少？",
                f"“{name}”为什么扣分？",
                f"哪些项目执行率低于{chance.randint(50, 100)}%？",
                f"{year}年总得分最低的{chance.randint(2, 9)}个项目是哪几个？",
                f"{unit}各项目的平均总得分是多少？",
                f"{year}年全年预算数超过{chance.randint(1, 900)}万元的项目有多少个？",
                f"有哪些项目因为{chance.choice(('机构改革', '需求变化', '预算调整', '人员变动'))}影响了绩效？",
                f"{year}年哪些项目扣了分却没有说明原因？",
                f"{unit}有哪些项目做了培训？",
            )
        )

    return [one() for _ in range(count)]


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, int]]:
    """The address and the process of the web app over a home, once it answers.

    Raises:
        ServerFailed: it ended, or did not answer in time.
    """
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "ui", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            address = next((word.partition("（")[0] for word in line.split() if word.startswith("http://")), "")
            if not address:
                raise ServerFailed(f"{line.strip() or 'no output'}")
            _wait(address)
            yield address, process.pid
        finally:
            process.terminate()
            process.communicate()


def _wait(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            if fetched(address, "GET", "/config")[0] == http.client.OK:
                return
        except OSError:
            time.sleep(0.2)
    raise ServerFailed(f"no answer from {address} within {START_SECONDS:g} s")


def _measured(way: str, server: tuple[str, int], asked: Sequence[str], given: argparse.Namespace) -> Load:
    (begin, ask), (address, pid) = (WAYS[way].begin, WAYS[way].ask), server
    # The first question of a process imports what it needs; that is not what many askers at once cost.
    ask(address, asked[0], "0" * 32)
    askers = [secrets.token_hex(16) for _ in range(given.askers)]
    for asker in askers:
        begin(address, asker)
    replies: list[Reply] = []

    def one_asker(number: int) -> None:
        for question in asked[number :: given.askers]:
            begun = time.perf_counter()
            try:
                ask(address, question, askers[number])
                trouble = ""
            except (OSError, ValueError, KeyError, http.client.HTTPException, Refused) as e:
                trouble = f"{type(e).__name__}: {e}"
            replies.append(Reply(time.perf_counter() - begun, trouble))
            time.sleep(given.pause)

    begun, before = time.perf_counter(), _cpu_seconds(pid)
    with ThreadPoolExecutor(given.askers) as pool:
        list(pool.map(one_asker, range(given.askers)))
    seconds = time.perf_counter() - begun
    for trouble in {reply.error for reply in replies if reply.error}:
        sys.stderr.write(f"{way}: {trouble}\n")
    after = _cpu_seconds(pid)
    cpu = (after - before) / len(replies) if before is not None and after is not None else None
    return summary(way, given.askers, replies, (seconds, cpu))


def _cpu_seconds(pid: int) -> float | None:
    """What a process has used of the processor so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def summary(way: str, askers: int, replies: Sequence[Reply], took_all: tuple[float, float | None]) -> Load:
    """The figures of some replies, which took so many seconds together, and the server so many of the processor for each."""
    took = sorted(reply.seconds for reply in replies)

    def share(part: float) -> float:
        return took[max(0, math.ceil(part * len(took)) - 1)]

    errors = sum(bool(reply.error) for reply in replies)
    return Load(way, askers, len(replies), errors, share(0.5), share(0.95), took[-1], len(took) / took_all[0], took_all[1])


def _ask_api(address: str, question: str, asker: str) -> None:  # noqa: ARG001 - the API keeps no conversations
    """One question over the documented API."""
    status, raw = fetched(address, "POST", "/gradio_api/call/ask", {"data": [question]})
    if status != http.client.OK:
        raise ValueError(f"HTTP {status}")
    _, raw = fetched(address, "GET", f"/gradio_api/call/ask/{json.loads(raw)['event_id']}", None)
    event, _, data = raw.decode().rpartition("event: ")[2].partition("\ndata: ")
    if event != "complete":
        raise ValueError(raw.decode()[-200:])
    if not json.loads(data)[0]["answer"]:
        raise ValueError("empty answer")


def _ask_page(address: str, question: str, asker: str) -> None:
    """One question as the page's box sends it, in the asker's own conversation and always from the same tab."""
    said = event(address, _functions(address)["submit"], [question, ""], asker)
    if "ask-answer" not in said or "jh-error" in said:
        raise ValueError(said[-300:])


def _open_page(address: str, asker: str) -> None:
    """What the page does when somebody opens it."""
    event(address, _functions(address)["load"], [], asker)


def _open_nothing(address: str, asker: str) -> None:
    """The API has no page."""


@dataclass(frozen=True)
class Way:
    """How an asker begins, and puts a question: the address, what is asked, who."""

    begin: Callable[[str, str], None]
    ask: Callable[[str, str, str], None]


WAYS = {"page": Way(_open_page, _ask_page), "API": Way(_open_nothing, _ask_api)}


@cache
def _functions(address: str) -> dict[str, int]:
    """Which of Gradio's functions the page of questions calls when it is opened (load) and when something is asked (submit)."""
    config: dict[str, Any] = json.loads(fetched(address, "GET", "/config")[1])
    boxes = {one["id"] for one in config["components"] if one["props"].get("elem_id") == "ask-box"}
    own = [one for one in config["dependencies"] if one["id"] in config["page"]["ask"]["dependencies"]]
    submit = next(one["id"] for one in own if any(what == "submit" and box in boxes for box, what in one["targets"]))
    load = next(one["id"] for one in own if any(what == "load" for _, what in one["targets"]))
    return {"submit": submit, "load": load}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench web", description="Seconds per question with many askers at once.")
    parser.add_argument("--home", type=Path, help=f"whose copy is served; by default {SIZE} made-up forms")
    parser.add_argument("--askers", type=int, default=20, help="visitors at the same time")
    parser.add_argument("--questions", type=int, default=10, help="questions of each")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between an answer and the next question")
    parser.add_argument("-o", "--output", type=Path, help="write all figures there as JSON")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
