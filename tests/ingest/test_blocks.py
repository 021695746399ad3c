"""Where forms begin and end."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.blocks import find_blocks, is_title, looks_like_form
from ingest.page import Page, Table
from ingest.pdf import open_pdf, read_page
from schema.form import Form
from tests.agents.extract.grids import Entry, line, table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("项目支出绩效自评表", True),
        ("2023年度某某省省级部门预算项目绩效目标自评表（续）", True),
        ("某局2023年度项目支出绩效自评情况表", True),
        ("（2024年度）", False),
        ("各单位应于三月底前报送项目支出绩效自评表和自评报告。", False),
    ],
)
def test_titles(text: str, expected: bool) -> None:
    assert is_title(text) is expected


def test_each_form_of_the_samples_is_a_block(sample_pdfs: list[Path], gold_forms: dict[str, list[Form]]) -> None:
    for path in sample_pdfs:
        with open_pdf(path, path.name) as document:
            blocks = find_blocks(read_page(document, i) for i in range(document.page_count))
        assert len(blocks) == len(gold_forms[path.stem])
        pages = [page for block in blocks for page in block.pages]
        assert pages == sorted(pages)


FORM: list[list[Entry]] = [
    [("项目名称", 2, 1), ("甲项目", 6, 1)],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析"],
    ["产出指标", "数量指标", "指标甲", "≥1个", "1个", "5", "5", ""],
]
BUDGETS: list[list[Entry]] = [["项目名称", "预算数", "执行数", "执行率"], ["甲项目", "10", "9", "90%"], ["合计", "10", "9", "90%"]]
LIST: list[list[Entry]] = [["序号", "项目名称", "金额"], ["1", "甲项目", "10"]]
CATALOGUE: list[list[Entry]] = [["一级指标", "二级指标", "三级指标", "指标解释"], ["产出", "数量", "指标甲", "考察数量"]]
STANDARD: list[list[Entry]] = [
    ["一级指标", "二级指标", "三级指标", "分值", "评分标准", "得分"],
    ["决策", "立项", "依据", "5", "有依据", "5"],
]
GOALS: list[list[Entry]] = [
    FORM[0],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "分值", "备注"],
    ["产出指标", "数量指标", "指标甲", "≥1个", "5", ""],
]
OTHERS = [
    pytest.param(BUDGETS, id="budgets"),
    pytest.param(LIST, id="list"),
    pytest.param(CATALOGUE, id="catalogue"),
    pytest.param(STANDARD, id="standard"),
    pytest.param(GOALS, id="goals-to-be-set"),
]


def _page(*tables: Table, text: str | None = None, number: int = 1) -> Page:
    return Page(number, 595, 842, tables, () if text is None else (line(text, 30, tables[-1].box[1] - 15),))


def _lower(found: Table, by: float) -> Table:
    x0, y0, x1, y1 = found.box
    return Table(found.page, (x0, y0 + by, x1, y1 + by), found.cells)


@pytest.mark.parametrize("other", OTHERS)
def test_other_tables_are_no_forms(other: list[list[Entry]]) -> None:
    assert find_blocks([_page(table(1, other), text="附表")]) == []


@pytest.mark.parametrize("other", OTHERS)
def test_other_tables_before_and_after_a_form_are_no_part_of_it(other: list[list[Entry]]) -> None:
    """The form has no total row that would end it."""
    before, form, after = (table(number, rows) for number, rows in enumerate((other, FORM, other), 1))
    (found,) = find_blocks([_page(before), _page(form, number=2), _page(after, number=3)])
    assert found.tables == [form]


@pytest.mark.parametrize(("text", "count"), [("下表是人员名单。", 1), ("- 3 -", 2), (None, 2)])
def test_a_table_with_other_columns_goes_on_with_a_form_unless_a_text_parts_them(text: str | None, count: int) -> None:
    people = table(1, [["张三", "处长", "一处", "2"], ["李四", "科长", "二处", "3"]], edges=[30, 111, 222, 333, 510])
    (found,) = find_blocks([_page(table(1, FORM), _lower(people, 200), text=text)])
    assert len(found.tables) == count


def test_a_form_without_ruled_cells_is_noticed() -> None:
    lines = tuple(line(text, 30, 20.0 * i) for i, text in enumerate(("项目支出绩效自评表", "一级指标二级指标三级指标", "产出指标")))
    assert looks_like_form(Page(1, 595, 842, (), lines))
    assert not looks_like_form(Page(1, 595, 842, (), lines[:1]))
