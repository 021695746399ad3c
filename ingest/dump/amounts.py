"""Rows of the funding table in a dump: which of a row's numbers stands under which column, where blank cells leave no trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from ingest.dump.pieces import Piece
from schema.text import fold, is_blank

_RATE_ERROR = 0.6
"""Percent points by which a printed rate may differ from that of the amounts."""
_SHARE = 100.0
_POINTS = 100.0


@dataclass
class Amounts:
    """One row: the pieces of its label and its values, the column of each value, and why that is in doubt."""

    label: list[Piece]
    values: list[list[Piece]] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    doubt: str | None = None


def is_amount(piece: Piece) -> bool:
    """Whether a piece is a number, a percentage, or the dash of a blank cell."""
    text = fold(piece.text)
    return is_blank(text) or (any(ch.isdigit() for ch in text) and not text.strip("0123456789.,%+-¥￥元分"))


def place(row: Amounts, fields: Sequence[str]) -> None:
    """Put the values of a row under the columns. What cannot be told for sure is noted as a doubt."""
    count = len(row.values)
    if count >= len(fields):
        row.columns = list(range(len(fields)))
        if count > len(fields):
            row.doubt = "这一行的数比栏目多，看不出各是哪一栏"
        row.values = row.values[: len(fields)]
        return
    spaced = _by_gaps(row, len(fields))
    if all(is_blank(_text(value)) for value in row.values):
        row.columns = spaced or list(range(count))
        return
    ways = [list(way) for way in combinations(range(len(fields)), count) if _fits(row, way, fields)]
    # Where blank cells leave nothing at all, single spaces tell nothing.
    if spaced is not None and spaced in ways and spaced != list(range(count)):
        row.columns = spaced
        return
    proven = [way for way in ways if _rate(row, way, fields)]
    row.columns = (proven or ways or [list(range(count))])[0]
    if len(proven) != 1:
        row.doubt = "这一行有空格没有印出来，看不出各数是哪一栏"


def _text(value: Sequence[Piece]) -> str:
    return fold("".join(piece.text for piece in value))


def _by_gaps(row: Amounts, count: int) -> list[int] | None:
    """The columns that the spaces tell, where every blank cell leaves one; None where they tell of more columns than there are."""
    at, columns = -1, list[int]()
    for value in row.values:
        first = value[0]
        at += first.gap + 1 if first.opens and not columns else max(1, first.gap)
        columns.append(at)
    lines = {piece.line for value in row.values for piece in value}
    return columns if columns and columns[-1] < count and len(lines) == 1 else None


def _fits(row: Amounts, way: Sequence[int], fields: Sequence[str]) -> bool:
    return all(_may_be(fields[column], _text(value)) for column, value in zip(way, row.values, strict=True))


def _may_be(name: str, text: str) -> bool:
    if is_blank(text):
        return True
    number = _number(text)
    if number is None:
        return False
    if text.endswith("%"):
        return name == "execution_rate"
    return number <= _POINTS if name in ("weight", "score") else True


def _rate(row: Amounts, way: Sequence[int], fields: Sequence[str]) -> bool:
    """Whether the rate under this reading is that of the amounts."""
    values = dict(_numbers(row, way, fields))
    rate, spent, budget = (values.get(name) for name in ("execution_rate", "outturn", "adjusted_budget"))
    if rate is None or spent is None or not budget:
        return False
    return abs(spent / budget * _SHARE - rate) <= _RATE_ERROR


def _numbers(row: Amounts, way: Sequence[int], fields: Sequence[str]) -> Iterator[tuple[str, float]]:
    for column, value in zip(way, row.values, strict=True):
        number = _number(_text(value))
        if number is not None:
            yield fields[column], number


def _number(text: str) -> float | None:
    try:
        return float(text.strip("¥￥元分%").replace(",", ""))
    except ValueError:
        return None
