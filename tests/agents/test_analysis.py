"""Sums over a selection of forms: the same as reckoned by hand, and what was left out is told."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from agents.analysis import Analyst
from eval.synthesis.many import many_forms
from schema.form import Form, Funding
from schema.identity import with_ids
from store import Store
from store.figures import Wanted
from tests.answering import import_all
from tests.factories import D, make_form, make_indicator, sha


def _funding(budget: str, outturn: str, rate: str | None, score: str) -> Funding:
    form = make_form()
    total = form.funding.total.model_copy(
        update={"adjusted_budget": D(budget), "outturn": D(outturn), "execution_rate": None if rate is None else D(rate), "score": D(score)}
    )
    return form.funding.model_copy(update={"total": total})


FORMS = (
    make_form(
        "甲", department="甲局", fiscal_year=2023, grade="优", total_score=D("91.5"), funding=_funding("100", "60", "60", "6"),
        indicators=(
            make_indicator(0, score=D(14), deviation="机构改革，职能划转；系统故障频发"),
            make_indicator(1, score=D("13.5"), deviation=None),
            make_indicator(2, score=None),
        ),
    ),
    make_form(
        "乙", department="乙局", fiscal_year=2024, grade=None, total_weight=D(120), total_score=D(108), unit_of_money="元",
        funding=_funding("200000", "100000", None, "10"), indicators=(make_indicator(0, score=D(12), deviation="进一步提升质量"),),
    ),
    make_form("丙", department="乙局", fiscal_year=2024, total_score=None, unit_of_money=None, indicators=()),
)  # fmt: skip


@pytest.fixture
def analyst(tmp_path: Path) -> Iterator[Analyst]:
    with Store.open(tmp_path / "home") as store:
        import_all(store, with_ids(FORMS, sha("forms")), tmp_path)
        yield Analyst(store)


def test_points_are_added_up_by_level_and_department(analyst: Analyst) -> None:
    losses = analyst.look(Wanted()).losses
    assert [(one.level2, one.points, one.rows, one.forms) for one in losses.levels] == [
        ("数量指标", D(4), 2, 2), ("质量指标", D("1.5"), 1, 1),
    ]  # fmt: skip
    assert (losses.budget_points, losses.budget_forms, losses.unread, losses.without_budget) == (D(4), 1, 1, 0)
    assert [(one.department, one.points, one.forms, one.mean) for one in losses.departments] == [
        ("甲局", D("6.5"), 1, D("6.5")), ("乙局", D(3), 2, D("1.5")),
    ]  # fmt: skip


def test_causes_share_the_points_of_an_explanation(analyst: Analyst) -> None:
    seen = analyst.causes(Wanted())
    assert {one.cause: one.points for one in seen.sums} == {
        "机构改革与职能划转": D("0.5"), "技术故障": D("0.5"), "unsaid": D("1.5"), "other": D(3),
    }  # fmt: skip
    assert [one.cause for one in seen.sums][2:] == ["other", "unsaid"]
    assert (seen.rows, seen.points, seen.several) == (3, D("5.5"), 1)


def test_money_is_in_one_unit_and_leaves_out_what_has_none(analyst: Analyst) -> None:
    money = analyst.look(Wanted()).money
    assert (money.budget, money.outturn, money.forms, money.unknown) == (D(120), D(70), 2, 1)


def test_scores_are_percent_and_rates_follow_from_amounts_where_none_is_printed(analyst: Analyst) -> None:
    seen = analyst.look(Wanted())
    assert [(spot.rate, spot.score, spot.names) for spot in seen.rates.spots] == [(D(50), D(90), ("乙",)), (D(60), D("91.5"), ("甲",))]
    assert seen.rates.left_out == 1
    assert [(one.year, one.forms, one.middle) for one in seen.scores.years] == [(2023, 1, D("91.5")), (2024, 1, D(90))]
    assert (seen.scores.converted, seen.scores.left_out, seen.scores.mean) == (1, 1, D("90.75"))
    assert {(one.year, one.grade): one.forms for one in seen.scores.grades}[2023, "优"] == 1


def test_filters_hold_for_everything(analyst: Analyst) -> None:
    wanted = Wanted(year=2024, department="乙局")
    seen = analyst.look(wanted)
    assert seen.forms == 2
    assert [one.department for one in seen.losses.departments] == ["乙局"]
    assert analyst.causes(wanted).points == D(3)
    assert {form.project_name for form in seen.rates.each} == {"乙"}
    assert len(seen.choices) == 2
    assert analyst.look(Wanted(unit="没有这个单位")).forms == 0


def test_doubtful_money_is_not_added(tmp_path: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        forms = import_all(store, list(many_forms(400)), tmp_path)
        doubted = {finding.form_id for finding in store.findings(rule="money-unit")}
        money = Analyst(store).look(Wanted()).money
    sure = [form for form in forms if form.form_id not in doubted]
    assert doubted
    assert money.doubtful == len(doubted)
    assert money.outturn == sum((_wan(form) for form in sure), Decimal(0))


def test_a_correction_counts_at_once(analyst: Analyst, tmp_path: Path) -> None:
    before = analyst.causes(Wanted())
    with Store.open(tmp_path / "home") as store:
        form_id = next(form.form_id for form in store.forms() if form.project_name == "乙")
        store.correct(form_id, "indicators[0].deviation", "系统故障", "李四")
    after = analyst.causes(Wanted())
    assert after.points == before.points
    assert {one.cause for one in after.sums} == {"机构改革与职能划转", "技术故障", "unsaid"}


def test_many_places_become_few_spots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.analysis._SPOTS", 20)
    with Store.open(tmp_path / "home") as store:
        import_all(store, list(many_forms(120)), tmp_path)
        rates = Analyst(store).look(Wanted()).rates
    assert len(rates.spots) <= 60
    assert sum(spot.forms for spot in rates.spots) == len(rates.each)
    assert rates.step > D("0.01")


def _wan(form: Form) -> Decimal:
    outturn = form.funding.total.outturn or Decimal(0)
    return outturn / 10_000 if form.unit_of_money == "元" else outturn
