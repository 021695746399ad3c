"""The deterministic checker: rules over one form, and over all forms of one unit.

    findings = check_all(forms, load_profile())

A rule that lacks its inputs is silent. Thresholds, bands and tolerances come from the profile, severities from RULES.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from schema.checks.execution import budget_revised, execution_rate, execution_score, low_execution, money_unit, over_execution
from schema.checks.finding import RULES, Family, Finding, Rule, Severity
from schema.checks.narrative import narrative_number, result_copies_goal
from schema.checks.presence import categories, duplicate_indicator, missing_field
from schema.checks.profile import Profile, load_profile, profile_names
from schema.checks.scoring import grade_band, scores
from schema.checks.siblings import across, unit_key
from schema.checks.sums import funding_sum, score_sum, weight_sum
from schema.checks.targets import targets
from schema.checks.version import rules_version
from schema.checks.view import Check, FormView
from schema.form import Form

_CHECKS: tuple[Check, ...] = (
    missing_field, funding_sum, execution_rate, execution_score, over_execution, low_execution, budget_revised, money_unit,
    scores, targets, duplicate_indicator, weight_sum, score_sum, grade_band, categories, narrative_number, result_copies_goal,
)  # fmt: skip


def check_form(form: Form, profile: Profile) -> list[Finding]:
    """The findings of all rules that need one form only, in the order of the form's blocks."""
    return _check(FormView(form, profile))


def check_group(forms: Sequence[Form], profile: Profile) -> list[Finding]:
    """The findings of the rules that compare forms with each other; the forms are taken to be of one unit."""
    return [finding for _, finding in across([FormView(form, profile) for form in forms], profile)]


def check_all(forms: Sequence[Form], profile: Profile) -> list[Finding]:
    """All findings of all forms, in form order. Forms are compared within their implementing unit, or department where none is printed."""
    views = [FormView(form, profile) for form in forms]
    found = [_check(view) for view in views]
    groups: dict[str, list[int]] = defaultdict(list)
    for i, form in enumerate(forms):
        if key := unit_key(form):
            groups[key].append(i)
    for members in groups.values():
        for place, finding in across([views[i] for i in members], profile):
            found[members[place]].append(finding)
    return [finding for findings in found for finding in findings]


def _check(view: FormView) -> list[Finding]:
    return [finding for check in _CHECKS for finding in check(view)]


__all__ = [
    "RULES",
    "Family",
    "Finding",
    "Profile",
    "Rule",
    "Severity",
    "check_all",
    "check_form",
    "check_group",
    "load_profile",
    "profile_names",
    "rules_version",
]
