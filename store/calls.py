"""The ledger of what was asked of language models, and the answers that were paid for, in a file of their own in the home.

Every request is a line, whatever came of it. An answer is committed with its line the moment it arrives and before anybody uses it, so a
process that is killed loses none that was received. The file is apart from the database of the forms: it may be deleted, which forgets the
answers, and it stays when that database is a server.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from schema.record import Record, plain
from store.columns import now
from store.sidefile import SideFile

CALLS_NAME = "model-calls.db"
VERSION = 1
"""The shape of the tables, kept in user_version."""
COST_PLACES = 10
"""Costs are kept as integers of 10^-10: exact for prices of up to four decimal places per million tokens, and summed exactly."""

_TABLES = """
CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    run TEXT NOT NULL,
    model TEXT NOT NULL,
    host TEXT NOT NULL,
    purpose TEXT NOT NULL,
    form TEXT NOT NULL,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    cached INTEGER NOT NULL,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    seconds REAL NOT NULL,
    cost INTEGER,
    currency TEXT NOT NULL
);
CREATE INDEX calls_run ON calls (run);
CREATE TABLE answers (
    key TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    model TEXT NOT NULL,
    created TEXT NOT NULL,
    prompt_tokens INTEGER,
    completion_tokens INTEGER
);
"""

Column = Literal["run", "purpose", "model", "form", "status"]


class Call(Record):
    """One line of the ledger: one request, or one answer taken from the cache.

    Attributes:
        attempt: from 1 within a question; 0 for an answer from the cache.
        prompt_tokens, completion_tokens: None where the endpoint did not tell, or no reply came that could.
        cost: in `currency`; None where price or tokens are not known.
        at: when it ended.
    """

    run: str
    model: str
    host: str
    purpose: str
    form: str
    status: str
    attempt: int
    cached: bool = False
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float = 0.0
    cost: Decimal | None = None
    currency: str = ""
    at: datetime | None = None


class Answer(Record):
    """A kept answer, as it came, and what it cost when it did."""

    text: str
    model: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    created: datetime | None = None


class Money(NamedTuple):
    """A sum in one currency."""

    amount: Decimal
    currency: str


class Totals(Record):
    """Sums over lines of the ledger.

    Attributes:
        requests: what was sent.
        cached: what was taken from the cache instead.
        unknown: requests whose tokens are not known; the sums are without them.
        costs: one sum per currency; what has no known cost is not in them.
        statuses: how often each status occurred among the requests, by name.
    """

    requests: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    unknown: int = 0
    seconds: float = 0.0
    costs: tuple[Money, ...] = ()
    statuses: tuple[tuple[str, int], ...] = ()


class CallLog(SideFile):
    """Ledger and cache. Open one with `CallLog.open`; it is a context manager, and safe to share between threads and processes."""

    TABLES = _TABLES
    VERSION = VERSION
    SYNCHRONOUS = "FULL"
    """An answer costs money and seconds, a sync milliseconds: not even a power cut shall lose one."""
    IF_LOST = "账目和已付费的回答随之移走"

    @classmethod
    def open(cls, path: Path) -> Self:
        """The log in this file, made where it is missing.

        Raises:
            StoreVersion: a newer jihe wrote it.
            StoreError: it cannot be used.
        """
        return cls.open_file(path)

    def find(self, key: str) -> Answer | None:
        """The kept answer under a key."""
        with self._work() as connection:
            row = connection.execute(
                "SELECT text, model, prompt_tokens, completion_tokens, created FROM answers WHERE key = ?", (key,)
            ).fetchone()
        if row is None:
            return None
        return Answer(text=row[0], model=row[1], prompt_tokens=row[2], completion_tokens=row[3], created=datetime.fromisoformat(row[4]))

    def write(self, call: Call, key: str | None = None, answer: Answer | None = None) -> None:
        """Add a line and, with a key, keep its answer in place of an earlier one: both or nothing, on disk when this returns."""
        with self._work() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                _insert_call(connection, call)
                if key is not None and answer is not None:
                    _insert_answer(connection, key, answer)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def calls(self, run: str | None = None) -> list[Call]:
        """Lines in the order they were written: all, or those of one run."""
        with self._work() as connection:
            where, values = _where({"run": run})
            rows = connection.execute(f"SELECT {', '.join(_CALL_COLUMNS)} FROM calls{where} ORDER BY id", values).fetchall()
        return [_as_call(row) for row in rows]

    def totals(self, run: str | None = None, purpose: str | None = None, model: str | None = None) -> Totals:
        """Sums over all lines, or over those of one run, purpose or model."""
        return _totals(self._grouped("''", {"run": run, "purpose": purpose, "model": model})).get("", Totals())

    def totals_by(self, column: Column, run: str | None = None) -> dict[str, Totals]:
        """Sums for each run, purpose, model, form or status, by its name."""
        return _totals(self._grouped(column, {"run": run}))

    def _grouped(self, column: str, wanted: dict[str, str | None]) -> list[Any]:
        where, values = _where(wanted)
        with self._work() as connection:
            # Group by the first column of the result: the column itself, or nothing at all.
            return connection.execute(_SUMS.format(column=column, where=where), values).fetchall()


_CALL_COLUMNS = tuple(Call.model_fields)
_SUMS = """
SELECT {column}, status, cached, currency, count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0),
    sum(cached = 0 AND (prompt_tokens IS NULL OR completion_tokens IS NULL)), sum(seconds), sum(cost)
FROM calls{where} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


def _insert_call(connection: sqlite3.Connection, call: Call) -> None:
    values = dict(call) | {
        "at": (call.at or now()).astimezone(UTC).isoformat(),
        "cost": None if call.cost is None else int(call.cost.scaleb(COST_PLACES).to_integral_value()),
    }
    marks = ", ".join(f":{name}" for name in _CALL_COLUMNS)
    connection.execute(f"INSERT INTO calls ({', '.join(_CALL_COLUMNS)}) VALUES ({marks})", values)


def _insert_answer(connection: sqlite3.Connection, key: str, answer: Answer) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO answers (key, text, model, created, prompt_tokens, completion_tokens) VALUES (?, ?, ?, ?, ?, ?)",
        (key, answer.text, answer.model, (answer.created or now()).isoformat(), answer.prompt_tokens, answer.completion_tokens),
    )


def _as_call(row: tuple[Any, ...]) -> Call:
    values = dict(zip(_CALL_COLUMNS, row, strict=True))
    values["at"] = datetime.fromisoformat(values["at"])
    values["cost"] = None if values["cost"] is None else _amount(values["cost"])
    return Call(**values | {"cached": bool(values["cached"])})


def _amount(units: int) -> Decimal:
    return plain(Decimal(units).scaleb(-COST_PLACES))


def _where(wanted: dict[str, str | None]) -> tuple[str, tuple[str, ...]]:
    named = {column: value for column, value in wanted.items() if value is not None}
    return (" WHERE " + " AND ".join(f"{column} = ?" for column in named) if named else ""), tuple(named.values())


def _totals(rows: list[Any]) -> dict[str, Totals]:
    """Rows of _SUMS as totals, by the first column."""
    out: dict[str, Totals] = {}
    for name in dict.fromkeys(row[0] for row in rows):
        own = [row for row in rows if row[0] == name]
        sent = [row for row in own if not row[2]]
        currencies = sorted({row[3] for row in sent if row[9] is not None})
        counts = {status: sum(row[4] for row in sent if row[1] == status) for status in dict.fromkeys(row[1] for row in sent)}
        out[name] = Totals(
            requests=sum(row[4] for row in sent),
            cached=sum(row[4] for row in own if row[2]),
            prompt_tokens=sum(row[5] for row in sent),
            completion_tokens=sum(row[6] for row in sent),
            unknown=sum(row[7] for row in sent),
            seconds=sum(row[8] for row in own),
            costs=tuple(Money(_amount(sum(row[9] or 0 for row in sent if row[3] == sign)), sign) for sign in currencies),
            statuses=tuple(counts.items()),
        )
    return out
