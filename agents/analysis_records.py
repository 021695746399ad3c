"""What an analysis tells: sums of points, money, rates and scores, each with the forms it speaks of and those it leaves out."""

from __future__ import annotations

from typing import Literal

from agents.answer.query import Cause
from schema.record import Number, Record
from store.figures import Wanted

Other = Literal["unsaid", "other"]
"""No explanation is printed; one is, but none of the causes is told in it."""


class CauseSum(Record):
    """Points lost for one cause; `rows` and `forms` that have several causes count under each."""

    cause: Cause | Other
    points: Number
    rows: int
    forms: int


class Causes(Record):
    """Points that indicators lost, by cause: named causes by points, then what is not told."""

    forms: int
    rows: int
    """Indicators that lost points."""
    points: Number
    several: int
    """Rows whose points are shared among several causes."""
    sums: tuple[CauseSum, ...]


class Money(Record):
    """Budgets and outturns in 万元 of `forms`; the others have a doubtful unit, or none, or no amounts."""

    budget: Number
    outturn: Number
    forms: int
    doubtful: int
    unknown: int


class LevelSum(Record):
    """Points lost by the indicators of one level 2 of one level 1, as printed."""

    level1: str | None
    level2: str | None
    points: Number
    rows: int
    forms: int


class DepartmentSum(Record):
    """Points lost by the forms of one department, the execution of the budget included; `others` departments together where it is not 0."""

    department: str | None
    others: int
    points: Number
    forms: int
    mean: Number
    """Points per form."""
    money: Money


class Losses(Record):
    """Points lost by place."""

    levels: tuple[LevelSum, ...]
    budget_points: Number
    """Lost for the execution of the budget, by `budget_forms`."""
    budget_forms: int
    departments: tuple[DepartmentSum, ...]
    unread: int
    """Indicators without a weight or a score: what they lost cannot be told."""
    without_budget: int
    """Forms without weight or score for the execution of the budget."""


class Spot(Record):
    """Forms with about one rate and one score, both in percent: the first of them, and the names of some."""

    rate: Number
    score: Number
    forms: int
    form_id: str
    names: tuple[str, ...]


class FormRate(Record):
    """The execution rate and the score of one form, both in percent."""

    form_id: str
    project_name: str | None
    department: str | None
    year: int | None
    rate: Number
    score: Number


class Rates(Record):
    """Execution rates against scores; `step` percent count as one place."""

    spots: tuple[Spot, ...]
    each: tuple[FormRate, ...]
    """The forms themselves, the lowest rates first."""
    left_out: int
    """Forms without a rate or a score."""
    step: Number


class YearScores(Record):
    """The scores of one year in percent: ends, quarters and middle of their distribution, and the mean."""

    year: int | None
    forms: int
    least: Number
    low: Number
    middle: Number
    high: Number
    most: Number
    mean: Number


class GradeCount(Record):
    """Forms of one year with one grade; None where none is printed."""

    year: int | None
    grade: str | None
    forms: int


class Scores(Record):
    """Scores and grades by year."""

    years: tuple[YearScores, ...]
    grades: tuple[GradeCount, ...]
    forms: int
    left_out: int
    """Forms without a score."""
    converted: int
    """Forms whose total weight is not 100."""
    mean: Number | None
    """Of the scores in percent; None where there is none."""


class RuleSum(Record):
    """How often a rule was broken, and by how many forms; the most frequent first."""

    rule: str
    title: str
    severity: str
    findings: int
    forms: int


class Analysis(Record):
    """Everything but causes, over the forms that are wanted."""

    wanted: Wanted
    forms: int
    choices: tuple[tuple[int | None, str | None, str | None, int], ...]
    """Year, department, unit and forms: of all forms, whatever is wanted."""
    money: Money
    losses: Losses
    rates: Rates
    scores: Scores
    rules: tuple[RuleSum, ...]
