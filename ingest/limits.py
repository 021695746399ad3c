"""`JIHE_LIMITS`: what one document may cost at most, where the defaults do not fit: "pages=500, memory=2G, longest=600"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ingest.settings import DEFAULT, Settings
from schema.errors import UsageError

VARIABLE = "JIHE_LIMITS"
LIMITS = ("pages", "pixels", "unpacked", "ratio", "characters", "cells", "seconds", "stalled", "longest", "memory", "output")
"""The fields of `Settings` that can be set."""
_ONE = re.compile(r"(?P<name>[a-z]+)\s*=\s*(?P<number>[0-9]{1,15}(?:\.[0-9]{1,3})?)\s*(?P<unit>[kKmMgG]?)[bB]?\Z")
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
_LEAST_MEMORY = 2**28
"""What a worker needs to start at all."""


def limited(environ: Mapping[str, str], settings: Settings = DEFAULT) -> Settings:
    """The settings with the limits that the environment names.

    Raises:
        UsageError: a limit is not known, or is no number above zero.
    """
    given: dict[str, Any] = {}
    for part in re.split(r"[,;\s，；]+(?=[a-z])", environ.get(VARIABLE, "").strip()):
        if part.strip():
            name, number = _one(part.strip())
            given[name] = number if isinstance(getattr(settings, name), float) else round(number)
    out = replace(settings, **given)
    if out.memory < _LEAST_MEMORY:
        raise UsageError(f"{VARIABLE} 里的 memory 太小，读取进程启动不了。请至少给 256M。")
    return out


def _one(part: str) -> tuple[str, float]:
    found = _ONE.match(part)
    if found is None or found["name"] not in LIMITS:
        raise UsageError(f"{VARIABLE} 里的“{part[:60]}”看不懂。写法如 pages=500, memory=2G；能设的有 {'、'.join(LIMITS)}。")
    number = float(found["number"]) * _UNITS[found["unit"].lower()]
    if number <= 0:
        raise UsageError(f"{VARIABLE} 里的 {found['name']} 要大于 0。")
    return found["name"], number
