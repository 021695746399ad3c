"""What a run read wrongly: by field, cell by cell with the most consequential first, and which characters were taken for which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Editop, Levenshtein

from eval.metrics.compare import CellResult, FormResult, Group
from eval.runs.cells import as_text, consequence, field_of, wanted, wrong_cells
from schema.record import Record
from schema.text import fold

NOTHING = "∅"
"""Stands for a character that was left out, or put in."""
MOST_CONFUSIONS = 20
_ALIKE = 0.5
"""Likeness below which two texts are not one text misread, but two texts."""
_MOST_MISSING = 2
_WINDOW = 7


class WrongCell(Record):
    """A cell that was read wrongly.

    Attributes:
        cell: its address in the form as read, or in the gold form where its row was not read; `gold_cell` None for a row too many.
    """

    set: str
    form: str
    cell: str
    gold_cell: str | None
    field: str
    group: Group
    want: str | None
    got: str | None
    marked: bool


class FieldErrors(Record):
    """One field of one set: cells compared, wrong, wrong without a mark; the first few wrong ones."""

    set: str
    field: str
    group: Group
    cells: int
    wrong: int
    silent: int
    examples: tuple[WrongCell, ...]


class Confusion(Record):
    """A character that was taken for another one, how often, and where it stood once; `∅` where nothing stands on one side."""

    want: str
    got: str
    count: int
    example_want: str
    example_got: str


def wrong_of(chosen: str, forms: Iterable[FormResult]) -> list[WrongCell]:
    """The wrong cells of a set, the most consequential first. Forms that were not found are told by their names elsewhere."""
    return [wrong_cell(chosen, cell) for cell in wrong_cells(forms)]


def wrong_cell(chosen: str, cell: CellResult) -> WrongCell:
    """A cell as reports tell it."""
    return WrongCell(
        set=chosen,
        form=cell.form,
        cell=cell.cell,
        gold_cell=cell.gold_cell,
        field=field_of(cell.gold_cell or cell.cell),
        group=cell.group,
        want=wanted(cell),
        got=as_text(cell.got),
        marked=cell.marked,
    )


def fields_of(chosen: str, forms: Sequence[FormResult], examples: int = 3) -> list[FieldErrors]:
    """The fields of a set in which anything is wrong, by consequence and then by how much."""
    every = Counter(field_of(cell.gold_cell or cell.cell) for form in forms if form.found for cell in form.cells)
    by_field: dict[str, list[WrongCell]] = defaultdict(list)
    for cell in wrong_of(chosen, forms):
        by_field[cell.field].append(cell)
    told = [
        FieldErrors(
            set=chosen,
            field=field,
            group=held[0].group,
            cells=every[field],
            wrong=len(held),
            silent=sum(not cell.marked for cell in held),
            examples=tuple(held[:examples]),
        )
        for field, held in by_field.items()
    ]
    return sorted(told, key=lambda one: (consequence(one.group, marked=not one.silent), -one.silent, -one.wrong, one.field))


def chosen_errors(errors: Sequence[WrongCell], most: int) -> list[WrongCell]:
    """At most so many errors to look at: the most consequential first, and of errors that weigh alike, each field of each set in turn."""
    classes: dict[tuple[int, int], dict[tuple[str, str], list[WrongCell]]] = defaultdict(lambda: defaultdict(list))
    for error in errors:
        classes[consequence(error.group, marked=error.marked)][(error.set, error.field)].append(error)
    ordered = (error for key in sorted(classes) for error in _in_turn(list(classes[key].values())))
    return [error for error, _ in zip(ordered, range(most), strict=False)]


def confusions(forms: Iterable[FormResult], most: int = MOST_CONFUSIONS) -> list[Confusion]:
    """The characters most often taken for others: values that were read, folded as they are compared, aligned with the fewest edits."""
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], tuple[str, str]] = {}
    for form in forms:
        for cell in form.cells:
            want, got = as_text(cell.want), as_text(cell.got)
            if want is None or got is None or cell.gold_cell is None:
                continue
            for edit in _edits(fold(want), fold(got)):
                counts[edit.pair] += 1
                examples.setdefault(edit.pair, edit.around)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return [
        Confusion(want=pair[0], got=pair[1], count=count, example_want=examples[pair][0], example_got=examples[pair][1])
        for pair, count in ranked
    ]


class _Edit(NamedTuple):
    """A pair of characters, and what stands around them on both sides."""

    pair: tuple[str, str]
    around: tuple[str, str]


def _edits(want: str, got: str) -> Iterator[_Edit]:
    if want == got or Levenshtein.normalized_similarity(want, got) < _ALIKE:
        return
    edits = list(Levenshtein.editops(want, got))
    for _, run in groupby(enumerate(edits), key=lambda numbered: (numbered[1].tag, _base(numbered[1]) - numbered[0])):
        together = [edit for _, edit in run]
        # More characters in a row that are missing or too many are words out of place, not characters misread.
        if together[0].tag != "replace" and len(together) > _MOST_MISSING:
            continue
        for edit in together:
            left = want[edit.src_pos] if edit.tag != "insert" else NOTHING
            right = got[edit.dest_pos] if edit.tag != "delete" else NOTHING
            yield _Edit((left, right), (_around(want, edit.src_pos), _around(got, edit.dest_pos)))


def _base(edit: Editop) -> int:
    """What counts up by one along characters in a row."""
    return edit.dest_pos if edit.tag == "insert" else edit.src_pos


def _around(text: str, place: int) -> str:
    start, end = max(0, place - _WINDOW), min(len(text), place + _WINDOW + 1)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _in_turn(piles: Sequence[Sequence[WrongCell]]) -> Iterator[WrongCell]:
    for round_ in range(max(map(len, piles), default=0)):
        yield from (pile[round_] for pile in piles if round_ < len(pile))
