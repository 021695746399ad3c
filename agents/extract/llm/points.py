"""How many indicator rows a page prints, told by the points that each of them has: what is expected before anything is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from agents.extract.llm.levels import labels_in_text
from agents.extract.llm.printed import Printed
from agents.extract.numbers import parse_number
from agents.extract.sheet import Span
from ingest.dump.flow import FormText
from ingest.dump.pieces import Piece
from schema.text import is_blank

_MOST_POINTS = 100


def row_points(printed: Printed) -> list[Piece]:
    """One piece of each indicator row, in order, as far as the page tells: its points, or its name where a ruled table has none.

    Where columns are known, what stands in that of the weights counts. Elsewhere, rows are told by runs of bare numbers, two at least,
    which names part, and the piece is the last but one of its run.
    """
    form = printed.form
    if form is None:
        return []
    body = [piece for piece in form.body if not is_blank(piece.text)]
    if printed.ruled and (column := _telling_column(printed, form)) is not None:
        name, span = column
        inside = [piece for piece in body if (own := printed.column(piece)) is not None and span.holds(own)]
        return inside if name == "name" else _whole_points(inside, {piece.line for piece in printed.pieces if piece.broken})
    if not _side_by_side(form.fields):
        return []
    inner = {i for label in labels_in_text([piece.text for piece in body]) for i in label.pieces}
    runs = _runs([piece for i, piece in enumerate(body) if i not in inner])
    return [run[-2] for run in runs if len(run) > 1]


def _whole_points(pieces: Sequence[Piece], openings: Set[int]) -> list[Piece]:
    """The points of a column; a number that a page break cuts (3.0 | 0) counts once. `openings` are the lines that open a page."""
    tails = [below for above, below in pairwise(pieces) if below.line in openings and "." in above.text and below.text.isdigit()]
    return [piece for piece in pieces if _is_points(piece) and piece not in tails]


def _telling_column(printed: Printed, form: FormText) -> tuple[str, Span] | None:
    """The column that tells rows best: weights, scores, else names."""
    spans = {label.field: printed.column(form.pieces[label.first]) for label in form.header}
    return next(((name, span) for name in ("weight", "score", "name") if (span := spans.get(name)) is not None), None)


def _side_by_side(fields: Sequence[str]) -> bool:
    return ("weight", "score") in pairwise(fields)


def _runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    run: list[Piece] = []
    for piece in pieces:
        if _is_points(piece):
            run.append(piece)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_points(piece: Piece) -> bool:
    parsed = parse_number(piece.text)
    return parsed is not None and parsed[1] in ("", "分") and parsed[0] <= _MOST_POINTS
