"""What became of one cell that a model filled in: found on the page, or not to be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.dump.pieces import Piece

Status = Literal["exact", "similar", "blank", "absent", "unclear"]
"""exact: printed in its place; similar: a long text of a scan that most likely is; blank: said to print nothing, and nothing is there;
absent: not printed in its place; unclear: found, or said to be blank, but something beside it is not accounted for."""


@dataclass(frozen=True)
class Verdict:
    """One cell.

    Attributes:
        said: what the model says it prints.
        pieces: where it is printed; for absent cells what is printed in its place, where that is known.
        why: what is wrong, in Chinese, for the question that is asked again and for people.
        text: the part of the pieces that is the value, where that is not all of them.
    """

    said: str | None
    status: Status
    pieces: tuple[Piece, ...] = ()
    why: str = ""
    text: str | None = None

    @property
    def believed(self) -> bool:
        """Whether it needs no second look."""
        return self.status in ("exact", "similar", "blank")
