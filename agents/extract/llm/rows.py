"""Indicator rows that a model gives, looked up in the printed table: each cell in its own row, between its own neighbours, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agents.extract.llm.find import FIELDS, TEXT_LIKE, Search
from agents.extract.llm.levels import LevelLabel, over_rows, precede_rows
from agents.extract.llm.points import row_points
from agents.extract.llm.printed import Printed
from agents.extract.llm.same import NUMBER_FIELDS, VALUE_FIELDS, key, said_nothing, value_like
from agents.extract.llm.verdict import Verdict
from ingest.dump.pieces import Piece
from schema.transcript import OTHER_LABEL, RowTranscript


@dataclass
class Row:
    """One row that was found, with the verdict on each of its fields.

    Attributes:
        said: what the model gave.
        number: its index among what the model gave.
        first: index of its first piece in the body of the table.
    """

    said: RowTranscript
    number: int
    first: int
    cells: dict[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """All rows in printed order; `ghosts` are rows that are not printed, `missing` groups of pieces that look like rows nobody gave.

    `expected` is how many rows the page prints, 0 where it does not tell.
    """

    rows: list[Row]
    ghosts: list[RowTranscript]
    missing: list[list[Piece]]
    expected: int = 0


def ground_rows(printed: Printed, said: Sequence[RowTranscript]) -> Rows:
    """Look the rows up, then judge each cell by what was not accounted for around it."""
    search = Search(printed, said)
    return _Judge(search, search.run()).rows()


class _Judge:
    """Verdicts on what was found; `real` are the rows that are printed, in printed order."""

    def __init__(self, search: Search, real: Sequence[int]) -> None:
        self.search, self.real = search, real
        self.owners = {i: cell for cell, pieces in search.found.items() if cell not in search.shared for i in pieces}
        self.owners |= {i: cell for cell, i in search.instead.items()}
        self._points = {piece.start for piece in row_points(search.printed)}

    def rows(self) -> Rows:
        """The rows with their verdicts."""
        search = self.search
        loose, missing = self._unaccounted()
        edges = [i for group in missing for i in self._edge(group)]
        unclear = dict(self._blanks()) | dict(self._beside_wrong()) | dict(self._nameless_values()) | dict(self._suspects([*loose, *edges]))
        rows = [Row(search.said[r], r, search.first(r), {f: self._verdict(r, f, unclear) for f in FIELDS}) for r in self.real]
        self._judge_levels(rows)
        ghosts = [row for r, row in enumerate(search.said) if r not in self.real]
        return Rows(rows, ghosts, [[search.body[i] for i in group] for group in missing], len(self._points))

    def _unaccounted(self) -> tuple[list[int], list[list[int]]]:
        """Pieces that no cell accounts for; apart, those around points that are no row's, which look like rows nobody gave."""
        instead = set(self.search.instead.values())
        loose = [i for i in self.search.free() if i not in instead]
        points = {i for i, piece in enumerate(self.search.body) if piece.start in self._points} & set(loose)
        rest: list[int] = []
        missing: list[list[int]] = []
        for group in self._groups(loose):
            if points & set(group) and self._at_row_end(group[0]):
                missing.append(group)
            else:
                rest += group
        return rest, missing

    def _groups(self, loose: Sequence[int]) -> Iterator[list[int]]:
        """Runs of pieces with nothing that is accounted for between them."""
        group: list[int] = []
        for i in loose:
            if group and any(k in self.owners for k in range(group[-1] + 1, i)):
                yield group
                group = []
            group.append(i)
        if group:
            yield group

    def _before(self, i: int) -> tuple[int, str] | None:
        return next((self.owners[k] for k in range(i - 1, -1, -1) if k in self.owners), None)

    def _after(self, i: int) -> tuple[int, str] | None:
        return next((self.owners[k] for k in range(i + 1, len(self.search.body)) if k in self.owners), None)

    def _at_row_end(self, i: int) -> bool:
        """Whether the piece before this one ends a row: nothing but the deviation, or what is said to be blank, follows in it."""
        before = self._before(i)
        if before is None or before[0] not in self.real:
            return True
        later = self.search.order[self.search.order.index(before[1]) + 1 :]
        return not any(f in NUMBER_FIELDS or (before[0], f) in self.search.found for f in later)

    def _suspects(self, loose: Sequence[int]) -> Iterator[tuple[tuple[int, str], str]]:
        """Cells beside pieces that nobody accounts for, each with what is printed there."""
        rank = {r: n for n, r in enumerate(self.real)}
        sequence = [(r, f) for r in self.real for f in self.search.order]
        place = {cell: n for n, cell in enumerate(sequence)}
        for i in loose:
            before, after = self._before(i), self._after(i)
            low = place[before] if before and before[0] in rank else -1
            high = place[after] if after and after[0] in rank else len(sequence)
            figure = value_like(self.search.texts[i])
            fits = (NUMBER_FIELDS | VALUE_FIELDS) if figure else TEXT_LIKE
            between = [cell for cell in sequence[low + 1 : high] if cell[1] in fits and self.search.allowed(i, cell[1])]
            beside = [cell for cell in (before, after) if cell and cell in place and cell[1] in fits and self.search.allowed(i, cell[1])]
            # In a row with a figure too many, the cells that are said to be blank may be the ones that print it.
            rows = {cell[0] for cell in beside}
            blank = [(r, o) for r in rows for o in NUMBER_FIELDS if figure and said_nothing(getattr(self.search.said[r], o))]
            torn = self._torn_before(before) if not figure else []
            inside = [(r, o) for r in self._inside(i) for o in self.search.order if o != "name"] if figure else []
            for cell in [*(between or [*beside, *blank]), *inside, *torn]:
                if self.search.heads and not self.search.in_row(cell[0], i):
                    continue
                yield cell, f"旁边还印着“{self.search.texts[i][:30]}”，没有归入任何一格"

    def _torn_before(self, before: tuple[int, str] | None) -> list[tuple[int, str]]:
        """The explanation of the row above, where it breaks off: what is printed behind the row below may be its rest."""
        at = self.real.index(before[0]) if before is not None and before[0] in self.real else 0
        if not at:
            return []
        cell = (self.real[at - 1], "deviation")
        pieces = self.search.found.get(cell, ())
        return [cell] if pieces and self.search.texts[pieces[-1]][-1:] not in "。！？.!?；;" else []

    def _edge(self, group: Sequence[int]) -> list[int]:
        """The pieces of a row that nobody gave which may as well belong to the row before it: figures at its start, and its first text."""
        end = next((n for n, i in enumerate(group) if not value_like(self.search.texts[i])), len(group) - 1)
        return list(group[: end + 1])

    def _beside_wrong(self) -> Iterator[tuple[tuple[int, str], str]]:
        """Cells said to be blank next to one in whose place something else is printed: that may be theirs."""
        search = self.search
        for r in self.real if not search.heads else ():
            stretch: list[str] = []
            for f in [*search.order, ""]:
                if f and (r, f) not in search.found:
                    stretch.append(f)
                    continue
                if any((r, g) in search.instead for g in stretch):
                    yield from (((r, g), "旁边一格印的与给出的不同，可能是这一格的") for g in stretch if g != "deviation")
                stretch = []

    def _nameless_values(self) -> Iterator[tuple[tuple[int, str], str]]:
        """Target or actual of a row whose name was not found, where the other one was not found either: they may have changed places."""
        found = self.search.found
        for r in self.real if not self.search.heads else ():
            values = [f for f in VALUE_FIELDS if (r, f) in found]
            if (r, "name") not in found and len(values) == 1:
                yield (r, values[0]), "这一行的名称和另一个值都没有找到，不能确定是哪一栏"

    def _inside(self, i: int) -> Iterator[int]:
        """The row whose figures stand on both sides of a piece: which of them is which is then open."""
        for r in self.real if not self.search.heads else ():
            ends = [
                self.search.found[r, f][-1] for f in self.search.order if (r, f) in self.search.found and f in NUMBER_FIELDS | VALUE_FIELDS
            ]
            if ends and self.search.first(r) < i < max(ends):
                yield r

    def _blanks(self) -> Iterator[tuple[tuple[int, str], str]]:
        """Cells said to be blank where most rows print something; a page without columns cannot show that they are."""
        for f in (*NUMBER_FIELDS, *VALUE_FIELDS) if not self.search.heads else ():
            blank = [r for r in self.real if said_nothing(getattr(self.search.said[r], f))]
            if 2 * len(blank) < len(self.real):
                yield from (((r, f), "其他各行都印着这一栏，这一行没有给出") for r in blank)

    def _verdict(self, r: int, f: str, unclear: dict[tuple[int, str], str]) -> Verdict:
        text = getattr(self.search.said[r], f)
        why = unclear.get((r, f), "")
        if said_nothing(text) and f == "name":
            return Verdict(None, "absent", tuple(self.search.body[i] for i in self._before_row(r)), "没有给出三级指标的名称")
        if said_nothing(text):
            return Verdict(None, "unclear" if why else "blank", why=why)
        pieces = tuple(self.search.body[i] for i in self.search.found.get((r, f), ()))
        if pieces:
            status = "unclear" if why else "similar" if (r, f) in self.search.similar else "exact"
            return Verdict(text, status, pieces, why)  # type: ignore[arg-type]
        instead = self.search.instead.get((r, f))
        printed = (self.search.body[instead],) if instead is not None else ()
        said = f"这里印的是“{printed[0].text[:30]}”" if printed else "在这一行里没有找到"
        return Verdict(text, "absent", printed, f"“{text[:30]}”{said}")

    def _before_row(self, r: int) -> list[int]:
        """The texts right before a row's first cell that nothing accounts for: its name, where none was given."""
        free, at = set(self.search.free()) - set(self.owners), self.search.first(r) - 1
        run: list[int] = []
        while at in free and not value_like(self.search.texts[at]):
            run.insert(0, at)
            at -= 1
        return run

    def _judge_levels(self, rows: Sequence[Row]) -> None:
        firsts = [row.first for row in rows]
        sure = precede_rows(self.search.labels, set(self.owners) - set(firsts))
        for row, over in zip(rows, over_rows(self.search.labels, firsts), strict=True):
            for level in ("level1", "level2"):
                row.cells[level] = self._level(getattr(row.said, level), over.get(level), sure)

    def _level(self, said: str | None, label: LevelLabel | None, sure: bool) -> Verdict:
        pieces = tuple(self.search.body[i] for i in label.pieces) if label else ()
        printed = label.text if label else ""
        if said_nothing(said):
            return Verdict(None, "unclear" if label else "blank", why=f"这一行上方印着“{printed}”" if label else "")
        if label is not None and (said == OTHER_LABEL or key(said or "") == key(printed)):
            return Verdict(said, "exact" if sure else "unclear", pieces, "" if sure else "看不出标签管到哪几行", printed)
        return Verdict(said, "absent", pieces, f"“{said}”不是这一行的标签" + (f"，上方印的是“{printed}”" if label else ""), printed)
