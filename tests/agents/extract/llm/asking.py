"""Who answers questions in tests: gold forms, gold forms with faults, fixed answers, and nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol

from agents.extract.llm.asked import read_back
from agents.models.question import Outcome, Question, Status
from schema.transcript import CellsTranscript, CellTranscript, HeadTranscript, RowsTranscript, RowTranscript
from tests.agents.extract.llm.tables import ROWS, head


class Texts(Protocol):
    """What answers the text of a question."""

    def reply_text(self, user_text: str) -> str:
        """The answer as JSON."""


def from_texts(texts: Texts) -> Callable[[Question[Any]], Outcome[Any]]:
    """An ask that answers from texts."""

    def ask(question: Question[Any]) -> Outcome[Any]:
        raw = texts.reply_text(question.user)
        return Outcome("ok", question.schema.model_validate_json(raw), raw)

    return ask


class Model:
    """Answers about the small form of `tables`, and remembers what it was asked.

    Args:
        head, rows: the first answers; rows are given by name, as far as they stand in the question.
        again: answers to cells that are asked for again, by their names in the question or by their field; else what is printed is told.
        refuse: tasks that are not answered.
    """

    def __init__(
        self,
        head_: HeadTranscript | None = None,
        rows: tuple[RowTranscript, ...] = ROWS,
        again: dict[str, str | None] | None = None,
        refuse: tuple[str, ...] = (),
        status: Status = "refused",
    ) -> None:
        self.asked: list[Question[Any]] = []
        self._head, self._rows, self._again, self._refuse, self._status = head_ or head(), rows, again or {}, refuse, status
        self._lock = threading.Lock()

    @property
    def tasks(self) -> list[str]:
        """What was asked, in order; questions of one round in any order."""
        return [read_back(question.user).task for question in self.asked]

    def __call__(self, question: Question[Any]) -> Outcome[Any]:
        """Answer a question."""
        with self._lock:
            self.asked.append(question)
            first = len(self.asked) <= 2
        asked = read_back(question.user)
        if asked.task in self._refuse:
            return Outcome(self._status)
        if asked.task == "head":
            return Outcome("ok", self._head)
        text = "\n".join(line for _, line in asked.lines)
        if asked.task == "rows":
            rows = self._rows if first else tuple(row for row in ROWS if row.name and row.name in text)
            return Outcome("ok", RowsTranscript(rows=list(rows)))
        return Outcome(
            "ok", CellsTranscript(cells=[CellTranscript(cell=cell, printed=self._cell(cell, dict(asked.lines))) for cell, _ in asked.cells])
        )

    def _cell(self, cell: str, lines: dict[str, str]) -> str | None:
        if cell in self._again:
            return self._again[cell]
        line, _, field = cell.rpartition(".")
        if line not in lines:
            node: Any = head()
            for part in cell.split("."):
                node = getattr(node, part)
            return node if isinstance(node, str) else None
        own = next((row for row in ROWS if row.name and row.name in lines[line]), None)
        return self._again.get(field, getattr(own, field) if own is not None else None)
