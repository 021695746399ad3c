"""Numbers of an answer against printed ones: as they stand, rounded, in another unit of money, or reckoned from the cells of a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal
from typing import NamedTuple

from agents.answer.verify.cells import MONEY, Amount, Cell
from agents.answer.verify.tokens import Number

_EXACT = Context(prec=40)
_HUNDRED = Decimal(100)
_ROUGH, _FINE = Decimal("0.1"), Decimal("0.005")
CLOSE = Decimal("0.1")
"""How far from a value a bound may be that an answer tells of it."""
MOST_CELLS = 400
_APART = (("original_budget", "adjusted_budget"), ("adjusted_budget", "outturn"), ("target", "actual"), ("original_budget", "outturn"))
_LOSSES = (("weight", "score"), ("budget_weight", "budget_score"), ("total_weight", "total_score"))


class Pool(NamedTuple):
    """Cells that a number may be reckoned from: what is cited behind it, or in its sentence; `sides` are those of two names apart."""

    cells: tuple[Cell, ...]
    kinds: frozenset[str] | None = None
    sides: tuple[tuple[Cell, ...], ...] = ()


def tells(number: Number, amount: Amount, *, reckoned: bool = False) -> bool:
    """Whether a number tells an amount: the same, or rightly rounded where that is usual."""
    return same_unit(number.unit, amount.unit) and holds(number, amount.value, reckoned or number.factor != amount.factor)


def same_unit(told: str, printed: str) -> bool:
    """Whether a number in one unit may tell an amount in another: points need not be said; money and percent have to be."""
    if told == printed:
        return True
    return told == "" and printed not in ("元", "%", "百分点", "倍")


def holds(number: Number, value: Decimal, rounds: bool = False) -> bool:
    """Whether a number is a value, or the value rightly rounded (where it `rounds`), or a bound that the value keeps closely."""
    if number.value == value:
        return True
    if number.relation in ("over", "least"):
        return value > number.value and value - number.value <= abs(value) * CLOSE
    if number.relation in ("under", "most"):
        return value < number.value and number.value - value <= abs(value) * CLOSE
    # Halves are rounded up.
    if not -number.step <= (value - number.value) * 2 < number.step:
        return False
    rough = number.relation == "about"
    places = -int((number.step / number.factor).as_tuple().exponent)
    # Two places with their zeros dropped: 80 for 80.002.
    close = abs(value - number.value) * 200 < number.factor
    enough = close or places >= 2 or number.step <= abs(value) * (_ROUGH if rough else _FINE)
    return (rounds or rough) and enough


def reckonable(number: Number, cues: frozenset[str], pools: Sequence[Pool]) -> bool:
    """Whether a number comes out of cited ones by what its sentence says is done to them."""
    return any(tells(number, amount, reckoned=True) for pool in pools for amount in _candidates(cues, pool))


def _candidates(cues: frozenset[str], pool: Pool) -> Iterator[Amount]:
    if len(pool.cells) > MOST_CELLS:
        return
    groups = _groups(pool)
    lost = list(losses(pool.cells))
    if "sum" in cues or "mean" in cues or "median" in cues:
        for values in [*groups, *([lost] if lost and _wants(pool, "lost") else [])]:
            yield from _together(cues, values)
        if "sum" in cues and "difference" in cues and _wants(pool, "unspent"):
            yield from _total_gaps(pool.cells)
    if "difference" in cues:
        yield from _differences(pool, groups, lost, cues)
    if "range" in cues:
        for values in groups:
            yield from (pick(values) for pick in (min, max) if len(values) > 1)
    if "ratio" in cues or "difference" in cues:
        yield from _ratios(pool, groups, "share" in cues)


def _wants(pool: Pool, kind: str) -> bool:
    return pool.kinds is None or kind in pool.kinds or (kind == "unspent" and "lost" not in pool.kinds)


def _groups(pool: Pool) -> list[list[Amount]]:
    """Amounts of one kind and one unit; of a kind that the number's label means."""
    return _by_kind(pool.cells, pool.kinds)


def _by_kind(cells: Iterable[Cell], kinds: frozenset[str] | None) -> list[list[Amount]]:
    found: dict[tuple[str, str], list[Amount]] = defaultdict(list)
    for cell in {cell.key: cell for cell in cells}.values():
        if cell.amount is not None and (kinds is None or cell.what in kinds or not kinds - {"lost", "unspent"}):
            found[cell.what, cell.amount.unit].append(cell.amount)
    return list(found.values())


def _together(cues: frozenset[str], values: Sequence[Amount]) -> Iterator[Amount]:
    if not values:
        return
    ordered = sorted(one.value for one in values)
    whole, unit = sum(ordered, Decimal(0)), values[0].unit
    if "sum" in cues and len(ordered) > 1 and unit != "%":
        yield Amount(whole, unit)
    if "mean" in cues:
        yield Amount(_EXACT.divide(whole, Decimal(len(ordered))), unit)
    if "median" in cues:
        middle = len(ordered) // 2
        yield Amount(ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2, unit)


def losses(cells: Iterable[Cell]) -> Iterator[Amount]:
    """Points lost by each row or form of which weight and score are cited."""
    by_place = _places(cells)
    for place in by_place.values():
        for first, second in _LOSSES:
            if first in place and second in place:
                yield Amount(place[first].value - place[second].value, "分")


def _places(cells: Iterable[Cell]) -> dict[tuple[str, int | None], dict[str, Amount]]:
    found: dict[tuple[str, int | None], dict[str, Amount]] = defaultdict(dict)
    for cell in cells:
        if cell.amount is not None:
            found[cell.form.form_id, cell.row][cell.what] = cell.amount
    return found


def _differences(pool: Pool, groups: Sequence[Sequence[Amount]], lost: Sequence[Amount], cues: frozenset[str]) -> Iterator[Amount]:
    if pool.kinds is None or "lost" in pool.kinds:
        yield from lost if len(lost) == 1 else ()
    apart = _places(pool.cells)
    for place in apart.values() if len(apart) == 1 else ():
        for first, second in _APART:
            if first in place and second in place and place[first].unit == place[second].unit:
                grown = place[second].value > place[first].value
                if not (("rise" in cues and not grown) or ("fall" in cues and grown)):
                    yield _apart(place[first].value, place[second].value, place[first].unit)
    if len(pool.sides) == 2:
        yield from _between_sides(pool, cues)
    elif not pool.sides:
        for values in groups:
            if len(values) == 2:
                yield _apart(values[0].value, values[1].value, values[0].unit)


def _between_sides(pool: Pool, cues: frozenset[str]) -> Iterator[Amount]:
    first, second = (_by_what(side) for side in pool.sides)
    for what in first.keys() & second.keys():
        a, b = first[what], second[what]
        if a[0].unit != b[0].unit:
            continue
        if len(a) == len(b) == 1 or "sum" in cues:
            yield _apart(sum(x.value for x in a), sum(x.value for x in b), a[0].unit)
        else:
            yield _apart(mean(a), mean(b), a[0].unit)


def _by_what(cells: Iterable[Cell]) -> dict[str, list[Amount]]:
    found: dict[str, list[Amount]] = defaultdict(list)
    for cell in cells:
        if cell.amount is not None:
            found[cell.what].append(cell.amount)
    return found


def mean(values: Sequence[Amount]) -> Decimal:
    """The mean of some amounts."""
    return _EXACT.divide(sum((one.value for one in values), Decimal(0)), Decimal(len(values)))


def _apart(first: Decimal | int, second: Decimal | int, unit: str) -> Amount:
    # A difference of percentages is so many points of them, no percentage.
    return Amount(abs(Decimal(first) - Decimal(second)), "百分点" if unit == "%" else unit)


def _total_gaps(cells: Iterable[Cell]) -> Iterator[Amount]:
    places = list(_places(cells).values())
    for first, second in _APART[:2]:
        both = [place for place in places if first in place and second in place]
        if both:
            yield Amount(sum((place[first].value - place[second].value for place in both), Decimal(0)), both[0][first].unit)


def _ratios(pool: Pool, groups: Sequence[Sequence[Amount]], of_named: bool) -> Iterator[Amount]:
    """Shares and multiples of money of one form, and of one form in all that are cited; `of_named`: the label before says of what."""
    places = _places(pool.cells)
    for place in places.values() if len(places) == 1 else ():
        for first, second in (("outturn", "adjusted_budget"), ("adjusted_budget", "original_budget"), ("actual", "target")):
            if first in place and second in place and place[first].unit == place[second].unit and place[second].value:
                if of_named and pool.kinds is not None and second not in pool.kinds:
                    continue
                share = _EXACT.divide(place[first].value, place[second].value)
                yield from (Amount(share * _HUNDRED, "%"), Amount(share, "倍"), Amount(abs(share - 1) * _HUNDRED, "%"))
    if len(pool.sides) == 2:
        first_side, second_side = (_by_what(side) for side in pool.sides)
        for what in first_side.keys() & second_side.keys() & MONEY:
            below = sum((x.value for x in second_side[what]), Decimal(0))
            if below:
                yield Amount(_EXACT.divide(sum((x.value for x in first_side[what]), Decimal(0)), below), "倍")
    for values in groups:
        whole = sum((one.value for one in values), Decimal(0))
        if len(pool.sides) == 1 and len(values) > 1 and whole:
            own = {(a.value, a.unit) for a in _by_kind_flat(pool.sides[0])}
            yield from (Amount(one.value / whole * _HUNDRED, "%") for one in values if (one.value, one.unit) in own)


def _by_kind_flat(cells: Iterable[Cell]) -> Iterator[Amount]:
    yield from (cell.amount for cell in cells if cell.amount is not None)
