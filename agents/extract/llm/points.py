"""How many indicator rows a page prints, told by the points that each of them has: what is expected before anything is read."""

from __future__ import annotations

from agents.extract.llm.levels import labels_in_text
from agents.extract.llm.printed import Printed
from agents.extract.numbers import parse_number
from ingest.dump.pieces import Piece
from schema.text import is_blank

_MOST_POINTS = 100


def row_points(printed: Printed) -> list[Piece]:
    """The first piece of the points of each indicator row, as far as the page tells: two numbers up to 100 side by side."""
    form = printed.form
    if form is None or not {"weight", "score"} <= set(form.fields):
        return []
    body = [piece for piece in form.body if not is_blank(piece.text)]
    inner = {i for label in labels_in_text([piece.text for piece in body]) for i in label.pieces}
    rest = [piece for i, piece in enumerate(body) if i not in inner]
    found: list[Piece] = []
    at = 0
    while at + 1 < len(rest):
        if _is_points(rest[at]) and _is_points(rest[at + 1]):
            found.append(rest[at])
            at += 1
        at += 1
    return found


def _is_points(piece: Piece) -> bool:
    parsed = parse_number(piece.text)
    return parsed is not None and parsed[1] in ("", "分") and parsed[0] <= _MOST_POINTS
