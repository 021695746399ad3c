"""The scripted endpoint: real sockets, keep-alive, streaming. Every request is kept and handed to a function that says how to reply.

Tokens are counted by a rule that anybody can repeat (`count_tokens`), and what was sent is summed up (`ScriptedEndpoint.counted`), so that
a client's ledger can be compared with it.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

from eval.endpoint import replies
from eval.endpoint.replies import Reply, Request, ToolCall, count_tokens, usage_of

__all__ = ["Counted", "Reply", "Request", "ScriptedEndpoint", "ToolCall", "count_tokens"]

Answer = Callable[[Request], Reply | str]
"""A script: what to reply to a request; a string is a reply with that content."""


class Counted(NamedTuple):
    """What was sent whole, with its usage: errors, dropped and cut replies, and replies without usage are not in it."""

    replies: int = 0
    prompt: int = 0
    completion: int = 0


@dataclass
class _State:
    """What threads of the server share."""

    requests: list[Request] = field(default_factory=list)
    counted: Counted = field(default_factory=Counted)
    at_once: int = 0
    most_at_once: int = 0
    faults: list[BaseException] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)


class ScriptedEndpoint:
    """An OpenAI-compatible server on a free port of this machine, running inside `with`.

    A script that raises gives a 500, and raises again at the end of the `with`: a fault of the test is not taken for one of the endpoint.
    """

    def __init__(self, answer: Answer) -> None:
        self._state = _State()
        self._server = _Server(answer, self._state)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def requests(self) -> list[Request]:
        """Every request so far, in the order they came."""
        with self._state.turn:
            return list(self._state.requests)

    @property
    def counted(self) -> Counted:
        """Replies and tokens that were sent whole."""
        with self._state.turn:
            return self._state.counted

    @property
    def most_at_once(self) -> int:
        """How many requests were being answered at the same time, at most."""
        return self._state.most_at_once

    def __enter__(self) -> Self:
        """The running server."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it, connections that clients keep alive included."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if kind is None and self._state.faults:
            raise self._state.faults[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    # Threads of a test connect all at once.
    request_queue_size = 128

    def __init__(self, answer: Answer, state: _State) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.state = state
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.state.turn:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.state.turn:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        with self.state.turn:
            left = list(self._open)
        for connection in left:
            # Wakes the thread that waits for a further request on it.
            _cut(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news: some tests are about exactly that."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two writes; without this each reply waits 40 ms for the client to confirm the first.
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """The list of models, as some clients ask for it."""
        self._send_json(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]}, {})

    def do_POST(self) -> None:
        """A chat completion, as scripted."""
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        state = self.server.state
        with state.turn:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(len(state.requests), self.path, headers, body, time.monotonic())
            state.requests.append(request)
            state.at_once += 1
            state.most_at_once = max(state.most_at_once, state.at_once)
        try:
            reply = self._scripted(request)
            time.sleep(reply.delay)
        finally:
            with state.turn:
                state.at_once -= 1
        self._deliver(request, reply)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the requests are kept."""

    def _scripted(self, request: Request) -> Reply:
        try:
            said = self.server.answer(request)
        except Exception as e:  # noqa: BLE001 - whatever a script raises is told at the end, where a test sees it
            with self.server.state.turn:
                self.server.state.faults.append(e)
            return Reply(status=500, error=f"the script failed: {e!r}")
        return Reply(said) if isinstance(said, str) else said

    def _deliver(self, request: Request, reply: Reply) -> None:
        if reply.drop:
            self.close_connection = True
            _cut(self.connection)
            return
        if reply.status != 200:
            error = {"message": reply.error, "type": "scripted", "code": reply.code, "param": None}
            self._send_json(reply.status, {"error": error}, reply.headers)
            return
        if reply.body is not None:
            self._send(200, reply.body.encode(), {"content-type": "text/html", **reply.headers})
            return
        streams = bool(request.body.get("stream"))
        # Counted first: once the client has its reply, it may compare.
        if reply.usage and reply.cut is None and (not streams or replies.wants_usage(request)):
            self._count(request, reply)
        if streams:
            self._stream(request, reply)
        else:
            self._send_json(200, replies.completion(request, reply), reply.headers, reply.cut)

    def _count(self, request: Request, reply: Reply) -> None:
        usage = usage_of(request, reply)
        with self.server.state.turn:
            before = self.server.state.counted
            self.server.state.counted = Counted(before.replies + 1, before.prompt + usage.prompt, before.completion + usage.completion)

    def _stream(self, request: Request, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        sent = 0
        for event in replies.events(request, reply):
            data = f"data: {event}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            sent += len(data)
            if reply.cut is not None and sent >= reply.cut:
                self.close_connection = True
                _cut(self.connection)
                return
        self.wfile.write(b"0\r\n\r\n")

    def _send_json(self, status: int, value: Mapping[str, Any], headers: Mapping[str, str], cut: int | None = None) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        self._send(status, data, {"content-type": "application/json", **headers}, cut)

    def _send(self, status: int, data: bytes, headers: Mapping[str, str], cut: int | None = None) -> None:
        """Send a body, or its first `cut` bytes and no more."""
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[:cut])
        if cut is not None:
            self.close_connection = True
            _cut(self.connection)


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It is closed already.
        return
