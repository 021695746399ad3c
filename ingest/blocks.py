"""Pages to blocks: one block per form.

A file holds many forms, a page may hold two, a form runs over page breaks, and headers are not repeated. A form starts where its
project name is labelled, inside a table or in the lines above it; a table without one continues the form before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

from ingest.align import shared_edges
from ingest.page import Block, Cell, Line, Page, Table
from ingest.spill import take_spill
from schema.evidence import Box
from schema.text import fold, is_page_number
from schema.vocabulary import FUNDING_COLUMN, HEAD, INDICATOR_COLUMN, LONGEST_LABEL, TITLE_WORDS, TOTAL, label_key, money_unit

_INDICATOR = "三级指标"
_NUMBER_COLUMN = "序号"
_RELATED = 0.5
"""Share of a table's inner edges that must be those of the form's table for it to go on with it."""
_AMOUNTS = {"original_budget", "adjusted_budget", "outturn", "execution_rate"}
_WHOLE = 0.9
"""Share of the table's width that a blank row has as one cell."""
_LOOK_BACK = 2
"""Tables of the form that a later one is compared with: a page may end in a row with hardly any columns."""


def find_blocks(pages: Iterable[Page]) -> list[Block]:
    """The blocks of a document, in order. Tables that are no part of a self-evaluation form are left out."""
    splitter = _Splitter()
    for page in pages:
        # Lines are in reading order; their tops are not quite, where fonts are mixed.
        tops = accumulate((line.box[1] for line in page.lines), max)
        items: list[tuple[float, Line | Table]] = list(zip(tops, page.lines, strict=True))
        items += [(table.box[1], table) for table in page.tables]
        for _, item in sorted(items, key=lambda pair: pair[0]):
            if isinstance(item, Line):
                splitter.add_line(page.number, item)
            else:
                splitter.add_table(item)
    return splitter.finish()


def is_title(text: str) -> bool:
    """Whether a text is the title of a form: 项目支出绩效自评表, with or without a year, a department, (续)."""
    key = label_key(text)
    return key.endswith(TITLE_WORDS) and len(key) <= 60


def indicator_header(cells: Iterable[Cell]) -> bool:
    """Whether these cells of one row head an indicator table: a name column and two of target, actual, weight, score, deviation."""
    return _heads_indicators(_fields(cells))


def _fields(cells: Iterable[Cell]) -> set[str | None]:
    return {INDICATOR_COLUMN.get(label_key(cell.text)) for cell in cells}


def _heads_indicators(fields: set[str | None]) -> bool:
    return "name" in fields and len(fields & {"target", "actual", "weight", "score", "deviation"}) >= 2


def looks_like_form(page: Page) -> bool:
    """Whether a page prints the title of a form, and the label of its indicators outside of any ruled table."""
    return any(is_title(line.text) for line in page.lines) and any(_INDICATOR in line.text for line in page.lines)


@dataclass
class _Splitter:
    """Assigns tables and lines, in reading order, to blocks."""

    blocks: list[Block] = field(default_factory=list)
    pending: list[tuple[int, Line]] = field(default_factory=list)
    has_header: bool = False
    has_total: bool = False

    def add_line(self, page: int, line: Line) -> None:
        self.pending.append((page, line))

    def add_table(self, table: Table) -> None:
        for part, starts in _parts(table):
            self._add_part(part, starts)

    def finish(self) -> list[Block]:
        if self.blocks:
            self.blocks[-1].after += self.pending
        return [block for block in self.blocks if _is_form(block)]

    def _add_part(self, part: Table, starts: bool) -> None:
        header = any(indicator_header(row) for row in rows_of(part))
        named = any(HEAD.get(label_key(_before_colon(line.text))) == "project_name" for _, line in self.pending)
        # A repeated header continues the form; a second header after the total row can only be another form.
        another = header and self.has_header and self.has_total
        if starts or named or another or not self.blocks or self._is_foreign(part):
            self._open(part)
        else:
            self.blocks[-1].tables[-1], rest = take_spill(self.blocks[-1].tables[-1], self.pending)
            self.blocks[-1].after += rest
        self.pending = []
        self.blocks[-1].tables.append(part)
        self.has_header |= header
        self.has_total |= any(label_key(cell.text) in TOTAL for cell in part.cells) and self.has_header

    def _is_foreign(self, part: Table) -> bool:
        """Whether a table below a form's indicators is another one: its columns say so, or they stand elsewhere and a text is between."""
        if not self.has_header:
            return False
        if _heads_other_list(rows_of(part)[0]):
            return True
        if not any(page == part.page and not is_page_number(line.text) for page, line in self.pending):
            return False
        return all(shared_edges(part, table) < _RELATED for table in self.blocks[-1].tables[-_LOOK_BACK:])

    def _open(self, part: Table) -> None:
        """A new block; lines between two forms go to the later one from its title on, or if they stand on its page."""
        first = next((i for i, (_, line) in enumerate(self.pending) if is_title(line.text)), None)
        if first is None:
            first = next((i for i, (page, _) in enumerate(self.pending) if page == part.page), len(self.pending))
        if self.blocks:
            self.blocks[-1].after += self.pending[:first]
            self.pending = self.pending[first:]
        self.blocks.append(Block(before=self.pending))
        self.has_header = self.has_total = False


def rows_of(table: Table) -> list[list[Cell]]:
    """The cells of a table by the row they start in, rows in order."""
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    return [rows[row] for row in sorted(rows)]


def _before_colon(text: str) -> str:
    head, colon, _ = text.replace("：", ":").partition(":")
    return head if colon else ""


def _parts(table: Table) -> list[tuple[Table, bool]]:
    """The table cut where a form starts inside it, each part with whether it starts one."""
    starts = [row[0].row for row in rows_of(table) if any(_labels_project(cell, row) for cell in row)]
    if not starts:
        return [(table, False)]
    cuts = [_with_title_rows(table, row) for row in starts]
    edges = [0, *[cut for cut in cuts if cut > 0], 10**9]
    parts = []
    for low, high in pairwise(edges):
        cells = tuple(cell for cell in table.cells if low <= cell.row < high)
        if cells:
            parts.append((replace(table, cells=cells, box=_outline(cells)), any(low <= row < high for row in starts)))
    return parts


def _heads_other_list(row: list[Cell]) -> bool:
    """Whether a row heads a budget table, a catalogue of indicators or a scoring standard: labels of columns, but no targets or results."""
    keys = [label_key(cell.text) for cell in row]
    fields, amounts = _fields(row), {FUNDING_COLUMN.get(key) for key in keys} & _AMOUNTS
    if fields & {"target", "actual"}:
        return False
    projects = _NUMBER_COLUMN in keys and any(HEAD.get(key) == "project_name" for key in keys)
    return projects or len(amounts) >= 2 or {"level1", "level2", "name"} <= fields or _heads_indicators(fields)


def _labels_project(cell: Cell, row: list[Cell]) -> bool:
    """Whether the cell labels the project name beside it; a column headed 项目名称 in some other list does not."""
    if HEAD.get(label_key(cell.text)) != "project_name":
        return False
    others = [label_key(other.text) for other in row if other is not cell]
    # In a list the columns beside it are headed too: 序号 | 项目名称 | 预算数 | 执行数 | 执行率.
    if _NUMBER_COLUMN in others or any(key in INDICATOR_COLUMN or key in FUNDING_COLUMN for key in others):
        return False
    return len(row) <= 6


def _with_title_rows(table: Table, row: int) -> int:
    """The row from which the form starts: title rows drawn as cells above the project name are part of it."""
    first = row
    while above := [cell for cell in table.cells if cell.row == first - 1]:
        printed = [cell for cell in above if cell.text]
        if len(printed) > 1 or not all(_heads_form(cell) for cell in printed):
            break
        if not printed and not all(cell.box[2] - cell.box[0] >= _WHOLE * (table.box[2] - table.box[0]) for cell in above):
            break
        first -= 1
    return first


def _heads_form(cell: Cell) -> bool:
    return len(cell.text) <= LONGEST_LABEL and (is_title(cell.text) or "年度" in fold(cell.text) or _names_unit(cell.text))


def _names_unit(text: str) -> bool:
    return "单位" in text and money_unit(text) is not None


def _outline(cells: tuple[Cell, ...]) -> Box:
    boxes = [cell.box for cell in cells]
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def _is_form(block: Block) -> bool:
    """Whether the block holds a filled-in form's table: one with results, or one under the title of a self-evaluation form.

    Tables of goals to be set (绩效目标申报表) and scoring standards have the other columns too.
    """
    headers = [fields for table in block.tables for row in rows_of(table) if _heads_indicators(fields := _fields(row))]
    if any("actual" in fields or {"target", "score"} <= fields for fields in headers):
        return True
    above = (cell.text for table in block.tables for cell in table.cells if len(cell.text) <= LONGEST_LABEL)
    return bool(headers) and any(is_title(text) for text in (*(line.text for _, line in block.before), *above))
