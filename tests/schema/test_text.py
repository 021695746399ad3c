"""Text as printed and as compared; labels of other templates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.text import fold, is_blank, unwrap
from schema.vocabulary import FUNDING_COLUMN, GOAL, HEAD, INDICATOR_COLUMN, label_key, money_unit, printed_points, strip_points


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["提升企业群众", "办事效率"], "提升企业群众办事效率"),
        (["431500.00(", "万条)"], "431500.00(万条)"),
        (["引入 Power", "BI 看板 "], "引入Power BI看板"),
        (["1 份年度", "运维总结报告"], "1份年度运维总结报告"),
        ([], ""),
    ],
)
def test_line_wrapping_is_undone(lines: list[str], text: str) -> None:
    assert unwrap(lines) == text


@given(st.lists(st.text()))
def test_unwrapping_keeps_every_character_but_white_space(lines: list[str]) -> None:
    assert "".join(unwrap(lines).split()) == "".join("".join(lines).split())
    assert unwrap([unwrap(lines)]) == unwrap(lines)


@given(st.text(st.characters(categories=["Lo", "Lu", "Ll", "Nd", "Po", "Ps", "Pe", "Sm", "Zs"], codec="gb18030")))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("text", [None, "", " ", "-", "—", "／", "——", "-"])
def test_blank(text: str | None) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "0.00", "无", "/月"])
def test_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("全年预算数（A）", "全年预算数"),
        ("其中：当年财政 拨款", "当年财政拨款"),
        ("执行率(B/A)", "执行率"),
        ("年度资金总额：", "年度资金总额"),
        ("得分（20分*执行率）", "得分"),
        ("一、项目名称", "项目名称"),
        ("产出指标（50分）", "产出指标"),
        ("甲" * 200, ""),
    ],
)
def test_label_keys(label: str, key: str) -> None:
    assert label_key(label) == key


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("target", "年度指标值（A）"), ("actual", "全年实际完成指标值"), ("weight", "指标分值"), ("score", "自评得分"),
        ("deviation", "未完成的原因及拟采取的改进措施"), ("name", "三级指标"), ("level1", "一级指标"),
    ],
)  # fmt: skip
def test_indicator_columns_by_synonym_or_pattern(field: str, label: str) -> None:
    assert INDICATOR_COLUMN.get(label_key(label)) == field


def test_other_sections() -> None:
    assert FUNDING_COLUMN.get(label_key("全年预算数(万元)")) == "adjusted_budget"
    assert FUNDING_COLUMN.get(label_key("预算执行率（%）")) == "execution_rate"
    assert GOAL.get(label_key("年度总体目标完成情况综述")) == "actual_result"
    assert HEAD.get(label_key("主管部门及代码")) == "department"
    assert HEAD.get(label_key("经办人")) is None


def test_a_sentence_is_no_label_for_all_its_words() -> None:
    assert GOAL.get(label_key("本年度设定了六项目标，截至年底完成情况良好，各项工作均按计划推进。")) is None


@pytest.mark.parametrize(
    ("label", "bare", "points"),
    [("产出指标(50分)", "产出指标", "50"), ("预算执行情况（20分）", "预算执行情况", "20"), ("数量指标", "数量指标", None)],
)
def test_points(label: str, bare: str, points: str | None) -> None:
    assert strip_points(label) == bare
    assert printed_points(label) == points


@pytest.mark.parametrize(
    ("text", "unit"), [("项目资金（万元）", "万元"), ("单位：元", "元"), ("金额单位:亿元", "亿元"), ("项目资金", None)]
)
def test_money_units(text: str, unit: str | None) -> None:
    assert money_unit(text) == unit
