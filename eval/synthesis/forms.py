"""Made-up forms: distinct, plausible, wholly invented, and clean by every rule of design §4 as far as one form alone can be."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from eval.synthesis import content, indicators
from eval.synthesis.indicators import CENT, Draft, Writer
from schema import identity
from schema.form import Form, Funding, FundingRow, Indicator

TITLE = "项目支出绩效自评表"
BUDGET_WEIGHT = Decimal(10)
# Level-1 weights beside the budget's 10: the two defaults of design §4.
SHARES_WITHOUT_COST = {"产出指标": 50, "效益指标": 30, "满意度指标": 10}
SHARES_WITH_COST = {"成本指标": 20, "产出指标": 40, "效益指标": 20, "满意度指标": 10}
GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))


def make_form(rng: random.Random, *, rows: int | None = None, with_cost: bool | None = None) -> Form:
    """One invented form.

    Args:
        rng: all choices come from it; the same state gives the same form.
        rows: number of indicators, 7-25; 10-25 when None.
        with_cost: whether 成本指标 stands as a level of its own (the newer template); by chance when None.
    """
    topic = rng.choice(content.TOPICS)
    place = rng.choice(content.PLACES)
    year = rng.choice(content.YEARS)
    writer = Writer(rng, topic, year, bracketed=rng.random() < 0.4, miss_share=rng.choice(indicators.MISS_SHARES))
    unit_of_money = "元" if rng.random() < 0.15 else "万元"
    funding = _funding(rng, unit_of_money)
    with_cost = rng.random() < 0.6 if with_cost is None else with_cost
    drafts = _drafts(writer, rows or rng.randint(10, 25), with_cost, (funding, unit_of_money))
    table = _weighted(writer, drafts, SHARES_WITH_COST if with_cost else SHARES_WITHOUT_COST)
    total_score = (funding.total.score or Decimal(0)) + sum((row.score or Decimal(0) for row in table), Decimal(0))
    form = Form(
        form_id="",
        title=TITLE,
        fiscal_year=year,
        project_name=_project_name(rng, topic, year),
        department=place + topic.department,
        implementing_unit=place + rng.choice(topic.units),
        unit_of_money=unit_of_money,
        funding=funding,
        expected_goal=_narrative(writer, content.GOALS, place),
        actual_result=_narrative(writer, content.RESULTS, place),
        indicators=tuple(table),
        total_weight=Decimal(100),
        total_score=total_score,
        grade=next(grade for least, grade in GRADES if total_score >= least),
    )
    return with_own_id(form)


def make_forms(count: int, seed: int = 0) -> Iterator[Form]:
    """`count` forms of which no two have the same identity. Form N is the same whatever `count` is."""
    seen: set[str] = set()
    for number in range(count):
        rng = random.Random(f"{seed}:{number}")
        form = make_form(rng)
        while form.form_id in seen:
            form = make_form(rng)
        seen.add(form.form_id)
        yield form


def with_own_id(form: Form) -> Form:
    """The form with the identity its head gives it, as the first of its kind in a document."""
    return form.model_copy(update={"form_id": identity.form_id(form, 1, "")})


def _project_name(rng: random.Random, topic: content.Topic, year: int) -> str:
    prefix = rng.choice(("", "", f"{year}年", f"{year}年度"))
    return prefix + topic.name + rng.choice(content.PROJECT_KINDS) + rng.choice(content.PROJECT_TAGS)


def _funding(rng: random.Random, unit: str) -> Funding:
    scale = 10000 if unit == "元" else 1
    adjusted = Decimal(rng.randint(800, 180000)) / 100 * scale
    original = (adjusted * rng.randint(90, 115) / 100).quantize(CENT)
    share = Decimal(rng.choice((0, 0, 0, 8, 15))) / 100
    blank = rng.random() < 0.5
    parts = []
    for part in (1 - share, share, Decimal(0)):
        if not part and blank:
            parts.append(FundingRow())
            continue
        budget = (adjusted * part).quantize(CENT)
        spent = (budget * rng.choice((1000, rng.randint(905, 1000))) / 1000).quantize(CENT)
        parts.append(_funding_row((original * part).quantize(CENT), budget, spent))
    total = _funding_row(*(sum((getattr(row, column) or Decimal(0) for row in parts), Decimal(0)) for column in _COLUMNS))
    rate = total.execution_rate or Decimal(0)
    score = (BUDGET_WEIGHT * rate / 100).quantize(CENT, ROUND_HALF_UP)
    total = total.model_copy(update={"weight": BUDGET_WEIGHT, "score": score})
    return Funding(total=total, appropriation=parts[0], carryover=parts[1], other=parts[2])


_COLUMNS = ("original_budget", "adjusted_budget", "outturn")


def _funding_row(original: Decimal, adjusted: Decimal, outturn: Decimal) -> FundingRow:
    rate = (outturn / adjusted * 100).quantize(CENT, ROUND_HALF_UP) if adjusted else Decimal(0)
    return FundingRow(original_budget=original, adjusted_budget=adjusted, outturn=outturn, execution_rate=rate)


def _drafts(w: Writer, size: int, with_cost: bool, money: tuple[Funding, str]) -> list[Draft]:
    funding, unit = money
    total = funding.total
    limit = w.quantity(total.adjusted_budget or Decimal(0), unit)
    spent = w.quantity(total.outturn or Decimal(0), unit)
    satisfaction = indicators.satisfaction_drafts(w, 1 if size < 14 else 2 if size > 22 else w.rng.choice((1, 2)))
    if with_cost:
        head = [indicators.cost("成本指标", "经济成本指标", limit, spent)]
        level2 = ("社会成本指标", "生态环境成本指标")
        head += [indicators.worded(w, "成本指标", kind, pair) for kind, pair in zip(level2, content.COST_WORDS, strict=True)][: size // 9]
        tail = []
    else:
        head, tail = [], [indicators.cost("产出指标", "成本指标", limit, spent)]
    rest = size - len(head) - len(tail) - len(satisfaction)
    benefit = indicators.benefit_drafts(w, min(7, max(3, rest // 3)))
    output = indicators.output_drafts(w, rest - len(benefit))
    return [*head, *output, *tail, *benefit, *satisfaction]


def _weighted(w: Writer, drafts: list[Draft], shares: dict[str, int]) -> list[Indicator]:
    table = []
    for level1, points in shares.items():
        group = [row for row in drafts if row.level1 == level1]
        for row, weight in zip(group, _split(w.rng, points, len(group)), strict=True):
            score = (weight * row.share).quantize(CENT, ROUND_HALF_UP)
            deviation = indicators.explain(w) if score < weight else None
            table.append(
                Indicator(
                    level1=row.level1, level2=row.level2, name=row.name, target=row.target, actual=row.actual,
                    weight=weight, score=score, deviation=deviation,
                )
            )  # fmt: skip
    return table


def _split(rng: random.Random, points: int, parts: int) -> list[Decimal]:
    """Cut a number of points into parts of whole or half points."""
    halves = points * 2
    base = halves // parts
    cuts = [base - base % 2 if base >= 2 else base] * parts
    for _ in range((halves - sum(cuts)) // 2):
        cuts[rng.randrange(parts)] += 2
    cuts[rng.randrange(parts)] += halves - sum(cuts)
    return [Decimal(cut) / 2 for cut in cuts]


def _narrative(w: Writer, sentences: tuple[str, ...], place: str) -> str:
    chosen = w.rng.sample(sentences, k=w.rng.randint(2, 5))
    return "".join(chosen).format(name=w.topic.name, thing=w.topic.thing, people=w.topic.people, place=place)
