"""What the tests of the real server share: the binary, or the reason to skip; model files made once; callers of a running server."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agents.models import Endpoint, endpoint_from_env
from agents.models.caller import Caller
from agents.models.course import Patience
from eval.llama import LlamaServer
from eval.llama.gold import GoldForm, gold_forms, sample_names
from eval.llama.server import VARIABLE
from store.calls import CallLog

QUICK = Patience(tries=2, slow_tries=1, pause=0.01, longest_pause=0.05)
Calls = Callable[..., Caller]


@cache
def every_gold_form() -> tuple[GoldForm, ...]:
    """The forms of all samples, read once."""
    return tuple(form for name in sample_names() for form in gold_forms(name))


@pytest.fixture(autouse=True)
def _no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading them takes long for every client, and nothing here speaks TLS."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)


@pytest.fixture(scope="session")
def binary() -> Path:
    """The server's program."""
    named = os.environ.get(VARIABLE, "")
    if not named:
        pytest.skip(f"{VARIABLE} names no llama-server: what a real inference server does is not tested (docs/testing.md says how to)")
    return Path(named)


def endpoint_of(server: LlamaServer, fields: Mapping[str, Any] | None = None) -> Endpoint:
    """The server under its own preset; further fields of requests win over those of the preset."""
    environ = {"JIHE_MODEL": "made-up", "OPENAI_BASE_URL": server.url, "JIHE_MODEL_PRESET": "llama.cpp", "JIHE_MODEL_TIMEOUT": "120"}
    endpoint = endpoint_from_env(environ)
    assert endpoint is not None
    return Endpoint(**{**vars(endpoint), "extra_body": {**endpoint.extra_body, **(fields or {})}})


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Calls]:
    """Makes callers of a server, which share a ledger; all are closed at the end."""
    with ExitStack() as stack:
        log, number = stack.enter_context(CallLog.open(tmp_path / "model-calls.db")), count(1)

        def make(server: LlamaServer, fields: Mapping[str, Any] | None = None) -> Caller:
            return stack.enter_context(Caller(endpoint_of(server, fields), log, run=f"run {next(number)}", patience=QUICK))

        yield make
