"""Made-up forms: the same each time, all different, clean by every rule, and nobody's real form."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from data import samples
from eval.synthesis.forms import make_form, make_forms
from schema.canonical import dump_forms, load_forms, read_forms
from schema.checks import check_all, load_profile
from schema.form import Form


def test_same_state_same_form() -> None:
    assert make_form(random.Random(7)) == make_form(random.Random(7))
    assert make_form(random.Random(7)) != make_form(random.Random(8))


def test_a_form_does_not_depend_on_how_many_are_made() -> None:
    assert list(make_forms(20))[:5] == list(make_forms(5))
    assert list(make_forms(3, seed=1)) != list(make_forms(3, seed=2))


def test_identities_are_distinct() -> None:
    forms = list(make_forms(400))
    assert len({form.form_id for form in forms}) == 400


def test_no_rule_finds_anything() -> None:
    forms = list(make_forms(300, seed=11))
    profile = load_profile()
    assert [finding for form in forms for finding in check_all([form], profile)] == []


def test_a_planted_error_is_found() -> None:
    """The silence above is not that of rules without inputs."""
    form = next(make_forms(1))
    wrong = form.model_copy(update={"total_score": (form.total_score or Decimal(0)) - 1})
    assert {finding.rule for finding in check_all([wrong], load_profile())} == {"score-sum"}


@pytest.mark.parametrize("rows", [7, 10, 17, 25])
@pytest.mark.parametrize("with_cost", [True, False])
def test_number_of_rows_and_weights(rows: int, with_cost: bool) -> None:
    for seed in range(30):
        form = make_form(random.Random(seed), rows=rows, with_cost=with_cost)
        assert len(form.indicators) == rows
        assert sum(row.weight or 0 for row in form.indicators) == 90
        assert ("成本指标" in {row.level1 for row in form.indicators}) == with_cost


def test_variety() -> None:
    forms = list(make_forms(300))
    rows = [row for form in forms for row in form.indicators]
    assert {len(form.indicators) for form in forms} == set(range(10, 26))
    assert {form.grade for form in forms} >= {"优", "良", "中"}
    assert {form.unit_of_money for form in forms} == {"万元", "元"}
    assert any(len(row.deviation or "") > 100 for row in rows)
    assert all(row.deviation is None for row in rows if row.score == row.weight)
    assert any(form.funding.other.outturn is None for form in forms)
    targets = "".join(row.target or "" for row in rows)
    assert all(mark in targets for mark in ("≥", "≤", "=", "不少于", "不超过", "%-100%", "月底前", "(%)"))


def test_canonical_json_round_trip() -> None:
    forms = list(make_forms(30))
    assert load_forms(dump_forms(forms), "made up") == forms


def test_nothing_is_taken_from_the_samples() -> None:
    real = [form for path in (samples() / "gold").glob("*.json") for form in read_forms(path)]
    assert len(real) == 37
    made = list(make_forms(200))
    assert _heads(real).isdisjoint(_heads(made))
    narratives = {text for form in real for text in (form.expected_goal, form.actual_result)}
    assert narratives.isdisjoint({text for form in made for text in (form.expected_goal, form.actual_result)})


def _heads(forms: list[Form]) -> set[str | None]:
    return {text for form in forms for text in (form.project_name, form.department, form.implementing_unit)}
