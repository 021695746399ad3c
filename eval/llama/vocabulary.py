"""The tokens of a hand-made model: three controls, the 256 bytes, and whole words; and texts as such tokens.

Words are what keeps answers readable to a grammar: a model that spells Chinese in bytes is let into sequences that are no UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

UNKNOWN, BEGIN, END = 0, 1, 2
FIRST_BYTE = 3
FIRST_WORD = FIRST_BYTE + 256
_SPACE = "▁"
"""How SentencePiece vocabularies write a space; the sign itself is spelled in bytes, lest it come back as one."""
_PIECE = re.compile(r"[A-Za-z0-9_]+|.", re.DOTALL)

Kind = Literal["UNKNOWN", "CONTROL", "BYTE", "NORMAL"]


@dataclass(frozen=True)
class Vocabulary:
    """What a model can say.

    Attributes:
        words: tokens beside controls and bytes, each once; their numbers start at FIRST_WORD.
    """

    words: tuple[str, ...]

    def __len__(self) -> int:
        return FIRST_WORD + len(self.words)

    @property
    def tokens(self) -> list[bytes]:
        """Every token as a GGUF file holds it."""
        spelled = [b"<0x%02X>" % value for value in range(256)]
        return [b"<unk>", b"<s>", b"</s>", *spelled, *(word.replace(" ", _SPACE).encode() for word in self.words)]

    @property
    def kinds(self) -> list[Kind]:
        """The kind of every token."""
        fixed: list[Kind] = ["UNKNOWN", "CONTROL", "CONTROL"]
        spelled: list[Kind] = ["BYTE"] * 256
        words: list[Kind] = ["NORMAL"] * len(self.words)
        return fixed + spelled + words

    def encode(self, text: str) -> list[int]:
        """A text as tokens: words where there are some, bytes elsewhere."""
        numbers: list[int] = []
        for piece in _PIECE.findall(text):
            word = self._numbers.get(piece)
            numbers += [word] if word is not None else [FIRST_BYTE + value for value in piece.encode()]
        return numbers

    def decode(self, numbers: Sequence[int]) -> str:
        """The text that tokens are; controls are none."""
        data = b"".join(
            self.words[n - FIRST_WORD].encode() if n >= FIRST_WORD else bytes([n - FIRST_BYTE]) for n in numbers if n >= FIRST_BYTE
        )
        return data.decode()

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words, FIRST_WORD)}


def vocabulary_of(texts: Iterable[str]) -> Vocabulary:
    """The words that texts are made of: runs of Latin letters and digits, and single characters beyond ASCII."""
    pieces = {piece for text in texts for piece in _PIECE.findall(text)}
    return Vocabulary(tuple(sorted(piece for piece in pieces if len(piece) > 1 or (not piece.isascii() and piece != _SPACE))))


def vocabulary_with(words: Iterable[str]) -> Vocabulary:
    """A vocabulary with these words; those that cannot be tokens (blank, of one ASCII character, not printable) are left out."""
    fit = {word for word in words if word.strip() and word.isprintable() and _SPACE not in word and (len(word) > 1 or not word.isascii())}
    # What looks like one of the fixed tokens would be one of them twice.
    return Vocabulary(tuple(sorted(word for word in fit if not (word.startswith("<") and word.endswith(">")))))
