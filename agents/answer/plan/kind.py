"""What kind of question it is, decided by the flags in a fixed order: the first that fits."""

from __future__ import annotations

import re
from decimal import Decimal

from agents.answer.plan.draft import Draft
from agents.answer.plan.values import MONEY
from agents.answer.query import Condition, Field_, Intent, Measure, Section
from agents.answer.words import asking as words_asking
from agents.answer.words import first as words_first
from agents.answer.words import summary as words_summary

_MOST_FORMS = re.compile(
    r"(?:项目|表)(?:的)?(?:数量|个数|总数|数)?(?:最多|最少|更多|更少|有多少|有几|多少)|(?:多少|几)(?:个|张)(?:项目|表)"
    r"|(?:most|fewest|how many) (?:projects|forms)"
)
_UNITS = re.compile(r"(?:多少|几)(?:个|家)(?:不同的)?(?:填报|实施|主管)?(?:单位|部门)")
_OF_PROJECTS = re.compile(r"项目|\bprojects?\b")
_BY = re.compile(r"(?:按照?|依照?|照着?|看|论|以|根据|by)\s?(?:各(?:自|项目)?(?:的)?|全年|实际)?\Z")
_HOW_MUCH = re.compile(r"多少|几(?=[个项次条人家张份件台套天分])|how (?:much|many)")
_CAUSE_SAID = re.compile(
    r"(?:因为?|由于|归咎于|归因于|怪罪?到)(?P<said>[^,。?!;]{2,40}?)(?:而|才|被|就|导致|所以|头上|(?:丢|失|扣)(?:了|掉)?分|没拿)"
    r"|(?:because of|due to|lost points to) (?P<en>[^,.?!;]{3,60})"
)
_OF_LOSS = ("lost_points", "lost_rows", "budget_lost")
OF_FIRST_FEW = frozenset({"summary", "explain"})
"""Kinds of questions that may be about the first few forms of an order."""
_REASONS = re.compile(r"(?:扣|失|丢)分(?:的)?(?:主要)?(?:原因|理由)")
FREE = frozenset({"cause", "summary", "list", "count"})
"""Kinds of questions that may have a topic in words of its own."""


def is_topical(draft: Draft) -> bool:
    """Whether what names do not explain is a topic: causes over many forms, texts put together, sets of forms about something."""
    flags = draft.flags
    asks_set = bool({"set", "count"} & flags)
    ranks = bool({"high", "low", "limited", "sorted"} & flags) and "because" not in flags
    return (asks_set and not draft.conditions and not ranks) or is_summary(draft)


def is_summary(draft: Draft) -> bool:
    """Whether texts of many forms are to be put together."""
    if "overall" in draft.functions or any(c.other_field for c in draft.conditions):
        return False
    if draft.summary is not None or "summarise" in draft.flags:
        return True
    # 做得怎么样, of many forms: of one it asks for a value.
    asks_otherwise = bool({"why", "compare", "check", "high", "low"} & draft.flags)
    return "open" in draft.flags and not draft.projects and not draft.rows and not asks_otherwise


def sections_of(draft: Draft, intent: Intent) -> tuple[Section, ...]:
    """The parts of an overview; none where causes, measures, uses of money or levels of indicators are put together instead."""
    if intent != "summary":
        return ()
    asked = words_summary.wants(draft.text.plain)
    if draft.summary == "整改措施" and "losses" in asked:
        return asked
    # 得分 in 得分低于90分的项目 says which forms are meant, and asks for no scores.
    beside = set(words_summary.wants(words_first.MEANT.sub(" ", draft.text.plain))) - {"losses", "measures", "goals"}
    if draft.summary in ("整改措施", "资金用途", "共性问题", "扣分原因") and not beside:
        return ()
    if draft.summary == "完成情况" and draft.pick and (draft.pick.level1 or draft.pick.level2):
        return ()
    return asked or words_summary.DEFAULT


def intent_of(draft: Draft, sides: int) -> Intent:
    """The kind of a question whose names and words are read."""
    flags = draft.flags
    many = bool({"set", "count"} & flags)
    if "check" in flags and not many and (draft.values or draft.grades or draft.conditions):
        return "check"
    if draft.rules and not _told_by_number(draft) and not (draft.projects and "why" in flags):
        return "count" if "count" in flags else "finding"
    if is_summary(draft) and not _of_one(draft):
        return "summary"
    caused = draft.topic or ("because" in flags and not draft.conditions)
    if "lost" in flags and many and caused and not {"high", "limited"} & flags:
        return "cause"
    if many and "because" in flags and draft.topic and not draft.said and not draft.conditions:
        return "cause"
    if "why" in flags and (not many or draft.projects) and not (sides > 1 and "compare" in flags):
        return "explain"
    return _of_figures(draft, sides)


def _of_figures(draft: Draft, sides: int) -> Intent:
    flags = draft.flags
    if sides > 1 and ({"compare", "high", "low", "one"} & flags) and not ({"limited", "sorted"} & flags):
        return "compare"
    if {"count", "count_rows"} & flags and not ({"limited", "high", "low"} & flags and {"one", "limited", "count_rows"} & flags):
        return "rank" if draft.group and "count" in flags else "count"
    if {"high", "low", "sorted", "rising", "falling", "limited"} & flags and not _is_one_form(draft):
        return "rank"
    if draft.group and draft.functions and "compare" in flags:
        return "rank"
    if draft.functions and (draft.said or draft.fields or "lost" in flags) and not _is_of_one_row(draft):
        return "aggregate"
    if {"budget_cut", "budget_rise", "unspent", "budget_change"} & set(draft.measures) and not (
        draft.projects or draft.conditions or "set" in flags
    ):
        return "aggregate"
    return _of_sets(draft)


def _of_sets(draft: Draft) -> Intent:
    flags = draft.flags
    if draft.conditions or draft.grades:
        return "list" if not (draft.projects and not {"set", "count"} & flags) else "check" if draft.conditions else "lookup"
    if "finding" in flags and not draft.pick and not draft.said:
        return "finding"
    if "lost" in flags and "why" not in flags and draft.projects:
        return "explain"
    if "set" in flags and not (draft.projects and draft.said):
        return "list"
    return "lookup"


def cause_said(draft: Draft) -> str | None:
    """What stands between 因为 and the loss, where every word of it was read as something else: 因为目标定高了没达到而失分."""
    match = _CAUSE_SAID.search(draft.text.plain)
    return (match["said"] or match["en"]).strip() if match else None


def measures_of(draft: Draft, intent: Intent) -> tuple[Measure, ...]:
    """The measures that are asked for, those that only conditions speak of aside; what a ranking or a sum is of where nothing says it."""
    if counted := _counted(draft, intent):
        return counted
    if intent == "rank" and _ranked_field(draft) == ("score_rate",):
        return ()
    used = {c.measure for c in draft.conditions} | {c.other for c in draft.conditions}
    measures = draft.measures
    if draft.pick and not draft.summary:
        measures = tuple(m for m in measures if m not in ("total_score", "lost_points", "expected_goal", "actual_result"))
    if intent == "summary":
        return ("expected_goal", "actual_result") if draft.summary == "资金用途" else ()
    if intent in ("rank", "compare", "aggregate"):
        # 哪一年 and 哪个单位 say what is compared, not what is measured.
        measures = tuple(m for m in measures if m not in ("fiscal_year", "department", "implementing_unit"))
    if intent in ("rank", "aggregate", "compare") and not measures and not draft.pick:
        return ("lost_points",) if "lost" in draft.flags else ("total_score",)
    if intent in ("list", "count", "check", "finding", "cause"):
        asked = tuple(m for m in measures if m not in used and m != "lost_points")
        return asked or (tuple(m for m in measures if m in used) if intent == "list" else ())
    if intent in ("rank", "compare") and (by := _said_by(draft, measures)):
        measures = (by, *(m for m in measures if m != by))
    if intent == "rank":
        # 执行率低于90%的项目里预算最大的: what only narrows the forms is not what they are ranked by.
        measures = tuple(m for m in measures if m not in used) or measures
    if "lost_points" in measures and intent in ("rank", "aggregate"):
        return ("lost_points", *(m for m in measures if m not in ("lost_points", "total_score")))
    return measures


def first_by(draft: Draft, intent: Intent) -> Measure | None:
    """By what the first few forms are meant where a question is about these alone: 执行率最低的十个项目有什么共性问题."""
    if not _is_of_first_few(draft, intent) or {"high", "low"} <= draft.flags:
        return None
    found = [(match.start(), measure) for measure, pattern in words_first.FIRST_BY if (match := pattern.search(draft.text.plain))]
    return min(found)[1] if len(found) == 1 else None


def is_of_unread_order(draft: Draft, intent: Intent) -> bool:
    """Whether a question about texts names the first few of something that `first_by` does not know."""
    return _is_of_first_few(draft, intent) and first_by(draft, intent) is None


def _is_of_first_few(draft: Draft, intent: Intent) -> bool:
    return intent in OF_FIRST_FEW and draft.limit is not None and not draft.projects and bool({"high", "low"} & draft.flags)


def names_reasons(draft: Draft) -> bool:
    """Whether a summary of forms is to be of the reasons why they lost points: 归纳得分低于90分的项目的扣分原因."""
    plain_summary = draft.summary is None and not (draft.topic or draft.pick or draft.projects or "because" in draft.flags)
    return plain_summary and is_summary(draft) and _REASONS.search(draft.text.plain) is not None


def _said_by(draft: Draft, measures: tuple[Measure, ...]) -> Measure | None:
    """按执行率排, 论总分: the measure that a ranking is said to go by."""
    told = [one.measure for one in draft.said if one.measure in measures and _BY.search(draft.text.plain[: one.start])]
    return told[0] if told else None


def _counted(draft: Draft, intent: Intent) -> tuple[Measure, ...]:
    """What is counted where a ranking is by how many there are: indicators that lost points, indicators, forms."""
    if intent != "rank":
        return ()
    if "lost_rows" in draft.measures or ("count_rows" in draft.flags and "lost" in draft.flags):
        return ("lost_rows",)
    if draft.group and not draft.said and _UNITS.search(draft.text.plain):
        return ("form_count",)
    if draft.group and _MOST_FORMS.search(draft.text.plain):
        return ("form_count",)
    return ()


def fields_of(draft: Draft, intent: Intent) -> tuple[Field_, ...]:
    """The fields of the picked indicators that are asked for, the one of the answer's number first."""
    if intent in ("explain", "cause"):
        return ("score", "weight", "deviation")
    if intent == "summary":
        return ("target", "actual", "score") if draft.summary == "完成情况" else ("deviation",)
    if intent == "count":
        return ("name",) if "count_rows" in draft.flags else ()
    if draft.pick is None or (intent == "rank" and _counted(draft, intent)):
        return _ranked_field(draft) if intent == "rank" and not _counted(draft, intent) else ()
    return _of_picked(draft, intent)


def _of_picked(draft: Draft, intent: Intent) -> tuple[Field_, ...]:
    named = tuple(dict.fromkeys(one.field for one in draft.fields if one.field))
    if intent in ("rank", "aggregate") and "lost" in draft.flags:
        return ("lost",)
    if intent == "lookup" and named == ("target",) and len(_HOW_MUCH.findall(draft.text.plain)) > 1:
        return ("actual", "target")
    return named or (("actual", "target") if intent in ("lookup", "list") else ("actual",))


def _is_one_form(draft: Draft) -> bool:
    """Whether one form is meant: then nothing is to be ranked but its indicators."""
    return len(draft.projects) == 1 and len(draft.projects[0].forms) == 1 and "rows" not in draft.flags and not draft.rows


def _is_of_one_row(draft: Draft) -> bool:
    """总共发了多少张, of an indicator of one project: what is printed there is the sum."""
    return bool(draft.rows) and len(draft.projects) == 1 and len(draft.projects[0].forms) == 1 and draft.functions[0] == "sum"


def _ranked_field(draft: Draft) -> tuple[Field_, ...]:
    """By which field indicators are ranked where none is named."""
    if any(one.field == "score_rate" for one in draft.fields):
        return ("score_rate",)
    return ("lost",) if "rows" in draft.flags and "lost" in draft.flags else ()


def ranks_projects(draft: Draft) -> bool:
    """Whether projects are ranked by what they lost on a whole level of indicators: 效益指标扣分最多的项目."""
    pick = draft.pick
    if pick is None or not (pick.level1 or pick.level2) or "lost" not in draft.flags or "count_rows" in draft.flags:
        return False
    return not words_asking.RANKED_ROWS.search(draft.text.plain) and _OF_PROJECTS.search(draft.text.rest + draft.text.plain) is not None


def unit_of(draft: Draft) -> str | None:
    """The unit in which the answer is asked for."""
    rest = draft.text.plain
    for unit in ("亿元", "万元"):
        if f"多少{unit}" in rest or f"几{unit}" in rest or (unit in rest and f"以{unit}" in rest):
            return unit
    if "百分点" in rest or re.search(r"差(?:了)?(?:多少|几)个?点", rest) or "percentage point" in rest:
        return "个百分点"
    return None


def lost_condition(draft: Draft) -> Condition | None:
    """That points are missing, for sets and counts that nothing else narrows."""
    if "lost" in draft.flags and not any(c.measure in _OF_LOSS or c.field == "lost" for c in draft.conditions):
        if draft.pick or "count_rows" in draft.flags or words_asking.WHICH_ROWS.search(draft.text.plain):
            return Condition(field="lost", op=">", value=Decimal(0), unit="分")
        return Condition(measure="lost_points", op=">", value=Decimal(0), unit="分")
    return None


def is_money(measures: tuple[Measure, ...]) -> bool:
    """Whether the first measure is an amount."""
    return bool(measures) and measures[0] in MONEY


def _told_by_number(draft: Draft) -> bool:
    """A threshold in the question outranks the checker's own: 执行率低于80% is a condition, not low-execution."""
    return bool(draft.conditions) and all(rule in ("low-execution", "budget-revised", "over-fulfilment") for rule in draft.rules)


def _of_one(draft: Draft) -> bool:
    return bool(draft.rows) and len(draft.projects) == 1
