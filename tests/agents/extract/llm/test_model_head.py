"""The head of a form as a model gives it: a value counts behind its own label only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from agents.extract.llm.build import build, ground
from agents.extract.llm.head import ground_head
from agents.extract.llm.printed import Printed, print_block, print_dump
from agents.extract.llm.verdict import Verdict
from schema.cells import FUNDING_COLUMNS
from tests.agents.extract.grids import block, table
from tests.agents.extract.llm.tables import (
    COLUMNS,
    FUNDS,
    GOAL,
    LABELS,
    RESULT,
    ROWS,
    SHAPES,
    TAIL_LINES,
    dumped,
    head,
    listed,
    merged,
    row_lines,
    ruled,
)

each_shape = pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)


def doubted(verdicts: Mapping[str, Verdict]) -> set[str]:
    """The cells that are not believed."""
    return {cell for cell, verdict in verdicts.items() if not verdict.believed}


@each_shape
def test_what_is_right_is_believed(make: Callable[[], Printed]) -> None:
    assert {cell: (v.status, v.why) for cell, v in ground_head(make(), head()).items() if not v.believed} == {}


EXCHANGED = {"department": "柳溪公园管理处", "implementing_unit": "柳溪区绿化局"}
FAULTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "title of something else": ({"title": "部门整体支出绩效自评表"}, {"title"}),
    "title left out": ({"title": None}, {"title"}),
    "another year": ({"fiscal_year": "2030"}, {"fiscal_year"}),
    "year left out": ({"fiscal_year": None}, {"fiscal_year"}),
    "no year at all": ({"fiscal_year": "本年"}, {"fiscal_year"}),
    "project name cut": ({"project_name": "柳溪公园"}, {"project_name"}),
    "project name left out": ({"project_name": None}, {"project_name"}),
    "project name translated": ({"project_name": "Garden path maintenance"}, {"project_name"}),
    "departments exchanged": (EXCHANGED, set(EXCHANGED)),
    "one department for both": ({"implementing_unit": "柳溪区绿化局"}, {"implementing_unit"}),
    "another unit of money": ({"unit_of_money": "元"}, {"unit_of_money"}),
    "unit of money left out": ({"unit_of_money": None}, {"unit_of_money"}),
    "unit of money in words": ({"unit_of_money": "人民币万元"}, {"unit_of_money"}),
    "goals exchanged": ({"expected_goal": RESULT, "actual_result": GOAL}, {"expected_goal", "actual_result"}),
    "goal cut": ({"expected_goal": GOAL[:8]}, {"expected_goal"}),
    "result in other words": ({"actual_result": RESULT.replace("补植", "栽种")}, {"actual_result"}),
    "result left out": ({"actual_result": None}, {"actual_result"}),
    "digit of an amount": ({"funding__total__outturn": "1,035.46"}, {"funding.total.outturn"}),
    "point of an amount moved": ({"funding__total__outturn": "10,354.5"}, {"funding.total.outturn"}),
    "budgets exchanged": (
        {"funding__total__original_budget": "1,150.50", "funding__total__adjusted_budget": "1,200.00"},
        {"funding.total.original_budget", "funding.total.adjusted_budget"},
    ),
    "weight and score exchanged": (
        {"funding__total__weight": "9.00", "funding__total__score": "10"},
        {"funding.total.weight", "funding.total.score"},
    ),
    "rate corrected": ({"funding__total__execution_rate": "90.01%"}, {"funding.total.execution_rate"}),
    "amount left out": ({"funding__total__outturn": None}, {"funding.total.outturn"}),
    "amount of another row": ({"funding__total__outturn": "855.45"}, {"funding.total.outturn"}),
    "amount of a row that is not printed": ({"funding__other__outturn": "855.45"}, {"funding.other.outturn"}),
    "rows exchanged": (
        {"funding__appropriation__" + c: v for c, v in zip(FUNDING_COLUMNS, FUNDS["carryover"], strict=True)}
        | {"funding__carryover__" + c: v for c, v in zip(FUNDING_COLUMNS, FUNDS["appropriation"], strict=True)},
        {f"funding.{row}.{c}" for row in ("appropriation", "carryover") for c in FUNDING_COLUMNS[:3]},
    ),
    "totals exchanged": ({"total_weight": "90.85", "total_score": "100"}, {"total_weight", "total_score"}),
    "total corrected": ({"total_score": "90.65"}, {"total_score"}),
    "total left out": ({"total_score": None}, {"total_score"}),
    "another grade": ({"grade": "良"}, {"grade"}),
    "grade left out": ({"grade": None}, {"grade"}),
}  # fmt: skip


@each_shape
@pytest.mark.parametrize(("changes", "wrong"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_not_believed(make: Callable[[], Printed], changes: dict[str, Any], wrong: set[str]) -> None:
    verdicts = ground_head(make(), head(**changes))
    assert wrong - doubted(verdicts) == set()


@each_shape
@pytest.mark.parametrize(("changes", "wrong"), FAULTS.values(), ids=FAULTS)
def test_what_is_right_beside_it_stays_believed(make: Callable[[], Printed], changes: dict[str, Any], wrong: set[str]) -> None:
    """Goals printed one after the other are one text; rows of funding whose blank cells left no trace stand as a whole."""
    touched = set(wrong) | ({"expected_goal", "actual_result"} if wrong & {"expected_goal", "actual_result"} else set())
    touched |= {f"{cell.rpartition('.')[0]}.{column}" for cell in wrong if cell.startswith("funding.") for column in FUNDING_COLUMNS}
    assert doubted(ground_head(make(), head(**changes))) - touched == set()


@each_shape
@pytest.mark.parametrize(("changes", "wrong"), FAULTS.values(), ids=FAULTS)
def test_what_is_not_believed_is_not_taken_for_read(make: Callable[[], Printed], changes: dict[str, Any], wrong: set[str]) -> None:
    """The form has what the page prints, or nothing; a mark tells what was said."""
    printed = make()
    form, right = build(ground(printed, head(**changes), ROWS)), build(ground(printed, head(), ROWS))
    marks = {mark.cell: mark for mark in form.review}
    for name in ("title", "fiscal_year", "project_name", "department", "implementing_unit", "unit_of_money", "total_score", "grade"):
        assert getattr(form, name) == getattr(right, name) or name in marks
        assert getattr(form, name) in (None, getattr(right, name))
    assert all(marks[cell].reason for cell in wrong)


# -- funding ------------------------------------------------------------------------------------------------------------------------


def test_amounts_spelled_otherwise_are_the_same() -> None:
    for make in SHAPES.values():
        said = head(
            funding__total__outturn="1035.45", funding__total__execution_rate="90%", funding__total__score="9", total_score="90.850"
        )
        assert doubted(ground_head(make(), said)) == set()


GAPS: dict[str, tuple[str | None, ...]] = {
    "total": ("1,200.00", "1,150.50", "1,035.45", "10", "90.00%", "9.00"),
    "appropriation": (None, "950.50", "855.45", None, "90.00%", None),
    "carryover": (None, "200.00", "180.00", None, None, None),
}
AMOUNTS = ("original_budget", "adjusted_budget", "outturn")


def said_gaps(**changes: str | None) -> Any:
    """The right answer about funding with gaps, and changes of it."""
    right = {
        f"funding__{row}__{column}": value for row, values in GAPS.items() for column, value in zip(FUNDING_COLUMNS, values, strict=True)
    }
    return head(**(right | changes))


def test_a_rate_vouches_for_amounts_whose_blank_cells_left_no_trace() -> None:
    verdicts = ground_head(dumped(funds=GAPS), said_gaps())
    assert {verdicts[f"funding.appropriation.{column}"].status for column in ("adjusted_budget", "outturn", "execution_rate")} == {"exact"}


def test_without_a_rate_nobody_can_tell_which_amount_is_which() -> None:
    """Two amounts in a row of six columns, one of them original, adjusted or spent: whatever is said is marked."""
    for shifted in (
        {},
        {
            "funding__carryover__original_budget": "200.00",
            "funding__carryover__adjusted_budget": "180.00",
            "funding__carryover__outturn": None,
        },
    ):
        verdicts = ground_head(dumped(funds=GAPS), said_gaps(**shifted))
        assert {f"funding.carryover.{column}" for column in AMOUNTS} <= doubted(verdicts)


@pytest.mark.parametrize(
    "shifted",
    [
        {"original_budget": "950.50", "adjusted_budget": "855.45", "outturn": None},
        {"original_budget": "950.50", "adjusted_budget": None, "outturn": "855.45"},
        {"adjusted_budget": "855.45", "outturn": "950.50"},
    ],
    ids=["one column to the left", "one of them", "exchanged"],
)
def test_amounts_in_other_columns_are_not_believed(shifted: dict[str, str | None]) -> None:
    changes = {f"funding__appropriation__{column}": value for column, value in shifted.items()}
    verdicts = ground_head(dumped(funds=GAPS), said_gaps(**changes))
    believed = {
        column: verdicts[f"funding.appropriation.{column}"] for column in AMOUNTS if verdicts[f"funding.appropriation.{column}"].believed
    }
    right = dict(zip(FUNDING_COLUMNS, GAPS["appropriation"], strict=True))
    assert {column: verdict.said for column, verdict in believed.items() if verdict.said != right[column]} == {}


def test_in_a_ruled_table_blank_cells_are_seen() -> None:
    verdicts = ground_head(ruled(funds=GAPS), said_gaps())
    assert doubted(verdicts) == set()
    moved = said_gaps(funding__carryover__original_budget="200.00", funding__carryover__adjusted_budget=None)
    assert {"funding.carryover.original_budget", "funding.carryover.adjusted_budget"} <= doubted(ground_head(ruled(funds=GAPS), moved))


def test_amounts_of_a_table_nobody_recognised_are_not_blank() -> None:
    """Its heading is unknown, so its rows are not found: a model that leaves a row out is not right for that."""
    printed = print_dump(dumped().text.replace("项目资金（万元）", "年度预算收支"))[0]
    assert printed.form is not None
    assert printed.form.amounts == []
    left_out = {f"funding__appropriation__{column}": None for column in FUNDING_COLUMNS}
    verdicts = ground_head(printed, head(**left_out))
    assert {f"funding.appropriation.{column}" for column in AMOUNTS} <= doubted(verdicts)


# -- goals --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [dumped, listed], ids=["rows", "cells"])
@pytest.mark.parametrize(
    ("goal", "result", "believed"),
    [
        (GOAL, RESULT, True),
        (RESULT, GOAL, False),
        (GOAL + RESULT, None, False),
        (None, GOAL + RESULT, False),
        (GOAL, None, False),
        (None, RESULT, False),
        (GOAL[:-3], RESULT, False),
        (GOAL, "另行说明。", False),
        (GOAL[:10], GOAL[10:] + RESULT, False),
        (None, None, False),
    ],
    ids=[
        "right",
        "exchanged",
        "all in the goal",
        "all in the result",
        "goal only",
        "result only",
        "cut",
        "invented",
        "wrong border",
        "nothing",
    ],
)
def test_goals_printed_one_after_the_other(make: Callable[[], Printed], goal: str | None, result: str | None, believed: bool) -> None:
    verdicts = ground_head(make(), head(expected_goal=goal, actual_result=result))
    wrong = {name for name, said, right in (("expected_goal", goal, GOAL), ("actual_result", result, RESULT)) if said != right}
    assert wrong - doubted(verdicts) == set()
    assert not believed or not wrong & doubted(verdicts)


# -- labels that are not known ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "printed",
    [
        print_dump("柳溪区绿化局 报来 柳溪公园管理处 2031年度 材料\n园路 1,035.45 万元 90.85 分 优\n")[0],
        Printed("柳溪区绿化局 柳溪公园管理处 柳溪公园园路维护 1,035.45 90.85 优\n"),
    ],
    ids=["a dump", "lines"],
)
def test_without_known_labels_nothing_is_exact(printed: Printed) -> None:
    assert printed.form is None
    verdicts = ground_head(printed, head())
    said = {cell: verdict for cell, verdict in verdicts.items() if verdict.said is not None}
    assert {verdict.status for verdict in said.values()} == {"unclear", "absent"}
    assert said["department"].status == "unclear"
    assert said["funding.total.original_budget"].status == "absent"


def test_a_head_value_behind_no_known_label_is_unclear() -> None:
    """主管部门 is printed under a name nobody knows: the text is there, but nobody can say that it is the department."""
    lines = ["项目支出绩效自评表", "（2031年度）", "项目名称 柳溪公园园路维护", "归口处所 柳溪区绿化局 实施单位 柳溪公园管理处"]
    cells = [
        ("项目资金（万元）", *COLUMNS),
        ("年度资金总额", *filter(None, FUNDS["total"])),
        ("预期目标", "实际完成情况"),
        (GOAL,),
        (RESULT,),
    ]
    lines += [" ".join(texts) for texts in (*cells, LABELS, *row_lines(), *TAIL_LINES, ("",))]
    verdicts = ground_head(print_dump("\n".join(lines))[0], head())
    assert verdicts["department"].status == "unclear"
    assert not verdicts["department"].believed


# -- year, unit, extras -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "year", "right"),
    [
        (["（2031年度）"], "2031", True),
        (["( 2031 年度 )"], "2031", True),
        (["（2031年度）"], "2031年", True),
        (["（2031年度）"], "31", False),
        (["（2031年度）"], "2013", False),
        ([], "2031", False),
        ([], None, True),
        (["填报日期：2032年2月1日", "（2031年度）"], "2013", False),
    ],
    ids=["plain", "spaced", "with its word", "short", "turned", "not printed", "not printed and not said", "turned beside a date"],
)
def test_years(above: list[str], year: str | None, right: bool) -> None:
    rows = [[("项目名称", 2, 1), ("柳溪公园园路维护", 6, 1)], LABELS, *merged(ROWS)]
    printed = print_block(block(table(1, rows), before=("项目支出绩效自评表", *above)))
    assert ground_head(printed, head(fiscal_year=year))["fiscal_year"].believed is right


EXTRA = {"label": "存在问题", "text": "资金到位较晚。"}


@pytest.mark.parametrize(
    ("extra", "taken"),
    [
        (EXTRA, True),
        (EXTRA | {"label": "存在问题："}, True),
        (EXTRA | {"label": "主要问题"}, False),
        (EXTRA | {"text": "资金到位很晚。"}, False),
        (EXTRA | {"text": ""}, False),
        ({"label": "存在问题", "text": GOAL}, False),
        ({"label": "主管部门", "text": "柳溪区绿化局"}, False),
        ({"label": "评分等级", "text": "优"}, False),
    ],
    ids=["right", "with a colon", "another label", "another text", "no text", "a text of a cell", "a cell of the head", "the grade"],
)
def test_extras_are_taken_where_they_are_printed_and_no_cell(extra: dict[str, str], taken: bool) -> None:
    printed = print_dump(dumped().text + "存在问题 资金到位较晚。\n")[0]
    form = build(ground(printed, head(extras=[extra]), ROWS))
    assert [(found.label, found.text) for found in form.extras] == ([("存在问题", "资金到位较晚。")] if taken else [])
    assert all(f"extras[{i}].{name}" in form.evidence for i in range(len(form.extras)) for name in ("label", "text"))
