"""A model that says anything: under a grammar, answers that fit a schema and mean nothing.

Every token has a weight, whatever was said before; a grammar leaves out what does not fit. Words that the document prints may be given as
tokens of their own: answers are then made of what really stands there, in the wrong places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from eval.llama.vocabulary import BEGIN, END, FIRST_BYTE, FIRST_WORD, UNKNOWN, Vocabulary, vocabulary_with
from eval.llama.weights import Floats, Weights, write_gguf
from schema.transcript import LEVEL1_CHOICES, LEVEL2_CHOICES

WIDTH = 64
CONTEXT = 32_768
SHARE_GIVEN = 0.95
"""How much of all words those have that are given, together; the rest is single characters."""
_CHARACTERS = "，。、；：“”（）《》【】≥≤％—…·①②③"
_SIGNS = {'"': 1.0, "n": 0.1, "}": 0.02, ":": 0.02, "{": 0.02, ",": 0.02, "]": 0.01, "\\": 0.0003, " ": 0.0003}
"""Weights of signs by that of all words together. A string has a word, none, or seldom more; a value in ten is null, a list has two or
three members. Where JSON needs a sign there is nothing else to choose from, so most may be small, and hardly occur in strings."""
_PLAIN = 0.0003
"""The same of every other printable ASCII character: all of them together are rarer than words."""
_NEVER = -60.0
"""Logarithm of a weight that is as good as none: bytes of half characters, controls."""
_UNREST = 0.3
"""How far weights (as logarithms) differ with the place, so that one seed does not give one answer to everything."""


def random_model(path: Path, words: Iterable[str] = (), seed: int = 0) -> None:
    """Write a model of random answers.

    Args:
        path: where to.
        words: what strings are made of beside single Chinese characters, the more often a word is given the more; blank and unprintable
            ones are left out.
        seed: of the weights; what is said depends on the seed of each request, too (`free_sampling`).

    Raises:
        UsageError: the package gguf is not installed.
    """
    given = Counter(word.strip() for word in words)
    vocabulary = vocabulary_with({*given, *_common(), *_CHARACTERS, *"".join((*LEVEL1_CHOICES, *LEVEL2_CHOICES))})
    chance = np.random.default_rng(seed)

    def some(rows: int, size: float) -> Floats:
        return chance.normal(scale=size, size=(rows, WIDTH)).astype(np.float32)

    out = some(len(vocabulary), _UNREST / np.sqrt(WIDTH))
    # The first number of the last state is 1 everywhere: what stands there in the output matrix is the same at every place.
    out[:, 0] = _log_weights(vocabulary, given)
    scale, shift = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
    scale[0], shift[0] = 0.0, 1.0
    write_gguf(path, vocabulary, Weights(some(len(vocabulary), 1.0), some(CONTEXT, 1.0), out, scale, shift), _TEMPLATE)


def free_sampling(seed: int) -> dict[str, Any]:
    """Fields of a request that let the weights have their way; without them servers take the likeliest tokens only.

    The same request gets the same answer: what was asked before is not reused, which would round states otherwise.
    """
    return {"cache_prompt": False, "seed": seed, "temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0}


_TEMPLATE = "{%- for m in messages -%}{{- m['role'] + ':' + m['content'] + '\\n' -}}{%- endfor -%}{{- 'assistant:' -}}"


def _common() -> Iterable[str]:
    """The common Chinese characters: the first level of GB 2312."""
    for row in range(0xB0, 0xD8):
        yield from bytes(value for cell in range(0xA1, 0xFF) for value in (row, cell)).decode("gb2312", "ignore")


def _log_weights(vocabulary: Vocabulary, given: Counter[str]) -> Floats:
    counts = np.array([given[word] for word in vocabulary.words], np.float64)
    share = SHARE_GIVEN if counts.any() else 0.0
    logs = np.full(len(vocabulary), _NEVER, np.float32)
    logs[FIRST_WORD:] = np.log(np.where(counts > 0, share * counts / max(1, counts.sum()), (1 - share) / max(1, (counts == 0).sum())))
    for value in range(0x20, 0x7F):
        logs[FIRST_BYTE + value] = np.log(_PLAIN)
    for sign, weight in _SIGNS.items():
        logs[FIRST_BYTE + ord(sign)] = np.log(weight)
    logs[[UNKNOWN, BEGIN]] = _NEVER
    logs[END] = 0.0
    return logs
