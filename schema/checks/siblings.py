"""Forms of one unit against each other: the same measure, the same kind of money."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from schema.checks.execution import in_wan
from schema.checks.finding import Finding
from schema.checks.presence import category_of
from schema.checks.profile import Profile
from schema.checks.view import FormView, Row, show
from schema.comparison import common
from schema.form import Form
from schema.text import fold
from schema.values import Quantity

Placed = tuple[int, Finding]
"""A finding with the index of its form in the group."""


def unit_key(form: Form) -> str:
    """What makes forms siblings: the implementing unit, the department where none is printed, folded."""
    return fold(form.implementing_unit) or fold(form.department)


def across(views: Sequence[FormView], profile: Profile) -> list[Placed]:
    """The findings that need all forms of a unit."""
    return [*_money_units(views, profile), *_conflicts(views)]


def _money_units(views: Sequence[FormView], profile: Profile) -> list[Placed]:
    """Under 万元, an adjusted total that is beyond all proportion to the unit's other forms."""
    amounts = [(i, adjusted) for i, view in enumerate(views) if (adjusted := _plausible(view, profile)) is not None]
    ordered = sorted(amount for _, amount in amounts)
    found: list[Placed] = []
    for i, adjusted in amounts:
        middle = _middle_without(ordered, adjusted)
        if middle and adjusted >= profile.money_ratio * middle:
            likely = show(adjusted / 10000)
            figures = f"全年预算数 {show(adjusted)} 是本单位其他表（{show(middle)} 左右）的 {show(profile.money_ratio)} 倍以上"
            message = f"金额单位印为万元，{figures}，疑按元填写（合 {likely} 万元）。"
            found.append((i, views[i].finding("money-unit", "funding.total", message, likely)))
    return found


def _middle_without(ordered: Sequence[Decimal], own: Decimal) -> Decimal | None:
    """The middle one of the others: a sibling that is itself wrong, or merely small, must not decide."""
    if len(ordered) < 2:
        return None
    place = (len(ordered) - 2) // 2
    return ordered[place + (place >= bisect_left(ordered, own))]


def _plausible(view: FormView, profile: Profile) -> Decimal | None:
    """The adjusted total, unless the form alone shows already that its unit is doubtful."""
    adjusted = view.form.funding.total.adjusted_budget
    return adjusted if in_wan(view.form) and adjusted and 0 < adjusted < profile.money_limit else None


def _conflicts(views: Sequence[FormView]) -> list[Placed]:
    """Two forms of a unit and year give one measure two values. What a project measures of itself is no such measure."""
    seen: dict[tuple[int | None, str, str], dict[Quantity, tuple[FormView, Row]]] = defaultdict(dict)
    found: list[Placed] = []
    for i, view in enumerate(views):
        for row in view.weighed:
            if not isinstance(row.actual, Quantity) or category_of(view, row.item.level1) == "成本":
                continue
            key = (view.form.fiscal_year, fold(row.item.level2), fold(row.item.name))
            # One row for each value suffices, so a measure that all forms share stays cheap.
            other = next(((v, r) for v, r in seen[key].values() if v is not view and _differ(r, row)), None)
            seen[key].setdefault(row.actual, (view, row))
            if other:
                found.append((i, _conflict(view, row, *other)))
    return found


def _differ(a: Row, b: Row) -> bool:
    if not isinstance(a.actual, Quantity) or not isinstance(b.actual, Quantity):
        return False
    pair = common(a.actual, b.actual)
    return pair is not None and pair[0] != pair[1]


def _conflict(view: FormView, row: Row, other_view: FormView, other: Row) -> Finding:
    message = f"指标“{row.item.name}”在本表为 {row.item.actual}，在同单位同年度的“{other_view.form.project_name}”中为 {other.item.actual}。"
    return view.finding("sibling-conflict", row.cell("actual"), message, other.item.actual)
