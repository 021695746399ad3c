"""What is known of providers and local servers, as data: how each wants to be asked for JSON.

What an endpoint can do is set, never told from the name of its model. Nothing here was tried against a provider; it is from their
documentation and from issues of 2024-2026, and `jihe doctor --model` asks the endpoint itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

Mode = Literal["json_schema", "json_object", "tool"]
LimitField = Literal["max_tokens", "max_completion_tokens"]
MODES: tuple[Mode, ...] = get_args(Mode)
LIMIT_FIELDS: tuple[LimitField, ...] = get_args(LimitField)

REMOTE_SECONDS, LOCAL_SECONDS = 180.0, 600.0
"""How long an answer may take: a provider streams hundreds of tokens a second inside, a small machine ten."""

_EXACT = {"temperature": 0}
"""Copying wants no imagination. Not sent where some models refuse every value but 1."""
_TEMPLATE_WITHOUT_THINKING = {"chat_template_kwargs": {"enable_thinking": False}}


@dataclass(frozen=True)
class Preset:
    """How a kind of endpoint is best asked.

    Attributes:
        mode: how it is told the schema.
        limit_field: what it calls the longest answer.
        extra_body: further fields of every request.
        seconds: how long an answer may take.
        concurrency: how many questions at once.
        hosts: patterns of `host` or `host:port` by which it is known.
        why: the reason for these settings, for those who maintain them.
    """

    name: str
    mode: Mode
    limit_field: LimitField
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = REMOTE_SECONDS
    concurrency: int = 4
    hosts: tuple[str, ...] = ()
    why: str = ""


GENERIC = Preset(
    name="generic",
    mode="json_schema",
    limit_field="max_tokens",
    why="unknown software: the strictest mode first (a refusal steps down), the older spelling that all know, no field it may refuse",
)

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="openai",
        mode="json_schema",
        limit_field="max_completion_tokens",
        concurrency=8,
        hosts=("api.openai.com*",),
        why="strict schemas are enforced; reasoning models refuse max_tokens, and every temperature but 1",
    ),
    Preset(
        name="deepseek",
        mode="json_object",
        limit_field="max_tokens",
        extra_body={**_EXACT, "thinking": {"type": "disabled"}},
        concurrency=8,
        hosts=("api.deepseek.com*",),
        why="json_schema is a 400; the prompt must say JSON; max_completion_tokens is ignored; thinking, on by default, only costs here",
    ),
    Preset(
        name="qwen",
        mode="json_object",
        limit_field="max_tokens",
        extra_body={**_EXACT, "enable_thinking": False},
        hosts=("dashscope*.aliyuncs.com*",),
        why="json_schema only with listed models (set JIHE_MODEL_MODE then); JSON modes and calls without streaming refuse thinking",
    ),
    Preset(
        name="ollama",
        mode="json_schema",
        limit_field="max_tokens",
        extra_body={**_EXACT, "reasoning_effort": "none"},
        seconds=LOCAL_SECONDS,
        concurrency=1,
        hosts=("*:11434", "ollama.com*"),
        why="a grammar enforces the schema, except on ollama.com; a thinking model may leave the answer empty; one request at a time",
    ),
    Preset(
        name="vllm",
        mode="json_schema",
        limit_field="max_tokens",
        extra_body={**_EXACT, **_TEMPLATE_WITHOUT_THINKING},
        seconds=LOCAL_SECONDS,
        concurrency=8,
        why="a grammar enforces the schema, unless a reasoning parser is on; batches requests by itself",
    ),
    Preset(
        name="llama.cpp",
        mode="json_schema",
        limit_field="max_tokens",
        extra_body={**_EXACT, **_TEMPLATE_WITHOUT_THINKING},
        seconds=LOCAL_SECONDS,
        concurrency=1,
        why="a grammar enforces the schema; named tools are not forced; one slot unless started with more",
    ),
    GENERIC,
)
"""By name; the first whose host fits is taken."""


def preset_named(name: str) -> Preset | None:
    """The preset of this name."""
    return next((preset for preset in PRESETS if preset.name == name), None)


def preset_of(base_url: str) -> Preset:
    """The preset that the host of an address tells; the cautious one where it tells nothing."""
    host = host_of(base_url)
    return next((preset for preset in PRESETS if any(fnmatch(host, pattern) for pattern in preset.hosts)), GENERIC)


def host_of(base_url: str) -> str:
    """`host` or `host:port` of an address, in small letters."""
    return urlsplit(base_url).netloc.lower().rpartition("@")[2]


def is_local(base_url: str) -> bool:
    """Whether an address is on this machine or in a private network, where no key is needed and no proxy helps."""
    host = (urlsplit(base_url).hostname or "").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal", ".localhost"))
    return address.is_loopback or address.is_private
