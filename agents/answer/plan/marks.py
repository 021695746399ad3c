"""Full marks and shares of targets: which form or indicator a question means when it says that nothing was lost."""

from __future__ import annotations

import re
from decimal import Decimal

from agents.answer.plan.draft import Draft
from agents.answer.query import Condition
from agents.answer.words import asking as words_asking
from agents.answer.words import measures as words

_FULL_EXECUTION = re.compile(
    r"执行(?!率低)(?:(?!而且|并且|同时|自评|总分)[^。?!;,、且\d]){0,14}满分|full (?:marks|points|score) (?:for|on) (?:budget )?execution"
)
_BEYOND = re.compile(r"(?:偏离|超额|(?:超出|超过|高出|低于|高于)(?:了)?目标)[^,。?!;]{0,10}\Z")


def beyond_target(draft: Draft) -> None:
    """偏离目标超过30%: a share of the target that no field tells; never read as an execution rate."""
    for value in [one for one in draft.values if one.unit == "%"]:
        match = _BEYOND.search(draft.text.plain[: value.start])
        if match and not draft.rules:
            draft.values.remove(value)
            draft.unknown.append(f"“{draft.text.shown[match.start() : value.end]}”")
            draft.text.take(match.start(), value.end)


def whole_rows(draft: Draft) -> bool:
    """指标全满分, 一个指标都没扣分: no indicator lost points, whatever budget execution cost."""
    match = words.NO_ROW_LOST.search(draft.text.plain)
    if match is None or any(pattern.search(draft.text.plain) for _, _, pattern in words_asking.LEVELS):
        return False
    draft.conditions.append(Condition(measure="lost_rows", op="=", value=Decimal(0)))
    if words.ONLY_EXECUTION.search(draft.text.plain):
        draft.conditions.append(Condition(measure="budget_lost", op=">", value=Decimal(0), unit="分"))
    draft.flags -= {"lost", "full", "count_rows"}
    draft.said = [one for one in draft.said if one.measure in ("execution_rate", "adjusted_budget", "outturn")]
    draft.text.take(*match.span())
    return True


def full_marks(draft: Draft) -> Condition:
    """That budget execution, the hundred of a score, or nothing at all was lost."""
    if _FULL_EXECUTION.search(draft.text.plain) and {"execution_rate", "budget_score"} & set(draft.measures):
        return Condition(measure="budget_lost", op="=", value=Decimal(0), unit="分")
    hundred = any(value.value == 100 and value.unit in (None, "分") for value in draft.values)
    if hundred:
        draft.conditions = [c for c in draft.conditions if not (c.measure == "total_score" and c.value == 100)]
        return Condition(measure="total_score", op="=", value=Decimal(100), unit="分")
    return Condition(measure="lost_points", op="=", value=Decimal(0), unit="分")
