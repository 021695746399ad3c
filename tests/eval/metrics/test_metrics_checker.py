"""The checker's figures: faults found and missed are counted under the right rule; the samples' own findings are not counted."""

from __future__ import annotations

from collections import Counter

import pytest

from eval.metrics.checker import PlantedFault, checker_figures, find_false_alarms, plant_everywhere
from eval.synthesis.forms import make_forms
from schema.checks import RULES, load_profile
from schema.form import Form

PROFILE = load_profile()
CLEAN = list(make_forms(12, seed=4))


def test_every_rule_has_its_row_and_is_found(gold_forms: dict[str, list[Form]]) -> None:
    forms = [*gold_forms["jiading-2024"][:2], *CLEAN[:3]]
    figures = checker_figures(plant_everywhere(forms, (1,), PROFILE), find_false_alarms(CLEAN, PROFILE), len(CLEAN))
    assert [rule.rule for rule in figures.rules] == list(RULES)
    assert (figures.recall, figures.precision, figures.false_alarms) == (1, 1, 0)
    assert all(rule.planted for rule in figures.rules)
    assert (figures.forms, figures.seeds, figures.clean_forms) == (5, (1,), 12)
    assert figures.missed == ()


def test_the_same_seed_gives_the_same_figures() -> None:
    once, again = (plant_everywhere(CLEAN[:1], (7,), PROFILE) for _ in range(2))
    assert once == again


def test_a_missed_fault_and_what_is_raised_beyond_count_against_their_rules() -> None:
    planted = [
        PlantedFault("a", "weight-sum", "total_weight", 1, found=True),
        PlantedFault("b", "weight-sum", "total_weight", 1, found=False, beyond=(("score-sum", "total_score"),)),
        PlantedFault("c", "weight-sum", "total_weight", 1, found=False, occupied=True),
        PlantedFault("a", "score-sum", "total_score", 1, found=True, beyond=(("score-sum", "grade"),)),
    ]
    figures = checker_figures(planted, Counter({"grade-band": 2}), 5)
    by = {rule.rule: rule for rule in figures.rules}
    weight, score, grade = by["weight-sum"], by["score-sum"], by["grade-band"]
    assert (weight.planted, weight.found, weight.occupied, weight.recall, weight.precision) == (2, 1, 1, 0.5, 1)
    assert (score.recall, score.beyond, score.precision) == (1, 2, pytest.approx(1 / 3, abs=1e-6))
    assert (grade.planted, grade.recall, grade.precision, grade.false_alarms) == (0, None, None, 2)
    assert (figures.planted, figures.found, figures.beyond, figures.false_alarms) == (3, 2, 2, 2)
    assert [told.partition(":")[2] for told in figures.missed] == [
        " not found",
        " brought score-sum on total_score",
        " brought score-sum on grade",
    ]


def test_a_form_with_findings_of_its_own_raises_false_alarms(gold_forms: dict[str, list[Form]]) -> None:
    found = find_false_alarms(gold_forms["minhang-services-2024"], PROFILE)
    assert found.total() > 0
    assert set(found) <= set(RULES)
