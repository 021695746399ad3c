"""Verdicts to a canonical form: what is believed as it is printed, with its places; what is not, open and marked for review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agents.extract.indicators import name_part
from agents.extract.llm.head import ground_extras, ground_head
from agents.extract.llm.printed import Printed
from agents.extract.llm.rows import Row, Rows, ground_rows
from agents.extract.llm.verdict import Verdict
from agents.extract.numbers import parse_number
from ingest.dump.pieces import Piece
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, HEAD_CELLS, ROW_CELLS, TEXT_CELLS, TOTAL_CELLS, cell_kind, funding_cell, row_cell
from schema.evidence import Evidence, Reading, ReviewMark
from schema.form import Extra, Form, Indicator
from schema.record import Number
from schema.transcript import HeadTranscript, RowTranscript


@dataclass(frozen=True)
class Grounded:
    """A transcript looked up on its page.

    Attributes:
        head: the verdict on each cell of the head, by address.
        rows: the rows that are printed, with the verdicts on their cells.
        extras: label and text of the extras that are printed.
    """

    printed: Printed
    head: Mapping[str, Verdict]
    rows: Rows
    extras: Sequence[tuple[Sequence[Piece], Sequence[Piece]]]

    def verdicts(self) -> Iterator[tuple[str, Verdict]]:
        """Every verdict with the address of its cell."""
        yield from self.head.items()
        for i, row in enumerate(self.rows.rows):
            yield from ((row_cell(i, name), verdict) for name, verdict in row.cells.items())

    @property
    def believed(self) -> int:
        """How many cells need no second look."""
        return sum(verdict.believed for _, verdict in self.verdicts())


def ground(printed: Printed, head: HeadTranscript, rows: Sequence[RowTranscript]) -> Grounded:
    """Look a transcript up on its page."""
    cells, table = ground_head(printed, head), ground_rows(printed, rows)
    verdicts = (*cells.values(), *(verdict for row in table.rows for verdict in row.cells.values()))
    used = {piece.start for verdict in verdicts for piece in verdict.pieces}
    return Grounded(printed, cells, table, ground_extras(printed, head, used))


def build(grounded: Grounded) -> Form:
    """The form. Its source is left open, and its id empty."""
    evidence: dict[str, Evidence] = {}
    review: list[ReviewMark] = []
    values: dict[str, Any] = {}
    for cell, verdict in grounded.verdicts():
        values[cell] = _value(cell, verdict, grounded.printed)
        if values[cell] is not None and verdict.pieces:
            evidence[cell] = _evidence(verdict, grounded.printed)
        if not verdict.believed:
            review.append(_mark(cell, verdict))
    review += _nameless(grounded.rows)
    review += _row_marks(grounded.rows)
    extras = [_extra(i, pair, grounded.printed, evidence) for i, pair in enumerate(grounded.extras)]
    top = {name: values.get(name) for name in (*HEAD_CELLS, *TEXT_CELLS, *TOTAL_CELLS)}
    funding = {row: {column: values.get(funding_cell(row, column)) for column in FUNDING_COLUMNS} for row in FUNDING_ROWS}
    indicators = [_indicator(i, row, values) for i, row in enumerate(grounded.rows.rows)]
    form = {**top, "form_id": "", "funding": funding, "indicators": indicators, "extras": extras, "evidence": evidence, "review": review}
    return Form.model_validate(form)


def _indicator(index: int, row: Row, values: Mapping[str, Any]) -> Indicator:
    cells = {name: values[row_cell(index, name)] for name in ROW_CELLS}
    # A row cannot be without a name; one that was not found on the page is marked.
    return Indicator(**cells | {"name": cells["name"] or row.said.name or ""})


def _value(cell: str, verdict: Verdict, printed: Printed) -> Decimal | int | str | None:
    """The cell's value as printed, also where that is not what was said; None where nothing is printed, or nobody knows where."""
    if not verdict.pieces:
        return None
    text = verdict.text if verdict.text is not None else printed.value(verdict.pieces)
    kind = cell_kind(cell)
    if kind == "year":
        return int(text)
    if kind == "number":
        parsed = parse_number(text)
        return parsed[0] if parsed else None
    if cell.endswith("].name") and (part := name_part(text)) is not None:
        return text[part]
    return text.rstrip() or None


def _evidence(verdict: Verdict, printed: Printed) -> Evidence:
    return Evidence(
        match="similar" if verdict.status == "similar" else "exact",
        read_by="llm",
        confidence=printed.confidence(verdict.pieces),
        at=printed.places(verdict.pieces),
    )


def _mark(cell: str, verdict: Verdict) -> ReviewMark:
    said = _reading(cell, verdict.said)
    readings = () if said is None else (Reading(read_by="llm", value=said),)
    return ReviewMark(cell=cell, reason=f"模型读数待核对：{verdict.why}", readings=readings)


def _reading(cell: str, said: str | None) -> Number | str | None:
    parsed = parse_number(said) if said is not None and cell_kind(cell) == "number" else None
    return parsed[0] if parsed else said


def _nameless(rows: Rows) -> Iterator[ReviewMark]:
    """The points of rows whose name was not found: whose they are is open."""
    for i, row in enumerate(rows.rows):
        for name in ("weight", "score") if not row.cells["name"].believed else ():
            if row.cells[name].believed:
                yield ReviewMark(cell=row_cell(i, name), reason="这一行的指标名称没有核实，分数属于哪条指标有待核对")


def _row_marks(rows: Rows) -> Iterator[ReviewMark]:
    for group in rows.missing:
        text = " ".join(piece.text for piece in group)
        yield ReviewMark(cell="indicators", reason=f"这些文字像是一行指标，模型没有给出：{text[:60]}")
    if rows.expected and len(rows.rows) != rows.expected and not rows.missing:
        yield ReviewMark(cell="indicators", reason=f"页面上有 {rows.expected} 行分数，只读出 {len(rows.rows)} 行指标，可能漏读或多读了行")


def _extra(index: int, pair: tuple[Sequence[Piece], Sequence[Piece]], printed: Printed, evidence: dict[str, Evidence]) -> Extra:
    label, text = (printed.value(pieces) for pieces in pair)
    for name, pieces in zip(("label", "text"), pair, strict=True):
        at = printed.places(pieces)
        evidence[f"extras[{index}].{name}"] = Evidence(match="exact", read_by="llm", confidence=printed.confidence(pieces), at=at)
    return Extra(label=label.rstrip(":："), text=text)
