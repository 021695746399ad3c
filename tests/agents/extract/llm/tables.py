"""A small invented form as every kind of page prints it, with the right answers about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from agents.extract.llm.printed import Printed, print_block, print_dump, print_lines
from agents.extract.llm.read import blank_head
from ingest.blocks import find_blocks
from ingest.documents import open_document
from ingest.files import fingerprint
from ingest.page import Block, Page
from ingest.settings import DEFAULT
from schema.cells import ROW_CELLS
from schema.transcript import HeadTranscript, RowTranscript
from tests.agents.extract.grids import Entry, block, line, table

LABELS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
COLUMNS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
TITLE, YEAR = "项目支出绩效自评表", "（2031年度）"
GOAL, RESULT = "维护园路不少于36公里，补植苗木1200株。", "维护园路38公里，补植苗木1100株。"
Funds = dict[str, tuple[str | None, ...]]
"""What the funding table prints, by row."""

FUNDS: Funds = {
    "total": ("1,200.00", "1,150.50", "1,035.45", "10", "90.00%", "9.00"),
    "appropriation": ("1,000.00", "950.50", "855.45", None, "90.00%", None),
    "carryover": ("200.00", "200.00", "180.00", None, "90.00%", None),
}
FUND_LABELS = {"total": "年度资金总额", "appropriation": "其中：当年财政拨款", "carryover": "上年结转资金", "other": "其他资金"}


def row(*cells: str | None) -> RowTranscript:
    """A row: level1, level2, name, target, actual, weight, score, and a deviation where it has one."""
    return RowTranscript(**dict(zip(ROW_CELLS, (*cells, None)[:8], strict=True)))


ROWS = (
    row("产出指标", "数量指标", "维护园路长度", "≥36公里", "38公里", "10", "10"),
    row("产出指标", "数量指标", "补植苗木数量", "≥1,200株", "1,100株", "15", "13.75", "受汛期影响推迟，将提前备苗。"),
    row("产出指标", "质量指标", "苗木成活率", "≥95.00(%)", "96.50(%)", "12", "12"),
    row("产出指标", "时效指标", "完工及时性", "2031年11月底前", "部分达成指标并具有一定效果", "13", "7.5", "批复较晚，开工推迟。"),
    row("效益指标", "社会效益指标", "接待游客人次", "≥5万人次", "6万人次", "30", "30"),
    row("满意度指标", "服务对象满意度指标", "游客满意度", "≥90%", "87.2%", "10", "8.6", "厕所偏少，下年增设。"),
)


def head(**changes: Any) -> HeadTranscript:
    """The right answer about the head; changes of funding cells are written `funding__total__outturn`."""
    values = blank_head().model_dump() | {
        "title": TITLE, "fiscal_year": "2031", "project_name": "柳溪公园园路维护", "department": "柳溪区绿化局",
        "implementing_unit": "柳溪公园管理处", "unit_of_money": "万元", "expected_goal": GOAL, "actual_result": RESULT,
        "total_weight": "100", "total_score": "90.85", "grade": "优",
    }  # fmt: skip
    for name, amounts in FUNDS.items():
        values["funding"][name] = dict(zip(values["funding"][name], amounts, strict=True))
    for name, value in changes.items():
        *path, last = name.split("__")
        node = values
        for part in path:
            node = node[part]
        node[last] = value
    return HeadTranscript.model_validate(values)


def changed(number: int, rows: Sequence[RowTranscript] = ROWS, **cells: str | None) -> list[RowTranscript]:
    """The rows with some cells of one said otherwise."""
    return [said.model_copy(update=cells) if i == number else said for i, said in enumerate(rows)]


def ruled(rows: Sequence[RowTranscript] = ROWS, *, funds: Funds = FUNDS, body: Sequence[Sequence[Entry]] = ()) -> Printed:
    """The form as a ruled table, labels of levels merged; with other rows, amounts or cells of the body."""
    return print_block(ruled_block(rows, funds=funds, body=body))


def ruled_block(rows: Sequence[RowTranscript] = ROWS, *, funds: Funds = FUNDS, body: Sequence[Sequence[Entry]] = ()) -> Block:
    """The ruled table as ingest gives it."""
    money: list[Sequence[Entry]] = [["项目资金（万元）", "", *COLUMNS]]
    money += [["", FUND_LABELS[name], *(value or "—" for value in amounts)] for name, amounts in funds.items()]
    cells: list[Sequence[Entry]] = [
        [("项目名称", 2, 1), ("柳溪公园园路维护", 6, 1)],
        [("主管部门", 2, 1), ("柳溪区绿化局", 2, 1), ("实施单位", 2, 1), ("柳溪公园管理处", 2, 1)],
        *money,
        [("年度总体目标", 1, 2), ("预期目标", 3, 1), ("实际完成情况", 4, 1)],
        [(GOAL, 3, 1), (RESULT, 4, 1)],
        LABELS,
        *(body or merged(rows)),
        [("总分", 5, 1), "100", "90.85", ""],
        ["评分等级", ("优", 7, 1)],
    ]
    return block(table(1, cells), before=(TITLE, YEAR))


def merged(rows: Sequence[RowTranscript]) -> Iterator[list[Entry]]:
    """Rows as cells, each label once for all the rows it covers."""
    for i, said in enumerate(rows):
        labels: list[Entry] = []
        for level, key in (("level1", lambda r: r.level1), ("level2", lambda r: (r.level1, r.level2))):
            if i == 0 or key(rows[i - 1]) != key(said):
                count = next((n for n in range(1, len(rows) - i) if key(rows[i + n]) != key(said)), len(rows) - i)
                labels.append((getattr(said, level) or "", 1, count))
        yield [*labels, *((getattr(said, name) or "") for name in ROW_CELLS[2:])]


def head_lines(funds: Funds = FUNDS) -> list[list[str]]:
    """The head as lines of cells; blank cells leave nothing."""
    lines = [[TITLE], [YEAR], ["项目名称", "柳溪公园园路维护"], ["主管部门", "柳溪区绿化局", "实施单位", "柳溪公园管理处"]]
    lines += [["项目资金（万元）", *COLUMNS], *([FUND_LABELS[name], *filter(None, amounts)] for name, amounts in funds.items())]
    return [*lines, ["年度总体目标"], ["预期目标", "实际完成情况"], [GOAL], [RESULT]]


def row_lines(rows: Sequence[RowTranscript] = ROWS) -> list[list[str]]:
    """Rows as lines of cells, labels where they change."""
    lines, over = [], (None, None)
    for said in rows:
        labels = [said.level1 if said.level1 != over[0] else None, said.level2 if (said.level1, said.level2) != over else None]
        over = (said.level1, said.level2)
        lines.append([cell for cell in (*labels, *(getattr(said, name) for name in ROW_CELLS[2:])) if cell])
    return lines


TAIL_LINES = [["总分", "100", "90.85"], ["评分等级", "优"]]


def dumped(rows: Sequence[RowTranscript] = ROWS, *, body: Sequence[str] = (), funds: Funds = FUNDS) -> Printed:
    """The form as a dump with a row of the table on a line; with other rows, or other lines of the body."""
    lines = [*map(" ".join, head_lines(funds)), " ".join(LABELS), *(body or map(" ".join, row_lines(rows))), *map(" ".join, TAIL_LINES)]
    return print_dump("\n".join(lines) + "\n")[0]


def listed(rows: Sequence[RowTranscript] = ROWS) -> Printed:
    """The form as a dump with every cell on a line of its own."""
    lines = [cell for cells in (*head_lines(), list(LABELS), *row_lines(rows), *TAIL_LINES) for cell in cells]
    return print_dump("\n".join(lines) + "\n")[0]


def barred(rows: Sequence[RowTranscript] = ROWS) -> Printed:
    """The form as a dump whose tables are marked by bars."""
    body = [[getattr(said, name) or "" for name in ROW_CELLS] for said in rows]
    every = [*head_lines()[2:-2], [GOAL, RESULT], list(LABELS), *body, *TAIL_LINES]
    lines = ["".join(f"|{cell}" for cell in cells) + "|" for cells in every]
    return print_dump("\n".join([TITLE, YEAR, *lines]) + "\n")[0]


def loose(rows: Sequence[RowTranscript] = ROWS) -> Printed:
    """The form as lines of a page on which no table was found."""
    lines = [" ".join(cells) for cells in (*head_lines(), list(LABELS), *row_lines(rows), *TAIL_LINES)]
    return print_lines([(1, line(text, 30, 12 * i)) for i, text in enumerate(lines)])


SHAPES: dict[str, Callable[..., Printed]] = {"ruled": ruled, "dumped": dumped, "listed": listed, "barred": barred, "loose": loose}


def printed_forms(path: Any) -> list[Printed]:
    """The texts of the forms of a PDF, read through ingest."""
    with open_document(path, path.name, fingerprint(path).kind, DEFAULT) as document:
        return [print_block(found) for found in find_blocks(page for page in document.pages() if isinstance(page, Page))]
