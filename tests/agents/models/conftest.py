"""What the tests of models share: an endpoint on loopback, a log in the test's folder, small pauses."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from agents.models import Budget, Endpoint, Question
from agents.models.caller import Caller
from agents.models.course import Patience
from agents.models.price import Price, parse_price
from eval.endpoint import Reply, Request, ScriptedEndpoint
from schema.transcript import CellsTranscript, CellTranscript
from store.calls import CallLog

KEY = "sk-this-must-never-show"
PRICE: Price = parse_price("2/8元", "JIHE_MODEL_PRICE")
QUICK = Patience(tries=3, slow_tries=2, pause=0.01, longest_pause=0.3)
GOOD = CellsTranscript(cells=[CellTranscript(cell="indicators[0].weight", printed="10.00"), CellTranscript(cell="grade", printed=None)])
GOOD_TEXT = GOOD.model_dump_json()

Script = Callable[[Request], Reply | str]


def question(user: str = "第一行：10.00", **changes: Any) -> Question[CellsTranscript]:
    """A small question; all of one text have one cache key."""
    return replace(Question("extract", "表一", "照抄。", user, CellsTranscript, 200), **changes)


def in_turn(*said: Reply | str) -> Script:
    """A script that gives these replies one after the other, and then the last one for ever."""
    waiting = list(said)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def wrong(**changes: Any) -> str:
    """The good answer with something changed at its root."""
    return json.dumps({**json.loads(GOOD_TEXT), **changes}, ensure_ascii=False)


Pair = tuple[Caller, ScriptedEndpoint]


class Asks(Protocol):
    """Starts a scripted endpoint and a caller of it."""

    def __call__(self, script: Script, *, budget: Budget | None = None, refresh: bool = False, **settings: Any) -> Pair:
        """The caller, and the endpoint it asks."""


@pytest.fixture(autouse=True)
def _no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading them takes longer than most of these tests, and nothing here speaks TLS."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CallLog]:
    """An empty ledger."""
    with CallLog.open(tmp_path / "model-calls.db") as opened:
        yield opened


@pytest.fixture
def asks(log: CallLog) -> Iterator[Asks]:
    """Makes callers of scripted endpoints; all are closed at the end."""
    with ExitStack() as stack:

        def make(script: Script, *, budget: Budget | None = None, refresh: bool = False, **settings: Any) -> Pair:
            server = stack.enter_context(ScriptedEndpoint(script))
            endpoint = Endpoint(**{"base_url": server.url, "api_key": KEY, "model": "m", "timeout": 5.0, "price": PRICE} | settings)
            return stack.enter_context(Caller(endpoint, log, budget, refresh=refresh, run="r1", patience=QUICK)), server

        yield make
