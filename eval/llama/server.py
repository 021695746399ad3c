"""`llama-server` as a process of its own on a free port of this machine, for as long as a `with` lasts."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from schema.errors import UsageError

VARIABLE = "LLAMA_SERVER"
"""The variable of the environment that names the binary."""
HOST = "127.0.0.1"
_POLL, _PATIENCE = 0.02, 10.0
"""Seconds between two looks whether it is up, and for how long it may take to stop."""
_TOLD = 1500
"""Bytes of its log in an error."""


class LlamaServer:
    """A running server. It is up when the `with` begins and gone when it ends.

    Args:
        binary: the program.
        gguf: the model.
        context: tokens that prompt and answer may have together; 0 for all that the model has.
        seconds: how long it may take to come up.
    """

    def __init__(self, binary: Path, gguf: Path, *, context: int = 0, seconds: float = 60.0) -> None:
        self._binary, self._gguf, self._context, self._seconds = binary, gguf, context, seconds
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://{HOST}:{self._port}/v1"

    @property
    def said(self) -> str:
        """The end of what it wrote to its log so far."""
        if self._log is None:
            return ""
        # Read past the place where the process writes: it is one file, and moving in it would move the writer.
        number = self._log.fileno()
        return os.pread(number, _TOLD, max(0, os.fstat(number).st_size - _TOLD)).decode(errors="replace")

    def __enter__(self) -> Self:
        """The server, up.

        Raises:
            UsageError: there is no such program, it ended at once, or did not come up in time; with the end of its log.
        """
        self._log = tempfile.TemporaryFile()
        self._port = _free_port()
        try:
            self._process = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT, env=_own_environment()
            )
        except OSError as e:
            self._log.close()
            raise UsageError(
                f"无法运行 {self._binary}：{e.strerror}。请让 {VARIABLE} 指向 llama-server 程序（见 docs/testing.md）。"
            ) from e
        try:
            self._wait(self._process)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it."""
        self._end()

    def _command(self) -> list[str]:
        place = ["--host", HOST, "--port", str(self._port), "--offline", "--no-webui"]
        # One thread: several of them wait for each other in loops, which takes minutes where cores are busy with something else.
        return [str(self._binary), "-m", str(self._gguf), "-c", str(self._context), "-np", "1", "-t", "1", *place]

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + self._seconds
        while not _is_up(self._port):
            code = process.poll()
            if code is not None:
                raise UsageError(f"{self._binary} 启动失败（返回码 {code}）。它最后说：\n{self.said}")
            if time.monotonic() > until:
                raise UsageError(f"{self._binary} 在 {self._seconds:g} 秒内没有就绪。它最后说：\n{self.said}")
            time.sleep(_POLL)

    def _end(self) -> None:
        process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._log is not None:
            self._log.close()
        self._process = self._log = None


def _own_environment() -> dict[str, str]:
    """Without settings for other servers: the program reads its options out of LLAMA_ARG_… as well."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("LLAMA_", "HF_"))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _is_up(port: int) -> bool:
    """Whether the model is loaded; before that the server is not there, or says 503."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
