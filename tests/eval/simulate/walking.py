"""Whether an engine that is bound to a schema could have written a text: llguidance, byte by byte."""

from __future__ import annotations

from typing import Any

from llguidance import LLMatcher, LLTokenizer
from llguidance._tokenizer import TokenizerWrapper


class _Bytes:
    """A tokenizer whose tokens are the single bytes."""

    eos_token_id = 256
    bos_token_id = None
    tokens = (*(bytes([i]) for i in range(256)), b"<eos>")
    special_token_ids = (256,)

    def __call__(self, text: bytes) -> list[int]:
        return list(text)


_TOKENIZER = LLTokenizer(TokenizerWrapper(_Bytes()))


def walk(schema: dict[str, Any], text: str) -> str | None:
    """Why the text cannot have been written under the schema; None where it can."""
    matcher = LLMatcher(_TOKENIZER, LLMatcher.grammar_from_json_schema(schema), log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    tokens = list(text.encode())
    taken = matcher.try_consume_tokens(tokens)
    if taken < len(tokens):
        return f"refused at byte {taken}"
    return None if matcher.is_accepting() else "not finished"
