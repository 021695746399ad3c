"""What a browser asks `jihe ui` for, without a browser: addresses fetched, and events of Gradio sent and heard to their end."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

from schema.errors import JiheError

PATIENCE = 120.0
"""Seconds."""


class Refused(JiheError):
    """The server refused something, or failed at it."""


def event(address: str, function: int, data: list[str], asker: str) -> str:
    """Everything the server says of an event of an asker's tab; `asker` is 32 hexadecimal digits.

    Raises:
        Refused: it was refused, or failed.
    """
    session, cookie = asker[:11], f"jihe-visitor={asker}"
    body = {"data": data, "fn_index": function, "session_hash": session, "trigger_id": None, "event_data": None}
    status, raw = fetched(address, "POST", "/gradio_api/queue/join", body, cookie)
    if status != http.client.OK:
        raise Refused(f"HTTP {status} {raw[:200]!r}")
    _, raw = fetched(address, "GET", f"/gradio_api/queue/data?session_hash={session}", None, cookie)
    messages = [json.loads(line[6:]) for line in raw.decode().splitlines() if line.startswith("data: ")]
    if not any(one["msg"] == "process_completed" and one["success"] for one in messages):
        raise Refused(raw.decode()[-300:])
    return raw.decode()


def fetched(address: str, method: str, path: str, body: object = None, cookie: str = "") -> tuple[int, bytes]:
    """Status and body of an answer."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        headers = {"Content-Type": "application/json"} | ({"Cookie": cookie} if cookie else {})
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
