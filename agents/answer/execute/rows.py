"""Indicators: which are meant, and their cells as facts and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from agents.answer.execute.figures import LOST, Column, less, printed, ratio
from agents.answer.execute.measures import compare
from agents.answer.execute.records import Fact, Figure, Line, Lines
from agents.answer.query import Condition, Field_, Pick
from schema.text import fold, is_blank
from schema.values import Quantity, parse
from store.facts import Head, RowFact, Session

NUMBERS: frozenset[str] = frozenset({"weight", "score"})
_ENOUGH = 0.6
"""How much of the words' pairs of characters a name has to hold where none holds them as they are."""
_BITS = 24
Rows = tuple[list[Head], list[RowFact]]
"""Forms and rows, side by side."""
ALL_FORMS = 40
"""Scopes of more forms are searched by the names of indicators first."""


def picked(session: Session, scope: Sequence[Head], pick: Pick | None) -> list[Line]:
    """The indicators of these forms that are meant, in printed order; all of them without a pick.

    In a form that has an indicator of just that name, it alone is meant.
    """
    return [Line(head, row=row) for head, row in zip(*picked_rows(session, scope, pick), strict=True)]


def picked_rows(session: Session, scope: Sequence[Head], pick: Pick | None) -> Rows:
    """The same without lines: forms and rows."""
    heads = {head.version_id: head for head in scope}
    rows = [row for row in _candidates(session, scope, pick) if row.version_id in heads]
    if pick is None:
        return [heads[row.version_id] for row in rows], rows
    fitting = rows
    if pick.level1 or pick.level2:
        levels = {pair for pair in {(row.level1, row.level2) for row in rows} if _fits_levels(pair, pick)}
        fitting = [row for row in rows if (row.level1, row.level2) in levels]
    if pick.words:
        fitting = _by_words(fitting, pick)
    return [heads[row.version_id] for row in fitting], fitting


def row_lots(rows: Rows, make: Callable[[int], Line], told: int | None = None) -> Lines:
    """Lines of very many rows, told apart by their forms and positions."""
    lines = Lines(rows[0], make, told)
    lines.keys = list(map(place_of, rows[1]))
    return lines


def place_of(row: RowFact) -> int:
    """A number that no other row has."""
    # Numbers are not gone through when garbage is collected, and pairs are.
    return row.version_id << _BITS | row.position


def is_meant(row: RowFact, pick: Pick) -> bool:
    """Whether an indicator is at the level that is meant and its name holds the words."""
    return _at_level(row, pick) and names_it(row.name, pick)


def names_it(name: str, pick: Pick) -> bool:
    """Whether an indicator's name holds one of the alternatives of every word."""
    folded = _plain(name)
    return all(any(_plain(word) in folded for word in words) for words in pick.words)


@lru_cache(maxsize=65536)
def _plain(name: str) -> str:
    return fold(name).lower()


def row_fact(line: Line, field: Field_) -> tuple[Fact, ...]:
    """The printed cells of a field; for points lost weight and score."""
    row = line.row
    if row is None:
        return ()
    if field in ("lost", "score_rate"):
        return (*row_fact(line, "weight"), *row_fact(line, "score"))
    value = getattr(row, field)
    return (Fact(line.form, row.cell(field), field, value, "分" if field in NUMBERS else None),)


def row_figure(line: Line, field: Field_) -> Figure | None:
    """A field as a number: points, or the quantity a target or an actual prints; None for a word, a range or a date."""
    row = line.row
    if row is None:
        return None
    if field == "score_rate":
        weight, score = (printed(fact) for fact in row_fact(line, "lost"))
        return ratio(score, weight) if weight and score else None
    if field == "lost":
        weight, score = (printed(fact) for fact in row_fact(line, "lost"))
        return less(weight, score) if weight and score else None
    if field in NUMBERS:
        return printed(row_fact(line, field)[0])
    found = quantity(getattr(row, field)) if field in ("target", "actual") else None
    return Figure("cell", found.amount, keys=((line.form.form_id, row.cell(field)),)) if found else None


def lost_column(rows: Sequence[RowFact], lost: Iterable[Decimal | None], whole: Callable[[int], Line]) -> Column:
    """The losses of very many rows, each of which lost points; `whole` makes the line of one of them."""
    return Column(rows, [one for one in lost if one is not None], lambda i: whole(i).figure, LOST)


def row_unit(line: Line, field: Field_) -> str | None:
    """The unit a field is told in, as printed."""
    if field == "score_rate":
        return "%"
    if field == "lost" or field in NUMBERS:
        return "分"
    found = quantity(getattr(line.row, field)) if line.row is not None else None
    return (found.unit.printed or None) if found else None


def quantity(text: str | None) -> Quantity | None:
    """The quantity that a target or an actual prints; None for anything else."""
    value = parse(text)
    return value if isinstance(value, Quantity) else None


def row_fulfils(line: Line, condition: Condition) -> bool:
    """Whether an indicator fulfils a condition on one of its fields."""
    if condition.field is None or line.row is None:
        return True
    if condition.text == "":
        return is_blank(getattr(line.row, condition.field, None)) == (condition.op == "=")
    if condition.text is not None:
        held = fold(condition.text) in fold(str(getattr(line.row, condition.field, "") or ""))
        return held if condition.op == "=" else not held
    figure = row_figure(line, condition.field)
    if condition.other_field is not None:
        return _against_field(line, condition)
    if figure is None or condition.value is None:
        return False
    return compare(condition.op, _scaled(line, condition, figure.value), condition.value)


def _against_field(line: Line, condition: Condition) -> bool:
    """One field against another: quantities in one unit, or points; what cannot be measured so fulfils nothing but being the same words."""
    row, field, other = line.row, condition.field, condition.other_field
    if row is None or field is None or other is None:
        return False
    times = Decimal(1) if condition.relative is None else condition.relative
    one, two = (quantity(getattr(row, name)) if name in ("target", "actual") else None for name in (field, other))
    if one is not None and two is not None:
        same = one.unit.base == two.unit.base or not (one.unit.base and two.unit.base)
        # Many times nothing is nothing: against a target of 0 multiples say nothing.
        return same and (two.value != 0 or condition.relative is None) and compare(condition.op, one.value, two.value * times)
    figures = [row_figure(line, name) for name in (field, other) if name not in ("target", "actual")]
    if len(figures) == 2 and figures[0] is not None and figures[1] is not None:
        return compare(condition.op, figures[0].value, figures[1].value * times)
    texts = [fold(str(getattr(row, name) or "")) for name in (field, other) if name in ("target", "actual")]
    return len(texts) == 2 and condition.op in ("=", "!=") and (texts[0] == texts[1]) == (condition.op == "=") and bool(texts[0])


def _scaled(line: Line, condition: Condition, value: Decimal) -> Decimal:
    """The value of a quantity in the unit of the condition, where both are of one base."""
    found = quantity(getattr(line.row, condition.field)) if condition.field in ("target", "actual") else None
    if found is None or condition.unit is None:
        return value
    wanted = quantity(f"1{condition.unit}")
    if wanted is None or wanted.unit.base != found.unit.base:
        return value
    return found.value / wanted.unit.factor


def _candidates(session: Session, scope: Sequence[Head], pick: Pick | None) -> list[RowFact]:
    """Rows to look at: of few forms all; of many those whose name may be meant, since reading all takes long."""
    if pick is None or len(scope) <= ALL_FORMS:
        return session.rows([head.version_id for head in scope])
    if not pick.words:
        return session.at_levels([levels for levels in session.levels() if _fits_levels(levels, pick)])
    names = [name for name in session.names() if names_it(name, pick)]
    return session.named(names)


def _by_words(rows: list[RowFact], pick: Pick) -> list[RowFact]:
    named = {name for name in {row.name for row in rows} if names_it(name, pick)}
    found = [row for row in rows if row.name in named] or _nearest(rows, pick)
    exact = {fold(word).lower() for words in pick.words for word in words} | {fold(pick.said).lower()}
    sure = {name for name in dict.fromkeys(row.name for row in found) if fold(name).lower() in exact}
    settled = {row.version_id for row in found if row.name in sure}
    return [row for row in found if row.version_id not in settled or row.name in sure]


def _nearest(rows: list[RowFact], pick: Pick) -> list[RowFact]:
    """Where no name holds the words as they are: the names that hold most of their pairs of characters."""
    wanted = _pairs(fold("".join(words[0] for words in pick.words)))
    if not wanted:
        return []
    shares = {row.name: len(wanted & _pairs(fold(row.name))) / len(wanted) for row in rows}
    best = max(shares.values(), default=0.0)
    return [row for row in rows if best >= _ENOUGH and shares[row.name] == best]


def _at_level(row: RowFact, pick: Pick) -> bool:
    return _fits_levels((row.level1, row.level2), pick)


def _fits_levels(levels: tuple[str | None, str | None], pick: Pick) -> bool:
    return all(not wanted or _plain(wanted) in _plain(have or "") for wanted, have in zip((pick.level1, pick.level2), levels, strict=True))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def with_facts(lines: Iterable[Line], fields: Sequence[Field_]) -> list[Line]:
    """The lines with the cells of these fields."""
    return [replace(line, facts=(*line.facts, *(fact for field in fields for fact in row_fact(line, field)))) for line in lines]
