"""Lines as questions hold them, made from a form: a table's rows with cells told apart, and the printed lines of a dump."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from eval.simulate.answers import two_decimals
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, get_cell
from schema.form import Form, Indicator

_WIDTHS = {"level1": 2, "level2": 2, "name": 14, "target": 6, "actual": 6, "deviation": 15}


def shown(value: object) -> str:
    """A value as a cell prints it."""
    return "" if value is None else value if isinstance(value, str) else str(value) if isinstance(value, int) else two_decimals(value)  # type: ignore[arg-type]


def head_lines(form: Form) -> list[str]:
    """The lines above the indicators."""
    lines = [shown(form.title), f"（{form.fiscal_year}年度）", f"项目名称|{form.project_name}"]
    lines += [
        f"主管部门|{form.department}|实施单位|{form.implementing_unit}",
        "项目资金（万元）|年初预算数|全年预算数|全年执行数|分值|执行率|得分",
    ]
    lines += ["|".join((row, *(shown(get_cell(form, f"funding.{row}.{column}")) for column in FUNDING_COLUMNS))) for row in FUNDING_ROWS]
    return [*lines, "预期目标|实际完成情况", f"{shown(form.expected_goal)}|{shown(form.actual_result)}"]


def table_row(row: Indicator) -> str:
    """A row of the indicator table on one line."""
    return "|".join(map(shown, (row.level1, row.level2, row.name, row.target, row.actual, row.weight, row.score, row.deviation)))


def table_lines(form: Form) -> list[str]:
    """All of a form, a row of a table on one line."""
    rows = [table_row(row) for row in form.indicators]
    return [*head_lines(form), "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因", *rows, *tail_lines(form)]


def tail_lines(form: Form) -> list[str]:
    """The lines below the indicators."""
    return [f"总分|{shown(form.total_weight)}|{shown(form.total_score)}", f"评分等级|{shown(form.grade)}"]


def dump_lines(form: Form) -> list[str]:
    """All of a form, one printed line per line, wrapped cells of a row interleaved."""
    lines = [line.replace("|", " ") for line in head_lines(form)[:-1]]
    lines += wrapped(form.expected_goal, 30) + wrapped(form.actual_result, 30)
    level = None
    for row in form.indicators:
        if row.level2 != level:
            lines += wrapped(row.level2, _WIDTHS["level2"])
        level = row.level2
        lines += _dump_row(row)
    return [*lines, *(line.replace("|", " ") for line in tail_lines(form))]


def wrapped(text: str | None, width: int) -> list[str]:
    """A text cut into lines."""
    return [(text or "")[i : i + width] for i in range(0, len(text or ""), width)]


def _dump_row(row: Indicator) -> Iterator[str]:
    figures = [f"{shown(row.weight)} {shown(row.score)}".strip()]
    cells = [wrapped(row.name, _WIDTHS["name"]), wrapped(row.target, _WIDTHS["target"]), wrapped(row.actual, _WIDTHS["actual"]), figures]
    for pieces in zip_longest(*cells, fillvalue=""):
        yield " ".join(filter(None, pieces))
    yield from wrapped(row.deviation, _WIDTHS["deviation"])
