"""Real servers on this machine, for tests and benchmarks: a PostgreSQL and a Chroma in temporary folders, on loopback only.

with closing(Postgres({})) as postgres, closing(Chroma()) as chroma: ...
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from schema.errors import JiheError

TRIES, PAUSE = 600, 0.05
"""How often, and after how many seconds each, a server is asked whether it serves."""
STOP_SECONDS = 30
_OPTIONS = ("-U", "jihe", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
_LOCAL = {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}


class ServerFailed(JiheError):
    """A server of a test or benchmark is not installed, or did not start."""


@cache
def programs() -> Path | None:
    """Where PostgreSQL's programs are; Debian keeps them out of the way."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server:
    """A process that serves from a folder of its own until it is closed."""

    def __init__(self, prefix: str) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._process.pid if self._process else None

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, and wait for that."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=STOP_SECONDS)
            self._process = None

    def close(self) -> None:
        """End and leave nothing."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _serve(self, command: list[str], serves: Callable[[], bool], **user: Any) -> None:
        # It does not outlive whoever started it, however that ends, where the system can see to that.
        guard = shutil.which("setpriv")
        whole = [guard, "--pdeathsig", "QUIT", *command] if guard else command
        self._process = subprocess.Popen(whole, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)
        for _ in range(TRIES):
            if serves():
                return
            time.sleep(PAUSE)
        raise ServerFailed(f"{command[0]} did not start")


class Postgres(Server):
    """A PostgreSQL server.

    Args:
        settings: of postgresql.conf, beyond those that keep it on this machine; none: durable, and as it is delivered.
        options: of initdb, in addition.

    Raises:
        ServerFailed: PostgreSQL is not installed, or did not start.
    """

    ACCESS: ClassVar[str] = "host all all 127.0.0.1/32 trust\n"
    """Who is let in how."""

    def __init__(self, settings: Mapping[str, str], options: tuple[str, ...] = ()) -> None:
        place = programs()
        if place is None:
            raise ServerFailed("PostgreSQL is not installed (apt-get install postgresql)")
        super().__init__("jihe-postgres-")
        self._programs, self._settings = place, _LOCAL | dict(settings)
        # It refuses to run as root.
        self._user: dict[str, Any] = {}
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        command = [str(place / "initdb"), "-D", str(self.folder / "data"), *_OPTIONS, *options]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **self._user)
        (self.folder / "data" / "pg_hba.conf").write_text(self.ACCESS)
        self.start()

    def start(self) -> None:
        """Begin to serve, again after a stop."""
        settings = [part for name, value in (self._settings | {"port": str(self.port)}).items() for part in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "data"), *settings]
        self._serve(command, self._answers, cwd="/", **self._user)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End at once, as a machine does that loses its power; what was committed is there at the next start."""
        super().stop(how)

    def url(self, name: str, user: str = "jihe") -> str:
        """The address of a database, as users write it."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{name}"

    def execute(self, *statements: str) -> None:
        """Run statements as the owner of the server."""
        from psycopg import connect  # noqa: PLC0415 - the driver is an extra

        with connect(self._plain("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def _answers(self) -> bool:
        from psycopg import OperationalError, connect  # noqa: PLC0415

        with suppress(OperationalError):
            connect(self._plain("postgres")).close()
            return True
        return False

    def _plain(self, name: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=jihe dbname={name}"


class Chroma(Server):
    """A Chroma server.

    Raises:
        ServerFailed: it did not start.
    """

    def __init__(self) -> None:
        super().__init__("jihe-chroma-")
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Begin to serve, again after a stop."""
        program = Path(sys.executable).with_name("chroma")
        self._serve([str(program), "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)], self._answers)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
