"""Pages of `jihe ui` as the browser asks for them, over HTTP, without a browser: what the server needs for their first rows."""

from __future__ import annotations

import http.client
import json
import secrets
import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

from eval.bench.visits import event, fetched
from schema.errors import JiheError


class PageFailed(JiheError):
    """A page was refused, or shows an error."""


class PageTimes(NamedTuple):
    """Seconds of one page: the first time it was asked for, and the median and the worst of the times after that."""

    name: str
    first: float
    median: float
    worst: float


def page_times(address: str, repeat: int) -> list[PageTimes]:
    """The list's first rows, rows from its middle, rows by score, and the first findings; each asked for several times.

    Raises:
        PageFailed, Refused: one of them does not come.
    """
    _, raw = fetched(address, "GET", "/config")
    config: dict[str, Any] = json.loads(raw)
    total = json.loads(fetched(address, "GET", "/jihe/forms/rows?offset=0")[1])["total"]
    looks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("list", lambda: _loaded(address, config, "", "jl")),
        ("list, rows of its middle", lambda: _rows(address, f"offset={total // 2}")),
        ("list by score, its end", lambda: _rows(address, f"sort=score&offset={max(0, total - 100)}")),
        ("list, searched", lambda: _rows(address, "text=%E5%B0%B1%E4%B8%9A&offset=0")),
        ("findings", lambda: _loaded(address, config, "findings", "jp-table")),
    )
    return [_times(name, look, repeat) for name, look in looks]


def _times(name: str, look: Callable[[], object], repeat: int) -> PageTimes:
    times = []
    for _ in range(repeat + 1):
        begun = time.perf_counter()
        look()
        times.append(time.perf_counter() - begun)
    return PageTimes(name, times[0], median(times[1:]), max(times[1:]))


def _rows(address: str, query: str) -> None:
    status, raw = fetched(address, "GET", f"/jihe/forms/rows?{query}")
    if status != http.client.OK or not json.loads(raw)["rows"]:
        raise PageFailed(f"rows?{query}: HTTP {status}")


def _loaded(address: str, config: dict[str, Any], page: str, holds: str) -> None:
    """What a page does when it is opened: all its events, as the browser sends them; one of them has to bring its table."""
    own = [one for one in config["dependencies"] if one["id"] in config["page"][page]["dependencies"]]
    loads = [one["id"] for one in own if any(what == "load" for _, what in one["targets"])]
    if not any(holds in event(address, function, [], secrets.token_hex(16)) for function in loads):
        raise PageFailed(f"/{page}: no table")
