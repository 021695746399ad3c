"""Right answers from gold forms: which form a question is about, which of its rows and cells, and what they print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from agents.extract.llm.asked import Asked, read_back
from eval.simulate.index import FormIndex
from eval.simulate.lines import PrintedLine, explained, find_rows, prepare
from eval.simulate.sheet import Answered
from schema.cells import ROW_CELLS, cell_kind, iter_cells, row_cell
from schema.errors import UsageError
from schema.evidence import Evidence, LinePlace
from schema.form import Form
from schema.transcript import (
    CellsTranscript,
    CellTranscript,
    FundingRowsTranscript,
    FundingTranscript,
    HeadTranscript,
    RowsTranscript,
    Transcript,
    head_of,
    printed_cell,
    rows_of,
)

Spelling = Callable[[Decimal], str]
"""How a number is written of which only the value is known."""

_MOSTLY = 0.5
"""Share of a line that a row must account for to have it, where the row has not been found to begin anywhere."""
_NO_FUNDING = FundingTranscript(original_budget=None, adjusted_budget=None, outturn=None, weight=None, execution_rate=None, score=None)
NO_HEAD = HeadTranscript(
    title=None, fiscal_year=None, project_name=None, department=None, implementing_unit=None, unit_of_money=None,
    funding=FundingRowsTranscript(total=_NO_FUNDING, appropriation=_NO_FUNDING, carryover=_NO_FUNDING, other=_NO_FUNDING),
    expected_goal=None, actual_result=None, total_weight=None, total_score=None, grade=None, extras=[],
)  # fmt: skip
"""What is answered about the head of a document that is no known form."""


def plain_digits(number: Decimal) -> str:
    """As the gold form holds it: 15425.64, 10."""
    return f"{number:f}"


def two_decimals(number: Decimal) -> str:
    """As finance systems print it: 15,425.64, 10.00. Further decimals are kept."""
    return f"{number:,.{max(2, -int(number.as_tuple().exponent))}f}"


class GoldAnswers:
    """Answers questions about documents whose gold forms are known. Does not change once made, so threads may share it.

    Args:
        forms: the gold forms, each with a `form_id` of its own.
        spelling: how numbers without evidence are written.

    Attributes:
        forms: the gold forms, their numbers spelled.
        transcripts: by `form_id`, the right transcripts of each.

    Raises:
        ValueError: two forms have one `form_id`.
    """

    def __init__(self, forms: Sequence[Form], spelling: Spelling = plain_digits) -> None:
        if len({form.form_id for form in forms}) < len(forms):
            raise ValueError("two gold forms have one form_id")
        self.forms = tuple(_spelled(form, spelling) for form in forms)
        self.transcripts = {form.form_id: Answered(head_of(form), rows_of(form)) for form in self.forms}
        self._index = FormIndex(self.forms)

    def reply_text(self, user_text: str) -> str:
        """The answer to a composed question as JSON text, keys in the order of the schema.

        Raises:
            ValueError: the text is no question of ours.
        """
        return self.answer(read_back(user_text)).model_dump_json()

    def answer(self, asked: Asked) -> Transcript:
        """The transcript that a reader without fault would give; an empty one about a document that is no known form."""
        form = self.find(asked)
        if asked.task == "head":
            return self.transcripts[form.form_id].head if form else NO_HEAD
        if asked.task == "rows":
            every = self.transcripts[form.form_id].rows.rows if form else []
            return RowsTranscript(rows=[every[i] for i in rows_asked(form, asked)] if form else [])
        return told_cells(form, asked, cells_asked(form, asked) if form else [None] * len(asked.cells), {})

    def find(self, asked: Asked) -> Form | None:
        """The form a question is about; None where the lines are of no known form."""
        return self._index.find(asked, prepare(asked.lines))


def told_cells(form: Form | None, asked: Asked, addresses: Sequence[str | None], instead: Mapping[str, str | None]) -> CellsTranscript:
    """The answer to a question about cells with these addresses; `instead` holds what is told for some in place of what they print."""
    cells = []
    for (name, _), address in zip(asked.cells, addresses, strict=True):
        printed = printed_cell(form, address) if form and address else None
        cells.append(CellTranscript(cell=name, printed=instead.get(address, printed) if address else None))
    return CellsTranscript(cells=cells)


def rows_asked(form: Form, asked: Asked) -> list[int]:
    """Which indicators (from 0) a question about rows means: those it names by number, else those that stand in its lines."""
    every = range(len(form.indicators))
    if asked.first is not None:
        return list(every[max(asked.first - 1, 0) : asked.last])
    found = find_rows(form, prepare(asked.lines))
    # Rows between two that stand there do too, were they misread or not.
    return list(range(min(found), max(found) + 1)) if found else []


def cells_asked(form: Form, asked: Asked) -> list[str | None]:
    """The addresses (schema.cells) of the cells in a question; None for one that the form does not have."""
    lines = prepare(asked.lines)
    ids = {line.id: at for at, line in enumerate(lines)}
    rows = find_rows(form, lines)
    addresses: list[str | None] = []
    for cell, _ in asked.cells:
        line, _, field = cell.rpartition(".")
        if line in ids and field in ROW_CELLS:
            row = _row_at(form, lines, rows, ids[line])
            addresses.append(None if row is None else row_cell(row, field))
        else:
            addresses.append(cell if _exists(form, cell) else None)
    return addresses


def _row_at(form: Form, lines: Sequence[PrintedLine], rows: dict[int, int], at: int) -> int | None:
    """The row that a line belongs to: the one that begins there, else the one it holds most of, from the row above to the row below.

    A line that holds little of any, as a label does that stands before its first row, belongs to the row below.
    """
    begun = {line: row for row, line in rows.items()}
    if at in begun:
        return begun[at]
    above = max((line for line in begun if line < at), default=None)
    below = min((line for line in begun if line > at), default=None)
    first = 0 if above is None else begun[above]
    last = len(form.indicators) - 1 if below is None else begun[below]
    held = {row: explained(form.indicators[row], lines[at]) for row in range(first, last + 1)}
    best = max(held, key=lambda row: held[row], default=None)
    if best is not None and held[best] >= _MOSTLY:
        return best
    near = [begun[line] for line in (below, above) if line is not None]
    return max(near, key=lambda row: held[row], default=None)


def _exists(form: Form, cell: str) -> bool:
    try:
        printed_cell(form, cell)
    except UsageError:
        return False
    return True


def _spelled(form: Form, spelling: Spelling) -> Form:
    """The form with evidence that says how its numbers are printed, where it has none: that is what transcripts go by."""
    prints = {
        cell: Evidence(match="exact", read_by="reviewer", confidence=1, at=(LinePlace(line=(1, 1), span=(0, 0), text=spelling(value)),))
        for cell, value in iter_cells(form)
        if isinstance(value, Decimal) and cell_kind(cell) == "number" and cell not in form.evidence
    }
    return form.model_copy(update={"evidence": form.evidence | prints})
