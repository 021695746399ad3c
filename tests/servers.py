"""Real servers for tests: a PostgreSQL and a Chroma on this machine, started when a test first needs them and ended with the session.

PostgreSQL sorts by the Chinese order of ICU here, the worst case for code that counts on the order of character codes, and does
not wait for the disk. Every home gets a database of its own, copied from one in which the migrations made the tables once.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import closing
from pathlib import Path

import pytest

from eval import servers
from eval.servers import Chroma, free_port, programs
from store.database import Database, parse_url
from store.migrate import bring_up_to_date

REQUIRED = "JIHE_TEST_POSTGRES"
"""Set where PostgreSQL is known to be installed: its absence is then a failure, and no reason to skip."""
TEMPLATE = "jihe_template"
LOCKED, PASSWORD = "locked", "geheim-7"
"""A user who has to give a password; all others need none."""
_SETTINGS = {
    "fsync": "off", "full_page_writes": "off", "max_connections": "300", "shared_buffers": "32MB",
    "autovacuum": "off", "max_wal_size": "4GB",
}  # fmt: skip


def skip_without_programs() -> None:
    """Skip the test where there is no PostgreSQL to start, unless there has to be one."""
    if programs() is None:
        told = "PostgreSQL is not installed (apt-get install postgresql): nothing runs against servers"
        pytest.fail(told) if os.environ.get(REQUIRED) else pytest.skip(told)


class Postgres(servers.Postgres):
    """A server of the session's own."""

    ACCESS = f"host all {LOCKED} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"

    def __init__(self) -> None:
        super().__init__(_SETTINGS, ("--no-sync", "--locale-provider=icu", "--icu-locale=zh"))
        self._made: dict[str, Path] = {}
        self.execute(f"CREATE ROLE {LOCKED} LOGIN PASSWORD '{PASSWORD}'", f"CREATE DATABASE {TEMPLATE}")
        with closing(Database(parse_url(self.url(TEMPLATE)))) as database:
            bring_up_to_date(database, self.folder)

    def fresh(self, name: str, template: str = TEMPLATE) -> str:
        """A new database with the tables of jihe and nothing in them; its address."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE {template}')
        self._made.setdefault(name, Path(name))
        return self.url(name)

    def of_home(self, home: Path) -> str:
        """The database that takes the place of the one in this home, made when it is first asked for; its address."""
        name = self.name_of(home)
        if name not in self._made:
            self._made[name] = home
            self.fresh(name)
        return self.url(name)

    @staticmethod
    def name_of(home: Path) -> str:
        """What that database is called, made or not."""
        return "home_" + hashlib.sha256(str(home).encode()).hexdigest()[:20]

    def drop_all(self, below: Path | None = None) -> None:
        """Take away every database made since, or those of homes below a folder."""
        gone = [name for name, home in self._made.items() if below is None or home.is_relative_to(below)]
        for name in gone:
            del self._made[name]
        self.execute(*(f'DROP DATABASE "{name}" WITH (FORCE)' for name in gone))


__all__ = ["LOCKED", "PASSWORD", "REQUIRED", "TEMPLATE", "Chroma", "Postgres", "free_port", "programs", "skip_without_programs"]
