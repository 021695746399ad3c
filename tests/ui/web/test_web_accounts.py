"""Accounts in a file, sessions in memory, and the command that starts the web app."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.errors import UsageError
from tests.ui.conftest import Jihe
from ui.web.accounts import PATIENCE, PAUSE_SECONDS, SESSION_SECONDS, Accounts, Sessions, add_account
from ui.web.gate import is_loopback


def test_passwords_are_kept_as_hashes_only(tmp_path: Path) -> None:
    file = tmp_path / "people"
    add_account(file, "li", "correct horse")
    add_account(file, "王", "battery staple")
    add_account(file, "li", "another one")
    text = file.read_text(encoding="utf-8")
    assert "correct" not in text
    assert "another" not in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    known = Accounts(file)
    assert known.knows("li", "another one")
    assert known.knows("王", "battery staple")
    assert not known.knows("li", "correct horse")
    assert not known.knows("nobody", "another one")


@pytest.mark.parametrize(("name", "password"), [("", "long enough"), ("a:b", "long enough"), ("a b", "long enough"), ("li", "short")])
def test_names_and_passwords_that_cannot_be_written(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(UsageError):
        add_account(tmp_path / "people", name, password)


@pytest.mark.parametrize("line", ["li", "li:", "li:plain", ":scrypt$1$1$1$x$y"])
def test_a_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "people"
    file.write_text(f"# people\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="第 2 行"):
        Accounts(file)


@given(st.text(max_size=30))
def test_no_hash_but_the_own_one_lets_in(text: str) -> None:
    sessions = Sessions()
    token = sessions.begin("li")
    assert sessions.user(token) == "li"
    assert text == token or sessions.user(text) is None


def test_sessions_end_by_themselves_and_by_logging_out() -> None:
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    token, other = sessions.begin("li"), sessions.begin("li")
    now[0] = SESSION_SECONDS - 1
    assert sessions.user(token) == "li"
    now[0] += 2
    assert sessions.user(token) == "li"
    assert sessions.user(other) is None
    sessions.end(token)
    assert sessions.user(token) is None


def test_an_address_waits_after_wrong_passwords_and_is_forgiven() -> None:
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    for _ in range(PATIENCE):
        assert sessions.wait("a") == 0
        sessions.failed("a")
    assert sessions.wait("a") == PAUSE_SECONDS
    assert sessions.wait("b") == 0
    now[0] = PAUSE_SECONDS + 1
    assert sessions.wait("a") == 0


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.3", False),
        ("x.org", False),
    ],
)
def test_what_is_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--host", "0.0.0.0"], "--auth"),
        (["--add-user", "li"], "--auth"),
        (["--auth", "nowhere"], "--add-user"),
        (["--share", "on"], "off"),
    ],
)
def test_the_command_refuses_what_is_unsafe_or_half_said(jihe: Jihe, arguments: list[str], told: str) -> None:
    done = jihe("ui", *arguments)
    assert done.exit_code == 2
    assert told in done.stderr
