"""Evidence and review marks as rows, and rows as evidence and review marks again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schema.evidence import Evidence, LinePlace, PagePlace, Place, Reading, ReviewMark, SheetPlace, TablePlace
from store.columns import AnyRow

Line = dict[str, Any]


def evidence_lines(version_id: int, evidence: Mapping[str, Evidence]) -> list[Line]:
    """One row per place, or one without a place for a cell that has none."""
    lines = []
    for position, (cell, known) in enumerate(evidence.items()):
        head = {
            "version_id": version_id,
            "position": position,
            "cell": cell,
            "match": known.match,
            "read_by": known.read_by,
            "confidence": known.confidence,
        }
        if not known.at:
            lines.append(head | {"part": 0})
        for part, place in enumerate(known.at):
            lines.append(head | {"part": part, "text": place.text} | _place_columns(place))
    return lines


def load_evidence(rows: Mapping[int, Sequence[AnyRow]]) -> dict[int, dict[str, Evidence]]:
    """The evidence of each version, from its rows in order."""
    return {version_id: _evidence(lines) for version_id, lines in rows.items()}


def mark_lines(version_id: int, review: Iterable[ReviewMark]) -> tuple[list[Line], list[Line]]:
    """The rows of the marks, and those of their readings."""
    marks, readings = [], []
    for position, mark in enumerate(review):
        marks.append({"version_id": version_id, "position": position, "cell": mark.cell, "reason": mark.reason})
        for part, reading in enumerate(mark.readings):
            text = reading.value if isinstance(reading.value, str) else None
            number = None if isinstance(reading.value, str) else reading.value
            key = {"version_id": version_id, "position": position, "part": part}
            readings.append(key | {"read_by": reading.read_by, "number": number, "text": text})
    return marks, readings


def load_marks(marks: Sequence[AnyRow], readings: Iterable[AnyRow]) -> tuple[ReviewMark, ...]:
    """The marks of one version, from its rows in order."""
    by_mark: dict[int, list[Reading]] = defaultdict(list)
    for row in readings:
        by_mark[row.position].append(Reading(read_by=row.read_by, value=row.number if row.text is None else row.text))
    return tuple(ReviewMark(cell=row.cell, reason=row.reason, readings=tuple(by_mark[row.position])) for row in marks)


def _place_columns(place: Place) -> Line:
    if isinstance(place, PagePlace):
        x0, y0, x1, y1 = place.bbox
        return {"page": place.page, "x0": x0, "y0": y0, "x1": x1, "y1": y1}
    if isinstance(place, LinePlace):
        return {"line_from": place.line[0], "line_to": place.line[1], "span_from": place.span[0], "span_to": place.span[1]}
    if isinstance(place, SheetPlace):
        return {"sheet": place.sheet, "ref": place.ref}
    return {"word_table": place.table, "word_row": place.row, "word_column": place.column}


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
