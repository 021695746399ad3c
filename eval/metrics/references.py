"""Where the values of gold forms stand on the pages of a PDF, found apart from jihe's own reading: what evidence is measured against.

Tables are found by PyMuPDF, characters put in their cells by their middles, and each gold value looked for in the row and column where its
form prints it: a value counts as found only where the characters read it. What is not found has no reference and is not measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from eval.degrade.geometry import Placement
from eval.metrics.pagetext import Cell, Char, Row, bounds, page_rows
from ingest.mupdf import pymupdf
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, ROW_CELLS, CellValue, funding_cell, row_cell
from schema.evidence import Box
from schema.form import Form
from schema.text import fold

Boxes = tuple[tuple[int, Box], ...]
"""Pages (from 1) with the box of what is printed there, one for each page."""
References = dict[str, Boxes]
"""By gold cell, where its value stands."""

_BESIDE = 3.0
"""Points by which the middle of a cell may lie outside of its column's head."""
_POINTS = ("分值", "分数", "权重")
_PRINTED_FUNDING = {"total": "年度资金总额", "appropriation": "财政拨款", "carryover": "结转", "other": "其他资金"}
_PRINTED_COLUMNS = {
    "original_budget": ("年初预算",), "adjusted_budget": ("全年预算",), "outturn": ("执行数",), "weight": _POINTS,
    "execution_rate": ("执行率",), "score": ("得分",),
}  # fmt: skip
_PRINTED_FIELDS = {
    "level1": ("一级",), "level2": ("二级",), "name": ("三级",), "target": ("指标值",), "actual": ("完成值",), "weight": _POINTS,
    "score": ("得分",), "deviation": ("偏差",),
}  # fmt: skip


def find_references(path: Path, gold: Sequence[Form]) -> dict[str, References]:
    """Where the values of the gold forms of a PDF stand, by form_id; `gold` is in the order of the document.

    Boxes are in points of the page as displayed, origin at the top left, one for each page that a value stands on.
    """
    with pymupdf.open(path) as document:
        rows = [row for number, page in enumerate(document, 1) for row in page_rows(page, number)]
    starts = list(_starts(rows, gold))
    out: dict[str, References] = {}
    for i, (form, start) in enumerate(zip(gold, starts, strict=True)):
        ends = [other for other in starts[i + 1 :] if other is not None]
        before = max((other for other in starts[:i] if other is not None), default=-1)
        if start is not None:
            above = [row for row in rows[before + 1 : start] if not row.drawn and row.page == rows[start].page]
            out[form.form_id] = _Found(form, above, rows[start : ends[0] if ends else len(rows)]).references()
        else:
            out[form.form_id] = {}
    return out


def carried(references: References, placements: Sequence[Placement], pages: Sequence[int] = ()) -> References:
    """The references on degraded copies of the pages, in points of their sheets (eval.degrade.tool.read_truth).

    Args:
        pages: the page (from 1) that each copy was made of; default all of the document in order. Values of others have no reference.
    """
    copies = {page: copy for copy, page in enumerate(pages or range(1, len(placements) + 1), 1)}
    out: References = {}
    for cell, boxes in references.items():
        if all(page in copies for page, _ in boxes):
            out[cell] = tuple((copies[page], _carried(box, placements[copies[page] - 1])) for page, box in boxes)
    return out


def _carried(box: Box, placement: Placement) -> Box:
    x0, y0, x1, y1 = (edge / placement.scale for edge in placement.box(box))
    return x0, y0, x1, y1


def _starts(rows: Sequence[Row], gold: Sequence[Form]) -> Iterator[int | None]:
    """For each form the row that names its project; None where no row does."""
    at = -1
    for form in gold:
        name = fold(form.project_name)
        found = (i for i in range(at + 1, len(rows)) if rows[i].drawn and name and any(cell.text == name for cell in rows[i].cells))
        start = next(found, None)
        at = start if start is not None else at
        yield start


@dataclass
class _Found:
    """The values of one form in its rows; `above` are the lines before them on the first page."""

    form: Form
    above: Sequence[Row]
    rows: Sequence[Row]
    out: References = field(default_factory=dict)

    def references(self) -> References:
        """By cell, the boxes that read its value."""
        self._head()
        self._funding()
        self._goals()
        self._indicators()
        self._totals()
        return self.out

    def _head(self) -> None:
        self._put("fiscal_year", self.form.fiscal_year, [[cell] for row in self.above for cell in row.cells], part=True)
        self._put("project_name", self.form.project_name, [[cell] for cell in self.rows[0].cells])
        for name, label in (("department", "主管部门"), ("implementing_unit", "实施单位")):
            self._put(name, getattr(self.form, name), [[cell] for cell in self._behind(label)])
        money = [[cell] for row in [*self.above, *self.rows] for cell in row.cells if "资金" in cell.text or "单位" in cell.text]
        self._put("unit_of_money", self.form.unit_of_money, money, part=True)

    def _behind(self, *labels: str) -> list[Cell]:
        """The cells to the right of a label."""
        for row in self.rows:
            label = row.holding(*labels) if row.drawn else None
            if label is not None:
                return [cell for cell in row.cells if cell.x > label.x]
        return []

    def _funding(self) -> None:
        start, columns = self._header(_PRINTED_COLUMNS, "年初预算")
        for name in FUNDING_ROWS:
            row = next((row for row in self.rows[start + 1 :] if row.drawn and row.holding(_PRINTED_FUNDING[name])), None)
            for column in FUNDING_COLUMNS if row is not None else ():
                value = getattr(getattr(self.form.funding, name), column)
                self._put(funding_cell(name, column), value, [[cell] for cell in _column(row, columns.get(column))])

    def _goals(self) -> None:
        start, columns = self._header({"expected_goal": ("预期目标",), "actual_result": ("实际完成情况",)}, "预期目标")
        for name, box in columns.items():
            # A goal may be cut by a page break.
            cells = [cell for row in self.rows[start + 1 :] if row.drawn for cell in _column(row, box) if cell.chars]
            self._put(name, getattr(self.form, name), _runs(cells))

    def _header(self, labels: dict[str, tuple[str, ...]], wanted: str) -> tuple[int, dict[str, Box]]:
        """The row that has a label, and the box of each column it heads."""
        for i, row in enumerate(self.rows):
            if row.drawn and row.holding(wanted):
                heads = {name: row.holding(*texts) for name, texts in labels.items()}
                return i, {name: cell.box for name, cell in heads.items() if cell is not None}
        return len(self.rows), {}

    def _indicators(self) -> None:
        start, columns = self._header(_PRINTED_FIELDS, "三级指标")
        rows = [row for row in self.rows[start + 1 :] if row.drawn]
        at = list(_indicator_rows(rows, columns.get("name"), [fold(row.name) for row in self.form.indicators]))
        for i, indicator in enumerate(self.form.indicators):
            first = at[i]
            if first is None:
                continue
            # What a page break cuts off stands in further rows, before the next indicator begins.
            last = next((later for later in at[i + 1 :] if later is not None), len(rows))
            for name in ROW_CELLS:
                own = [cell for row in rows[first:last] for cell in _column(row, columns.get(name)) if cell.chars]
                spread = _labels_around(rows, columns.get(name), last) if name in ("level1", "level2") else _runs(own)
                self._put(row_cell(i, name), getattr(indicator, name), spread)

    def _totals(self) -> None:
        _, columns = self._header(_PRINTED_FIELDS, "三级指标")
        rows = [row for row in self.rows if row.drawn and row.cells and row.holding("总分", "合计")]
        for name, column in (("total_weight", "weight"), ("total_score", "score")):
            cells = [[cell] for row in reversed(rows) for cell in _column(row, columns.get(column))]
            self._put(name, getattr(self.form, name), cells)
        self._put("grade", self.form.grade, [[cell] for row in self.rows if row.holding("等级") for cell in row.cells], part=True)

    def _put(self, cell: str, value: CellValue, candidates: Iterable[Sequence[Cell]], *, part: bool = False) -> None:
        """Keep the first of the runs of cells that reads a value; `part`: or of which a part does."""
        if value is None or value == "":
            return
        for run in candidates:
            chars = [(one.page, char) for one in run for char in one.chars]
            found = chars if _reads(value, "".join(char.text for _, char in chars)) else _part(value, chars) if part else []
            if found:
                pages = sorted({page for page, _ in found})
                self.out[cell] = tuple((page, bounds(char for on, char in found if on == page)) for page in pages)
                return


def _reads(value: CellValue, text: str) -> bool:
    if isinstance(value, str):
        return fold(value) == text
    try:
        return Decimal(text.replace(",", "").rstrip("%年分")) == value
    except InvalidOperation:
        return False


def _part(value: CellValue, chars: Sequence[tuple[int, Char]]) -> list[tuple[int, Char]]:
    """The characters among these that read a value, the first where several do."""
    wanted = fold(str(value))
    ends = [0]
    for _, char in chars:
        ends.append(ends[-1] + len(char.text))
    at = "".join(char.text for _, char in chars).find(wanted)
    if at < 0 or at not in ends or at + len(wanted) not in ends:
        return []
    return list(chars[ends.index(at) : ends.index(at + len(wanted))])


def _column(row: Row | None, box: Box | None) -> list[Cell]:
    """The cells of a row whose middle lies below a head."""
    if row is None or box is None:
        return []
    return [cell for cell in row.cells if box[0] - _BESIDE <= cell.x <= box[2] + _BESIDE]


def _runs(cells: Sequence[Cell], longest: int = 4) -> list[list[Cell]]:
    """Every cell alone and with those after it, the earliest first."""
    return [list(cells[i:j]) for i in range(len(cells)) for j in range(i + 1, min(len(cells), i + longest) + 1)]


def _labels_around(rows: Sequence[Row], box: Box | None, end: int) -> list[list[Cell]]:
    """Labels that may cover a row: those that begin at or above it, the nearest first; then, where a page break cuts one, those below."""
    above = [cell for row in rows[:end] for cell in _column(row, box) if cell.chars]
    below = [cell for row in rows[end:] for cell in _column(row, box) if cell.chars]
    places = {id(cell): place for place, cell in enumerate(above)}
    nearest = sorted(_runs(above), key=lambda run: (places[id(run[-1])], len(run)), reverse=True)
    return [*nearest, *_runs([*above[-1:], *below])]


def _indicator_rows(rows: Sequence[Row], box: Box | None, names: Sequence[str]) -> Iterator[int | None]:
    """For each name the row that it begins in, in printed order; None where none does."""
    texts = ["".join(cell.text for cell in _column(row, box)) for row in rows]
    at = 0
    for name in names:
        found = next((i for i in range(at, len(texts)) if texts[i] and _begins(name, texts[i:])), None)
        at = found + 1 if found is not None else at
        yield found


def _begins(name: str, texts: Sequence[str]) -> bool:
    """Whether these texts, one after the other, read a name, the first of them with its start."""
    seen = ""
    for text in texts:
        seen += text
        if not name.startswith(seen) or seen == name:
            break
    return seen == name
