"""Vectors from an endpoint, over real HTTP on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.embed.endpoint import EndpointEmbedder
from agents.models.endpoint import Endpoint
from schema.errors import JiheError
from store.index.cache import VectorCache

Reply = Callable[[list[str]], tuple[int, Any]]


class Server:
    """Keeps what it was asked and answers as `reply` says."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.keys: list[str | None] = []
        self.reply: Reply = vectors
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert self.path == "/v1/embeddings"
                assert body["encoding_format"] == "float"
                outer.asked.append(body["input"])
                outer.keys.append(self.headers["Authorization"])
                status, data = outer.reply(body["input"])
                told = data.encode() if isinstance(data, str) else json.dumps(data).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        # Asked every so often whether to stop: by default twice a second, and each test waits for it.
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def vectors(texts: list[str]) -> tuple[int, Any]:
    """A vector per text, given back in the wrong order."""
    data = [{"object": "embedding", "index": i, "embedding": [float(len(text)), 1.0]} for i, text in enumerate(texts)]
    return 200, {"object": "list", "data": data[::-1], "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}


@pytest.fixture
def server() -> Iterator[Server]:
    """An endpoint."""
    made = Server()
    yield made
    made.close()


@pytest.fixture
def embedder(server: Server, tmp_path: Path) -> EndpointEmbedder:
    """An embedder that asks it, once only."""
    return EndpointEmbedder(
        Endpoint(base_url=server.url, api_key="sk-secret", model="m"), VectorCache(tmp_path / "home" / "embeddings.db"), 1
    )


def test_vectors_come_in_the_order_of_the_texts_and_of_length_one(embedder: EndpointEmbedder, server: Server) -> None:
    made = embedder.embed_documents(["一", "一二三", "一"])
    assert made[0] == pytest.approx(np.array([1, 1]) / np.sqrt(2))
    assert made[1] == pytest.approx(np.array([3, 1]) / np.sqrt(10))
    assert (made[2] == made[0]).all()
    assert server.asked == [["一", "一二三"]]
    assert server.keys == ["Bearer sk-secret"]


def test_what_was_asked_once_is_not_asked_again(embedder: EndpointEmbedder, server: Server, tmp_path: Path) -> None:
    first = embedder.embed_documents(["一", "二"])
    again = EndpointEmbedder(Endpoint(base_url=server.url, api_key="k", model="m"), VectorCache(tmp_path / "home" / "embeddings.db"))
    assert (again.embed_documents(["二", "一"]) == first[::-1]).all()
    assert again.embed_query("一").shape == (2,)
    assert len(server.asked) == 1
    other = EndpointEmbedder(Endpoint(base_url=server.url, api_key="k", model="n"), VectorCache(tmp_path / "home" / "embeddings.db"))
    other.embed_query("一")
    assert len(server.asked) == 2
    assert embedder.name != other.name


def test_many_texts_are_asked_in_batches(embedder: EndpointEmbedder, server: Server) -> None:
    assert embedder.embed_documents([f"第{i}段" for i in range(150)]).shape == (150, 2)
    assert [len(texts) for texts in server.asked] == [64, 64, 22]


def test_an_endpoint_that_takes_fewer_gets_fewer(embedder: EndpointEmbedder, server: Server) -> None:
    few = (400, {"error": {"message": "batch size is invalid, it should not be larger than 10"}})
    server.reply = lambda texts: vectors(texts) if len(texts) <= 10 else few
    assert embedder.embed_documents([f"第{i}段" for i in range(20)]).shape == (20, 2)
    assert [len(texts) for texts in server.asked] == [20, 10, 10]


def test_no_texts_are_no_question(embedder: EndpointEmbedder, server: Server) -> None:
    assert len(embedder.embed_documents([])) == 0
    assert server.asked == []


def test_empty_and_endless_texts_are_sent_as_what_endpoints_take(embedder: EndpointEmbedder, server: Server) -> None:
    embedder.embed_documents(["", "长" * 100_000])
    assert [len(text) for text in server.asked[0]] == [1, 6000]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ((401, {"error": {"message": "bad key sk-secret"}}), "密钥不对"),
        ((404, {"error": {"message": "no such model"}}), "没有这个模型"),
        ((500, {"error": {"message": "down"}}), "HTTP 500"),
        ((200, "not json"), "返回的不是向量"),
        ((200, {"data": []}), "返回"),
        ((200, {"data": [{"index": 0, "embedding": [0.0, 0.0]}]}), "空的"),
        ((200, {"data": [{"index": 0, "embedding": [float("nan"), 0.0]}]}), "无效"),
        ((200, {"data": [{"index": 0, "embedding": "AAAA"}]}), "返回"),
        ((200, {"data": [{"index": 5, "embedding": [1.0]}]}), "返回 1 个向量"),
        ((200, {"choices": []}), "返回"),
    ],
)
def test_what_is_no_vector_is_told_without_the_key(embedder: EndpointEmbedder, server: Server, reply: Any, words: str) -> None:
    server.reply = lambda _: reply
    with pytest.raises(JiheError, match=words) as caught:
        embedder.embed_query("停车")
    assert "JIHE_EMBEDDING_MODEL" in str(caught.value)
    assert "sk-secret" not in str(caught.value)


def test_an_endpoint_that_is_not_there_is_told(tmp_path: Path) -> None:
    nobody = EndpointEmbedder(Endpoint(base_url="http://127.0.0.1:9/v1", api_key="k", model="m"), VectorCache(tmp_path / "e.db"), 1)
    with pytest.raises(JiheError, match=r"m@127\.0\.0\.1:9"):
        nobody.embed_query("停车")


def test_what_was_paid_for_is_kept_though_a_later_batch_fails(embedder: EndpointEmbedder, server: Server) -> None:
    texts = [f"第{i}段" for i in range(100)]
    server.reply = lambda some: vectors(some) if len(some) == 64 else (500, {})
    with pytest.raises(JiheError):
        embedder.embed_documents(texts)
    server.reply = vectors
    embedder.embed_documents(texts)
    assert [len(some) for some in server.asked] == [64, 36, 36]


def test_another_length_of_vectors_under_one_name_is_told(embedder: EndpointEmbedder, server: Server) -> None:
    embedder.embed_query("一")
    server.reply = lambda texts: (200, {"data": [{"index": i, "embedding": [1.0, 1.0, 1.0]} for i in range(len(texts))]})
    with pytest.raises(JiheError, match="长短不一"):
        embedder.embed_documents(["一", "二"])
