"""Reading how a question asks, what it measures and which rules it describes; what was understood is taken out of the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal

from agents.answer.plan import derived as plan_derived
from agents.answer.plan import marks as plan_marks
from agents.answer.plan.draft import Draft
from agents.answer.plan.text import TAKEN
from agents.answer.plan.values import Said, Value, conditions, small_number, values
from agents.answer.query import Comparator, Condition, Field_
from agents.answer.words import asking as words_asking
from agents.answer.words import measures as words
from agents.answer.words import rules as words_rules
from agents.answer.words import summary as words_summary

_FLAGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("set", words_asking.SET), ("why", words_asking.WHY), ("because", words_asking.BECAUSE), ("check", words_asking.CHECK),
    ("count", words_asking.COUNT), ("count_rows", words_asking.COUNT_ROWS), ("compare", words_asking.COMPARE), ("lost", words.LOST),
    ("full", words_asking.FULL), ("one", words_asking.ONE), ("summarise", words_asking.SUMMARISE), ("what", words_asking.WHAT),
    ("summarise", words_summary.ASKS), ("open", words_summary.OPEN),
    ("up", words.REVISED_UP), ("down", words.REVISED_DOWN), ("unrevised", words.UNREVISED), ("finding", words_rules.ANY_FINDING),
    ("high", re.compile(words.HIGHEST)), ("low", re.compile(words.LOWEST)), ("sorted", re.compile(words.SORTED)),
    ("rising", re.compile(words.RISING)), ("falling", re.compile(words.FALLING)),
    ("no_grade", words_asking.NO_GRADE), ("unmet", re.compile(words_rules.MISSED)),
)  # fmt: skip
_SAYING = (
    *(pattern for _, pattern in (*words_asking.SUMMARIES, *_FLAGS, *words.FUNCTIONS, *words_asking.GROUP, *words.FIELDS, *words.MEASURES)),
    words_asking.SUMMARISE, words_asking.LIMIT, words_asking.PRONOUN, words_asking.FILLERS,
)  # fmt: skip
"""Every word that only says how something is asked."""
_REVISED: tuple[tuple[str, Comparator], ...] = (("up", ">"), ("down", "<"), ("unrevised", "="))
_NARROWER = (("score-sum", "weight-sum"), ("score-sum", "grade-band"), ("execution-rate", "execution-score"))
_FIELDS_FOR: dict[str, Field_] = {"lost_points": "lost", "lost_rows": "lost", "total_score": "score", "total_weight": "weight"}
_COMPARABLE: tuple[frozenset[str | None], ...] = (
    frozenset({"original_budget", "adjusted_budget", "outturn", "unspent"}),
    frozenset({"total_score", "total_weight", "budget_score", "lost_points"}),
)
"""Measures that can be held against one another."""
_UNMET_VALUE = re.compile(r"(?:没|未)(?:有|能)?达到?\s?\d")
"""A threshold that was not reached, and no target."""
_GOES_ON = re.compile(r"\s?(?:的(?:项目|表|单位|有)|且|并且?|而且|又|,|、|以及|同时|的\s?\Z)")
_HOW_FAR = re.compile(r"\W*(?:还|要|更|都)?(?:[高多大少低小增减涨降]加?|增加|减少|超出|超过)[出了掉去]*[多几]")
_FULL_FORMS = re.compile(r"满分的(?:项目|表|单位|有)")
_WHOSE = re.compile(r"谁家|哪(?:一)?家")
_ROWS = re.compile(r"指标|indicators?")
_SLOW = re.compile(r"花得(?:最|更|比较)?慢|slow")


def read_signals(draft: Draft) -> None:
    """Flags, rules, grades, functions, ranking, measures, fields and conditions of what orders and names left of the text."""
    rest = draft.text.rest
    draft.flags |= {name for name, pattern in _FLAGS if pattern.search(rest)}
    if _ROWS.search(rest):
        draft.flags.add("rows")
    if "compare" not in draft.flags and _WHOSE.search(rest):
        draft.flags.add("set")
    _rules(draft, rest)
    _summary(draft, rest)
    _grades(draft)
    _ranking(draft, rest)
    draft.functions = [name for name, pattern in words.FUNCTIONS if pattern.search(rest)]
    draft.group = next((name for name, pattern in words_asking.GROUP if pattern.search(rest)), None)
    _measures(draft)
    _conditions(draft)
    _unheld(draft)


def take_words(draft: Draft) -> None:
    """Take out every word that only says how something is asked, so that what is left is what is asked about."""
    guarded = _Guard(draft)
    rest = draft.text.rest
    for pattern in _SAYING:
        for match in pattern.finditer(rest):
            if match[0] and not guarded.covers(*match.span()):
                draft.text.take(*match.span())


class _Guard:
    """Stretches that go on over a word as part of a stored name; the word is then no word of its own."""

    def __init__(self, draft: Draft) -> None:
        self._spans = sorted(draft.corpus.protected(draft.text.rest))
        self._starts = [start for start, _ in self._spans]

    def covers(self, start: int, end: int) -> bool:
        """Whether a name runs over this stretch and beyond it."""
        for place in range(max(bisect_right(self._starts, start) - 1, 0), len(self._spans)):
            first, last = self._spans[place]
            if first >= end:
                return False
            if last > start and last - first > end - start:
                return True
        return False


def _rules(draft: Draft, rest: str) -> None:
    if words_rules.MET_DEDUCTED.search(rest) and not words_rules.RULES[0][1].search(rest) and "unmet" not in draft.flags:
        draft.rules.append("met-deducted")
    if words_rules.UNEXPLAINED.search(rest) or (words_rules.BLANK_REASON.search(rest) and draft.rules):
        draft.rules.append("deduction-unexplained")
    if {"set", "count", "check"} & draft.flags and "because" not in draft.flags:
        if "met-deducted" not in draft.rules and "unmet" not in draft.flags and words_rules.MET_DEDUCTED_ANYHOW.search(rest):
            draft.rules.append("met-deducted")
        if "deduction-unexplained" not in draft.rules and words_rules.UNEXPLAINED_ANYHOW.search(rest):
            draft.rules.append("deduction-unexplained")
    draft.together = len(draft.rules) > 1
    for rule, pattern in words_rules.RULES:
        if (match := pattern.search(rest)) and rule not in draft.rules and TAKEN not in match[0]:
            draft.rules.append(rule)
    if {"set", "count", "check", "finding"} & draft.flags:
        draft.rules += [rule for rule, words_of in words_rules.TOGETHER if rule not in draft.rules and words_of.search(rest)]
    # 总分 and 执行率 are said in the words of narrower rules, too.
    for wider, narrower in _NARROWER:
        if wider in draft.rules and narrower in draft.rules:
            draft.rules.remove(wider)


def _summary(draft: Draft, rest: str) -> None:
    draft.summary = next((topic for topic, pattern in words_asking.SUMMARIES if pattern.search(rest)), None)
    unmet = "unmet" in draft.flags and "because" not in draft.flags
    if draft.summary is None and not draft.rules and unmet and {"set", "summarise"} & draft.flags:
        # Which targets were missed is read off targets and actuals side by side.
        draft.summary = "完成情况"


def _grades(draft: Draft) -> None:
    for match in words_asking.NOT_GRADE.finditer(draft.text.rest):
        said = words_asking.GRADE_OF.get(match["a"], match["a"])
        draft.conditions.append(Condition(measure="grade", op="!=", text=said))
        draft.text.take(*match.span())
    for match in words_asking.GRADE.finditer(draft.text.rest):
        said = next(word for word in match.groups() if word)
        grade = words_asking.GRADE_OF.get(said, said)
        if grade not in draft.grades:
            draft.grades.append(grade)
        draft.text.take(*match.span())
        draft.flags.add("graded")


def _ranking(draft: Draft, rest: str) -> None:
    nth = words_asking.NTH.search(rest)
    if nth:
        _nth(draft, nth, rest)
        return
    match = words_asking.LIMIT.search(rest)
    if match:
        draft.limit = small_number(match["n"] or match["m"] or match["r"] or match["j"] or match["w"] or match["k"]) or None
        # 哪三个项目 tells a limit only where an order is told, too.
        draft.flags |= {"limited"} if not match["k"] else set()
        draft.text.take(*match.span())
        if re.search(r"最[多少]", match[0]) and (counted := words.ROWS_BEFORE.search(rest[: match.start()])):
            draft.said.append(Said(*counted.span(), measure="lost_rows" if counted["lost"] else "indicator_count"))
    if ordinals := words_asking.ORDINALS.search(rest):
        draft.limit = 3 if ordinals["third"] or ordinals["last"] else 2
        draft.flags |= {"limited", "high"} if not re.search(words.LOWEST, rest) else {"limited"}
        draft.text.take(*ordinals.span())
    low, high = re.search(words.LOWEST, rest), re.search(words.HIGHEST, rest)
    if low or high:
        draft.rising = low is not None and (high is None or low.start() < high.start())
    elif "rising" in draft.flags or "falling" in draft.flags:
        draft.rising = "rising" in draft.flags
    if draft.rising is False and match and re.match("后|last|bottom", match[0]):
        draft.rising = True


def _nth(draft: Draft, match: re.Match[str], rest: str) -> None:
    """第二低, 倒数第三名: the place in a ranking, and from which end it is counted."""
    draft.nth = small_number(match["n"] or match["e"])
    said = match["how"] or match["end"] or ""
    low = bool(match["back"]) or said in words_asking.LOW_ENDS or (not said and re.search(words.LOWEST, rest) is not None)
    draft.flags = (draft.flags - {"high", "low"}) | {"low" if low else "high", "one"}
    draft.rising = low
    draft.text.take(*match.span())


def _measures(draft: Draft) -> None:
    """The measures and fields that are named, in their order; at one place the longer, at equal length the earlier of the table."""
    guarded, rest = _Guard(draft), draft.text.rest
    found: list[tuple[int, int, int, Said]] = []
    for rank, (measure, pattern) in enumerate(words.MEASURES):
        for match in pattern.finditer(rest):
            if not guarded.covers(*match.span()):
                found.append((-(match.end() - match.start()), rank, match.start(), Said(*match.span(), measure=measure)))
    taken: set[int] = set()
    for _, _, _, said in sorted(found, key=lambda one: one[:3]):
        if taken.isdisjoint(range(said.start, said.end)):
            taken.update(range(said.start, said.end))
            draft.said.append(said)
    draft.said.sort(key=lambda said: said.start)
    if _SLOW.search(rest) and draft.rising is not None:
        draft.rising = not draft.rising if "high" in draft.flags else True
    for field, pattern in words.FIELDS:
        draft.fields += [Said(*match.span(), field=field) for match in pattern.finditer(rest) if not guarded.covers(*match.span())]
    draft.fields.sort(key=lambda said: said.start)


def _conditions(draft: Draft) -> None:
    draft.values = values(draft.text.rest)
    plan_derived.read_derived(draft)
    of_rows = bool(draft.rows) or ("rows" in draft.flags and not draft.said)
    which_rows = words_asking.WHICH_ROWS.search(draft.text.plain) is not None
    plan_marks.beyond_target(draft)
    for said, value, by_unit in conditions(draft.text.plain, draft.said, draft.values, of_rows=of_rows):
        condition, guessed = (_of_rows(draft, said, value), False) if which_rows else (said, by_unit)
        if condition.op != "=" or {"set", "check", "count"} & draft.flags or _narrows(draft, value):
            draft.conditions.append(condition)
            draft.guessed += [condition] if guessed else []
            draft.text.take(value.start, value.end)
    _relations(draft)
    rest = draft.text.rest
    if {"set", "count"} & draft.flags and words.SPENT_ALL.search(rest) and not any(c.measure == "execution_rate" for c in draft.conditions):
        draft.conditions.append(Condition(measure="execution_rate", op="=", value=Decimal(100), unit="%"))
    if draft.rules:
        # 应为10分×执行率: what a rule reckons with narrows nothing.
        draft.conditions = [c for c in draft.conditions if c.op != "=" or c.text is not None]
    full = None if not (draft.rules or draft.projects) and plan_marks.whole_rows(draft) else words_asking.FULL.search(rest)
    if full and "lost" not in draft.flags and not draft.rules and ({"set", "count"} & draft.flags or _FULL_FORMS.search(rest)):
        full_marks = plan_marks.full_marks(draft)
        draft.conditions.append(full_marks)
    if "no_grade" in draft.flags:
        draft.conditions.append(Condition(measure="grade", op="=", text=""))
    if any(c.other_field for c in draft.conditions) and words_rules.BLANK_REASON.search(rest) and not draft.rules:
        draft.conditions.append(Condition(field="deviation", op="=", text=""))
    for value in draft.values:
        draft.text.take(value.start, value.end)


def _narrows(draft: Draft, value: Value) -> bool:
    """年初预算为0的项目有吗, 执行率100%而且…: a value that forms have to have, though nothing says 哪些."""
    return not draft.projects and _GOES_ON.match(draft.text.plain, value.end) is not None


def _of_rows(draft: Draft, condition: Condition, value: Value) -> Condition:
    """A condition of indicators: what is said of forms in the same words is said of each of them."""
    before = [one for one in draft.fields if one.end <= value.start + 2 and one.field in ("weight", "score", "lost")]
    field = _FIELDS_FOR.get(condition.measure or "") or (before[-1].field if before and condition.field else None)
    return condition.model_copy(update={"measure": None, "field": field}) if field else condition


def _relations(draft: Draft) -> None:
    """One measure of a form against another one: 执行数大于年初预算, 追加了预算."""
    found = [relation for one, other in zip(draft.said, draft.said[1:], strict=False) if (relation := _relation(draft, one, other))]
    if not ({"budget_cut", "budget_rise", "budget_change"} & set(draft.measures)) or {"set", "count"} & draft.flags:
        found += [Condition(measure="adjusted_budget", op=sign, other="original_budget") for flag, sign in _REVISED if flag in draft.flags]
    draft.conditions += [c for c in dict.fromkeys(found) if c not in draft.conditions]


def _relation(draft: Draft, one: Said, other: Said) -> Condition | None:
    between, behind = draft.text.rest[one.end : other.start], draft.text.plain[other.end : other.end + 6]
    derived = {"unspent", "budget_cut", "budget_rise", "budget_change", "budget_lost"}
    if not any({one.measure, other.measure} <= alike for alike in _COMPARABLE) or re.search("最|most|least", between):
        return None
    if one.measure == other.measure or one.measure is None or {one.measure, other.measure} & derived:
        return None
    if len(between) > 16 or re.search(rf"[。?!;{TAKEN}]", between):
        return None
    if _HOW_FAR.match(behind):
        # 比年初多多少: how far they are apart is asked for.
        return None
    compared = re.search(r"比|较|和|与|跟|同|相", between) and not re.search(r"更|差", behind)
    for sign, pattern in words.RELATIONS:
        # 甲比乙高: the word stands right behind; 甲大于乙: between.
        if re.search(rf"^\W*(?:还|要|更|都)?(?:{pattern})", behind) if compared else re.search(pattern, between):
            return Condition(measure=one.measure, op=sign, other=other.measure)
    return None


def _unheld(draft: Draft) -> None:
    """Things that no form has a place for, where no name says them."""
    for word, pattern in words_rules.NOT_IN_FORMS:
        match = pattern.search(draft.text.rest)
        if word == "中标单位" and {"because", "lost"} & draft.flags:
            # Suppliers may be what points were lost for.
            continue
        if match and TAKEN not in match[0] and not draft.corpus.named_in(match[0]):
            draft.unknown.append(word)
            draft.text.take(*match.span())
    if match := words_rules.UNDATED.search(draft.text.rest):
        draft.unknown.append(f"“{match[0]}”是哪一年" if draft.language == "zh" else f"which year “{match[0]}” is")
        draft.text.take(*match.span())
