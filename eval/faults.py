"""Planted faults: one seeded error of one rule in a form, with the cell where the checker must find it.

    fault = plant(form, "funding-sum", seed=7)

The form need not be free of findings; what counts is what is new. Used by the tests of schema/checks and by the checker's evaluation.
"""

from __future__ import annotations

import random
import re
from decimal import Decimal

from eval import fault_rows
from eval.fault_edits import REASON, Fault, Planter, Spot, comparable, edit, pick, renumber, share, spots, wants_more
from schema.cells import AMOUNT_COLUMNS, CellValue, funding_cell, get_cell
from schema.checks import RULES
from schema.form import Form, FundingRow
from schema.mentions import find_mentions
from schema.values import Quantity

_PARTS = ("appropriation", "carryover", "other")
_ROWS = ("total", *_PARTS)
_GRADES = ("优", "良", "中", "差")
_DIGIT = re.compile(r"\d")
_LIMIT = Decimal(100_000)


def _weight_sum(form: Form, rng: random.Random) -> Fault | None:
    if form.total_weight is None or not any(row.weight is not None for row in form.indicators):
        return None
    return Fault(edit(form, {"total_weight": form.total_weight - rng.randint(1, 9)}), "weight-sum", "total_weight")


def _score_sum(form: Form, rng: random.Random) -> Fault | None:
    if form.total_score is None or not any(row.score is not None for row in form.indicators):
        return None
    wrong = form.total_score - Decimal(rng.randint(2, 300)) / 100
    return Fault(edit(form, {"total_score": wrong}), "score-sum", "total_score", frozenset({"grade-band"}))


def _funding_row(form: Form, name: str) -> FundingRow:
    row: FundingRow = getattr(form.funding, name)
    return row


def _funding_sum(form: Form, rng: random.Random) -> Fault | None:
    for column in ("original_budget", "adjusted_budget"):
        printed = [name for name in _PARTS if getattr(_funding_row(form, name), column) is not None]
        if printed and getattr(form.funding.total, column) is not None:
            cell = funding_cell(rng.choice(printed), column)
            value = get_cell(form, cell)
            wrong = (value if isinstance(value, Decimal) else Decimal(0)) + rng.randint(1, 50)
            # The part's own rate no longer fits when its budget is the column changed.
            return Fault(edit(form, {cell: wrong}), "funding-sum", funding_cell("total", column), frozenset({"execution-rate"}))
    return None


def _execution_rate(form: Form, rng: random.Random) -> Fault | None:
    names = [name for name in _ROWS if _has_rate(_funding_row(form, name))]
    if not names:
        return None
    name = rng.choice(names)
    rate = _funding_row(form, name).execution_rate or Decimal(0)
    shift = Decimal(rng.randint(151, 499)) / 100
    cell = funding_cell(name, "execution_rate")
    return Fault(
        edit(form, {cell: rate - shift if rate > 5 else rate + shift}),
        "execution-rate",
        cell,
        frozenset({"low-execution", "execution-score"}),
    )


def _has_rate(row: FundingRow) -> bool:
    return row.execution_rate is not None and row.outturn is not None and bool(row.adjusted_budget)


def _execution_score(form: Form, _rng: random.Random) -> Fault | None:
    total = form.funding.total
    if total.score is None or total.weight is None or (total.execution_rate is None and not _has_rate(total)):
        return None
    cell = funding_cell("total", "score")
    wrong = total.score - 1 if total.score >= 2 else total.score + 1
    return Fault(edit(form, {cell: wrong}), "execution-score", cell, frozenset({"score-sum"}))


def _over_execution(form: Form, rng: random.Random) -> Fault | None:
    names = [
        name for name in _ROWS if _funding_row(form, name).adjusted_budget is not None and _funding_row(form, name).outturn is not None
    ]
    if not names:
        return None
    name = rng.choice(names)
    cell = funding_cell(name, "outturn")
    wrong = (_funding_row(form, name).adjusted_budget or Decimal(0)) + rng.randint(1, 50)
    return Fault(edit(form, {cell: wrong}), "over-execution", cell, frozenset({"funding-sum", "execution-rate", "execution-score"}))


def _low_execution(form: Form, rng: random.Random) -> Fault | None:
    rate = form.funding.total.execution_rate
    if rate is None or rate < 90:
        return None
    cell = funding_cell("total", "execution_rate")
    wrong = Decimal(rng.randint(4000, 8700)) / 100
    return Fault(edit(form, {cell: wrong}), "low-execution", cell, frozenset({"execution-rate", "execution-score"}))


def _budget_revised(form: Form, rng: random.Random) -> Fault | None:
    total = form.funding.total
    if total.original_budget is None or not total.adjusted_budget:
        return None
    changed = edit(form, {funding_cell("total", "original_budget"): share(total.adjusted_budget, rng.choice((40, 60, 150, 200)))})
    return Fault(changed, "budget-revised", funding_cell("total", "adjusted_budget"), frozenset({"funding-sum"}))


def _money_unit(form: Form, _rng: random.Random) -> Fault | None:
    adjusted = form.funding.total.adjusted_budget
    if not adjusted or form.unit_of_money not in ("万元", "元"):
        return None
    factor = Decimal(1 if form.unit_of_money == "元" else 10_000)
    while adjusted * factor < _LIMIT:
        factor *= 100
    changes: dict[str, CellValue] = {"unit_of_money": "万元"}
    for name in _ROWS:
        for column in AMOUNT_COLUMNS:
            value = getattr(_funding_row(form, name), column)
            if value is not None:
                changes[funding_cell(name, column)] = value * factor
    return Fault(edit(form, changes), "money-unit", "funding.total")


def _grade_band(form: Form, rng: random.Random) -> Fault | None:
    if form.grade not in _GRADES or form.total_score is None:
        return None
    wrong = rng.choice([grade for grade in _GRADES if grade != form.grade])
    return Fault(edit(form, {"grade": wrong}), "grade-band", "grade")


def _missing_field(form: Form, rng: random.Random) -> Fault | None:
    cells = [
        "project_name",
        "department",
        "fiscal_year",
        "total_score",
        *(funding_cell("total", c) for c in ("adjusted_budget", "outturn")),
    ]
    printed = [cell for cell in cells if get_cell(form, cell) is not None]
    if not printed:
        return None
    cell = rng.choice(printed)
    return Fault(edit(form, {cell: None}), "missing-field", cell)


def _duplicate_indicator(form: Form, rng: random.Random) -> Fault | None:
    rows = form.indicators
    pairs = [
        (i, j)
        for j in range(len(rows))
        for i in range(j)
        if (rows[i].level1, rows[i].level2) == (rows[j].level1, rows[j].level2) and rows[i].name != rows[j].name
    ]
    if not pairs:
        return None
    first, later = rng.choice(pairs)
    cell = f"indicators[{later}].name"
    follows = frozenset({"narrative-number", "sibling-conflict", "goal-direction"})
    return Fault(edit(form, {cell: rows[first].name}), "duplicate-indicator", cell, follows)


def _missing_category(form: Form, _rng: random.Random) -> Fault | None:
    surveys = [spot for spot in spots(form) if "满意" in (spot.row.level1 or "")]
    if not surveys:
        return None
    changed = edit(form, {spot.cell("level1"): "效益指标" for spot in surveys})
    return Fault(changed, "missing-category", "indicators", frozenset({"category-weights"}))


def _category_weights(form: Form, rng: random.Random) -> Fault | None:
    giver = pick(rng, form, lambda s: s.full and "产出" in (s.row.level1 or "") and (s.row.weight or 0) > 1)
    taker = pick(rng, form, lambda s: s.full and "效益" in (s.row.level1 or ""))
    if giver is None or taker is None:
        return None
    changes: dict[str, CellValue] = {}
    for spot, step in ((giver, -1), (taker, 1)):
        changes |= {spot.cell(field): (spot.row.weight or Decimal(0)) + step for field in ("weight", "score")}
    return Fault(edit(form, changes), "category-weights", "indicators")


def _goal_direction(form: Form, rng: random.Random) -> Fault | None:
    figures = [spot.target.value for spot in spots(form) if isinstance(spot.target, Quantity)]

    def suits(spot: Spot) -> bool:
        target = spot.target
        signed = isinstance(target, Quantity) and target.comparator in ("≥", "≤") and not target.unit.bare and not target.note
        return signed and spot.row.weight != 0 and figures.count(target.value) == 1 if isinstance(target, Quantity) else False

    spot = pick(rng, form, suits)
    if spot is None or not isinstance(spot.target, Quantity):
        return None
    word = "不超过" if spot.target.comparator == "≥" else "不少于"
    goal = f"{form.expected_goal or ''}{spot.row.name}{word}{spot.target.amount:f}{spot.target.unit.printed}。"
    if any(m.value_for(spot.target) == spot.target.value for m in find_mentions(form.expected_goal)):
        return None
    return Fault(edit(form, {"expected_goal": goal}), "goal-direction", spot.cell("target"))


def _narrative_number(form: Form, rng: random.Random) -> Fault | None:
    said = find_mentions(form.actual_result)

    def suits(spot: Spot) -> bool:
        """Whether a text that names the row with another figure would contradict it, and only it."""
        actual = spot.actual
        if not isinstance(actual, Quantity) or actual.unit.bare or actual.unit.base == "%" or actual.note or actual.comparator:
            return False
        silent = all(m.quantity.amount != actual.amount and m.quantity.unit.base != actual.unit.base for m in said)
        return (
            silent
            and not _DIGIT.search(spot.row.name)
            and spot.row.weight != 0
            and len(spot.row.name) > 5
            and not any(c in spot.row.name for c in "平均每新增较计划拟含累")
        )

    spot = pick(rng, form, suits)
    if spot is None or not isinstance(spot.actual, Quantity):
        return None
    wrong = spot.actual.amount.to_integral_value() + 1000 + rng.randint(1, 99)
    result = f"{form.actual_result or ''}{spot.row.name}{wrong:f}{spot.actual.unit.printed}。"
    return Fault(edit(form, {"actual_result": result}), "narrative-number", "actual_result")


def _result_copies_goal(form: Form, _rng: random.Random) -> Fault | None:
    if not form.expected_goal or form.expected_goal == form.actual_result:
        return None
    changed = edit(form, {"actual_result": form.expected_goal})
    return Fault(changed, "result-copies-goal", "actual_result", frozenset({"narrative-number"}))


def _sibling_conflict(form: Form, rng: random.Random) -> Fault | None:
    names = [(spot.row.level2, spot.row.name) for spot in spots(form)]

    def suits(spot: Spot) -> bool:
        own = "成本" not in (spot.row.level1 or "") and names.count((spot.row.level2, spot.row.name)) == 1
        return own and spot.full and spot.verdict == "met" and comparable(spot) and wants_more(spot.target)

    spot = pick(rng, form, suits)
    if spot is None or not isinstance(spot.actual, Quantity):
        return None
    sibling = form.model_copy(update={"form_id": f"{form.form_id}-sibling", "project_name": f"{form.project_name}（二期）"})
    changed = edit(form, {spot.cell("actual"): renumber(spot.row.actual or "", spot.actual.amount + 1)})
    follows = frozenset({"over-fulfilment", "narrative-number"})
    return Fault(changed, "sibling-conflict", spot.cell("actual"), follows, (sibling,))


PLANTERS: dict[str, Planter] = {
    **fault_rows.PLANTERS,
    "weight-sum": _weight_sum,
    "score-sum": _score_sum,
    "funding-sum": _funding_sum,
    "execution-rate": _execution_rate,
    "execution-score": _execution_score,
    "over-execution": _over_execution,
    "low-execution": _low_execution,
    "budget-revised": _budget_revised,
    "money-unit": _money_unit,
    "grade-band": _grade_band,
    "missing-field": _missing_field,
    "duplicate-indicator": _duplicate_indicator,
    "missing-category": _missing_category,
    "category-weights": _category_weights,
    "goal-direction": _goal_direction,
    "narrative-number": _narrative_number,
    "result-copies-goal": _result_copies_goal,
    "sibling-conflict": _sibling_conflict,
}
"""How each rule's fault is planted."""


def plant(form: Form, rule: str, seed: int = 0) -> Fault | None:
    """The form with one fault of the rule, or None when it offers no place for one; the same seed plants the same fault."""
    return PLANTERS[rule](form, random.Random(f"{seed}:{rule}"))


def plant_all(form: Form, seed: int = 0) -> list[Fault]:
    """One fault of every rule that finds a place in the form, each in a copy of its own."""
    return [fault for rule in RULES if (fault := plant(form, rule, seed)) is not None]


__all__ = ["PLANTERS", "REASON", "Fault", "plant", "plant_all"]
