"""Vectors from an OpenAI-compatible endpoint: in batches, each text once, kept in the home by the hash of its text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import openai
from numpy.typing import NDArray

from agents.models.endpoint import KEY, MODEL, TIMEOUT, URL, Endpoint, endpoint_from_env
from agents.models.trouble import no_reply, refusal_of, shortened
from schema.errors import JiheError, UsageError
from store.index.cache import CACHE_NAME, VectorCache

VARIABLE = "JIHE_EMBEDDING_MODEL"
TEXTS_AT_A_TIME = 64
"""Texts in one request; an endpoint that takes fewer says so and gets fewer."""
LONGEST_TEXT = 6000
"""Characters of a text that are sent: about what the models with the shortest input (8,192 tokens) take."""
TRIES = 3


class EndpointEmbedder:
    """See store.index.embedder.Embedder. Vectors are brought to length 1."""

    def __init__(self, endpoint: Endpoint, cache: VectorCache, tries: int = TRIES) -> None:
        self._endpoint = endpoint
        self._cache = cache
        self._batch = TEXTS_AT_A_TIME
        self._client = openai.OpenAI(base_url=endpoint.base_url, api_key=endpoint.api_key, timeout=endpoint.timeout, max_retries=tries - 1)

    @classmethod
    def from_env(cls, environ: Mapping[str, str], name: str, home: Path) -> EndpointEmbedder:
        """The endpoint that OPENAI_BASE_URL and OPENAI_API_KEY name, asked for vectors of this model.

        Raises:
            UsageError: one of them is missing or malformed.
        """
        shared = {variable: environ[variable] for variable in (KEY, URL, TIMEOUT) if variable in environ}
        try:
            endpoint = endpoint_from_env(shared | {MODEL: name})
        except UsageError as e:
            # It speaks of the variable that switches a language model on; here another one does.
            raise UsageError(re.sub(rf"{MODEL}(?!_)", VARIABLE, str(e))) from e
        assert endpoint is not None
        return cls(endpoint, VectorCache(home / CACHE_NAME))

    @property
    def name(self) -> str:
        """Model and host: what one host calls so may be another model elsewhere."""
        return f"{self._endpoint.model}@{self._endpoint.host}"

    @property
    def share(self) -> float:
        """As much as words."""
        return 1.0

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector of length 1 per text, kept ones taken out of the cache.

        Raises:
            JiheError: the endpoint does not answer, or not with vectors.
        """
        cut = [text[:LONGEST_TEXT].strip() or "-" for text in texts]
        known = self._cache.get(self.name, cut)
        missing = [text for text in dict.fromkeys(cut) if text not in known]
        start = 0
        while start < len(missing):
            some = missing[start : start + self._batch]
            fresh = self._asked(some)
            if fresh is None:
                self._batch = max(1, len(some) // 2)
                continue
            # Kept at once: what comes later may fail, and this was paid for.
            self._cache.keep(self.name, fresh)
            known |= fresh
            start += len(some)
        made = [known[text] for text in cut]
        if len({vector.shape for vector in made}) > 1:
            raise self._failure("同一模型返回的向量长短不一")
        return np.stack(made) if made else np.zeros((0, 0), dtype=np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question.

        Raises:
            JiheError: as for embed_documents.
        """
        vector: NDArray[np.float32] = self.embed_documents([text])[0]
        return vector

    def _asked(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]] | None:
        """Vectors of these texts by text; None when they are too many for one request."""
        try:
            reply = self._client.embeddings.create(model=self._endpoint.model, input=list(texts), encoding_format="float")
        except openai.APIStatusError as e:
            trouble = refusal_of(e)
            # Providers refuse too many texts in words of their own; one text alone cannot be too many.
            if trouble.kind not in ("closed", "passing") and len(texts) > 1:
                return None
            raise self._failure(trouble.detail) from e
        except openai.APIConnectionError as e:
            raise self._failure(no_reply(e).detail) from e
        except (openai.OpenAIError, ValueError, TypeError) as e:
            raise self._failure(f"返回的不是向量：{e}") from e
        return self._checked(texts, reply)

    def _checked(self, texts: Sequence[str], reply: openai.types.CreateEmbeddingResponse) -> dict[str, NDArray[np.float32]]:
        data = getattr(reply, "data", None) or []
        try:
            rows = {int(one.index): np.asarray(one.embedding, dtype=np.float64) for one in data}
        except (TypeError, ValueError, AttributeError) as e:
            raise self._failure(f"返回的不是向量：{e}") from e
        if sorted(rows) != list(range(len(texts))):
            raise self._failure(f"发出 {len(texts)} 段文字，返回 {len(data)} 个向量")
        found = {}
        for i, text in enumerate(texts):
            length = float(np.linalg.norm(rows[i]))
            if rows[i].ndim != 1 or not rows[i].size or not np.isfinite(length) or not length:
                raise self._failure("返回的向量是空的，或含有无效的数")
            found[text] = (rows[i] / length).astype(np.float32)
        return found

    def _failure(self, detail: str) -> JiheError:
        told = shortened(self._endpoint.without_key(detail))
        return JiheError(
            f"向量模型 {self.name} 没有给出向量：{told}。请检查 {VARIABLE}、{URL} 和 {KEY}，或去掉 {VARIABLE} 改用自带的向量。"
        )
