"""Where the first goal text ends, told from the widths of two columns."""

from __future__ import annotations

from ingest.dump.goals import Paragraphs, boundaries, paragraphs
from ingest.dump.pieces import pieces_of

GOAL = ["甲" * 20, "丙" * 20, "丁" * 7 + "。"]
RESULT = ["乙" * 16, "戊" * 16, "己" * 16, "庚" * 5 + "。"]


def _texts(*lines: str) -> Paragraphs:
    return paragraphs(pieces_of("\n".join(lines)))


def test_widths_tell_the_boundary() -> None:
    found = boundaries([_texts(*GOAL, *RESULT), _texts(*GOAL[1:], *RESULT[1:])])
    assert [lines for lines, _ in found] == [3, 2]


def test_a_boundary_that_nothing_tells_is_not_sure() -> None:
    same = [*GOAL, *GOAL, *GOAL]
    ((_, sure),) = boundaries([_texts(*same)])
    assert not sure


def test_forms_without_goals_have_no_boundary() -> None:
    assert boundaries([_texts(), _texts(*GOAL, *RESULT)])[0] == (0, True)
