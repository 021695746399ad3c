"""A question as a typed query. The planner or a model fills it; only code carries it out.

What a query speaks of is settled already: names of projects and units are those of stored forms, indicators are picked by words that match
their names. What the question asks for and no form can tell is said in `unknown`, and then nothing is carried out.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schema.record import Number, Record

Intent = Literal["lookup", "list", "count", "aggregate", "rank", "compare", "cause", "explain", "finding", "summary", "check"]
"""lookup: values of forms or indicators; list: which forms fulfil the conditions; count: how many; aggregate: one figure over forms;
rank: forms in order of a measure; compare: two sides and their difference; cause: which forms lost points for a reason; explain: why an
indicator or a form lost points; finding: what the checker found; summary: causes, measures or texts over many forms; check: whether a
statement is true."""

Measure = Literal[
    "original_budget", "adjusted_budget", "outturn", "execution_rate", "budget_score", "total_score", "total_weight", "lost_points",
    "unspent", "budget_cut", "budget_rise", "budget_change", "budget_gap", "budget_lost", "grade", "fiscal_year", "department",
    "implementing_unit", "unit_of_money", "expected_goal", "actual_result", "indicator_count", "lost_rows", "form_count",
]  # fmt: skip
"""What a form is asked for; amounts are those of funding.total. lost_points: total weight less total score; unspent: adjusted budget less
outturn; budget_cut, budget_rise: original less adjusted budget, and the other way round; budget_change: how far they are apart in percent
of the original one, budget_gap as an amount; budget_lost: points that budget execution cost; lost_rows: indicators that lost points;
form_count: forms, for groups."""
Field_ = Literal["target", "actual", "weight", "score", "lost", "score_rate", "deviation", "level1", "level2", "name"]
"""What an indicator is asked for. lost: weight less score; score_rate: score in percent of the weight."""
Comparator = Literal["<", "<=", ">", ">=", "=", "!="]
Function = Literal["sum", "mean", "min", "max", "median", "overall", "gap"]
"""overall: a rate reckoned from sums, not the mean of rates; gap: the first measure or field against the second."""
Cause = Literal[
    "机构改革与职能划转", "预算与资金", "需求或计划变化", "外部单位与业务制约", "技术故障", "系统易用性与培训", "管理与机制不足", "人员",
    "工期", "指标设置",
]  # fmt: skip
Section = Literal["scores", "execution", "goals", "done", "losses", "rows", "measures", "findings"]
"""A part of an overview: scores; budgets spent; what forms set out to do; what was done; points lost and why; indicators on a topic;
what is going to be improved; what the checker found."""
Language = Literal["zh", "en"]


class Scope(Record):
    """Which forms are meant; empty fields leave all.

    Attributes:
        forms: ids of forms that a project name in the question means; more than one where it is ambiguous.
        units: names of departments or implementing units, as stored; a form matches when either is one of them.
        said: how the question names them, for the answer.
        out_forms, out_units, out_years: forms that are left out, each of which is enough to leave a form out; out_said: in the
            question's words.
    """

    forms: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    grades: tuple[str, ...] = ()
    said: str | None = None
    out_forms: tuple[str, ...] = ()
    out_units: tuple[str, ...] = ()
    out_years: tuple[int, ...] = ()
    out_said: str | None = None


class Condition(Record):
    """A measure of a form, or a field of its picked indicators, against a value in a unit, another measure or field, or a figure over all.

    Attributes:
        unit: 万元, 亿元, 元, 分, % or nothing; amounts of forms are brought to it.
        relative: how much the other measure or field is multiplied by first: 1.3 for thirty per cent more.
        every: every picked indicator of a form has to fulfil it, and not just any.
        than: the value is this function of the measure over all forms in scope: below average.
    """

    measure: Measure | None = None
    field: Field_ | None = None
    op: Comparator
    value: Number | None = None
    unit: str | None = None
    text: str | None = None
    other: Measure | None = None
    other_field: Field_ | None = None
    relative: Number | None = None
    than: Function | None = None
    every: bool = False


class Pick(Record):
    """Which indicators are meant: words their names hold (any of the alternatives of each), or a level."""

    words: tuple[tuple[str, ...], ...] = ()
    level1: str | None = None
    level2: str | None = None
    said: str | None = None


class Query(Record):
    """What is asked, settled.

    Attributes:
        sides: for compare: the two scopes beside each other (`scope` is then what both share).
        pick: the indicators that are meant; None where forms are.
        also: indicators that a form has to have besides, each of them.
        rules: rules of the checker that the question describes; `together` when a row must break all of them at once.
        topic: words for what nothing else says; judged over every deviation in scope (cause, explain) or searched in texts (summary, list).
        causes: classes of the taxonomy that the topic belongs to.
        function, measure of which it is `measures[0]` or `fields[0]`.
        limit: how many of a ranking; order: asc or desc.
        nth: of a ranking, only what comes at this place (第二低).
        by: for summary and explain: only the first `limit` forms by this measure are meant (得分最低的五个项目为什么丢分).
        group: by what an aggregate is taken apart.
        sections: for summary: the parts of an overview that are asked for; none where its topic says what is put together.
        claim: for check: the value that the question states.
        unknown: what the question asks for and no form tells, each in words for the answer: an unknown project, year, unit, or a thing that
            forms do not hold (合同价, 中标单位). Then the answer abstains.
        ambiguous: whether a name means several forms, which are then answered each.
        certain: whether the plan leaves nothing of the question unread.
    """

    intent: Intent
    scope: Scope = Scope()
    sides: tuple[Scope, ...] = ()
    measures: tuple[Measure, ...] = ()
    pick: Pick | None = None
    also: tuple[Pick, ...] = ()
    fields: tuple[Field_, ...] = ()
    conditions: tuple[Condition, ...] = ()
    rules: tuple[str, ...] = ()
    together: bool = False
    topic: str | None = None
    causes: tuple[Cause, ...] = ()
    function: Function | None = None
    group: Literal["unit", "department", "year", "grade", "project"] | None = None
    order: Literal["asc", "desc"] = "desc"
    limit: int | None = Field(default=None, ge=1)
    nth: int | None = Field(default=None, ge=2)
    by: Measure | None = None
    unit: str | None = None
    claim: Condition | None = None
    sections: tuple[Section, ...] = ()
    language: Language = "zh"
    unknown: tuple[str, ...] = ()
    ambiguous: bool = False
    certain: bool = True
