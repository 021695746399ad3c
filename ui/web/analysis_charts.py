"""Rates, scores, grades and findings as charts: what each says in words, its rows, and its plot; in a visitor's language."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import groupby
from statistics import median
from urllib.parse import urlencode

from agents.analysis_records import Analysis, RuleSum, YearScores
from store.figures import Wanted
from ui.web.analysis_losses import departments_chart, levels_chart
from ui.web.analysis_plots import AMBER, BLUE, GREY, RED, SHADES, VIOLET, Bar, bars, boxes, plain_text, spots, stacks
from ui.web.analysis_table import MOST_BARS, Chart, Row, form_link, headings_of, number, share, told, where
from ui.web.site import Visitor
from ui.web.vocabulary import rule_title

_LOW_RATE, _HIGH_SCORE = Decimal(80), Decimal(90)
_SEVERITIES = {"error": RED, "warning": AMBER, "info": BLUE}
_GRADES = ("优", "良", "中", "差")


def rates_chart(seen: Analysis, visitor: Visitor) -> Chart:
    """Execution rate against score, and the forms themselves as rows."""
    say, rates = visitor.say, seen.rates.each
    words = say("analysis.nothing")
    if rates:
        low = [one for one in rates if one.rate < _LOW_RATE]
        words = say(
            "analysis.rates.words",
            forms=number(len(rates)),
            rate=number(median(one.rate for one in rates)),
            score=number(median(one.score for one in rates)),
            low=number(len(low)),
            high=number(sum(one.score >= _HIGH_SCORE for one in low)),
        )
    places = []
    for spot in seen.rates.spots:
        names = "<br>".join(plain_text(name, 40) for name in spot.names) + ("<br>…" if spot.forms > len(spot.names) else "")
        where_ = f"{say('analysis.col.rate')} {number(spot.rate)} · {say('analysis.col.score')} {number(spot.score)}"
        counted = f"<br>{say('analysis.sum.in_forms', n=spot.forms)}" if spot.forms > 1 else ""
        places.append((float(spot.rate), float(spot.score), spot.forms, f"{names}<br>{where_}{counted}", form_link(spot.form_id)))
    rows = tuple(
        Row(
            (one.form_id, one.project_name or "", one.department or "", str(one.year or ""), number(one.rate), number(one.score)),
            form_link(one.form_id),
        )
        for one in rates
    )
    merged = (say("analysis.rates.step", step=number(seen.rates.step)),) if seen.rates.step > Decimal("0.1") else ()
    notes = (say("analysis.rates.click"), *merged, *told(visitor, ("analysis.rates.left_out", seen.rates.left_out)))
    headings = headings_of(visitor, "form", "project", "department", "year", "rate", "score")
    plot = spots(places, (say("analysis.rates.axis"), say("analysis.scores.axis"))) if places else None
    return Chart("rates", words, notes, headings, rows, plot, 3, linked=1)


def scores_chart(seen: Analysis, visitor: Visitor) -> Chart:
    """The distribution of scores in each year."""
    say, scores = visitor.say, seen.scores
    said = (
        say(
            "analysis.scores.year",
            year=_year(one.year, visitor),
            forms=number(one.forms),
            middle=number(one.middle),
            least=number(one.least),
        )
        for one in scores.years
    )
    words = say("analysis.scores.words", years=say("analysis.semicolon").join(said)) if scores.years else say("analysis.nothing")
    rows = tuple(Row((_year(one.year, visitor), number(one.forms), *map(number, _numbers(one)))) for one in scores.years)
    notes = told(visitor, ("analysis.scores.converted", scores.converted), ("analysis.scores.left_out", scores.left_out))
    headings = headings_of(visitor, "year", "forms", "least", "low", "middle", "high", "most", "average")
    drawn = [(_year(one.year, visitor), _numbers(one)) for one in scores.years]
    return Chart("scores", words, notes, headings, rows, boxes(drawn, say("analysis.scores.axis")) if drawn else None, 7)


def grades_chart(seen: Analysis, visitor: Visitor) -> Chart:
    """Grades in each year."""
    say, counts = visitor.say, seen.scores.grades
    grades = sorted({one.grade for one in counts}, key=_rank)
    totals = {grade: sum(one.forms for one in counts if one.grade == grade) for grade in grades}
    names = {grade: grade or say("analysis.grades.unknown") for grade in grades}
    shares = {grade: share(totals[grade], seen.forms) for grade in grades}
    said = (say("analysis.grades.one", grade=names[grade], n=number(totals[grade]), share=shares[grade]) for grade in grades)
    words = say("analysis.grades.words", forms=number(seen.forms), grades=say("analysis.comma").join(said))
    by_year = [(year, {one.grade: one.forms for one in some}) for year, some in groupby(counts, key=lambda one: one.year)]
    rows = tuple(
        Row((_year(year, visitor), names[grade], number(found[grade]), share(found[grade], sum(found.values()))))
        for year, found in by_year
        for grade in grades
        if grade in found
    )
    parts = [(names[grade], [found.get(grade, 0) for _, found in by_year], *_shade(grade)) for grade in grades]
    plot = stacks([_year(year, visitor) for year, _ in by_year], parts, say("analysis.forms.axis")) if parts else None
    return Chart("grades", words, (), headings_of(visitor, "year", "grade", "forms", "share"), rows, plot, 2)


def rules_chart(seen: Analysis, visitor: Visitor) -> Chart:
    """The most frequent findings."""
    say = visitor.say
    drawn = [
        Bar(
            name=_finding(one, visitor),
            length=Decimal(one.findings),
            text=number(one.findings),
            hover=f"{_finding(one, visitor)}<br>{say('analysis.rules.bar', findings=number(one.findings), forms=number(one.forms))}",
            colour=_SEVERITIES[one.severity],
            link=_of_rule(one, seen.wanted),
        )
        for one in seen.rules[:MOST_BARS]
    ]
    words = say("analysis.rules.none", forms=number(seen.forms))
    if seen.rules:
        first, whole = seen.rules[0], sum(one.findings for one in seen.rules)
        said = {"n": number(first.findings), "forms": number(first.forms), "findings": number(whole)}
        words = say("analysis.rules.words", most=_rule(first, visitor), **said)
    rows = tuple(
        Row(
            (say(f"analysis.severity.{one.severity}"), _rule(one, visitor), number(one.findings), number(one.forms)),
            _of_rule(one, seen.wanted),
        )
        for one in seen.rules
    )
    headings = headings_of(visitor, "severity", "rule", "findings", "forms")
    return Chart("rules", words, (), headings, rows, bars(drawn, say("analysis.findings.axis")) if drawn else None, 2, linked=1)


def _of_rule(one: RuleSum, wanted: Wanted) -> str:
    chosen = where(wanted)
    return "/findings?" + urlencode({"rule": one.rule} | {name: chosen[name] for name in ("year", "department") if name in chosen})


def _rule(one: RuleSum, visitor: Visitor) -> str:
    return rule_title(visitor, one.rule)


def _finding(one: RuleSum, visitor: Visitor) -> str:
    return f"{visitor.say(f'analysis.severity.{one.severity}')} · {_rule(one, visitor)}"


def _year(year: int | None, visitor: Visitor) -> str:
    return visitor.say("analysis.year.unknown") if year is None else str(year)


def _numbers(one: YearScores) -> tuple[Decimal, ...]:
    return one.least, one.low, one.middle, one.high, one.most, one.mean


def _rank(grade: str | None) -> tuple[int, str]:
    known = _GRADES.index(grade) if grade in _GRADES else len(_GRADES)
    return (known if grade is not None else len(_GRADES) + 1), grade or ""


def _shade(grade: str | None) -> tuple[str, str]:
    if grade in _GRADES:
        return SHADES[_GRADES.index(grade)], ""
    return (GREY, "/") if grade is None else (VIOLET, ".")


Maker = Callable[[Analysis, Visitor], Chart]
MAKERS: dict[str, Maker] = {
    "levels": levels_chart,
    "departments": departments_chart,
    "rates": rates_chart,
    "scores": scores_chart,
    "grades": grades_chart,
    "rules": rules_chart,
}
"""Charts that are made of an analysis alone."""
KEYS = ("causes", "levels", "departments", "rates", "scores", "grades", "rules")
"""In the order of the page."""
