"""Labels that a picture shows badly, read by the vocabulary.

A form's labels are a closed set, and everything else hangs on them: one misread column header costs the whole column. Where a cell reads
like exactly one known label but for characters that were read with doubt, or for strokes at its ends that are no Chinese characters, it
is that label. Figures and texts are never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.page import Cell, Glyph, Line, Table
from schema.text import fold
from schema.vocabulary import ALL_LABELS, LEVELS, label_key

_DOUBTFUL = 0.9
"""Confidence below which a character may be another one."""
_TELLING = 5
"""Characters from which a label with a single wrong one is told by the others, however surely that one was read."""
_MENDED = 0.92
"""Confidence given to a character that only the vocabulary tells."""
_LONGEST = 14
_MOST_STRAYS = 2
_SHARE = 3
"""One character in so many may be misread, and one in any label."""
_SHORTEST, _SHORTEST_MISREAD = 2, 3
_NUMERALS = "一二三"
_BY_LENGTH: dict[int, list[str]] = {}
for _label in sorted(ALL_LABELS | LEVELS):
    _BY_LENGTH.setdefault(len(_label), []).append(_label)


def mend_labels(table: Table) -> Table:
    """The table with doubtful labels read by the vocabulary."""
    beside: dict[int, set[str]] = {}
    for cell in table.cells:
        beside.setdefault(cell.row, set()).add(label_key(cell.text))
    return replace(table, cells=tuple(_mended(cell, beside[cell.row]) for cell in table.cells))


def _mended(cell: Cell, beside: set[str]) -> Cell:
    """The cell, given the labels of the cells in its row."""
    glyphs = [glyph for line in cell.lines for glyph in line.glyphs if not glyph.text.isspace()]
    if not _SHORTEST <= len(glyphs) <= _LONGEST or label_key(cell.text) in ALL_LABELS:
        return cell
    core = _core(glyphs)
    if (numbered := _numbered(core, beside)) is not None:
        first = cell.lines[0]
        return replace(
            cell, lines=(Line((first.glyphs[0]._replace(text=numbered, confidence=_MENDED), *first.glyphs), first.origin), *cell.lines[1:])
        )
    found = {tuple(change) for change in (*_misread(core), *_strays(core))}
    if len(found) != 1:
        return cell
    change = dict(zip(map(id, core), found.pop(), strict=True))
    lines = (Line(tuple(_changed(line, change)), line.origin) for line in cell.lines)
    return replace(cell, lines=tuple(line for line in lines if any(not glyph.text.isspace() for glyph in line.glyphs)))


def _core(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs without a leading 其中： and a trailing colon, which are no part of a label's key."""
    core = list(glyphs)
    if fold("".join(glyph.text for glyph in core[:3])) == "其中:":
        core = core[3:]
    while core and fold(core[-1].text) in (":", "."):
        core.pop()
    return core


def _numbered(core: Sequence[Glyph], beside: set[str]) -> str | None:
    """The lost numeral of 一级指标, 二级指标, 三级指标, whose strokes look like remains of a ruling; the one that the row still lacks."""
    text = fold("".join(glyph.text for glyph in core))
    lacking = [numeral for numeral in _NUMERALS if numeral + text in ALL_LABELS and numeral + text not in beside]
    known = [numeral for numeral in _NUMERALS if numeral + text in beside]
    return lacking[0] if len(lacking) == 1 and known else None


def _misread(core: Sequence[Glyph]) -> Iterator[list[str]]:
    """Known labels of the same length that differ in doubtful characters only, or in one if long; each as the new text of every glyph."""
    for label in _BY_LENGTH.get(len(core), ()) if len(core) >= _SHORTEST_MISREAD else ():
        wrong = [i for i, glyph in enumerate(core) if fold(glyph.text) != label[i]]
        told = len(core) >= _TELLING and len(wrong) == 1
        if told or (len(wrong) <= max(1, len(core) // _SHARE) and all(core[i].confidence < _DOUBTFUL for i in wrong)):
            yield [label[i] if i in wrong else glyph.text for i, glyph in enumerate(core)]


def _strays(core: Sequence[Glyph]) -> Iterator[list[str]]:
    """Known labels that are left when strokes which are no Chinese characters are taken from the ends."""
    for front in range(_MOST_STRAYS + 1):
        for back in range(_MOST_STRAYS + 1 - front):
            rest = core[front : len(core) - back]
            strays = [*core[:front], *core[len(core) - back :]]
            if strays and fold("".join(glyph.text for glyph in rest)) in ALL_LABELS and all(_is_stray(glyph) for glyph in strays):
                yield ["" if glyph in strays else glyph.text for glyph in core]


def _is_stray(glyph: Glyph) -> bool:
    return not "\u4e00" <= glyph.text <= "\u9fff"


def _changed(line: Line, change: dict[int, str]) -> Iterator[Glyph]:
    for glyph in line.glyphs:
        text = change.get(id(glyph), glyph.text)
        if text == glyph.text:
            yield glyph
        elif text:
            yield glyph._replace(text=text, confidence=_MENDED)
