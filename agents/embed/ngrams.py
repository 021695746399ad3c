"""The default embedding: hashed character n-grams, weighted by a frozen table, with the concepts of the thesaurus beside them.

Local and deterministic: no model, no download, the same vector for the same text everywhere. Likeness is shared wording, and shared
concepts where the wording differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from agents.embed.hashing import Hashes, gram_hashes, name_hashes
from agents.embed.weights import WEIGHTS_VERSION, buckets, load_weights
from schema import thesaurus

DIMENSIONS = 512
METHOD = 1
"""Counts up when the same text gives another vector."""
BY_LENGTH = (0.3, 1.0, 0.7)
"""What an n-gram of 1, 2, 3 characters counts: single characters say little, three of them mostly repeat their pairs."""
CONCEPT_SHARE = 0.3
"""How much of a vector the concepts are, where a text names any; a long text would drown them otherwise."""
HINT_WEIGHT = 0.4
"""What a hint counts against a word that says a concept in so many words."""
CONCEPT_BITS = 8
"""Over how many dimensions a concept is spread, so that meeting another one in one of them does little."""
_LOW, _SIGN = np.uint64(0xFFFFFFFF), np.uint64(47)


class NgramEmbedder:
    """See store.index.embedder.Embedder; it never fails."""

    @property
    def name(self) -> str:
        """Changes with everything a vector depends on."""
        return f"jihe-ngrams-{METHOD}.{WEIGHTS_VERSION}.{thesaurus.version()}-{DIMENSIONS}"

    @property
    def share(self) -> float:
        """Wording again, which BM25 ranks better; what it adds is what is spelt alike."""
        return 0.4

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector of length 1 per text; of a text without letters and digits the zero vector."""
        made = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for i, text in enumerate(texts):
            made[i] = _vector(text, thesaurus.mentions(text))
        return made

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question; what it names in English counts as its Chinese terms."""
        chinese = f"{text} {thesaurus.translated(text)}"
        return _vector(chinese, thesaurus.mentions(chinese))


def _vector(text: str, mentions: Sequence[thesaurus.Mention]) -> NDArray[np.float32]:
    wording = _wording(text)
    named: dict[str, float] = {}
    for mention in mentions:
        if not mention.concept.of_form:
            weight = HINT_WEIGHT if mention.hint else 1.0
            named[mention.concept.name] = max(weight, named.get(mention.concept.name, 0.0))
    if not named:
        return wording.astype(np.float32)
    hashes = np.concatenate([_concept(name) for name in named])
    concepts = _folded(hashes, np.repeat(list(named.values()), CONCEPT_BITS))
    vector = wording * np.sqrt(1 - CONCEPT_SHARE) + concepts * np.sqrt(CONCEPT_SHARE)
    made: NDArray[np.float32] = (vector / np.sqrt(np.dot(vector, vector))).astype(np.float32)
    return made


def _wording(text: str) -> NDArray[np.float64]:
    """What a text shares with others by its n-grams."""
    table = load_weights()
    places, values = [], []
    for hashes, share in zip(gram_hashes(text), BY_LENGTH, strict=True):
        once, times = np.unique(hashes, return_counts=True)
        places.append(once)
        values.append((1 + np.log(times)) * table[buckets(once)] * share)
    return _folded(np.concatenate(places), np.concatenate(values))


def _folded(hashes: Hashes, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values put where their hashes say, with the sign they say, and the whole brought to length 1; zero where there are none."""
    signs = 1.0 - 2.0 * ((hashes >> _SIGN) & np.uint64(1)).astype(np.float64)
    places = ((hashes & _LOW) % np.uint64(DIMENSIONS)).astype(np.int64)
    summed = np.bincount(places, weights=signs * values, minlength=DIMENSIONS).astype(np.float64)
    length = float(np.sqrt(np.dot(summed, summed)))
    return summed / length if length else summed


@lru_cache(maxsize=4096)
def _concept(name: str) -> Hashes:
    return name_hashes(f"concept:{name}", CONCEPT_BITS)
