"""What a selection of forms adds up to: points lost by cause, level and department, rates against scores, years, findings.

    analyst = Analyst(store)
    seen = analyst.look(Wanted(year=2024))
    causes = analyst.causes(Wanted(year=2024))

Every part tells how many forms it speaks of and what it had to leave out. Points are those of the forms; shares of scores are percent of
the total weight, so that a form of 120 points compares with one of 100. Money is in 万元 and leaves out forms whose unit of money is
doubtful or not known.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import median
from threading import Lock
from typing import get_args

from agents.analysis_records import (
    Analysis,
    Causes,
    CauseSum,
    DepartmentSum,
    FormRate,
    GradeCount,
    LevelSum,
    Losses,
    Money,
    Other,
    Rates,
    RuleSum,
    Scores,
    Spot,
    YearScores,
)
from agents.answer.execute.causes import classify
from agents.answer.query import Cause
from schema.checks import RULES
from schema.record import MAX_PLACES, plain
from schema.text import fold, is_blank
from schema.vocabulary import MONEY_UNITS
from store.figures import Figures, HeadFigures, Loss, LossSum, Wanted, current_versions, losses_of, read_figures
from store.store import Store

_HUNDRED, _NOUGHT = Decimal(100), Decimal(0)
_PLACE = Decimal(1).scaleb(-MAX_PLACES)
_SCALES = {
    "百万元": Decimal(100), "亿元": Decimal(10_000), "万元": Decimal(1), "千元": Decimal("0.1"), "百元": Decimal("0.01"),
    "元": Decimal("0.0001"),
}  # fmt: skip
"""万元 in one of each."""
_CAUSES: tuple[Cause, ...] = get_args(Cause)
_DEPARTMENTS = 12
"""Departments that are told apart; the others are one bar."""
_SPOTS = 1200
"""Points that a browser draws at once without getting slow; more of them are put together where they lie close."""
_STEPS = (Decimal("0.01"), Decimal("0.5"), Decimal(1), Decimal(2), Decimal(5))
"""Percent that count as the same place, tried in turn."""
_NAMED = 3
"""Projects that a spot names."""


class Analyst:
    """Adds up the forms of one store. Threads may share it.

    Args:
        store: it has to stay open as long as the analyst.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: dict[int, tuple[tuple[tuple[Cause | Other, ...], Decimal], ...]] = {}
        self._lock = Lock()

    def look(self, wanted: Wanted) -> Analysis:
        """Everything that is added up without reading explanations.

        Raises:
            StoreError: the tables cannot be read.
        """
        figures = read_figures(self._store, wanted)
        return Analysis(
            wanted=wanted,
            forms=len(figures.heads),
            choices=tuple((choice.year, choice.department, choice.unit, choice.forms) for choice in figures.choices),
            money=_money(figures.heads),
            losses=_losses(figures),
            rates=_rates(figures.heads),
            scores=_scores(figures.heads),
            rules=tuple(RuleSum(**count._asdict(), title=_title(count.rule)) for count in figures.rules),
        )

    def causes(self, wanted: Wanted) -> Causes:
        """Points lost by the causes that explanations speak of; an explanation of several causes has its points shared among them.

        The first look over very many forms takes seconds, later ones read only versions that are new.

        Raises:
            StoreError: the tables cannot be read.
        """
        versions = current_versions(self._store, wanted)
        with self._lock:
            self._learn([version_id for version_id in versions if version_id not in self._told])
        points: dict[Cause | Other, Decimal] = defaultdict(Decimal)
        rows: Counter[Cause | Other] = Counter()
        forms: Counter[Cause | Other] = Counter()
        for version_id in versions:
            told = self._told[version_id]
            for causes, lost in told:
                for cause in causes:
                    points[cause] += lost / len(causes)
                    rows[cause] += 1
            forms.update({cause for causes, _ in told for cause in causes})
        sums = [CauseSum(cause=cause, points=_kept(points[cause]), rows=rows[cause], forms=forms[cause]) for cause in points]
        return Causes(
            forms=len(versions),
            rows=sum(len(self._told[version_id]) for version_id in versions),
            points=_kept(sum(points.values(), _NOUGHT)),
            several=sum(len(causes) > 1 for version_id in versions for causes, _ in self._told[version_id]),
            sums=tuple(sorted(sums, key=lambda one: (one.cause not in _CAUSES, -one.points))),
        )

    def _learn(self, versions: Sequence[int]) -> None:
        """Read the explanations of versions that were not met before; a version never changes."""
        if not versions:
            return
        found: dict[int, list[tuple[tuple[Cause | Other, ...], Decimal]]] = {version_id: [] for version_id in versions}
        for loss in losses_of(self._store, versions):
            found[loss.version_id].append((_causes_of(loss), loss.points))
        self._told.update({version_id: tuple(told) for version_id, told in found.items()})


def _causes_of(loss: Loss) -> tuple[Cause | Other, ...]:
    if loss.deviation is None or is_blank(loss.deviation):
        return ("unsaid",)
    return tuple(spoken.cause for spoken in classify(loss.deviation)) or ("other",)


def _losses(figures: Figures) -> Losses:
    budget = [lost for head in figures.heads if (lost := _budget_lost(head)) is not None]
    points = [lost for lost in budget if lost > 0]
    levels: dict[tuple[str | None, str | None], list[LossSum]] = defaultdict(list)
    for one in figures.losses:
        if one.rows:
            levels[one.level1, one.level2].append(one)
    return Losses(
        levels=tuple(sorted((_level(*level, some) for level, some in levels.items()), key=lambda one: -one.points)),
        budget_points=sum(points, _NOUGHT),
        budget_forms=len(points),
        departments=_departments(figures),
        unread=sum(one.unread for one in figures.losses),
        without_budget=len(figures.heads) - len(budget),
    )


def _level(level1: str | None, level2: str | None, some: Sequence[LossSum]) -> LevelSum:
    rows, forms = sum(one.rows for one in some), sum(one.forms for one in some)
    return LevelSum(level1=level1, level2=level2, points=_points(some), rows=rows, forms=forms)


def _budget_lost(head: HeadFigures) -> Decimal | None:
    return None if head.budget_weight is None or head.budget_score is None else head.budget_weight - head.budget_score


def _departments(figures: Figures) -> tuple[DepartmentSum, ...]:
    """The departments that lost most, then the others together, with department None and `others` set."""
    points: dict[str | None, Decimal] = defaultdict(Decimal)
    heads: dict[str | None, list[HeadFigures]] = defaultdict(list)
    for head in figures.heads:
        heads[head.department].append(head)
        points[head.department] += max(_NOUGHT, _budget_lost(head) or _NOUGHT)
    for one in figures.losses:
        points[one.department] += one.points
    ranked = sorted(heads, key=lambda department: (-points[department], department or ""))
    # One bar for the others that hides a single department would hide it for nothing.
    cut = _DEPARTMENTS if len(ranked) > _DEPARTMENTS + 1 else len(ranked)
    out = [_department(department, points[department], heads[department]) for department in ranked[:cut]]
    if ranked[cut:]:
        rest = [head for department in ranked[cut:] for head in heads[department]]
        out.append(_department(None, sum((points[department] for department in ranked[cut:]), _NOUGHT), rest, others=len(ranked) - cut))
    return tuple(out)


def _department(department: str | None, points: Decimal, heads: Sequence[HeadFigures], others: int = 0) -> DepartmentSum:
    mean = _kept(points / len(heads)) if heads else _NOUGHT
    return DepartmentSum(department=department, others=others, points=points, forms=len(heads), mean=mean, money=_money(heads))


def _money(heads: Sequence[HeadFigures]) -> Money:
    budget = outturn = _NOUGHT
    forms = doubtful = unknown = 0
    for head in heads:
        scale = _scale(head.money)
        if head.doubtful:
            doubtful += 1
        elif scale is None or head.budget is None or head.outturn is None:
            unknown += 1
        else:
            forms += 1
            budget += head.budget * scale
            outturn += head.outturn * scale
    return Money(budget=_kept(budget), outturn=_kept(outturn), forms=forms, doubtful=doubtful, unknown=unknown)


def _scale(unit: str | None) -> Decimal | None:
    """万元 in the unit that a form prints; None where it prints none that is known."""
    if unit in _SCALES:
        return _SCALES[unit]
    text = fold(unit)
    return next((_SCALES[name] for name in ("百万元", *MONEY_UNITS) if name in text), None)


def _rates(heads: Sequence[HeadFigures]) -> Rates:
    """Rates against scores; forms at the same place are one spot."""
    placed = [(rate, share, head) for head in heads if (rate := _rate(head)) is not None and (share := _share(head)) is not None]
    placed.sort(key=lambda one: one[:2])
    spots: dict[tuple[Decimal, Decimal], list[HeadFigures]] = {}
    for step in _STEPS:
        spots = defaultdict(list)
        for rate, share, head in placed:
            spots[_stepped(rate, step), _stepped(share, step)].append(head)
        if len(spots) <= _SPOTS:
            break
    return Rates(
        spots=tuple(_spot(*place, some) for place, some in sorted(spots.items(), key=lambda item: item[0])),
        each=tuple(_form_rate(rate, share, head) for rate, share, head in placed),
        left_out=len(heads) - len(placed),
        step=step,
    )


def _form_rate(rate: Decimal, score: Decimal, head: HeadFigures) -> FormRate:
    # Not validated: they are very many, and come out of the tables.
    return FormRate.model_construct(
        form_id=head.form_id, project_name=head.project_name, department=head.department, year=head.year, rate=rate, score=score
    )


def _spot(rate: Decimal, score: Decimal, some: Sequence[HeadFigures]) -> Spot:
    names = tuple(head.project_name or head.form_id for head in some[:_NAMED])
    return Spot(rate=rate, score=score, forms=len(some), form_id=some[0].form_id, names=names)


def _stepped(number: Decimal, step: Decimal) -> Decimal:
    return plain((number / step).quantize(Decimal(1)) * step)


def _rate(head: HeadFigures) -> Decimal | None:
    """The printed rate in percent, else the one that follows from budget and outturn."""
    if head.rate is not None:
        return head.rate
    return _kept(head.outturn * _HUNDRED / head.budget) if head.budget and head.outturn is not None else None


def _share(head: HeadFigures) -> Decimal | None:
    """The total score in percent of the total weight; where no weight is printed it is 100."""
    if head.total_score is None or (head.total_weight is not None and head.total_weight <= 0):
        return None
    weight = _HUNDRED if head.total_weight is None else head.total_weight
    return head.total_score if weight == _HUNDRED else _kept(head.total_score * _HUNDRED / weight)


def _scores(heads: Sequence[HeadFigures]) -> Scores:
    shares: dict[int | None, list[Decimal]] = defaultdict(list)
    grades: Counter[tuple[int | None, str | None]] = Counter()
    for head in heads:
        grades[head.year, head.grade] += 1
        if (share := _share(head)) is not None:
            shares[head.year].append(share)
    every = [share for some in shares.values() for share in some]
    years = sorted(shares, key=lambda year: (year is None, year or 0))
    return Scores(
        years=tuple(_year(year, sorted(shares[year])) for year in years),
        grades=tuple(
            GradeCount(year=year, grade=grade, forms=count)
            for (year, grade), count in sorted(grades.items(), key=lambda item: (item[0][0] or 9999, item[0][1] or ""))
        ),
        forms=len(every),
        left_out=len(heads) - len(every),
        converted=sum(head.total_weight not in (None, _HUNDRED) and _share(head) is not None for head in heads),
        mean=_kept(sum(every, _NOUGHT) / len(every)) if every else None,
    )


def _year(year: int | None, shares: Sequence[Decimal]) -> YearScores:
    middle = len(shares) // 2
    low, high = shares[:middle] or shares, shares[len(shares) - middle :] or shares
    return YearScores(
        year=year,
        forms=len(shares),
        least=shares[0],
        low=_kept(Decimal(median(low))),
        middle=_kept(Decimal(median(shares))),
        high=_kept(Decimal(median(high))),
        most=shares[-1],
        mean=_kept(sum(shares, _NOUGHT) / len(shares)),
    )


def _title(rule: str) -> str:
    return RULES[rule].title if rule in RULES else rule


def _points(some: Iterable[LossSum]) -> Decimal:
    return sum((one.points for one in some), _NOUGHT)


def _kept(number: Decimal) -> Decimal:
    return plain(number.quantize(_PLACE))
