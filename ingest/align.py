"""Where the columns of one table stand against those of another, by the edges of their cells."""

from __future__ import annotations

from ingest.page import Table

SAME_EDGE = 2.5
"""Points by which an edge of a column may differ from page to page."""


def alignment(table: Table, first: Table) -> tuple[float, float]:
    """Shift and scale that put the columns of a later table onto those of the first, by most edges in common.

    Pages are not printed at quite the same place, and on a later page the outermost column may have no border at all, so neither the
    edges of the table nor its width say enough.
    """
    if table is first:
        return 0.0, 1.0
    edges, wanted = _edges(table), _edges(first)
    width, full = table.box[2] - table.box[0], first.box[2] - first.box[0]
    candidates = [(0.0, 1.0), (first.box[0] - table.box[0], 1.0), (first.box[2] - table.box[2], 1.0)]
    candidates.append((first.box[0] - table.box[0] * full / width, full / width))

    return max(candidates, key=lambda candidate: _matches(edges, wanted, *candidate))


def shared_edges(table: Table, first: Table) -> float:
    """Share of the columns' edges inside a table that stand where edges of the other do, once the tables are aligned."""
    inner = {edge for edge in _edges(table) if table.box[0] + SAME_EDGE < edge < table.box[2] - SAME_EDGE}
    return _matches(inner, _edges(first), *alignment(table, first)) / len(inner) if inner else 1.0


def _matches(edges: set[float], wanted: set[float], shift: float, scale: float) -> int:
    return sum(any(abs(edge * scale + shift - other) <= SAME_EDGE for other in wanted) for edge in edges)


def _edges(table: Table) -> set[float]:
    return {round(edge, 1) for cell in table.cells for edge in (cell.box[0], cell.box[2])}
