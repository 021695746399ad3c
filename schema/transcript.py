"""What a language model fills in: the strings of a form exactly as printed, and nothing that code can work out.

The shapes keep to what every strict-schema engine understands: all fields required and nullable, no further keys, no number types, formats,
defaults, unions of objects or bounds. Head and indicator rows are asked for apart, and rows in groups, so that no answer can be cut and
long tables lose no rows. `agents.extract.llm` turns transcripts into canonical forms and believes only what it finds on the page.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, HEAD_CELLS, ROW_CELLS, TEXT_CELLS, TOTAL_CELLS, funding_cell, get_cell, row_cell
from schema.form import Form
from schema.vocabulary import LEVEL1_LABELS, LEVEL1_SYNONYMS, LEVEL2_LABELS, LEVEL2_SYNONYMS

OTHER_LABEL = "其他写法"
"""What stands for a level label that is printed but not in the closed list; its wording is then taken from the page."""

LEVEL1_CHOICES = (*LEVEL1_LABELS, *LEVEL1_SYNONYMS, OTHER_LABEL)
LEVEL2_CHOICES = (*LEVEL2_LABELS, *LEVEL2_SYNONYMS, OTHER_LABEL)
"""The closed lists; what templates use on both levels is in both."""

if TYPE_CHECKING:
    Level1: TypeAlias = str
    Level2: TypeAlias = str
else:
    Level1, Level2 = Literal[LEVEL1_CHOICES], Literal[LEVEL2_CHOICES]


class Transcript(BaseModel):
    """Base of everything a model fills in."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FundingTranscript(Transcript):
    """One row of the funding table, each cell as printed."""

    original_budget: str | None
    adjusted_budget: str | None
    outturn: str | None
    weight: str | None
    execution_rate: str | None
    score: str | None


class FundingRowsTranscript(Transcript):
    """The rows of the funding table; a row that is not printed has nulls only."""

    total: FundingTranscript
    appropriation: FundingTranscript
    carryover: FundingTranscript
    other: FundingTranscript


class ExtraTranscript(Transcript):
    """A printed block or row without a slot."""

    label: str
    text: str


class HeadTranscript(Transcript):
    """A form without its indicator rows."""

    title: str | None
    fiscal_year: str | None
    project_name: str | None
    department: str | None
    implementing_unit: str | None
    unit_of_money: str | None
    funding: FundingRowsTranscript
    expected_goal: str | None
    actual_result: str | None
    total_weight: str | None
    total_score: str | None
    grade: str | None
    extras: list[ExtraTranscript]


class RowTranscript(Transcript):
    """One indicator row. Level labels of merged cells are repeated on each row they cover."""

    level1: Level1 | None
    level2: Level2 | None
    name: str | None
    target: str | None
    actual: str | None
    weight: str | None
    score: str | None
    deviation: str | None


class RowsTranscript(Transcript):
    """A group of indicator rows, in printed order."""

    rows: list[RowTranscript]


class CellTranscript(Transcript):
    """What one cell that is asked for again prints; null where it prints nothing."""

    cell: str
    printed: str | None


class CellsTranscript(Transcript):
    """Cells that are asked for again, by the addresses given in the question."""

    cells: list[CellTranscript]


def wire_schema(model: type[Transcript]) -> dict[str, Any]:
    """The JSON schema as it is sent: without the titles and descriptions that pydantic adds, which only cost tokens."""
    schema: dict[str, Any] = _bare(model.model_json_schema())
    return schema


def head_of(form: Form) -> HeadTranscript:
    """The transcript of a form's head, as a reader without fault would give it; numbers as the evidence prints them."""
    rows = {
        row: FundingTranscript(**{column: printed_cell(form, funding_cell(row, column)) for column in FUNDING_COLUMNS})
        for row in FUNDING_ROWS
    }
    return HeadTranscript(
        **{name: printed_cell(form, name) for name in (*HEAD_CELLS, *TEXT_CELLS, *TOTAL_CELLS)},
        funding=FundingRowsTranscript(**rows),
        extras=[ExtraTranscript(label=extra.label, text=extra.text) for extra in form.extras],
    )


def rows_of(form: Form, first: int = 0, end: int | None = None) -> RowsTranscript:
    """The transcript of a form's indicator rows from `first` (from 0) to before `end`."""
    rows = range(len(form.indicators))[first:end]
    return RowsTranscript(rows=[_row_of(form, i) for i in rows])


def _row_of(form: Form, index: int) -> RowTranscript:
    cells = {field: printed_cell(form, row_cell(index, field)) for field in ROW_CELLS}
    for field, known in (("level1", LEVEL1_CHOICES), ("level2", LEVEL2_CHOICES)):
        if cells[field] is not None and cells[field] not in known:
            cells[field] = OTHER_LABEL
    return RowTranscript(**cells)


def printed_cell(form: Form, cell: str) -> str | None:
    """A cell as a string: texts as they are, numbers as the evidence prints them, else in plain digits."""
    value = get_cell(form, cell)
    if value is None or isinstance(value, str):
        return value
    evidence = form.evidence.get(cell)
    text = "".join(place.text for place in evidence.at) if evidence else ""
    return text or (f"{value:f}" if isinstance(value, Decimal) else str(value))


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        # A field may itself be called title, as the form's is: only the keywords are dropped.
        return {
            key: ({name: _bare(field) for name, field in value.items()} if key in ("properties", "$defs") else _bare(value))
            for key, value in node.items()
            if key not in ("title", "description")
        }
    return [_bare(item) for item in node] if isinstance(node, list) else node
