"""Profiles as data, and the table of rules."""

from __future__ import annotations

from decimal import Decimal

import pytest

from eval.fault_edits import edit
from schema.checks import RULES, Profile, check_form, load_profile, profile_names
from schema.errors import UsageError
from schema.form import Form


def test_every_profile_loads_under_its_own_name() -> None:
    assert {"shanghai", "central", "hubei"} <= set(profile_names())
    assert all(load_profile(name).name == name for name in profile_names())


def test_an_unknown_profile_names_those_that_exist() -> None:
    with pytest.raises(UsageError, match="shanghai"):
        load_profile("../shanghai")


def test_grades_must_descend() -> None:
    raw = load_profile().model_dump(by_alias=True)
    with pytest.raises(ValueError, match="best down"):
        Profile.model_validate(raw | {"grades": list(reversed(raw["grades"]))})


PARTIAL = "部分达成指标并具有一定效果"
BANDS = [
    # profile, score of 20, within its band
    ("shanghai", 16, True),
    ("central", 16, False),
    ("hubei", 16, True),
    ("shanghai", 11, False),
    ("hubei", 11, True),
]


@pytest.mark.parametrize(("profile", "score", "within"), BANDS)
def test_bands_are_the_profiles(clean: Form, profile: str, score: int, within: bool) -> None:
    form = edit(clean, {"indicators[4].actual": PARTIAL, "indicators[4].score": Decimal(score)})
    findings = [f for f in check_form(form, load_profile(profile)) if f.rule == "qualitative-band"]
    assert (not findings) is within
    assert all(f.basis == profile for f in findings)


def test_rules_run_from_grave_to_light() -> None:
    order = [rule.severity for rule in RULES.values()]
    assert order == sorted(order, key=["error", "warning", "info"].index)
    assert all(rule.title and rule.id == id for id, rule in RULES.items())
