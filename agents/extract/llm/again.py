"""What is asked again: the cells that were not found, with their lines and what is wrong; and rows that nobody gave.

What is on the page and does not add up is the document's own fault: it is found, so it is never asked about. A second answer counts only
for the cells that were asked about, and only where it is better grounded than the first and breaks no sum that held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.extract.llm.build import Grounded, build, ground
from agents.extract.llm.printed import Printed
from agents.extract.llm.questions import cells_question, rows_again
from agents.extract.llm.rows import Row
from agents.models.question import Question
from agents.repair.equations import equations_of, figures_of
from ingest.dump.flow import FormText
from ingest.dump.pieces import Piece
from schema.cells import FUNDING_ROWS
from schema.transcript import CellsTranscript, FundingTranscript, HeadTranscript, RowsTranscript, RowTranscript

MOST_CELLS = 30
"""Cells in one question, at most."""
_ROW_CELL = re.compile(r"indicators\[(\d+)\]\.(\w+)")
_GOALS = ("expected_goal", "actual_result")
_TAIL = ("total_weight", "total_score", "grade")


@dataclass(frozen=True)
class Said:
    """What a model has said of a form so far."""

    head: HeadTranscript
    rows: tuple[RowTranscript, ...]


@dataclass(frozen=True)
class CellsAgain:
    """A question about cells: for each of its names the index of the row (None for the head) and the field or address."""

    question: Question[CellsTranscript]
    cells: Mapping[str, tuple[int | None, str]]

    def applied(self, said: Said, answer: CellsTranscript) -> Said:
        """What is said with the cells of a second answer in place of those of the first."""
        head, rows = said.head, list(said.rows)
        for cell in answer.cells:
            row, name = self.cells.get(cell.cell, (None, ""))
            if row is not None:
                rows[row] = _row_with(rows[row], name, cell.printed)
            elif name:
                head = _head_with(head, name, cell.printed)
        return Said(head, tuple(rows))


@dataclass(frozen=True)
class RowsAgain:
    """A question about rows that nobody gave; `at` is the index of the row before which they belong."""

    question: Question[RowsTranscript]
    at: int

    def applied(self, said: Said, answer: RowsTranscript) -> Said:
        """What is said with further rows at their place; rows that are there already find no print left and fall away."""
        return Said(said.head, (*said.rows[: self.at], *answer.rows, *said.rows[self.at :]))


Again = CellsAgain | RowsAgain


def doubtful_cells(grounded: Grounded, name: str) -> Iterator[CellsAgain]:
    """Questions about all cells that are not believed."""
    wanted = list(_wanted(grounded))
    for low in range(0, len(wanted), MOST_CELLS):
        part = wanted[low : low + MOST_CELLS]
        lines = {line for *_, region in part for line in region}
        question = cells_question(grounded.printed, name, {asked: why for asked, why, *_ in part}, lines)
        yield CellsAgain(question, {asked: (row, target) for asked, _, row, target, _ in part})


def cells_again(grounded: Grounded, marks: Mapping[str, str], name: str) -> CellsAgain | None:
    """A question about cells that layout doubts, by their addresses with the reasons; None where they stand nowhere."""
    wanted = [entry for cell, why in marks.items() if (entry := _marked(grounded, cell, why)) is not None][:MOST_CELLS]
    if not wanted:
        return None
    lines = {line for *_, region in wanted for line in region}
    question = cells_question(grounded.printed, name, {asked: why for asked, why, *_ in wanted}, lines)
    return CellsAgain(question, {asked: (row, target) for asked, _, row, target, _ in wanted})


def _marked(grounded: Grounded, cell: str, why: str) -> tuple[str, str, int | None, str, set[int]] | None:
    match = _ROW_CELL.fullmatch(cell)
    if match is None:
        return (cell, why, None, cell, _head_lines(grounded.printed, cell)) if cell in grounded.head else None
    index = int(match[1])
    if index >= len(grounded.rows.rows):
        return None
    row = grounded.rows.rows[index]
    return f"{_line_of(grounded, row)}.{match[2]}", why, row.number, match[2], _row_lines(grounded, index)


def _wanted(grounded: Grounded) -> Iterator[tuple[str, str, int | None, str, set[int]]]:
    """Each cell that is not believed: its name in the question, why, its row and field, and the lines it is printed in."""
    for cell, verdict in grounded.head.items():
        if not verdict.believed:
            yield cell, verdict.why, None, cell, _head_lines(grounded.printed, cell)
    for i, row in enumerate(grounded.rows.rows):
        for field, verdict in row.cells.items():
            if not verdict.believed:
                yield f"{_line_of(grounded, row)}.{field}", verdict.why, row.number, field, _row_lines(grounded, i)


def lost_rows(grounded: Grounded, name: str) -> Iterator[RowsAgain]:
    """Questions about groups of pieces that look like rows nobody gave, the last one first."""
    rows = grounded.rows.rows
    for group in reversed(grounded.rows.missing):
        before = [row for row in rows if _first_piece(grounded, row).start < group[0].start]
        after = [row for row in rows if row not in before]
        low = group[0].line if grounded.printed.ruled or not before else _first_piece(grounded, before[-1]).line
        at = after[0].number if after else max((row.number + 1 for row in rows), default=0)
        yield RowsAgain(rows_again(grounded.printed, name, low, group[-1].line), at)


def better(old: Grounded, new: Grounded) -> bool:
    """Whether the new one is better grounded, and every sum that held over believed figures still does."""
    lost = _holding(old) - _holding(new)
    return new.believed > old.believed and not lost


def look_up(printed: Printed, said: Said) -> tuple[Said, Grounded]:
    """What is said, looked up on the page; and what is left of it when rows that are not printed are gone and the others in their order."""
    grounded = ground(printed, said.head, said.rows)
    ordered = Said(said.head, tuple(row.said for row in grounded.rows.rows))
    return (ordered, grounded) if ordered.rows == said.rows else (ordered, ground(printed, said.head, ordered.rows))


def _holding(grounded: Grounded) -> set[str]:
    """The equations that hold, all their cells believed."""
    form = build(grounded)
    doubtful = {cell for cell, verdict in grounded.verdicts() if not verdict.believed}
    figures = figures_of(form)
    return {e.name for e in equations_of(form) if not doubtful & set(e.cells) and e.holds(figures) is True}


def _row_with(row: RowTranscript, name: str, value: str | None) -> RowTranscript:
    given = row.model_dump() | {name: value}
    try:
        return RowTranscript.model_validate(given)
    except ValueError:
        # A label outside of the closed list is no answer.
        return row


def _head_with(head: HeadTranscript, cell: str, value: str | None) -> HeadTranscript:
    if not cell.startswith("funding."):
        return head.model_copy(update={cell: value})
    _, row, column = cell.split(".")
    if row not in FUNDING_ROWS:
        return head
    given: FundingTranscript = getattr(head.funding, row)
    funding = head.funding.model_copy(update={row: given.model_copy(update={column: value})})
    return head.model_copy(update={"funding": funding})


def _first_piece(grounded: Grounded, row: Row) -> Piece:
    pieces = [piece for verdict in row.cells.values() for piece in verdict.pieces if verdict.believed]
    own = [p for name, v in row.cells.items() if name not in ("level1", "level2") for p in v.pieces]
    return min(own or pieces or grounded.printed.pieces[:1], key=lambda piece: piece.start)


def _line_of(grounded: Grounded, row: Row) -> int:
    return grounded.printed.line_of(_first_piece(grounded, row))


def _row_lines(grounded: Grounded, index: int) -> set[int]:
    """The lines from where the row before ends to where the next one begins."""
    rows = grounded.rows.rows
    low = _line_of(grounded, rows[index - 1]) if index and not grounded.printed.ruled else _line_of(grounded, rows[index])
    form = grounded.printed.form
    last = form.body[-1].line if form and form.body else 10**9
    high = _line_of(grounded, rows[index + 1]) if index + 1 < len(rows) else last
    labels = {p.line for name in ("level1", "level2") for p in rows[index].cells[name].pieces}
    return set(range(low, min(high, last) + 1)) | labels


def _head_lines(printed: Printed, cell: str) -> set[int]:
    """The lines of the part of the head in which a cell is printed; all around the rows where that part was not found."""
    numbers = {piece.line for piece in printed.pieces}
    form = printed.form
    if form is None:
        return numbers
    around = numbers - {piece.line for piece in form.body}
    return _part_lines(form, cell, around) or around or numbers


def _part_lines(form: FormText, cell: str, numbers: set[int]) -> set[int]:
    funding = [p for row in form.amounts for p in (*row.label, *(v for value in row.values for v in value))]
    columns = [p for label in form.columns for p in form.pieces[label.first : label.end]]
    goals = [p for label in form.goals.labels.values() for p in label] + [p for text in form.goals.texts.values() for p in text]
    goals += [p for line in form.goals.together.lines for p in line]
    if cell.startswith("funding.") or cell == "unit_of_money":
        return _span([*form.heading, *columns, *funding])
    if cell in _GOALS:
        return _span(goals)
    if cell in _TAIL:
        return {number for number in numbers if form.body and number > form.body[-1].line}
    first = min((p.line for p in (*form.heading, *columns, *goals)), default=max(numbers, default=0))
    return {number for number in numbers if number < first}


def _span(pieces: Sequence[Piece]) -> set[int]:
    lines = [piece.line for piece in pieces]
    return set(range(min(lines), max(lines) + 1)) if lines else set()
