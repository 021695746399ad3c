"""Level-1 and level-2 labels of merged cells, by geometry; labels cut by a page break joined against the known ones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agents.extract.rows import Row
from agents.extract.sheet import Item
from agents.extract.trace import joined
from schema.text import fold, is_blank
from schema.vocabulary import LEVELS, level1_suits

_POINTS = re.compile(r"\([^()]*(?:\)|$)")
"""Points in brackets, closed or cut."""


@dataclass
class Label:
    """One label and the cells that print it: more than one where a page break cuts or repeats it."""

    items: list[Item] = field(default_factory=list)
    doubtful: str | None = None
    """The other label that may be meant, where page breaks leave that open."""

    @property
    def text(self) -> str:
        """As printed, halves joined."""
        return joined(self.items)


def label_rows(rows: list[list[Row]]) -> dict[int, dict[str, Label]]:
    """The labels of each row, by the row's id and the level. `rows` holds, for each indicator row, its parts in order."""
    found: dict[int, dict[str, Label]] = {id(parts[0]): {} for parts in rows}
    flat = [(parts[0], part) for parts in rows for part in parts]
    first = _walk([part for _, part in flat], "level1", None)
    second = _walk([part for _, part in flat], "level2", first)
    for name, labels in (("level1", first), ("level2", second)):
        for (row, part), label in zip(flat, labels, strict=True):
            # The second half of a cut row has no label of its own.
            if row is part and label is not None:
                found[id(row)][name] = label
    return found


def _walk(parts: list[Row], level: str, outer: list[Label | None] | None) -> list[Label | None]:
    """The label of each part in order, as long as the outer label holds."""
    cells = [part.cells.get(level, []) for part in parts]
    inherits = _labels_first_rows_only(parts, cells)
    labels: list[Label | None] = []
    current: Label | None = None
    for i, (part, items) in enumerate(zip(parts, cells, strict=True)):
        same_outer = outer is None or i == 0 or _same(outer[i - 1], outer[i])
        # A row that shares a cell with the one above is under its label, whatever stray ruling cuts the rest of it.
        same_cell = i > 0 and any(item in cells[i - 1] for item in items)
        if not same_cell and _blank(items):
            if not same_outer:
                current = None
            if current is None or not (inherits or part.after_break or not items):
                current = Label()
            elif not inherits and (later := _label_below(parts, cells, i)) is not None:
                current = _settled(current, Label(later), _second(parts, cells, i) if level == "level1" else "")
        elif not same_cell and current is not None and same_outer and part.after_break and _is_tail(current, items):
            if level == "level1" and not current.text and _contradicts(Label(items), parts, labels, current):
                current.doubtful = joined(items)
                current = Label(list(items))
            else:
                current.items += items
        elif not same_cell:
            current = Label(list(items))
        labels.append(current)
    return labels


def _label_below(parts: list[Row], cells: list[list[Item]], i: int) -> list[Item] | None:
    """The cell on top of the next page, where a blank one fills this page from its top to its end.

    Programs that put the text of a merged cell on one of its pages leave it open whether the blank part goes with what comes before or
    with what comes after.
    """
    if not parts[i].after_break or not cells[i]:
        return None
    below = next((j for j in range(i + 1, len(parts)) if cells[j] != cells[i]), None)
    return cells[below] if below is not None and parts[below].after_break and not _blank(cells[below]) else None


def _contradicts(label: Label, parts: list[Row], labels: list[Label | None], blank: Label) -> bool:
    """Whether a label on top of a page cannot be that of the blank cell before it: a level-2 label there stands under another."""
    seconds = (joined(part.cells.get("level2", [])) for part, held in zip(parts, labels, strict=False) if held is blank)
    return any(level1_suits(label.text, second) is False for second in seconds)


def _second(parts: list[Row], cells: list[list[Item]], i: int) -> str:
    """The first level-2 label beside a level-1 cell."""
    beside = (part.cells.get("level2", []) for part, items in zip(parts[i:], cells[i:], strict=True) if items == cells[i])
    return next((joined(items) for items in beside if not _blank(items)), "")


def _settled(before: Label, after: Label, second: str) -> Label:
    """Which of two labels a row with a blank one stands under. Level 2 tells level 1; else the earlier one, with a doubt."""
    if before.text == after.text:
        return before
    suits = (level1_suits(before.text, second), level1_suits(after.text, second))
    if suits == (False, True):
        return after
    return before if suits == (True, False) else Label(before.items, doubtful=after.text)


def _labels_first_rows_only(parts: list[Row], cells: list[list[Item]]) -> bool:
    """Whether the table leaves the cells below a label blank instead of merging them with it.

    Such blanks end inside a page, at the next label. Where cells are merged, the only blank one is that cut by a page break whose text
    stands on the other page.
    """
    for i in range(1, len(parts)):
        fresh_blank = _blank(cells[i - 1]) and not parts[i - 1].after_break and i > 1 and cells[i - 1] != cells[i - 2]
        if fresh_blank and cells[i] != cells[i - 1] and not parts[i].after_break:
            return True
    return False


def _blank(items: list[Item]) -> bool:
    return not items or is_blank(joined(items))


def _same(before: Label | None, now: Label | None) -> bool:
    return before is now or (before is not None and now is not None and before.text == now.text)


def _bare(text: str) -> str:
    """The label without its points, which the page break may cut too: 产出指标（50 | 分）."""
    return _POINTS.sub("", fold(text))


def _is_tail(current: Label, items: list[Item]) -> bool:
    """Whether the text at the top of a page ends the label cut at the bottom of the page before."""
    head, tail, whole = (_bare(text) for text in (current.text, joined(items), current.text + joined(items)))
    if not head or whole in LEVELS:
        return True
    if tail in LEVELS:
        return False
    return head not in LEVELS
