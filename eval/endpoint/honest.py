"""Honesty about constrained decoding: what an engine that is bound to a schema could have produced, and nothing else.

The engine is llguidance with one token per byte, so no vocabulary is needed. A script whose answer the engine could not have produced would
test against an endpoint that does not exist.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from eval.endpoint.replies import Reply, Request

END = 256
MOST_BYTES = 20_000
"""A made-up answer that grows beyond this only closes what is open."""


class _Bytes:
    """A vocabulary of the 256 bytes and an end, in the shape that llguidance takes tokenizers in."""

    eos_token_id = END
    bos_token_id = None
    tokens: Sequence[bytes] = (*(bytes([value]) for value in range(END)), b"<end>")
    special_token_ids = (END,)

    def __call__(self, text: bytes | str) -> list[int]:
        return list(text if isinstance(text, bytes) else text.encode())


@lru_cache(1)
def _tokenizer() -> LLTokenizer:
    return LLTokenizer(TokenizerWrapper(_Bytes()))


@lru_cache(64)
def _grammar(schema: str) -> str:
    return LLMatcher.grammar_from_json_schema(schema)


def _matcher(schema: Mapping[str, Any]) -> LLMatcher:
    return LLMatcher(_tokenizer(), _grammar(json.dumps(schema, ensure_ascii=False)), log_level=0)


def compile_fault(schema: Mapping[str, Any]) -> str:
    """Why the engine cannot take a schema; empty when it can."""
    matcher = _matcher(schema)
    return matcher.get_error() if matcher.is_error() else ""


def walk(schema: Mapping[str, Any], text: str) -> str:
    """Why an engine bound to the schema could not have produced a text; empty when it could. `incomplete` for a beginning of one."""
    matcher = _matcher(schema)
    if matcher.is_error():
        return f"schema: {matcher.get_error()}"
    data = text.encode()
    good = matcher.try_consume_tokens(list(data))
    if good < len(data):
        before, after = data[max(0, good - 30) : good], data[good : good + 15]
        return f"byte {good}: …{before.decode(errors='replace')}→{after.decode(errors='replace')}"
    return "" if matcher.is_accepting() else "incomplete"


def honest(answer: Callable[[Request], Reply | str]) -> Callable[[Request], Reply]:
    """A script whose answers are walked through the engine with the request's own schema; an impossible one becomes a 500 that says so.

    A beginning may stand where the reply says that it was cut; requests without a schema are not looked at.
    """

    def checked(request: Request) -> Reply:
        said = answer(request)
        reply = Reply(said) if isinstance(said, str) else said
        return bound(request, reply)

    return checked


def bound(request: Request, reply: Reply) -> Reply:
    """The reply, or a 500 in place of one that an engine bound to the request's schema could not give."""
    text = reply.tool_calls[0].arguments if reply.tool_calls else reply.content
    if request.schema is None or reply.status != 200 or text is None or reply.refusal is not None or reply.drop or reply.body is not None:
        return reply
    fault = walk(request.schema, text)
    if not fault or (fault == "incomplete" and reply.finish_reason in ("length", "content_filter")):
        return reply
    return replace(reply, status=500, error=f"the script is not producible: {fault}")


_WEIGHTS = [1.0] * (END + 1)
for _bytes, _weight in ((b'"}', 40.0), (b"{n", 10.0), (b",", 3.0), (b"]", 2.0), (b"\\", 0.2), (b" \n\t\r", 0.05)):
    for _byte in _bytes:
        _WEIGHTS[_byte] = _weight
"""How readily each byte is taken: strings and objects close soon, arrays have a few members, nulls occur, blanks and escapes hardly."""


def random_answer(schema: Mapping[str, Any], rng: random.Random) -> str:
    """A text that fits a schema and means nothing; the same for the same state of the generator.

    Raises:
        ValueError: the engine cannot take the schema.
    """
    if fault := compile_fault(schema):
        raise ValueError(fault)
    while True:
        data = _random_bytes(_matcher(schema), rng)
        try:
            return data.decode()
        except UnicodeDecodeError:
            # The engine lets bytes through that are no UTF-8, as real ones do; a server would refuse to send them.
            continue


def _random_bytes(matcher: LLMatcher, rng: random.Random) -> bytes:
    out = bytearray()
    while not matcher.is_stopped():
        forced = matcher.compute_ff_tokens()
        if forced:
            matcher.consume_tokens(forced)
            out += bytes(token for token in forced if token != END)
            continue
        mask = matcher.compute_bitmask()
        allowed = [token for token in range(END + 1) if mask[token >> 3] >> (token & 7) & 1]
        closing = [token for token in allowed if token in b'"}]' or token == END]
        if len(out) > MOST_BYTES and closing:
            allowed = closing
        token = rng.choices(allowed, [_WEIGHTS[each] for each in allowed])[0]
        matcher.consume_token(token)
        if token != END:
            out.append(token)
    return bytes(out)
