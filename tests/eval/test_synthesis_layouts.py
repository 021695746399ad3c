"""What is to be read from each layout: nothing that it does not print, and all that it does."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise

import pytest

from eval.synthesis import printed
from eval.synthesis.expected import as_read
from eval.synthesis.forms import make_forms
from eval.synthesis.layouts import LAYOUTS, vary
from eval.synthesis.sheet import make_sheet
from schema.form import Form

FORMS = list(make_forms(12, seed=4))


def test_plain_layout_prints_everything() -> None:
    for form in FORMS:
        assert as_read(form, LAYOUTS["plain"]) == form


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("≥99.00(%)", ("≥", "99.00", "%")),
        ("≤1095.52万元", ("≤", "1095.52", "万元")),
        ("=41份", ("=", "41", "份")),
        ("180家", ("", "180", "家")),
        ("95%-100%", ("", "95%-100%", "")),
        ("不少于17件", ("", "不少于17件", "")),
        ("2023年11月底前", ("", "2023年11月底前", "")),
        ("11月30日前", ("", "11月30日前", "")),
        ("2023年9月", ("", "2023年9月", "")),
        ("落实到位", ("", "落实到位", "")),
        ("≤7个工作日", ("≤", "7", "个工作日")),
    ],
)
def test_target_in_three_columns(target: str, parts: tuple[str, str, str]) -> None:
    assert printed.split_target(target) == parts


def test_target_of_three_columns_is_joined() -> None:
    form = next(form for form in FORMS if any("(%)" in (row.target or "") for row in form.indicators))
    read = as_read(form, LAYOUTS["three-columns"])
    for before, after in zip(form.indicators, read.indicators, strict=True):
        assert after.target == (before.target or "").replace("(", "").replace(")", "")
        assert after.actual == before.actual


def test_transfer_payments_have_no_weights() -> None:
    read = as_read(FORMS[0], LAYOUTS["transfer"])
    assert {(row.weight, row.score) for row in read.indicators} == {(None, None)}
    assert (read.total_weight, read.total_score, read.grade) == (None, None, None)
    assert read.funding.total.weight is None
    assert read.funding.total.original_budget is None
    assert read.funding.total.execution_rate == FORMS[0].funding.total.execution_rate
    assert read.title == f"{FORMS[0].fiscal_year}年度转移支付区域绩效目标自评表"


def test_budget_weight_in_the_heading_is_read() -> None:
    layout = LAYOUTS["score-last"]
    texts = [cell.text for row in make_sheet(FORMS[0], layout).rows for cell in row.cells]
    assert f"预算执行情况\n（{FORMS[0].unit_of_money}）\n（10分）" in texts
    assert as_read(FORMS[0], layout).funding.total.weight == Decimal(10)


def test_extras_come_in_printed_order() -> None:
    labels = [extra.label for extra in as_read(FORMS[0], LAYOUTS["extra-blocks"]).extras]
    assert labels == ["财政专户管理资金", "评价结论", "存在问题", "其他需要说明的问题", "填报人", "联系电话", "填报日期"]


def test_points_and_numbering_are_printed_but_not_read() -> None:
    form = FORMS[0]
    points = [cell.text for row in make_sheet(form, LAYOUTS["score-last"]).rows for cell in row.cells]
    assert "满意度指标(10分)" in points
    numbered = [cell.text for row in make_sheet(form, LAYOUTS["lettered-landscape"]).rows for cell in row.cells]
    assert f"指标1：{form.indicators[0].name}" in numbered
    for name in ("score-last", "lettered-landscape"):
        read = as_read(form, LAYOUTS[name])
        assert [(row.level1, row.name) for row in read.indicators] == [(row.level1, row.name) for row in form.indicators]


@pytest.mark.parametrize("name", LAYOUTS)
def test_rows_of_cells_fill_the_table(name: str) -> None:
    """Every row is covered from left to right without gap or overlap, merged cells counted on each row they cover."""
    for form in FORMS[:4]:
        rows = make_sheet(form, LAYOUTS[name]).rows
        covered: list[list[tuple[float, float]]] = [[] for _ in rows]
        for i, row in enumerate(rows):
            for cell in row.cells:
                for j in range(i, i + cell.rows):
                    covered[j].append((cell.left, cell.right))
        for spans in map(sorted, covered):
            assert spans[0][0] == 0.0
            assert spans[-1][1] == 1.0
            assert all(before[1] == after[0] for before, after in pairwise(spans))


def _identity(form: Form) -> tuple[str | None, ...]:
    return form.project_name, form.department, form.implementing_unit


@pytest.mark.parametrize("name", LAYOUTS)
def test_heads_are_read_from_every_layout(name: str) -> None:
    for form in FORMS:
        read = as_read(form, LAYOUTS[name])
        assert _identity(read) == _identity(form)
        assert (read.fiscal_year, read.unit_of_money, read.form_id) == (form.fiscal_year, form.unit_of_money, form.form_id)


def test_varied_layouts_read_the_same() -> None:
    rng = random.Random(5)
    varied = [vary(LAYOUTS["tight"], rng) for _ in range(60)]
    assert {layout.page.ruling for layout in varied} >= {"cells", "lines", "fills", "double", "jitter", "open"}
    assert {layout.page.spans for layout in varied} == {"line", "run", "char"}
    assert {layout.breaks.labels for layout in varied} == {"split", "repeat", "first"}
    assert all(as_read(FORMS[0], layout) == as_read(FORMS[0], LAYOUTS["tight"]) for layout in varied)
