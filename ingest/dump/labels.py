"""Known labels in a row of pieces: a label may be broken over several of them, and a piece never holds half of one and something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ingest.dump.pieces import Piece
from schema.vocabulary import (
    HEAD,
    HEAD_LABELS,
    INDICATOR_COLUMN,
    INDICATOR_COLUMN_LABELS,
    LONGEST_COLUMN_LABEL,
    LONGEST_LABEL,
    Labels,
    label_key,
)

_MOST = 10
"""Pieces that a label is broken into at most."""
_UNKNOWN = 12
"""Characters of a column label that no synonym knows, at most."""


_OPENINGS = frozenset(word[0] for name in ("level1", "level2", "name") for word in INDICATOR_COLUMN_LABELS[name])
_NAMES = frozenset(word[0] for word in HEAD_LABELS["project_name"])


_ENDINGS = ("措施", "原因", "分析", "说明", "情况", "指标值", "完成值", "得分", "分值")
_PARTS = 2
"""Columns that a divided target has at least."""


class Found(NamedTuple):
    """A label found: the field it names, its first piece, and the index behind its last."""

    field: str
    first: int
    end: int


def label_at(pieces: Sequence[Piece], at: int, named: Callable[[str], str | None]) -> Found | None:
    """The longest label that starts with this piece; `named` tells what a label key names."""
    text, found = "", None
    for end in range(at + 1, min(at + _MOST, len(pieces)) + 1):
        text += pieces[end - 1].text
        if len(text) > LONGEST_LABEL:
            break
        field = named(label_key(text))
        if field is not None:
            found = Found(field, at, end)
    return found


def member(keys: frozenset[str], field: str) -> Callable[[str], str | None]:
    """A field that is named by any of the keys."""
    return lambda key: field if key in keys else None


def columns_at(pieces: Sequence[Piece], at: int, labels: Labels) -> list[Found]:
    """The labels of columns that follow one another from this piece on; a single unknown one between two of them is a column `other`."""
    found: list[Found] = []
    i = at
    while i < len(pieces) and (label := _column(pieces, i, labels, {f.field for f in found}, bool(found))) is not None:
        found.append(label)
        i = label.end
    return found


def _column(pieces: Sequence[Piece], at: int, labels: Labels, taken: set[str], inside: bool) -> Found | None:
    found = label_at(pieces, at, labels.exact)
    if found is None and (field := labels.get(label_key(pieces[at].text))) is not None:
        found = Found(field, at, _end_of_column(pieces, at))
    if found is not None and found.field not in taken:
        return found
    after = label_at(pieces, at + 1, labels.exact) if inside and at + 1 < len(pieces) else None
    unknown = found is None and after is not None and after.field not in taken and len(pieces[at].text) <= _UNKNOWN
    return Found("other", at, at + 1) if unknown else None


def _end_of_column(pieces: Sequence[Piece], at: int) -> int:
    """Where a column's label ends that no synonym knows: 未达标原因分析及改 | 进措施 goes on in the next line."""
    text = pieces[at].text
    after = pieces[at + 1].text if at + 1 < len(pieces) else ""
    whole = label_key(text + after)
    return at + 2 if not text.endswith(_ENDINGS) and whole.endswith(_ENDINGS) and len(whole) <= LONGEST_COLUMN_LABEL else at + 1


def indicator_header(pieces: Sequence[Piece], at: int) -> list[Found]:
    """The column labels of an indicator table that start at this piece; none when it does not head one."""
    if pieces[at].text[0] not in _OPENINGS:
        return []
    first = label_at(pieces, at, INDICATOR_COLUMN.exact)
    if first is None or first.field not in ("level1", "level2", "name"):
        return []
    found = _divided(pieces, columns_at(pieces, at, INDICATOR_COLUMN))
    fields = {label.field for label in found}
    values = fields & {"target", "actual", "weight", "score", "deviation"}
    return found if "name" in fields and len(values) >= 2 else []


def _divided(pieces: Sequence[Piece], found: list[Found]) -> list[Found]:
    """The columns of a header with a second row: the target's column gives way to those that its sign, value and unit have there."""
    end = found[-1].end
    if label_at(pieces, end, INDICATOR_COLUMN.exact) is None and label_at(pieces, end + 1, _part) is not None:
        # The heading of the section is printed between the two rows.
        end += 1
    parts: list[Found] = []
    while end < len(pieces) and (part := label_at(pieces, end, _part)) is not None and part.field not in {p.field for p in parts}:
        parts.append(part)
        end = part.end
    target = next((i for i, label in enumerate(found) if label.field == "target"), None)
    if target is None or len(parts) < _PARTS:
        return found
    return [*found[:target], *parts, *found[target + 1 :]]


def _part(key: str) -> str | None:
    field = INDICATOR_COLUMN.exact(key)
    return field if field in ("target", "target_sign", "target_unit") else None


def names_project(pieces: Sequence[Piece], at: int) -> bool:
    """Whether the label of a project's name opens a line with this piece."""
    if not pieces[at].opens or pieces[at].text[0] not in _NAMES:
        return False
    found = label_at(pieces, at, HEAD.exact)
    return found is not None and found.field == "project_name"
