"""Evidence and review marks as rows, and rows as evidence and review marks again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from schema.evidence import Evidence, LinePlace, PagePlace, Place, Reading, ReviewMark, SheetPlace, TablePlace
from store.columns import AnyRow
from store.repository.rows import Values

PLACE_COLUMNS = (
    "page", "x0", "y0", "x1", "y1", "line_from", "line_to", "span_from", "span_to", "sheet", "ref", "word_table", "word_row", "word_column",
)  # fmt: skip
EVIDENCE_COLUMNS = ("version_id", "position", "cell", "match", "read_by", "confidence", "part", "text", *PLACE_COLUMNS)
MARK_COLUMNS = ("version_id", "position", "cell", "reason")
READING_COLUMNS = ("version_id", "position", "part", "read_by", "number", "text")
_NOWHERE: Values = (None,) * len(PLACE_COLUMNS)


def evidence_lines(version_id: int, evidence: Mapping[str, Evidence]) -> Iterator[Values]:
    """One row per place, or one without a place for a cell that has none; values of EVIDENCE_COLUMNS."""
    for position, (cell, known) in enumerate(evidence.items()):
        head = (version_id, position, cell, known.match, known.read_by, known.confidence)
        if not known.at:
            yield (*head, 0, None, *_NOWHERE)
        for part, place in enumerate(known.at):
            yield (*head, part, place.text, *_place_values(place))


def load_evidence(rows: Mapping[int, Sequence[AnyRow]]) -> dict[int, dict[str, Evidence]]:
    """The evidence of each version, from its rows in order."""
    return {version_id: _evidence(lines) for version_id, lines in rows.items()}


def mark_lines(version_id: int, review: Iterable[ReviewMark]) -> tuple[list[Values], list[Values]]:
    """The rows of the marks (MARK_COLUMNS), and those of their readings (READING_COLUMNS)."""
    marks: list[Values] = []
    readings: list[Values] = []
    for position, mark in enumerate(review):
        marks.append((version_id, position, mark.cell, mark.reason))
        for part, reading in enumerate(mark.readings):
            text = reading.value if isinstance(reading.value, str) else None
            number = None if isinstance(reading.value, str) else reading.value
            readings.append((version_id, position, part, reading.read_by, number, text))
    return marks, readings


def load_marks(marks: Sequence[AnyRow], readings: Iterable[AnyRow]) -> tuple[ReviewMark, ...]:
    """The marks of one version, from its rows in order."""
    by_mark: dict[int, list[Reading]] = defaultdict(list)
    for row in readings:
        by_mark[row.position].append(Reading(read_by=row.read_by, value=row.number if row.text is None else row.text))
    return tuple(ReviewMark(cell=row.cell, reason=row.reason, readings=tuple(by_mark[row.position])) for row in marks)


def _place_values(place: Place) -> Values:
    """The values of PLACE_COLUMNS: those of one kind of place, the others empty."""
    if isinstance(place, PagePlace):
        return (place.page, *place.bbox, *_NOWHERE[5:])
    if isinstance(place, LinePlace):
        return (*_NOWHERE[:5], *place.line, *place.span, *_NOWHERE[9:])
    if isinstance(place, SheetPlace):
        return (*_NOWHERE[:9], place.sheet, place.ref, *_NOWHERE[11:])
    return (*_NOWHERE[:11], place.table, place.row, place.column)


def _evidence(rows: Sequence[AnyRow]) -> dict[str, Evidence]:
    places: dict[str, list[Place]] = {}
    heads: dict[str, AnyRow] = {}
    for row in rows:
        heads.setdefault(row.cell, row)
        at = places.setdefault(row.cell, [])
        if row.text is not None:
            at.append(_place(row))
    return {
        cell: Evidence(match=head.match, read_by=head.read_by, confidence=head.confidence, at=tuple(places[cell]))
        for cell, head in heads.items()
    }


def _place(row: AnyRow) -> Place:
    if row.page is not None:
        return PagePlace(page=row.page, bbox=(row.x0, row.y0, row.x1, row.y1), text=row.text)
    if row.line_from is not None:
        return LinePlace(line=(row.line_from, row.line_to), span=(row.span_from, row.span_to), text=row.text)
    if row.sheet is not None:
        return SheetPlace(sheet=row.sheet, ref=row.ref, text=row.text)
    return TablePlace(table=row.word_table, row=row.word_row, column=row.word_column, text=row.text)
