"""Measures that a question makes of others: 全年预算减执行数, 调减了多少, 增减超过三成, 目标的十倍以上, 低于平均."""

from __future__ import annotations

import re
from decimal import Decimal

from agents.answer.plan.draft import Draft
from agents.answer.plan.values import Said, Value, small_number
from agents.answer.query import Comparator, Condition, Field_, Measure
from agents.answer.words import measures as words

_DIFFERENCES: dict[tuple[Measure | None, Measure | None], Measure] = {
    ("adjusted_budget", "outturn"): "unspent",
    ("original_budget", "adjusted_budget"): "budget_cut",
    ("adjusted_budget", "original_budget"): "budget_rise",
    ("total_weight", "total_score"): "lost_points",
}
_FIELD_WORDS: tuple[tuple[Field_, str], ...] = (("actual", "实际|完成"), ("target", "目标|指标值"), ("deviation", "原因|说明|偏差"))
_PRINTED = re.compile(
    r"(?P<field>(?:实际)?完成值|实际(?:完成)?值|目标值|指标值|(?:偏差)?原因(?:那?一?[栏列格项])?|说明(?:那?一?[栏列格项])?)[^。?!;\"]{0,6}?(?:写|填|印|标|是|为)(?:着|的|的是|成|了)*\"(?P<words>[^\"]{2,40})\"(?=[^。?!;]{0,8}?(?:指标|项目|有))"
)
_BUDGETS: frozenset[Measure | None] = frozenset({"original_budget", "adjusted_budget"})
_BOTH_WAYS = re.compile(r"增减|调整|变动|变化|浮动|偏离|差异|revis\w+|chang\w+|deviat\w+")
_APART = re.compile(
    r"(?:比|较)[^,。?!;]{0,12}?(?:[高多大少低小增减涨降]加?|增加|减少|超出|超过)[出了掉去]*(?:多少|几)"
    r"|相差|差(?:额|距|了?多少|多少|几)|缺口|(?:difference|gap) between|apart\b"
)
_ACTUAL = r"(?:实际|完成|达成|做到|actual(?:ly)?|achieved|reported)(?:完成)?(?:情况|值|数|量|value)?"
_TARGET = r"(?:年度|年初|原定|计划)?(?:的)?(?:目标|指标|计划)(?:值|数|量)?|(?:its |the |their )?targets?(?: value)?"
_N = r"(?P<n>\d+(?:\.\d+)?|[一二两三四五六七八九十百]+|two|three|five|ten)"
_TIMES = (
    re.compile(
        rf"{_ACTUAL}[^。?!;]{{0,10}}?(?:超过|超出|达到|高达|是|为|比)(?:了)?(?:{_TARGET})(?:的)?[^。?!;]{{0,3}}?{_N}\s?倍(?:以上|还多|多)?"
    ),
    re.compile(rf"{_ACTUAL}[^.?!;]{{0,30}}?(?:more than|over|above|exceed\w*|at least) {_N} times (?:of )?(?:{_TARGET})"),
    re.compile(rf"(?:more than|over|at least) {_N} times (?:its|the|their) targets?"),
)
_SAME = re.compile(
    rf"{_ACTUAL}[^。?!;]{{0,6}}?(?:跟|和|与|同|等于|正好是?|刚好是?|就是)[^。?!;]{{0,4}}?(?:{_TARGET})[^。?!;]{{0,6}}?(?:一模一样|完全一样|一样|相同|相等|一致|持平|不多不少)"
    rf"|(?:{_TARGET})(?:跟|和|与|同)[^。?!;]{{0,4}}?{_ACTUAL}[^。?!;]{{0,6}}?(?:一模一样|完全一样|一样|相同|相等|一致|持平)"
    r"|actual (?:value )?(?:is |are )?(?:exactly )?(?:equal\w* (?:to )?|the same as )(?:its|the|their) targets?"
)


def read_derived(draft: Draft) -> None:
    """Put derived measures and conditions in the place of the words that make them."""
    _differences(draft)
    _revisions(draft)
    _beside_average(draft)
    _between_fields(draft)


def read_texts(draft: Draft) -> None:
    """完成值写着“…”的指标: a condition on the words of a cell; before quotations are looked up as names."""
    for match in _PRINTED.finditer(draft.text.plain):
        field: Field_ = next(field for field, pattern in _FIELD_WORDS if re.search(pattern, match["field"]))
        if draft.text.is_free(*match.span("words")):
            words_of = draft.text.shown[match.start("words") : match.end("words")]
            draft.conditions.append(Condition(field=field, op="=", text=words_of))
            draft.flags.add("rows")
            draft.text.take(*match.span())


def _differences(draft: Draft) -> None:
    """One measure less another; how far two budgets are apart."""
    said, kept = list(draft.said), list[Said]()
    while said:
        one = said.pop(0)
        between = draft.text.plain[one.end : said[0].start] if said else ""
        derived = _DIFFERENCES.get((one.measure, said[0].measure)) if said and words.MINUS.match(between) else None
        kept.append(Said(one.start, said.pop(0).end, measure=derived) if derived else one)
    draft.said = kept
    if any(one.measure in _DIFFERENCES.values() for one in kept):
        # 没花出去的预算（全年预算数减全年执行数）: the same twice.
        derived_ones = [one for one in kept if one.measure in _DIFFERENCES.values()]
        draft.said = derived_ones + [one for one in kept if one not in derived_ones and one.measure not in ("adjusted_budget", "outturn")]
    if set(draft.measures) >= _BUDGETS and re.search(r"(?:差|相差|差距|悬殊)(?:得|额)?最", draft.text.plain):
        draft.said = [Said(0, 0, measure="budget_gap"), *(one for one in draft.said if one.measure not in _BUDGETS)]
    measures = set(draft.measures)
    if len(measures) > 1 and _APART.search(draft.text.plain) and "lost" not in draft.flags:
        draft.flags.add("apart")
        # 执行数比预算少多少 asks for no finding.
        draft.rules = []


def _revisions(draft: Draft) -> None:
    """By how much budgets were cut or raised: as an amount that is asked for, or in percent as a condition."""
    flags, plain = draft.flags, draft.text.plain
    share = next((value for value in draft.values if value.unit == "%"), None)
    both_ways = bool(_BOTH_WAYS.search(plain)) and bool(_BUDGETS & set(draft.measures))
    about = both_ways or bool({"up", "down"} & flags)
    if share and about and not _names_rate(draft, share):
        sign: Comparator = share.sign or ">="
        draft.conditions.append(Condition(measure="budget_change", op=sign, value=share.value, unit="%"))
        draft.values.remove(share)
        draft.text.take(share.start, share.end)
        if _BOTH_WAYS.search(plain):
            flags -= {"up", "down"}
        return
    # Which way it went is told once; where both words stand, neither is sure.
    if not ({"up", "down"} & flags) or {"up", "down"} <= flags or not words.REVISED_BY.search(plain):
        return
    measure: Measure = "budget_cut" if "down" in flags else "budget_rise"
    place = min((one.start for one in draft.said if one.measure in _BUDGETS), default=0)
    draft.said = [Said(place, place, measure=measure), *(one for one in draft.said if one.measure not in _BUDGETS)]


def _names_rate(draft: Draft, share: Value) -> bool:
    """Whether the percentage is said of an execution rate."""
    return any(one.measure == "execution_rate" and one.end <= share.start for one in draft.said)


def _beside_average(draft: Draft) -> None:
    """低于平均: the measure said nearest, against its average over the forms in question."""
    for sign, pattern in words.BESIDE_AVERAGE:
        match = pattern.search(draft.text.rest)
        if match is None:
            continue
        before = [one for one in draft.said if one.end <= match.start() + 1]
        after = [one for one in draft.said if one.start >= match.end() - 1]
        near = before[-1:] or after[:1]
        measure = near[0].measure if near else "total_score"
        than = "median" if "中位" in match["what"] or "median" in match["what"] else "mean"
        draft.conditions.append(Condition(measure=measure, op=sign, than="median" if than == "median" else "mean"))
        draft.functions = [function for function in draft.functions if function != than]
        draft.text.take(*match.span())
        return


def _between_fields(draft: Draft) -> None:
    """What was reached against what was aimed at: the same, or many times as much."""
    plain = draft.text.rest
    for pattern in _TIMES:
        if match := pattern.search(plain):
            times = small_number(match["n"])
            if times == 1 and "超" in match[0]:
                # 超过目标值一倍: twice as much.
                times = 2
            _of_fields(draft, ">", Decimal(times) if times else Decimal(match["n"]), match)
            return
    if match := _SAME.search(plain):
        _of_fields(draft, "=", None, match)


def _of_fields(draft: Draft, sign: Comparator, times: Decimal | None, match: re.Match[str]) -> None:
    actual: Field_ = "actual"
    draft.conditions.append(Condition(field=actual, op=sign, other_field="target", relative=times))
    draft.values = [value for value in draft.values if not (match.start() <= value.start < match.end())]
    draft.flags.add("set")
    draft.text.take(*match.span())
