"""Very many made-up forms: the same for a seed, no two of one identity, with what questions need."""

from __future__ import annotations

from eval.synthesis.many import FEWEST_ROWS, MOST_ROWS, many_forms
from schema.checks import check_form, load_profile


def test_fewer_forms_are_the_first_of_more() -> None:
    forms = list(many_forms(60, seed=3))
    assert list(many_forms(20, seed=3)) == forms[:20]
    assert list(many_forms(20, seed=4)) != forms[:20]
    assert len({form.form_id for form in forms}) == 60


def test_what_only_many_forms_have() -> None:
    forms = list(many_forms(400))
    rows = [row for form in forms for row in form.indicators]
    lost = [row for row in rows if row.weight is not None and row.score is not None and row.score < row.weight]
    explained = [row.deviation for row in lost if row.deviation not in (None, "-", "/")]
    doubtful = [form for form in forms if any(one.rule == "money-unit" for one in check_form(form, load_profile()))]
    assert all(FEWEST_ROWS <= len(form.indicators) <= MOST_ROWS for form in forms)
    assert 0 < len(doubtful) < 20
    assert len(lost) / 3 < len(explained) < len(lost)
    # Most explain themselves in words of their own, some in words that others use, too.
    assert len(explained) / 2 < len(set(explained)) < len(explained)
    again = {(form.project_name, form.implementing_unit) for form in forms}
    assert len(again) < len(forms)
    assert all("{" not in (form.expected_goal or "") + (form.actual_result or "") for form in forms)
