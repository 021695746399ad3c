"""Rules and reasons in the words of a visitor: the store keeps them as ids, or in the Chinese in which they were made."""

from __future__ import annotations

import re
from functools import lru_cache

from schema.checks import RULES
from ui.web.site import Visitor
from ui.web.texts.vocabulary import REASONS

_REASONS = tuple((re.compile(chinese, re.DOTALL), english) for chinese, english in REASONS)
_NOTHING_SAID = re.compile(r" \(\)|: \Z")
"""What is left of a place for a value that was not told."""


def rule_title(visitor: Visitor, rule: str) -> str:
    """What a rule is called; its id where it is of another version."""
    return visitor.say(f"rule.title.{rule}") if rule in RULES else rule


def rule_advice(visitor: Visitor, rule: str) -> str:
    """What to do about a finding of a rule."""
    return visitor.say(f"rule.advice.{rule}" if rule in RULES else "rule.advice")


def reason_told(visitor: Visitor, reason: str) -> str:
    """Why a cell is in doubt. A reason that is not of the fixed ones stays as it was made."""
    return reason if visitor.language == "zh" else "; ".join(_in_english(part) for part in reason.split("；"))


@lru_cache(maxsize=10_000)
def _in_english(reason: str) -> str:
    for chinese, english in _REASONS:
        if found := chinese.fullmatch(reason.strip()):
            told = english.format(*(group or "" for group in found.groups()))
            return _NOTHING_SAID.sub("", told)
    return reason
