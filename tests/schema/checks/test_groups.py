"""Forms of one unit against each other."""

from __future__ import annotations

from decimal import Decimal

from eval.fault_edits import edit
from schema.cells import AMOUNT_COLUMNS, CellValue
from schema.checks import check_all, check_group, load_profile
from schema.form import Form

PROFILE = load_profile()


def sibling(form: Form, number: int, **changes: CellValue) -> Form:
    changed = edit(form, {cell.replace("__", "."): value for cell, value in changes.items()})
    return changed.model_copy(update={"form_id": f"form-{number}", "project_name": f"项目{number}"})


def scaled(form: Form, number: int, factor: Decimal) -> Form:
    """The form with all its money multiplied."""
    rows = {"total": form.funding.total, "appropriation": form.funding.appropriation}
    amounts = {(row, column): getattr(rows[row], column) * factor for row in rows for column in AMOUNT_COLUMNS}
    changed = edit(form, {f"funding.{row}.{column}": amount for (row, column), amount in amounts.items()})
    return changed.model_copy(update={"form_id": f"form-{number}", "project_name": f"项目{number}"})


def test_two_values_of_one_measure(clean: Form) -> None:
    other = edit(clean, {"indicators[6].actual": "95.00(%)"}).model_copy(update={"form_id": "other"})
    (finding,) = check_group([clean, other], PROFILE)
    assert (finding.form_id, finding.rule, finding.cell) == ("other", "sibling-conflict", "indicators[6].actual")
    assert "91.00(%)" in finding.message
    assert "95.00(%)" in finding.message


def test_other_years_are_no_siblings(clean: Form) -> None:
    other = edit(clean, {"indicators[6].actual": "95.00(%)", "fiscal_year": 2022, "indicators[2].target": "2022年12月底前"})
    assert check_all([clean, other], PROFILE) == []


def test_other_units_are_no_siblings(clean: Form) -> None:
    other = edit(clean, {"indicators[6].actual": "95.00(%)", "implementing_unit": "某区排水所"})
    assert check_all([clean, other], PROFILE) == []


def test_the_department_stands_in_for_the_unit(clean: Form) -> None:
    forms = [edit(clean, {"implementing_unit": None}), edit(clean, {"implementing_unit": None, "indicators[6].actual": "95.00(%)"})]
    assert [finding.rule for finding in check_all(forms, PROFILE)] == ["sibling-conflict"]


def test_money_beyond_all_proportion(clean: Form) -> None:
    small = Decimal("0.05")
    forms = [scaled(clean, i, small) for i in range(3)] + [scaled(clean, 9, small * 10_000)]
    (finding,) = check_all(forms, PROFILE)
    assert (finding.form_id, finding.rule, finding.cell) == ("form-9", "money-unit", "funding.total")
    assert finding.computed == "6"


def test_money_is_reported_once(clean: Form) -> None:
    forms = [scaled(clean, 0, Decimal(1)), scaled(clean, 1, Decimal(10_000))]
    assert [finding.rule for finding in check_all(forms, PROFILE)] == ["money-unit"]


def test_findings_come_in_form_order(clean: Form) -> None:
    forms = [sibling(clean, i, total_weight=Decimal(90 + i)) for i in range(3)]
    forms[0] = edit(forms[0], {"indicators[6].actual": "95.00(%)"})
    assert [(f.form_id, f.rule) for f in check_all(forms, PROFILE)] == [
        ("form-0", "weight-sum"),
        ("form-1", "weight-sum"),
        ("form-1", "sibling-conflict"),
        ("form-2", "weight-sum"),
        ("form-2", "sibling-conflict"),
    ]
