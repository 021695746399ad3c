"""What is spent: budgets that stop a run, a ledger that agrees with the endpoint, answers that outlive a kill."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

from agents.models import Budget, Endpoint
from agents.models.caller import Caller
from eval.endpoint import Reply, Request, ScriptedEndpoint
from store.calls import CallLog
from tests.agents.models.conftest import GOOD_TEXT, KEY, PRICE, Asks, question, wrong

ROOT = Path(__file__).parents[3]

CLIENT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from agents.models import Endpoint
from agents.models.caller import Caller
from store.calls import CallLog
from tests.agents.models.conftest import KEY, question

log = CallLog.open(Path(sys.argv[1]))
with Caller(Endpoint(sys.argv[2], KEY, "m"), log, run=sys.argv[3]) as caller, ThreadPoolExecutor(4) as pool:
    for outcome in pool.map(lambda i: caller.ask(question(f"题{i}")), range(60)):
        print(outcome.status, outcome.cached, flush=True)
"""


def test_a_budget_ends_the_run_and_is_not_overshot(asks: Asks) -> None:
    budget = Budget(tokens=3000)
    caller, server = asks(lambda _: GOOD_TEXT, budget=budget, concurrency=4)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda i: caller.ask(question(f"题{i}")), range(100)))
    asked = [outcome for outcome in outcomes if outcome.status == "ok"]
    assert {outcome.status for outcome in outcomes} == {"ok", "unasked"}
    assert len(asked) == len(server.requests) > 10
    assert budget.prompt_tokens + budget.completion_tokens == sum(server.counted[1:]) <= 3000
    left = next(outcome for outcome in outcomes if outcome.status == "unasked")
    assert "预算不够" in left.told
    assert "3000 token" in left.told


def test_a_budget_in_money(asks: Asks) -> None:
    caller, server = asks(lambda _: GOOD_TEXT, budget=Budget(money=Decimal("0.0001"), price=PRICE))
    assert caller.ask(question()).status == "unasked"
    assert server.requests == []


def test_a_budget_that_ends_between_two_tries_says_so(asks: Asks) -> None:
    caller, server = asks(lambda _: Reply("{}" + " " * 1500), budget=Budget(tokens=900))
    outcome = caller.ask(question())
    assert (outcome.status, len(server.requests)) == ("invalid", 1)
    assert "没有再试：预算不够" in outcome.told


def test_a_reply_without_usage_is_estimated_for_the_budget_and_open_in_the_ledger(asks: Asks, log: CallLog) -> None:
    budget = Budget()
    caller, _ = asks(lambda _: Reply(GOOD_TEXT, usage=False), budget=budget)
    assert caller.ask(question()).usage.completion == 0
    assert budget.completion_tokens > 20
    assert (log.totals().unknown, log.totals().costs) == (1, ())
    assert log.calls()[0].prompt_tokens is None


def test_the_ledger_agrees_with_the_endpoint_over_a_mixed_run(asks: Asks, log: CallLog) -> None:
    rng, turn = random.Random(7), threading.Lock()
    bad = (
        Reply(status=429, headers={"retry-after": "0.01"}),
        Reply(status=503),
        Reply(content=GOOD_TEXT[:30], finish_reason="length"),
        Reply(content=" "),
        Reply(content=wrong(more=1)),
        Reply(refusal="no"),
        Reply(content="", finish_reason="content_filter"),
        Reply(status=400, error="odd"),
        Reply(GOOD_TEXT, finish_reason="insufficient_system_resource"),
        Reply(body="<html>"),
        Reply(GOOD_TEXT, usage=False),
    )

    def script(request: Request) -> Reply:
        with turn:
            return rng.choice(bad) if rng.random() < 0.5 else Reply(GOOD_TEXT)

    caller, server = asks(script, concurrency=4)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda i: caller.ask(question(f"题{i % 50}", form=f"表{i % 5}")), range(80)))
    totals = log.totals(run="r1")
    assert totals.requests == len(server.requests) == sum(outcome.attempts for outcome in outcomes) > 80
    assert (totals.prompt_tokens, totals.completion_tokens) == server.counted[1:]
    assert (sum(o.usage.prompt for o in outcomes), sum(o.usage.completion for o in outcomes)) == server.counted[1:]
    assert totals.cached == sum(outcome.cached for outcome in outcomes)
    assert dict(totals.statuses)["ok"] == sum(outcome.status == "ok" and not outcome.cached for outcome in outcomes)
    assert [(sum_.amount, sum_.currency) for sum_ in totals.costs] == [(PRICE.cost(*server.counted[1:]), "元")]
    assert sum(part.requests for part in log.totals_by("form").values()) == totals.requests
    assert log.totals_by("purpose") == {"extract": totals} == {"extract": log.totals(model="m", purpose="extract")}


def test_the_key_is_nowhere_on_disk(asks: Asks, log: CallLog) -> None:
    caller, _ = asks(lambda r: GOOD_TEXT if r.number else Reply(status=400, error=f"what is {KEY}?"))
    assert KEY not in caller.ask(question()).told
    caller.ask(question("别的"))
    assert KEY not in repr(caller.endpoint) + repr(log.calls())
    for file in log.path.parent.glob("model-calls.db*"):
        assert KEY.encode() not in file.read_bytes()


def test_a_killed_run_keeps_every_answer_it_received(tmp_path: Path) -> None:
    path = tmp_path / "model-calls.db"
    with ScriptedEndpoint(lambda _: Reply(GOOD_TEXT, delay=0.01)) as server:
        arguments = [sys.executable, "-c", CLIENT, str(path), server.url]
        killed = subprocess.Popen([*arguments, "first"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert killed.stdout is not None
        told = [killed.stdout.readline() for _ in range(15)]
        os.kill(killed.pid, signal.SIGKILL)
        killed.communicate(timeout=30)
        assert told == ["ok False\n"] * 15
        sent = len(server.requests)
        with CallLog.open(path) as log:
            kept = log.totals(run="first").requests
        # At most the requests under way are lost, four at a time.
        assert sent - 4 <= kept <= sent < 60
        again = subprocess.run([*arguments, "second"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    lines = again.stdout.splitlines()
    assert (lines.count("ok True"), lines.count("ok False")) == (kept, 60 - kept)


def test_runs_of_one_second_and_one_process_are_two_in_the_ledger(log: CallLog) -> None:
    callers = [Caller(Endpoint("http://127.0.0.1:9/v1", KEY, "m"), log) for _ in range(3)]
    assert len({caller.run for caller in callers}) == 3
    for caller in callers:
        caller.close()
