"""Faults in one indicator: its weight, score, target or actual."""

from __future__ import annotations

import random
from decimal import Decimal

from eval.fault_edits import REASON, Fault, Planter, Spot, comparable, edit, pick, renumber, share, wants_more
from schema.cells import CellValue
from schema.deadlines import Deadline
from schema.form import Form
from schema.values import Level, Quantity

# A changed actual may contradict the narrative or a sibling.
_RETOLD = frozenset({"narrative-number", "sibling-conflict"})
_SUMS = frozenset({"score-sum"})


def score_over_weight(form: Form, rng: random.Random) -> Fault | None:
    """One point more than the weight."""
    spot = pick(rng, form, lambda s: bool(s.row.weight) and s.row.score is not None)
    if spot is None or spot.row.weight is None:
        return None
    cell = spot.cell("score")
    return Fault(edit(form, {cell: spot.row.weight + 1}), "score-over-weight", cell, _SUMS)


def missed_full_score(form: Form, rng: random.Random) -> Fault | None:
    """The actual falls behind its target, the score stays full."""
    spot = pick(rng, form, lambda s: s.full and s.verdict == "met" and comparable(s) and not _at_least_nothing(s))
    if spot is None or not isinstance(spot.target, Quantity):
        return None
    changed = edit(form, {spot.cell("actual"): renumber(spot.row.actual or "", _missing(spot.target))})
    return Fault(changed, "missed-full-score", spot.cell("score"), _RETOLD)


def _at_least_nothing(spot: Spot) -> bool:
    return isinstance(spot.target, Quantity) and spot.target.amount == 0 and spot.target.comparator == "≥"


def _missing(target: Quantity) -> Decimal:
    if target.amount == 0:
        return Decimal(0 if target.comparator == ">" else 1)
    return share(target.amount, 125 if target.comparator in ("≤", "<") else 80)


def deduction_unexplained(form: Form, rng: random.Random) -> Fault | None:
    """A reason is taken away, or points are taken off without one."""
    spot = pick(rng, form, lambda s: _lost(s) and bool(s.row.deviation))
    if spot is not None:
        return Fault(
            edit(form, {spot.cell("deviation"): None}), "deduction-unexplained", spot.cell("deviation"), frozenset({"over-fulfilment"})
        )
    spot = pick(rng, form, lambda s: s.full and s.verdict != "missed")
    if spot is None or spot.row.weight is None:
        return None
    changed = edit(form, {spot.cell("score"): share(spot.row.weight, 90), spot.cell("deviation"): None})
    return Fault(changed, "deduction-unexplained", spot.cell("deviation"), _SUMS | {"met-deducted", "over-fulfilment", "qualitative-band"})


def _lost(spot: Spot) -> bool:
    row = spot.row
    return row.score is not None and bool(row.weight) and 0 <= row.score < (row.weight or 0)


def met_deducted(form: Form, rng: random.Random) -> Fault | None:
    """A tenth is taken off, with a reason, though the target is met."""
    spot = pick(rng, form, lambda s: s.full and (s.verdict == "met" or _level(s) == "met"))
    if spot is None or spot.row.weight is None:
        return None
    changed = edit(form, {spot.cell("score"): share(spot.row.weight, 90), spot.cell("deviation"): REASON})
    return Fault(changed, "met-deducted", spot.cell("score"), _SUMS)


def _level(spot: Spot) -> str | None:
    return spot.actual.degree if isinstance(spot.actual, Level) else None


def qualitative_band(form: Form, rng: random.Random) -> Fault | None:
    """A level scores outside its band: 达成指标 half, the others nearly all."""
    spot = pick(rng, form, lambda s: _level(s) in ("met", "partial", "not_met") and bool(s.row.weight) and s.row.score is not None)
    if spot is None or spot.row.weight is None:
        return None
    points = share(spot.row.weight, 50 if _level(spot) == "met" else 95)
    changed = edit(form, {spot.cell("score"): points, spot.cell("deviation"): REASON})
    return Fault(changed, "qualitative-band", spot.cell("score"), _SUMS | {"met-deducted"})


def zero_weight(form: Form, rng: random.Random) -> Fault | None:
    """A row loses its weight and score."""
    spot = pick(rng, form, lambda s: bool(s.row.weight) and s.row.score is not None)
    if spot is None:
        return None
    changed = edit(form, {spot.cell("weight"): Decimal(0), spot.cell("score"): Decimal(0)})
    # Where the row's figure explained one of the narrative, that figure may now speak against another row.
    return Fault(changed, "zero-weight", spot.cell("weight"), _SUMS | {"weight-sum", "category-weights"})


def score_formula(form: Form, rng: random.Random) -> Fault | None:
    """A target missed by a fifth costs half the points."""
    spot = pick(rng, form, lambda s: s.full and s.verdict == "met" and comparable(s) and wants_more(s.target))
    if spot is None or spot.row.weight is None or not isinstance(spot.target, Quantity):
        return None
    actual = renumber(spot.row.actual or "", _missing(spot.target))
    points: dict[str, CellValue] = {
        spot.cell("actual"): actual,
        spot.cell("score"): share(spot.row.weight, 50),
        spot.cell("deviation"): REASON,
    }
    return Fault(edit(form, points), "score-formula", spot.cell("score"), _SUMS | _RETOLD)


def over_fulfilment(form: Form, rng: random.Random) -> Fault | None:
    """The actual is one and a half times the target, without a word."""
    spot = pick(rng, form, lambda s: s.verdict == "met" and comparable(s) and wants_more(s.target) and s.row.weight != 0)
    if spot is None or not isinstance(spot.target, Quantity):
        return None
    actual = renumber(spot.row.actual or "", share(spot.target.amount, 150))
    changed = edit(form, {spot.cell("actual"): actual, spot.cell("deviation"): None})
    return Fault(changed, "over-fulfilment", spot.cell("actual"), _RETOLD | {"deduction-unexplained"})


def unit_mismatch(form: Form, rng: random.Random) -> Fault | None:
    """The actual is given in a unit of another kind."""
    spot = pick(rng, form, lambda s: comparable(s) and not _bare(s) and s.row.weight != 0)
    if spot is None or not isinstance(spot.target, Quantity) or not isinstance(spot.actual, Quantity):
        return None
    unit = "公顷" if spot.target.unit.base != "公顷" else "吨"
    changed = edit(form, {spot.cell("actual"): f"{spot.actual.amount:f}({unit})"})
    return Fault(changed, "unit-mismatch", spot.cell("actual"), frozenset({"narrative-number"}))


def _bare(spot: Spot) -> bool:
    return not isinstance(spot.target, Quantity) or spot.target.unit.bare


def deadline_year(form: Form, rng: random.Random) -> Fault | None:
    """A deadline, or a word, gives way to a deadline of the year before."""
    year = form.fiscal_year
    spot = pick(rng, form, lambda s: isinstance(s.target, Deadline) and s.row.weight != 0)
    spot = spot or pick(rng, form, lambda s: isinstance(s.target, Level) and _level(s) is not None and s.row.weight != 0)
    if spot is None or year is None:
        return None
    changed = edit(form, {spot.cell("target"): f"{year - 1}年12月底前"})
    return Fault(changed, "deadline-year", spot.cell("target"))


def vacuous_target(form: Form, rng: random.Random) -> Fault | None:
    """A share that nothing can miss becomes the target."""
    spot = pick(rng, form, _is_share)
    if spot is None:
        return None
    changed = edit(form, {spot.cell("target"): "≤100%"})
    return Fault(changed, "vacuous-target", spot.cell("target"), frozenset({"goal-direction"}))


def _is_share(spot: Spot) -> bool:
    labels = (spot.row.level1 or "成本") + (spot.row.level2 or "")
    target, actual = spot.target, spot.actual
    shares = isinstance(target, Quantity) and isinstance(actual, Quantity) and target.unit.base == actual.unit.base == "%"
    return shares and spot.full and "成本" not in labels and isinstance(actual, Quantity) and actual.amount <= 100


def actual_copies_target(form: Form, rng: random.Random) -> Fault | None:
    """The target's string, sign and all, stands in for the actual."""
    spot = pick(rng, form, lambda s: s.full and s.verdict == "met" and isinstance(s.target, Quantity) and s.target.comparator is not None)
    if spot is None:
        return None
    changed = edit(form, {spot.cell("actual"): spot.row.target})
    return Fault(changed, "actual-copies-target", spot.cell("actual"), _RETOLD)


def kind_mismatch(form: Form, rng: random.Random) -> Fault | None:
    """A figure is answered with 达成指标."""
    spot = pick(rng, form, lambda s: s.full and comparable(s))
    if spot is None:
        return None
    return Fault(edit(form, {spot.cell("actual"): "达成指标"}), "kind-mismatch", spot.cell("actual"))


PLANTERS: dict[str, Planter] = {
    "score-over-weight": score_over_weight,
    "missed-full-score": missed_full_score,
    "deduction-unexplained": deduction_unexplained,
    "met-deducted": met_deducted,
    "qualitative-band": qualitative_band,
    "zero-weight": zero_weight,
    "score-formula": score_formula,
    "over-fulfilment": over_fulfilment,
    "unit-mismatch": unit_mismatch,
    "deadline-year": deadline_year,
    "vacuous-target": vacuous_target,
    "actual-copies-target": actual_copies_target,
    "kind-mismatch": kind_mismatch,
}
"""The rules whose fault lies in one row."""
