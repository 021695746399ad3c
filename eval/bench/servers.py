"""`python -m eval.bench servers`: made-up forms in a PostgreSQL and on a Chroma server, ever more of them: import, index, questions, pages.

Both servers are started on loopback in temporary folders, PostgreSQL as it is delivered (fsync on, 128 MB of shared buffers), or they are
given as addresses. Every size has a database of its own. The forms come as files of canonical JSON, 500 in each, and go the way of
`jihe import`; what is measured runs in processes of its own. Questions are answered from the tables alone. Vectors take hours beyond some
thousand forms, so the index is made up to a size that can be chosen, and told per form.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.bench import servers_report as report
from eval.bench.report import machine
from eval.bench.servers_child import write_pieces
from eval.bench.servers_pages import page_times
from eval.bench.servers_report import Moved, Size
from eval.bench.servers_use import cpu_seconds, folder_bytes, megabytes
from eval.bench.web import serving
from eval.servers import Chroma, Postgres
from schema.errors import JiheError, UsageError
from store.database import Database, parse_url
from store.home import URL_VARIABLE
from store.index.vectors import URL_VARIABLE as CHROMA_VARIABLE

SIZES = (1000, 10_000, 100_000)
INDEXED = 1000
MOVED = 10_000


class StepFailed(JiheError):
    """A process of the measurement ended with an error; its last line is the message."""


class Surroundings:
    """The servers as the processes that are measured find them.

    Args:
        database, chroma: addresses of servers that run already; None for one of our own.
    """

    def __init__(self, database: str | None, chroma: str | None) -> None:
        self._database = database
        self._postgres = None if database else Postgres({})
        self._chroma = None if chroma else Chroma()
        self._chroma_url = chroma or (self._chroma.url if self._chroma else "")

    @property
    def postgres_pid(self) -> int | None:
        """PostgreSQL's process, where it is ours."""
        return self._postgres.pid if self._postgres else None

    @property
    def chroma_pid(self) -> int | None:
        """Chroma's process, where it is ours."""
        return self._chroma.pid if self._chroma else None

    @property
    def vectors(self) -> Path | None:
        """Where Chroma keeps its vectors, where it is ours."""
        return self._chroma.folder if self._chroma else None

    def fresh(self, name: str) -> str:
        """A database with nothing in it; its address."""
        if self._postgres is None:
            return str(self._database)
        self._postgres.execute(f'CREATE DATABASE "{name}"')
        return self._postgres.url(name)

    def drop(self, name: str) -> None:
        """Take a database away again; one that was given stays."""
        if self._postgres is not None:
            self._postgres.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def named(self, url: str) -> Iterator[None]:
        """Processes that are started within find this database and the Chroma server."""
        before = dict(os.environ)
        os.environ.update({URL_VARIABLE: url, CHROMA_VARIABLE: self._chroma_url})
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def close(self) -> None:
        """End the servers that are ours."""
        for server in (self._postgres, self._chroma):
            if server is not None:
                server.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and return 1 where a limit is missed."""
    given = _parser().parse_args(arguments)
    if given.database and len(given.forms) > 1:
        raise UsageError("--database names one empty database: give one size with --forms")
    with tempfile.TemporaryDirectory(prefix="jihe-servers-") as name:
        folder = Path(name)
        _tell(f"making {max(given.forms):,} forms")
        files = given.files or folder
        files.mkdir(parents=True, exist_ok=True)
        write_pieces(files, given.forms)
        around = Surroundings(given.database, given.chroma)
        try:
            sizes = [_measured(around, folder, count, given) for count in sorted(given.forms)]
        finally:
            around.close()
    lines = [*report.table(sizes), "", *report.slowest(sizes[-1]), ""]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    kept = report.verdicts(sizes)
    sys.stdout.write("".join(f"{'ok  ' if good else 'MISS'} {what}\n" for what, good in kept))
    if given.output:
        figures = {"machine": machine(), "sizes": [asdict(size) for size in sizes], "verdicts": [list(one) for one in kept]}
        given.output.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(good for _, good in kept) else 1


def _measured(around: Surroundings, folder: Path, count: int, given: argparse.Namespace) -> Size:
    """Everything about one size, in a database of its own that is gone afterwards."""
    name, home = f"bench_{count}", folder / f"home-{count}"
    url = around.fresh(name)
    with around.named(url):
        empty = _database_bytes(url)
        _tell(f"{count:,} forms: import")
        imported, server_cpu = _with_cpu(around.postgres_pid, lambda: _step("import", home, given.files or folder, count))
        disk = _database_bytes(url) - empty
        indexed, chroma = None, None
        if count <= given.index:
            _tell(f"{count:,} forms: index")
            before = folder_bytes(around.vectors) if around.vectors else 0
            indexed, _ = _with_cpu(around.chroma_pid, lambda: _step("index", home))
            indexed["disk_with_words"] = _database_bytes(url) - empty
            chroma = folder_bytes(around.vectors) - before if around.vectors else None
        _tell(f"{count:,} forms: questions")
        asked = _step("questions", home, given.repeat)
        _tell(f"{count:,} forms: pages")
        with serving(home) as (address, pid):
            pages = page_times(address, given.repeat)
            web = megabytes(pid)
        memory = {"web": web} | {
            server: megabytes(pid) for server, pid in (("postgres", around.postgres_pid), ("chroma", around.chroma_pid)) if pid is not None
        }
        moved = _moved(around, home, folder, url) if count == given.move else None
    around.drop(name)
    return Size(count, imported, server_cpu, disk, indexed, chroma, asked, tuple(pages), memory, moved)


def _moved(around: Surroundings, home: Path, folder: Path, url: str) -> Moved:
    """A backup of a home while its server runs, and the restore of it into an empty home and database."""
    _tell("backup and restore")
    archive, name = folder / "backup.zip", "bench_restored"
    backup = _timed_command("--home", str(home), "backup", str(archive))
    size = archive.stat().st_size
    target = around.fresh(name)
    if target == url:
        return Moved(backup, None, size)
    with around.named(target):
        restore = _timed_command("--home", str(folder / "restored"), "restore", str(archive))
    around.drop(name)
    return Moved(backup, restore, size)


def _timed_command(*arguments: str) -> float:
    begun = time.perf_counter()
    _finished([sys.executable, "-m", "ui.cli", *arguments])
    return time.perf_counter() - begun


def _step(*arguments: object) -> dict[str, Any]:
    done = _finished([sys.executable, "-m", "eval.bench.servers_child", *map(str, arguments)])
    figures: dict[str, Any] = json.loads(done.splitlines()[-1])
    # Told at once: what takes an hour may still fail at its end.
    _tell(json.dumps({name: value for name, value in figures.items() if name != "asked"}))
    return figures


def _finished(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise StepFailed(f"{' '.join(command[2:4])}: {lines[-1] if lines else f'exit code {done.returncode}'}")
    return done.stdout


def _with_cpu(pid: int | None, step: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], float | None]:
    """What a step tells, and what a server used of the processor meanwhile; None for one elsewhere."""
    before = cpu_seconds(pid) if pid is not None else 0.0
    told = step()
    return told, cpu_seconds(pid) - before if pid is not None else None


def _database_bytes(url: str) -> int:
    database = Database(parse_url(url))
    try:
        with database.read() as connection:
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
    finally:
        database.close()


def _tell(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench servers", description="A province's forms on PostgreSQL and Chroma.")
    parser.add_argument("--forms", nargs="+", type=int, default=list(SIZES), help="how many forms the databases hold")
    parser.add_argument("--repeat", type=int, default=3, help="times each question and page is asked for when it is warm")
    parser.add_argument("--index", type=int, default=INDEXED, metavar="N", help="make the index of databases of up to so many forms")
    parser.add_argument("--move", type=int, default=MOVED, metavar="N", help="back up and restore the database of so many forms")
    parser.add_argument("--files", type=Path, help="where the made-up forms are kept for the next run; by default they are thrown away")
    parser.add_argument("--database", help="an empty PostgreSQL database instead of a server of our own, for one size")
    parser.add_argument("--chroma", help="a Chroma server instead of one of our own")
    parser.add_argument("-o", "--output", type=Path, help="write all figures there as JSON")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
