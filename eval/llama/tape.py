"""A model that gives chosen answers word for word, chosen by something that stands in the prompt.

The embedding of each position is the code of the token to be said there, so the positions spell the answers one behind the other. The
chat template turns a question into as many `#` as lead to the position where its answer starts. A grammar masks the tape as it does any
model: an answer outside of the schema comes back as something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from agents.models.question import Question
from eval.llama.vocabulary import END, Vocabulary, vocabulary_of
from eval.llama.weights import Weights, write_gguf

WIDTH = 96
"""Numbers in a code: enough to keep thousands of random ones well apart."""
MOST_TOKENS = 32_768
"""Positions of one tape. Every token looks back at all before it: from some 10,000 on a tape slows down, and two short ones are faster."""
OURS = "任务："
"""What every question about a document holds."""
NO_ANSWER = "no such answer on the tape"
_FENCE = "</文档 "


def tape_model(path: Path, answers: Mapping[str, str]) -> int:
    """Write a model that answers with the text whose key stands in the last message; where several do, the longest one counts.

    A question about a document without a key makes the server answer with an error that says NO_ANSWER; to anything else that is what
    the model says, so far as a grammar lets it.

    Returns:
        How many tokens the tape has.

    Raises:
        ValueError: a key is blank or holds what a template cannot, or the answers are too long for one tape.
        UsageError: the package gguf is not installed.
    """
    vocabulary = vocabulary_of([NO_ANSWER, *answers.values()])
    spelled = [*vocabulary.encode(NO_ANSWER), END]
    starts: dict[str, int] = {}
    for key, text in answers.items():
        # The answer starts where the last # of the prompt stands; the first place is that of the token that begins a prompt.
        starts[key] = 1 + len(spelled)
        spelled += [*vocabulary.encode(text), END]
    if len(spelled) >= MOST_TOKENS:
        raise ValueError(f"{len(spelled)} tokens are too many for one tape of at most {MOST_TOKENS}")
    write_gguf(path, vocabulary, _weights(vocabulary, spelled), _template(starts))
    return len(spelled)


def taped(questions: Iterable[Question[Any]], reply: Callable[[str], str]) -> dict[str, str]:
    """Answers for a tape: `reply` answers each question by its text; the key is the end of that, from the mark of its document on."""
    return {_key(question.user): reply(question.user) for question in questions}


def _key(user: str) -> str:
    return user[max(0, user.rfind(_FENCE)) :]


def _weights(vocabulary: Vocabulary, spelled: list[int]) -> Weights:
    chance = np.random.default_rng(0)
    codes = chance.normal(size=(len(vocabulary), WIDTH)).astype(np.float32)
    codes -= codes.mean(axis=1, keepdims=True)
    codes /= np.linalg.norm(codes, axis=1, keepdims=True)
    # A multiple of 256, to which a server rounds its context, with room for the end of the last answer.
    positions = np.zeros((-(-(len(spelled) + 2) // 256) * 256, WIDTH), np.float32)
    positions[1 : len(spelled) + 1] = codes[spelled]
    # The normed state is its code times the root of the width: the right token's logit is the width, that of others about a half at most.
    out = codes * np.float32(np.sqrt(WIDTH))
    return Weights(np.zeros_like(codes), positions, out, np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32))


def _template(starts: Mapping[str, int]) -> str:
    """Jinja that counts out the prompt."""
    lines = ["{%- set asked = messages[-1]['content'] -%}"]
    for number, key in enumerate(sorted(starts, key=len, reverse=True)):
        lines.append(f"{{%- {'elif' if number else 'if'} {_quoted(key)} in asked -%}}{{{{- '#' * {starts[key]} -}}}}")
    # A server tries its template with messages of its own before it starts; only what looks like a question of ours may be refused.
    lines.append(f"{{%- elif {_quoted(OURS)} in asked -%}}{{{{- raise_exception('{NO_ANSWER}') -}}}}")
    lines.append("{%- else -%}{{- '#' -}}{%- endif -%}")
    return "".join(lines)


def _quoted(key: str) -> str:
    plain = key.replace("\n", "")
    if not plain.strip() or not plain.isprintable():
        raise ValueError(f"{key!r} cannot be a key")
    escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
