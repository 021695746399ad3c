"""Points lost by cause, by level and by department, as charts."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from agents.analysis_records import Analysis, Causes, DepartmentSum, LevelSum
from store.figures import Wanted
from ui.web.analysis_plots import AMBER, BLUE, GREEN, GREY, ORANGE, VIOLET, Bar, bars, plain_text
from ui.web.analysis_table import MOST_BARS, Chart, Row, headings_of, number, share, told, where
from ui.web.site import Visitor

_LEVEL_COLOURS = {"产出": BLUE, "效益": GREEN, "满意": VIOLET, "成本": ORANGE}


def causes_chart(seen: Causes, visitor: Visitor) -> Chart:
    """Points lost by cause."""
    say = visitor.say
    named = [one for one in seen.sums if one.cause not in ("unsaid", "other")]
    unsaid = next((one for one in seen.sums if one.cause == "unsaid"), None)
    leaders = say("analysis.comma").join(
        say("analysis.causes.one", name=say(f"analysis.cause.{one.cause}"), points=number(one.points)) for one in named[:3]
    )
    words = say("analysis.causes.none", forms=number(seen.forms))
    if seen.rows:
        most = say("analysis.causes.most", names=leaders) if leaders else ""
        rest = say("analysis.causes.unsaid", rows=number(unsaid.rows), points=number(unsaid.points)) if unsaid else ""
        counted = {"forms": number(seen.forms), "rows": number(seen.rows), "points": number(seen.points)}
        words = say("analysis.causes.words", **counted, most=most, rest=rest)
    drawn = [
        Bar(
            name=(name := say(f"analysis.cause.{one.cause}")),
            length=one.points,
            text=number(one.points),
            hover=f"{name}<br>{number(one.points)} · {share(one.points, seen.points)}%<br>{say('analysis.sum.rows', n=one.rows)}",
            colour=BLUE if one.cause not in ("unsaid", "other") else GREY,
            hatch={"unsaid": "/", "other": "."}.get(one.cause, ""),
        )
        for one in seen.sums
    ]
    rows = tuple(
        Row((bar.name, number(one.points), share(one.points, seen.points), number(one.rows), number(one.forms)))
        for bar, one in zip(drawn, seen.sums, strict=True)
    )
    notes = (say("analysis.causes.several", n=number(seen.several)),) if seen.several else ()
    headings = headings_of(visitor, "cause", "points", "share", "rows", "forms")
    return Chart("causes", words, notes, headings, rows, bars(drawn, say("analysis.points.axis")) if drawn else None, 4)


def levels_chart(seen: Analysis, visitor: Visitor) -> Chart:
    """Points lost by level 1 and 2, the execution of the budget among them."""
    say, losses = visitor.say, seen.losses
    whole = losses.budget_points + sum((one.points for one in losses.levels), Decimal(0))
    lines: list[tuple[str, Decimal, int, int, LevelSum | None]] = [
        (_level(one, visitor), one.points, one.rows, one.forms, one) for one in losses.levels
    ]
    execution = say("analysis.levels.execution")
    if losses.budget_points:
        lines.append((execution, losses.budget_points, losses.budget_forms, losses.budget_forms, None))
    lines.sort(key=lambda line: -line[1])
    drawn = [Bar(name, points, number(points), _hover(name, points, whole), _colour(one)) for name, points, _, _, one in lines[:MOST_BARS]]
    if rest := lines[MOST_BARS:]:
        points = sum((line[1] for line in rest), Decimal(0))
        name = say("analysis.levels.others", n=len(rest))
        drawn.append(Bar(name, points, number(points), _hover(name, points, whole), GREY, "/"))
    spent = {"points": number(losses.budget_points), "n": number(losses.budget_forms)}
    budget = say("analysis.levels.budget", **spent) if losses.budget_points else ""
    words = say("analysis.nothing")
    if lines:
        words = say("analysis.levels.words", most=lines[0][0], points=number(whole), share=share(lines[0][1], whole), budget=budget)
    rows = tuple(
        Row((*(_levels_of(one, visitor) if one else (execution, "")), number(points), share(points, whole), number(count), number(forms)))
        for _, points, count, forms, one in lines
    )
    notes = told(visitor, ("analysis.unread", losses.unread), ("analysis.without_budget", losses.without_budget))
    headings = headings_of(visitor, "level1", "level2", "points", "share", "rows", "forms")
    return Chart("levels", words, notes, headings, rows, bars(drawn, say("analysis.points.axis")) if drawn else None, 4)


def departments_chart(seen: Analysis, visitor: Visitor) -> Chart:
    """Points lost by department, those that lost most."""
    say = visitor.say
    found = seen.losses.departments
    drawn = [
        Bar(
            name=_department(one, visitor),
            length=one.points,
            text=number(one.points),
            hover=_hover_department(one, visitor),
            link=_of_department(one, seen.wanted),
        )
        for one in found
    ]
    # Very many small departments together would dwarf all bars.
    shown = [bar for bar, one in zip(drawn, found, strict=True) if not one.others]
    rest = [say("analysis.departments.rest", n=one.others, points=number(one.points)) for one in found if one.others]
    words = say("analysis.nothing")
    if found:
        first = found[0]
        mean = sum((one.points for one in found), Decimal(0)) / seen.forms
        said = {"forms": number(first.forms), "points": number(first.points), "mean": number(first.mean), "all": number(mean)}
        words = say("analysis.departments.words", most=_department(first, visitor), **said)
    rows = tuple(
        Row((bar.name, number(one.forms), number(one.points), number(one.mean), *_amounts(one)), bar.link)
        for bar, one in zip(drawn, found, strict=True)
    )
    notes = (*rest, *told(visitor, ("analysis.money.doubtful", seen.money.doubtful), ("analysis.money.unknown", seen.money.unknown)))
    headings = headings_of(visitor, "department", "forms", "points", "mean", "budget", "outturn", "rate", "money_forms")
    return Chart("departments", words, notes, headings, rows, bars(shown, say("analysis.points.axis")) if shown else None, 7)


def _hover(name: str, points: Decimal, whole: Decimal) -> str:
    return f"{plain_text(name)}<br>{number(points)} · {share(points, whole)}%"


def _levels_of(one: LevelSum, visitor: Visitor) -> tuple[str, str]:
    unknown = visitor.say("analysis.unknown")
    return one.level1 or unknown, one.level2 or unknown


def _level(one: LevelSum, visitor: Visitor) -> str:
    """Both levels where the second does not say it all by itself."""
    level1, level2 = _levels_of(one, visitor)
    return f"{level1.removesuffix('指标')} · {level2.removesuffix('指标')}"


def _colour(one: LevelSum | None) -> str:
    if one is None:
        return AMBER
    return next((colour for word, colour in _LEVEL_COLOURS.items() if word in (one.level1 or "")), GREY)


def _department(one: DepartmentSum, visitor: Visitor) -> str:
    if one.others:
        return visitor.say("analysis.departments.others", n=one.others)
    return one.department or visitor.say("analysis.unknown")


def _hover_department(one: DepartmentSum, visitor: Visitor) -> str:
    label = visitor.say("analysis.departments.label", points=number(one.points), mean=number(one.mean))
    return f"{plain_text(_department(one, visitor))}<br>{label}<br>{visitor.say('analysis.sum.in_forms', n=number(one.forms))}"


def _of_department(one: DepartmentSum, wanted: Wanted) -> str:
    """The same page for this department; nothing where it is all there is."""
    if one.department is None or wanted.department is not None:
        return ""
    return "/analysis?" + urlencode(where(wanted.model_copy(update={"department": one.department})))


def _amounts(one: DepartmentSum) -> tuple[str, str, str, str]:
    money = one.money
    return number(money.budget), number(money.outturn), share(money.outturn, money.budget) if money.budget else "", number(money.forms)
