"""Why a model's help ended without an answer."""

from __future__ import annotations

from agents.models.question import MEANINGS, Status
from schema.errors import JiheError


class Unanswered(JiheError):
    """The model gave no answer: every way it can end has a status of agents.models.question, or is a limit.

    It never leaves the package: the composed answer is given instead, with `told` as a note.
    """

    def __init__(self, status: Status | str, detail: str = "") -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail

    @property
    def told(self) -> str:
        """What happened, for the reader."""
        meaning = next((told.what for name, told in MEANINGS.items() if name == self.status), self.status)
        return f"{meaning}（{self.detail}）" if self.detail else meaning
