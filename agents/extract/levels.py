"""Level-1 and level-2 labels of merged cells, by geometry; labels cut by a page break joined against the known ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.extract.rows import Row
from agents.extract.sheet import Item, Sheet
from agents.extract.trace import joined
from schema.text import fold, is_blank
from schema.vocabulary import LEVELS, strip_points


@dataclass
class Label:
    """One label and the cells that print it: more than one where a page break cuts or repeats it."""

    items: list[Item] = field(default_factory=list)

    @property
    def text(self) -> str:
        """As printed, halves joined."""
        return joined(self.items)


def label_rows(sheet: Sheet, rows: list[list[Row]]) -> dict[int, dict[str, Label]]:
    """The labels of each row, by the row's id and the level. `rows` holds, for each indicator row, its parts in order."""
    found: dict[int, dict[str, Label]] = {id(parts[0]): {} for parts in rows}
    flat = [(parts[0], part) for parts in rows for part in parts]
    first = _walk(sheet, flat, "level1", None)
    second = _walk(sheet, flat, "level2", first)
    for name, labels in (("level1", first), ("level2", second)):
        for (row, part), label in zip(flat, labels, strict=True):
            # The second half of a cut row has no label of its own.
            if row is part and label is not None:
                found[id(row)][name] = label
    return found


def _walk(sheet: Sheet, rows: list[tuple[Row, Row]], level: str, outer: list[Label | None] | None) -> list[Label | None]:
    """The label of each part in order. A blank cell goes on with the label above as long as the outer label does."""
    labels: list[Label | None] = []
    current: Label | None = None
    seen: list[Item] = []
    for i, (_, part) in enumerate(rows):
        items = part.cells.get(level, [])
        same_outer = outer is None or i == 0 or _same(outer[i - 1], outer[i])
        if items and items == seen:
            pass
        elif not items or is_blank(joined(items)):
            current = current if same_outer else None
            current = _opened(current, items)
        elif current is not None and same_outer and items[0].row in sheet.breaks and _is_tail(current, items):
            current.items += items
        else:
            current = Label(list(items))
        seen = items
        labels.append(current)
    return labels


def _opened(current: Label | None, items: list[Item]) -> Label | None:
    """A blank cell with no label above may get its text from the next page, where the middle of the cut cell stands."""
    return Label() if current is None and items else current


def _same(before: Label | None, now: Label | None) -> bool:
    return before is now or (before is not None and now is not None and before.text == now.text)


def _is_tail(current: Label, items: list[Item]) -> bool:
    """Whether the text at the top of a page ends the label cut at the bottom of the page before."""
    head, tail = fold(strip_points(current.text)), fold(strip_points(joined(items)))
    whole = fold(strip_points(current.text + joined(items)))
    if not head or whole in LEVELS:
        return True
    if tail in LEVELS:
        return False
    return head not in LEVELS
