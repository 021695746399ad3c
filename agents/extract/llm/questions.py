"""What is asked about a form: its head and tail in one question, its indicator rows in groups, doubtful cells again with their lines only.

Head and rows get different lines, so that all questions together hardly send more than the form itself. Rows are told apart by the points
that every row prints; a group ends where the next row's points begin, so that what is printed between two rows is in both groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agents.extract.llm.asked import Asked, compose
from agents.extract.llm.levels import labels_in_text, over_rows
from agents.extract.llm.points import row_points
from agents.extract.llm.printed import Printed
from agents.models.question import Question, T
from agents.models.tokens import estimate_tokens
from agents.prompts import prompt
from ingest.dump.pieces import Piece
from schema.transcript import CellsTranscript, HeadTranscript, RowsTranscript

ROWS_AT_ONCE = 15
"""Indicator rows in one question, at most: models drop rows from long lists, and answers are cut."""
_SHORTEST, _LONGEST = 1024, 8192
"""Tokens that an answer may have."""
_ANSWER = 2.0
"""Tokens of an answer by those of the lines it copies: keys and quotes come on top."""
_FORM_PURPOSES = {"head": "转录表头", "rows": "转录指标", "cells": "重问单元格"}


@dataclass(frozen=True)
class Part:
    """Lines of a form, with the rows that stand in them (from 1) and the level labels that hold on from above, where these are known."""

    lines: tuple[tuple[str, str], ...]
    first: int | None = None
    last: int | None = None
    over: tuple[str, ...] = ()


def head_question(printed: Printed, name: str) -> Question[HeadTranscript]:
    """What stands around the indicator rows."""
    lines = _outside(printed)
    return _question(name, Asked("head", lines), HeadTranscript)


def row_questions(printed: Printed, name: str) -> list[Question[RowsTranscript]]:
    """The indicator rows, in groups."""
    starts = row_points(printed)
    total = len(starts) or None
    parts = _parts(printed, starts)
    return [_question(name, Asked("rows", part.lines, part.first, part.last, total, over=part.over), RowsTranscript) for part in parts]


def rows_again(printed: Printed, name: str, low: int, high: int) -> Question[RowsTranscript]:
    """The rows that stand in the lines from `low` to `high`, once more."""
    return _question(name, Asked("rows", _header(printed) + printed.within(low, high)), RowsTranscript)


def cells_question(printed: Printed, name: str, cells: Mapping[str, str], lines: set[int]) -> Question[CellsTranscript]:
    """Cells asked for again, each with what is wrong; `lines` are those they are printed in."""
    wanted = tuple(dict.fromkeys(line for number in sorted(lines) for line in printed.within(number, number)))
    return _question(name, Asked("cells", wanted, cells=tuple(cells.items())), CellsTranscript)


def _parts(printed: Printed, starts: Sequence[Piece]) -> Iterator[Part]:
    form = printed.form
    if form is None:
        yield Part(printed.lines)
        return
    header = _header(printed)
    first_line, last_line = _body_lines(printed)
    if len(starts) <= ROWS_AT_ONCE:
        yield Part(header + printed.within(first_line, last_line), *((1, len(starts)) if starts else (None, None)))
        return
    groups = -(-len(starts) // ROWS_AT_ONCE)
    for low, high in pairwise(len(starts) * n // groups for n in range(groups + 1)):
        top = first_line if low == 0 else _after(printed, starts[low - 1])
        bottom = last_line if high == len(starts) else starts[high].line
        over = _labels_over(printed, starts[low]) if low else ()
        yield Part(header + printed.within(top, bottom), low + 1, high, over)


def _labels_over(printed: Printed, points: Piece) -> tuple[str, ...]:
    """The labels of the levels that are printed last before a row."""
    body = printed.form.body if printed.form else []
    labels = labels_in_text([piece.text for piece in body])
    return tuple(label.text for label in next(over_rows(labels, [body.index(points)])).values())


def _after(printed: Printed, points: Piece) -> int:
    """The first line that may belong to the row behind these points: in a ruled table the next one, elsewhere their own."""
    return points.line + 1 if printed.ruled else points.line


def _body_lines(printed: Printed) -> tuple[int, int]:
    form = printed.form
    body = form.body if form else []
    return (body[0].line, body[-1].line) if body else (1, 0)


def _header(printed: Printed) -> tuple[tuple[str, str], ...]:
    form = printed.form
    if form is None:
        return ()
    lines = [form.pieces[i].line for label in form.header for i in range(label.first, label.end)]
    return tuple(dict.fromkeys(line for number in sorted(lines) for line in printed.within(number, number)))


def _outside(printed: Printed) -> tuple[tuple[str, str], ...]:
    if printed.form is None:
        return printed.lines
    low, high = _body_lines(printed)
    header = {number for number, _ in _header(printed)}
    return tuple((number, text) for number, text in printed.lines if not low <= int(number) <= high and number not in header)


def _question(name: str, asked: Asked, schema: type[T]) -> Question[T]:
    text = compose(asked)
    limit = min(_LONGEST, max(_SHORTEST, int(_ANSWER * estimate_tokens(text))))
    return Question(_FORM_PURPOSES[asked.task], name, prompt(asked.task), text, schema, limit)
