"""Prompts as files, one per task, each behind the rules that all share. What never changes comes first, so that providers can cache it.

A prompt's version is the hash of its text: caches and ledgers know by it when one was changed. Examples are invented, and tests hold them
to the schemas and to their own texts.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files

COMMON = "common"
NAMES = ("head", "rows", "cells")


@lru_cache
def prompt(name: str) -> str:
    """The instruction for a task: `head`, `rows` or `cells`."""
    return f"{_text(COMMON)}\n{_text(name)}"


@lru_cache
def version(name: str) -> str:
    """The first characters of the prompt's hash."""
    return hashlib.sha256(prompt(name).encode()).hexdigest()[:12]


def _text(name: str) -> str:
    return files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
