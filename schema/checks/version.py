"""By which rules a finding was made: a fingerprint of the checker's sources and of the profile.

Findings are stored, and rules change. The fingerprint is taken from the sources, not from a number that someone must remember to raise;
it also changes with a comment, and the price of that is one more check of what is stored.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files

from schema.checks.profile import Profile

_PACKAGES = ("schema", "schema.checks")
"""The rules, and the value grammar and comparisons that they stand on."""


def rules_version(profile: Profile) -> str:
    """The fingerprint of the rules with the figures of this profile."""
    return hashlib.sha256((_sources() + profile.model_dump_json()).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _sources() -> str:
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for module in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            if module.name.endswith(".py"):
                digest.update(module.name.encode() + b"\0" + module.read_bytes())
    return digest.hexdigest()
