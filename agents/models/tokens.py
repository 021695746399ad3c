"""How many tokens a text may be, told from its characters: tokenizer files are models' own, and are not at hand offline.

The estimate is meant to be too high rather than too low, since budgets are kept by it before usage is known. Its weights are set above
what makers publish (DeepSeek: 0.6 tokens to a Chinese character, 0.3 to a Latin one) and above the character vocabularies of common
open models; they were not measured against a tokenizer. What an endpoint reports as usage always takes the estimate's place.
"""

from __future__ import annotations

import re

CHINESE, LATIN_WORD, DIGIT, SIGN, RARE = 1.1, 0.4, 1.0, 1.0, 3.0
"""Tokens per character: of Chinese, of Latin letters, digits (often one by one), signs, and of everything rare (its bytes, at worst)."""
IMAGE_TOKENS = 1600
"""A picture, whatever its size: what a page of about 1,000 by 1,400 points takes with common vision models, rounded up."""
MESSAGE_TOKENS = 12
"""What the frame of a message takes."""

_CLASSES = (
    (re.compile(r"[㐀-䶿一-鿿　-〿＀-￯]"), CHINESE),
    (re.compile(r"[A-Za-z]"), LATIN_WORD),
    (re.compile(r"[0-9]"), DIGIT),
    # A run of blanks of one kind is one token, or few.
    (re.compile(r"[ \t\r\n]+"), SIGN),
    (re.compile(r"[!-/:-@\[-`{-~]"), SIGN),
)
_RARE = re.compile(r"[^㐀-䶿一-鿿　-〿＀-￯ -~\t\r\n]")


def estimate_tokens(text: str) -> int:
    """How many tokens a text is, at most in all likelihood; 0 for an empty one."""
    counted = sum(len(pattern.findall(text)) * weight for pattern, weight in _CLASSES)
    return -int(-(counted + len(_RARE.findall(text)) * RARE) // 1)
