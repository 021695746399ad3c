"""How much an n-gram says, by how rare it is: a frozen table, since vectors made with another one could not be compared.

The table was counted once, over vocabulary of public administration (the labels of the forms, the thesaurus) and made-up forms
(eval.synthesis); tests/agents/embed/make_weights.py did it. It holds one byte for each of 2^16 buckets of hashes and no text.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.embed.hashing import Hashes, gram_hashes

WEIGHTS_VERSION = 1
BUCKETS = 1 << 16
STEPS = 255
_FILE = Path(__file__).with_name(f"weights-v{WEIGHTS_VERSION}.bin")
_SHIFT = np.uint64(48)


@lru_cache(maxsize=1)
def load_weights() -> NDArray[np.float32]:
    """The weight of each bucket, between 0 (in every text) and 1 (in none that was counted)."""
    stored = np.frombuffer(zlib.decompress(_FILE.read_bytes()), dtype=np.uint8)
    return stored.astype(np.float32) / np.float32(STEPS)


def count_weights(texts: Iterable[str]) -> bytes:
    """The table of these texts, as it is stored: the inverse document frequency of each bucket, in steps of 1/255 of the highest."""
    seen = np.zeros(BUCKETS, dtype=np.int64)
    total = 0
    for text in texts:
        total += 1
        seen[np.unique(np.concatenate([buckets(hashes) for hashes in gram_hashes(text)]))] += 1
    rarity = np.log((1 + total) / (1 + seen)) / math.log(1 + total)
    return zlib.compress(np.rint(rarity * STEPS).astype(np.uint8).tobytes(), 9)


def buckets(hashes: Hashes) -> NDArray[np.int64]:
    """Which bucket each hash falls into."""
    return (hashes >> _SHIFT).astype(np.int64)
