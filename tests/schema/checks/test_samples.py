"""The findings of the 37 sample forms: public figures with reworded texts."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from schema.canonical import read_forms
from schema.checks import Finding, check_all, load_profile
from schema.form import Form

SAMPLES = Path(__file__).parents[3] / "data" / "samples" / "gold"


@cache
def sample_forms() -> dict[str, Form]:
    return {form.form_id: form for path in sorted(SAMPLES.glob("*.json")) for form in read_forms(path)}


@cache
def findings() -> tuple[Finding, ...]:
    return tuple(check_all(list(sample_forms().values()), load_profile()))


def where(rule: str) -> set[tuple[str, str]]:
    """(form, cell) of a rule's findings, rows by their names."""
    places = set()
    for finding in findings():
        if finding.rule == rule:
            cell = finding.cell
            if cell.startswith("indicators["):
                index, field = cell.removeprefix("indicators[").split("].")
                cell = f"{sample_forms()[finding.form_id].indicators[int(index)].name}.{field}"
            places.add((finding.form_id, cell))
    return places


@pytest.mark.parametrize(
    "rule",
    ["weight-sum", "score-sum", "funding-sum", "grade-band", "execution-rate", "over-execution", "score-over-weight", "missing-field",
     "qualitative-band", "deadline-year", "missing-category"],
)  # fmt: skip
def test_nothing_to_report(rule: str) -> None:
    assert where(rule) == set()


PLACES = {
    "execution-score": {("001-2", "funding.total.score"), ("001-4", "funding.total.score")},
    "missed-full-score": {("001-3", "快递准确性.score")},
    "unit-mismatch": {("001-1", "有责投诉发生数.actual")},
    "money-unit": {("001-3", "funding.total"), ("001-4", "funding.total")},
    "goal-direction": {("004-14", "政务服务快递数.target"), ("004-14", "基本公章免费刻制数.target")},
    "narrative-number": {("003-4", "actual_result")},
    "vacuous-target": {("004-11", "服装质量达标率.target")},
    "zero-weight": {
        ("004-5", "党建管理长效管理机制健全性.weight"),
        ("004-5", "党建管理长效管理机制执行有效性.weight"),
        ("004-5", "党员职工满意度.weight"),
    },
    "duplicate-indicator": {("000-3", "成本总额.name")},
    "result-copies-goal": {(f"004-{n}", "actual_result") for n in (1, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14)},
    "low-execution": {(form, "funding.total.execution_rate") for form in ("000-2", "001-3", "001-4", "002-7", "004-3", "004-6", "004-12")},
    "budget-revised": {(form, "funding.total.adjusted_budget") for form in ("000-1", "000-3", "000-4", "001-2", "001-4")},
    "actual-copies-target": {("001-3", "企业满意度.actual")},
}


@pytest.mark.parametrize("rule", PLACES)
def test_places(rule: str) -> None:
    assert where(rule) == PLACES[rule]


def test_counts() -> None:
    counts = Counter(finding.rule for finding in findings())
    assert counts["deduction-unexplained"] == 25
    assert counts["met-deducted"] == 31
    assert counts["over-fulfilment"] == 28
    assert counts["duplicate-indicator"] == 1


def test_messages_have_the_figures() -> None:
    messages = {(f.form_id, f.rule): f.message for f in findings()}
    assert "93.08%" in messages["001-2", "execution-score"]
    assert "9.31" in messages["001-2", "execution-score"]
    assert "441个" in messages["003-4", "narrative-number"]
    assert "411.00(个)" in messages["003-4", "narrative-number"]
    assert "16000" in messages["004-14", "goal-direction"] or "40000" in messages["004-14", "goal-direction"]
