"""Templates and page breaks that made real programs' PDFs go wrong, each as the smallest table that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from agents.extract.layout import read_form
from schema.form import Form
from tests.agents.extract.grids import COLUMN, Entry, block, line, table

Rows = list[Sequence[Entry]]

HEAD: Rows = [[("项目名称", 2, 1), ("甲项目", 6, 1)], [("主管部门", 2, 1), ("乙局", 2, 1), ("实施单位", 2, 1), ("丙中心", 2, 1)]]
HEADER: Rows = [["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析"]]
TOTAL: Rows = [[("总分", 5, 1), "100", "90", ""]]


def _indicator(name: str, *labels: Entry, deviation: Sequence[Entry] = ("",)) -> Sequence[Entry]:
    return [*labels, name, "≥1个", "1个", "5", "5", *deviation]


BODY: Rows = [_indicator("指标甲", "产出指标", "数量指标")]


def _read(*rows: Rows) -> Form:
    form = read_form(block(table(1, [row for part in rows for row in part])))
    assert form is not None
    return form


def _read_pages(first: Rows, *later: Rows) -> Form:
    form = read_form(block(*(table(page, rows) for page, rows in enumerate((first, *later), 1))))
    assert form is not None
    return form


@pytest.mark.parametrize(
    "goals",
    [
        pytest.param(
            [[("年度总体目标", 4, 1), ("年度总体目标完成情况综述", 4, 1)], [("做甲事。", 4, 1), ("做完了。", 4, 1)]], id="heading-as-label"
        ),
        pytest.param(
            [[("年度总体目标", 2, 1), ("做甲事。", 6, 1)], [("年度总体目标完成情况", 2, 1), ("做完了。", 6, 1)]], id="heading-above"
        ),
        pytest.param(
            [[("年度总体目标完成情况", 1, 2), "年初设定目标", ("做甲事。", 6, 1)], ["实际完成情况", ("做完了。", 6, 1)]],
            id="heading-like-result",
        ),
        pytest.param([[("总体绩效目标", 2, 1), ("做甲事。", 6, 1)], [("总体目标完成情况", 2, 1), ("做完了。", 6, 1)]], id="guangdong"),
    ],
)
def test_goals_under_headings_that_are_labels(goals: Rows) -> None:
    form = _read(HEAD, goals, HEADER, BODY, TOTAL)
    assert (form.expected_goal, form.actual_result) == ("做甲事。", "做完了。")


@pytest.mark.parametrize(
    ("total", "grade", "marked"),
    [
        pytest.param([[("总分", 5, 1), "100", "90", "优"]], "优", False, id="alone"),
        pytest.param([[("总分", 5, 1), "100", "90", "等级：良"]], "良", False, id="labelled"),
        pytest.param(
            [[("总分", 3, 1), ("", 2, 1), "100", "90", ""], [("评价等级", 3, 1), ("优□ 良☑ 中□ 差□", 5, 1)]], None, True, id="boxes"
        ),
    ],
)
def test_grades_of_the_total_row(total: Rows, grade: str | None, marked: bool) -> None:
    form = _read(HEAD, HEADER, BODY, total)
    assert form.total_score == 90
    assert grade is None or form.grade == grade
    assert ("grade" in {mark.cell for mark in form.review}) == marked


def test_subtotals_are_no_indicators_and_no_gap() -> None:
    body: Rows = [_indicator("指标甲", ("产出指标", 1, 2), "数量指标"), [("小计", 4, 1), "5", "5", ""]]
    form = _read(HEAD, HEADER, body, TOTAL)
    assert [row.name for row in form.indicators] == ["指标甲"]
    assert [(extra.label, extra.text) for extra in form.extras] == [("小计", "5 5")]
    assert form.review == ()


def test_a_single_row_of_amounts_is_the_total() -> None:
    funding: Rows = [
        [("预算执行情况（万元）", 2, 2), "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["10.00", "20.00", "15.00", "10", "75%", "7.5"],
    ]
    assert _read(HEAD, funding, HEADER, BODY, TOTAL).funding.total.outturn == 15


@pytest.mark.parametrize(("label", "known"), [("年度财政资金总额", True), ("全部的钱", False)])
def test_a_total_row_by_another_name_is_read_or_announced(label: str, known: bool) -> None:
    funding: Rows = [
        [("项目资金（万元）", 2, 2), "", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        [label, "20.00", "15.00", "10", "75%", "7.5"],
    ]
    form = _read(HEAD, funding, HEADER, BODY, TOTAL)
    assert form.funding.total.outturn == (15 if known else None)
    assert {mark.cell for mark in form.review} == (set() if known else {"funding.total.adjusted_budget", "funding.total.outturn"})


def test_a_heading_that_names_points_is_no_missing_row() -> None:
    header: Rows = [["一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"]]
    rows: Rows = [["产出指标", "数量指标", "指标甲", "≥1个", "1个", "5"], [("年度绩效目标2（40分）", 6, 1)], *header]
    form = _read([[("项目名称", 2, 1), ("甲项目", 4, 1)]], header, rows, [["效益指标", "社会效益指标", "指标乙", "≥1个", "1个", "5"]])
    assert [row.name for row in form.indicators] == ["指标甲", "指标乙"]
    assert form.review == ()


def test_a_blank_template_is_no_form() -> None:
    head: Rows = [[("项目名称", 2, 1), ("", 6, 1)]]
    assert read_form(block(table(1, [*head, *HEADER, ["产出指标", "数量指标", "指标1：", "", "", "", "", ""], *TOTAL]))) is None


def test_head_rows_cut_by_a_page_break() -> None:
    first: Rows = [[("项目名称", 2, 1), ("甲项目", 6, 1)], [("主管部门", 2, 1), ("某某市", 2, 1), ("实施单", 2, 1), ("丙中心", 2, 1)]]
    form = _read_pages(first, [[("", 2, 1), ("某某局", 2, 1), ("位", 2, 1), ("", 2, 1)], *HEADER, *BODY, *TOTAL])
    assert (form.department, form.implementing_unit) == ("某某市某某局", "丙中心")


def test_a_goal_beside_its_label_cut_by_a_page_break() -> None:
    goals: Rows = [[("年度总体目标", 2, 1), ("做甲事，", 6, 1)]]
    rest: Rows = [[("", 2, 1), ("做乙事。", 6, 1)], [("年度总体目标完成情况", 2, 1), ("做完了。", 6, 1)]]
    form = _read_pages([*HEAD, *goals], [*rest, *HEADER, *BODY, *TOTAL])
    assert (form.expected_goal, form.actual_result) == ("做甲事，做乙事。", "做完了。")


LONG = "因天气影响进度很慢了"
"""Fills a cell's width."""


@pytest.mark.parametrize(
    ("above", "below", "read", "marked"),
    [
        pytest.param(LONG, "次年补上。", [LONG + "次年补上。"] * 4, set(), id="cut"),
        pytest.param("已说明。", "另一个原因。", ["已说明。"] * 2 + ["另一个原因。"] * 2, set(), id="two-texts"),
        pytest.param("无", "另一个原因。", ["无"] * 2 + ["另一个原因。"] * 2, set(), id="short"),
        pytest.param("已说明。", "", ["已说明。"] * 2 + [None] * 2, {2, 3}, id="blank-below"),
        pytest.param("", "另一个原因。", [None] * 2 + ["另一个原因。"] * 2, {0, 1}, id="blank-above"),
    ],
)
def test_deviations_merged_over_rows_and_a_page_break(above: str, below: str, read: list[str | None], marked: set[int]) -> None:
    assert len(LONG) * 5 >= 0.7 * COLUMN
    first: Rows = [
        _indicator("指标甲", ("产出指标", 1, 2), ("数量指标", 1, 2), deviation=[(above, 1, 2)]),
        _indicator("指标乙", deviation=()),
    ]
    second: Rows = [
        _indicator("指标丙", ("", 1, 2), ("", 1, 2), deviation=[(below, 1, 2)]),
        _indicator("指标丁", deviation=()),
    ]
    form = _read_pages([*HEAD, *HEADER, *first], [*second, *TOTAL])
    assert [row.deviation for row in form.indicators] == read
    assert {mark.cell for mark in form.review} == {f"indicators[{i}].deviation" for i in marked}


@pytest.mark.parametrize(
    ("second", "level1", "marked"),
    [
        pytest.param("数量指标", "产出指标", False, id="goes-with-the-next-page"),
        pytest.param("经济成本指标", "成本指标", False, id="goes-with-the-page-before"),
        pytest.param("成本指标", "成本指标", True, id="either"),
        pytest.param("其他", "成本指标", True, id="open"),
    ],
)
def test_a_label_cell_left_blank_for_a_whole_page(second: str, level1: str, marked: bool) -> None:
    pages: list[Rows] = [
        [*HEAD, *HEADER, _indicator("指标甲", "成本指标", "经济成本指标")],
        [_indicator("指标乙", ("", 1, 2), (second, 1, 2)), _indicator("指标丙")],
        [_indicator("指标丁", "产出指标", "质量指标"), *TOTAL],
    ]
    form = _read_pages(pages[0], *pages[1:])
    assert [row.level1 for row in form.indicators] == ["成本指标", level1, level1, "产出指标"]
    assert bool(form.review) == marked


def test_a_money_unit_said_twice_is_not_left_over() -> None:
    funding: Rows = [
        [("项目资金（万元）", 2, 2), "", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", "2", "1", "", "", ""],
    ]
    form = read_form(block(table(1, [*HEAD, *funding, *HEADER, *BODY, *TOTAL]), before=["金额单位：万元"]))
    assert form is not None
    assert (form.unit_of_money, form.leftover, form.funding.total.outturn) == ("万元", (), Decimal(1))


def test_a_grade_in_a_report_on_later_pages_is_not_the_forms() -> None:
    found = block(table(1, [*HEAD, *HEADER, *BODY, *TOTAL]))
    found.after.append((5, line("评价等级：差", 30, 100)))
    form = read_form(found)
    assert form is not None
    assert form.grade is None


@pytest.mark.parametrize(("label", "cell"), [("实际完成值", "actual"), ("年度指标值", "target"), ("二级指标", "level2")])
def test_a_column_with_an_unknown_label_is_announced(label: str, cell: str) -> None:
    header: Rows = [["甲乙丙丁" if entry == label else entry for entry in HEADER[0]]]
    form = _read(HEAD, header, BODY, TOTAL)
    assert getattr(form.indicators[0], cell) is None
    assert {mark.cell for mark in form.review} == {f"indicators[0].{cell}"}


def test_a_funding_header_cut_by_a_page_break() -> None:
    first: Rows = [["项目资金", "", "年初预", "全年预", "全年", "分值", "执行", "得分"]]
    rest: Rows = [
        [("（万元）", 1, 2), "", "算数", "算数", "执行数", "", "率", ""],
        ["年度资金总额", "3.00", "2.00", "1.00", "10", "50%", "5"],
    ]
    form = _read_pages([*HEAD, *first], [*rest, *HEADER, *BODY, *TOTAL])
    total = form.funding.total
    assert (total.original_budget, total.adjusted_budget, total.outturn, total.execution_rate, total.score) == (3, 2, 1, 50, 5)
    assert (form.unit_of_money, form.review) == ("万元", ())


def test_funding_without_known_columns_is_announced() -> None:
    funding: Rows = [["项目资金", "", "甲数", "乙数", "", "", "", ""], ["", "年度资金总额", "2", "1", "", "", "", ""]]
    assert [mark.cell for mark in _read(HEAD, funding, HEADER, BODY, TOTAL).review] == ["funding.total.outturn"]


def test_points_whose_bracket_a_page_break_takes_are_no_label() -> None:
    first: Rows = [_indicator("指标甲", "产出指标（20", "数量指标")]
    form = _read_pages([*HEAD, *HEADER, *first], [["分", *[""] * 7], _indicator("指标乙", "效益指标", "社会效益指标"), *TOTAL])
    assert [row.level1 for row in form.indicators] == ["产出指标", "效益指标"]


def test_a_row_above_a_funding_header_on_the_next_page_is_no_half_of_it() -> None:
    first: Rows = [[("使用单位", 2, 1), ("丙中心", 2, 1), ("乙", 2, 1), ("甲", 2, 1)]]
    rest: Rows = [
        [("资金（万元）", 1, 2), "", ("全年预算数", 2, 1), ("全年执行数", 2, 1), ("执行率", 2, 1)],
        ["年度资金总额", ("2", 2, 1), ("1", 2, 1), ("50%", 2, 1)],
    ]
    total = _read_pages([*HEAD, *first], [*rest, *HEADER, *BODY, *TOTAL]).funding.total
    assert (total.adjusted_budget, total.outturn, total.execution_rate) == (2, 1, 50)


def test_a_label_does_not_go_up_to_rows_of_another() -> None:
    second: Rows = [_indicator("指标乙", "效益指标", "社会效益指标"), *TOTAL]
    form = _read_pages([*HEAD, *HEADER, _indicator("指标甲", "", "数量指标")], second)
    assert [row.level1 for row in form.indicators] == [None, "效益指标"]
    assert [mark.cell for mark in form.review] == ["indicators[0].level1"]


def test_an_amount_with_a_unit_of_its_own_is_marked() -> None:
    funding: Rows = [
        [("项目资金（万元）", 2, 2), "", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", "20.00万元", "150000元", "10", "75%", "7.5"],
    ]
    form = _read(HEAD, funding, HEADER, BODY, TOTAL)
    assert form.unit_of_money == "万元"
    assert [mark.cell for mark in form.review] == ["funding.total.outturn"]


def test_a_total_printed_as_label_and_value_in_one_cell() -> None:
    form = _read(HEAD, HEADER, BODY, [[("自评总分：90分", 4, 1), ("评价等级：优", 4, 1)]])
    assert (form.total_score, form.grade) == (Decimal(90), "优")
    assert form.evidence["total_score"].at[0].text == "90"
