"""Weights, scores and the grade against targets and actuals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from schema.checks.finding import Finding
from schema.checks.profile import ShareBand
from schema.checks.view import FormView, Row, rounded, show
from schema.comparison import common
from schema.text import fold
from schema.values import Level, Quantity

_LEVEL_NAMES = {"met": "达成指标", "mostly": "基本达成指标", "partial": "部分达成指标", "not_met": "未达成指标"}


def scores(view: FormView) -> Iterator[Finding]:
    """The scoring rules of each indicator. A zero weight, or a score that cannot be, lets the others rest."""
    for row in view.rows:
        if row.zero:
            yield view.finding("zero-weight", row.cell("weight"), f"指标“{row.item.name}”分值为 0，不参与评分。", "0")
        elif row.overrun:
            yield _overrun(view, row)
        else:
            yield from _full(view, row)
            yield from _deducted(view, row)
            yield from _band(view, row)


def _overrun(view: FormView, row: Row) -> Finding:
    score, weight = row.item.score or Decimal(0), row.item.weight
    wrong = "为负" if score < 0 or weight is None else f"超过分值 {show(weight)}"
    return view.finding("score-over-weight", row.cell("score"), f"指标“{row.item.name}”得分 {show(score)} {wrong}。", None)


def _full(view: FormView, row: Row) -> Iterator[Finding]:
    if row.full and row.verdict == "missed":
        message = (
            f"指标“{row.item.name}”目标 {row.item.target}，实际 {row.item.actual}，未完成却得满分 {show(row.item.score or Decimal(0))}。"
        )
        yield view.finding("missed-full-score", row.cell("score"), message)


def _deducted(view: FormView, row: Row) -> Iterator[Finding]:
    lost = row.lost
    if lost <= 0:
        return
    name, item = row.item.name, row.item
    points = f"分值 {show(item.weight or Decimal(0))}、得分 {show(item.score or Decimal(0))}，扣 {show(lost)} 分"
    if not row.explained:
        yield view.finding("deduction-unexplained", row.cell("deviation"), f"指标“{name}”{points}，未说明偏差原因。", show(lost))
    declared = isinstance(row.actual, Level) and row.actual.degree == "met"
    if row.verdict == "met" or declared:
        reached = f"目标 {item.target or '（空）'}，实际 {item.actual}，已完成"
        yield view.finding("met-deducted", row.cell("score"), f"指标“{name}”{reached}，但{points}。", show(item.weight or Decimal(0)))
    elif row.verdict == "missed":
        yield from _formula(view, row)


def _band(view: FormView, row: Row) -> Iterator[Finding]:
    level, score, weight = row.actual, row.item.score, row.item.weight
    if not isinstance(level, Level) or level.degree is None or score is None or not weight:
        return
    bands = view.profile.levels
    band: ShareBand = {"met": bands.met, "mostly": bands.met, "partial": bands.partial, "not_met": bands.not_met}[level.degree]
    share = score / weight * 100
    if not band.holds(share):
        low, high = show(weight * band.from_ / 100), show(weight * band.to / 100)
        percent = show(rounded(share))
        message = (
            f"指标“{row.item.name}”为{_LEVEL_NAMES[level.degree]}，得分 {show(score)} 占分值 {show(weight)} 的 {percent}%，"
            f"应在 {band} 之间（{low} 至 {high} 分）。"
        )
        yield view.finding("qualitative-band", row.cell("score"), message, f"{low}-{high}")


def _formula(view: FormView, row: Row) -> Iterator[Finding]:
    score, weight = row.item.score, row.item.weight
    if score is None or not weight:
        return
    dues = [max(Decimal(0), min(weight, weight * share)) for share in _shares(row)]
    place = Decimal(1).scaleb(-view.places(row.cell("score"), score))
    cut = Decimal(1).scaleb(-view.profile.truncated_places)
    if not dues or any(score in (rounded(due, place), rounded(due, cut, ROUND_DOWN)) for due in dues):
        return
    wanted = " 或 ".join(dict.fromkeys(show(rounded(due)) for due in dues))
    message = f"指标“{row.item.name}”目标 {row.item.target}，实际 {row.item.actual}，按比例应得 {wanted} 分，实得 {show(score)} 分。"
    yield view.finding("score-formula", row.cell("score"), message, wanted)


def _shares(row: Row) -> list[Decimal]:
    """The shares of the weight that the proportional formulas in use give for a missed target."""
    if not isinstance(row.target, Quantity) or not isinstance(row.actual, Quantity):
        return []
    pair = common(row.target, row.actual)
    if pair is None or pair[0] <= 0:
        return []
    target, actual = pair
    if actual < target:
        return [actual / target]
    # Two formulas are in use where less is better; neither is wrong.
    return [target / actual, 1 - (actual - target) / target]


def grade_band(view: FormView) -> Iterator[Finding]:
    """The printed grade is that of the total score. A word these bands do not know is left alone."""
    form, profile = view.form, view.profile
    if form.grade is None or form.total_score is None:
        return
    printed = profile.known_grade(fold(form.grade))
    due = profile.grade_of(form.total_score)
    if printed is not None and printed != due:
        message = f"总得分 {show(form.total_score)} 对应等级“{due}”，表中印为“{form.grade}”。"
        yield view.finding("grade-band", "grade", message, due)
