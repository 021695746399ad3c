"""Indicator rows that a model gives, looked up in the printed table: each cell in its own row, between its own neighbours, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agents.extract.llm.align import Found, Said, align
from agents.extract.llm.levels import LevelLabel, labels_in_columns, labels_in_text, over_rows, precede_rows
from agents.extract.llm.points import row_points
from agents.extract.llm.printed import Printed
from agents.extract.llm.same import NUMBER_FIELDS, TEXT_FIELDS, VALUE_FIELDS, alike, bare, key, said_nothing, same, value_like
from agents.extract.llm.verdict import Verdict
from agents.extract.sheet import Item, Span
from ingest.dump.pieces import Piece
from schema.text import is_blank
from schema.transcript import OTHER_LABEL, RowTranscript

_FIELDS = ("name", "target", "actual", "weight", "score", "deviation")
_DIVIDED = ("target_sign", "target", "target_unit")
_HALF = 0.5
_TEXT_LIKE = TEXT_FIELDS | VALUE_FIELDS
_FIGURES = 2
"""Figures among pieces that no row accounts for, from which they are a row of their own."""


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
    """Look the rows up."""
    return _Lookup(printed, said).rows()


class _Lookup:
    """One table and what is said of it."""

    def __init__(self, printed: Printed, said: Sequence[RowTranscript]) -> None:
        self.printed, self.said = printed, said
        form = printed.form
        self.body = [piece for piece in (form.body if form else printed.pieces) if not is_blank(piece.text)]
        self.texts = [piece.text for piece in self.body]
        self.columns = [printed.column(piece) for piece in self.body]
        self.heads = self._heads()
        self.order = self._order()
        ruled = bool(self.heads) and {"level1", "level2"} & self.heads.keys()
        self._all_labels = labels_in_columns(self.texts, self.columns, self.heads) if ruled else labels_in_text(self.texts)
        self.labels: list[LevelLabel] = []
        self.found: dict[tuple[int, str], tuple[int, ...]] = {}
        self.instead: dict[tuple[int, str], int] = {}
        self.similar: set[tuple[int, str]] = set()
        self.shared: set[tuple[int, str]] = set()
        self.owners: dict[int, tuple[int, str]] = {}
        self._points = {piece.start for piece in row_points(printed)}

    def rows(self) -> Rows:
        """Find every cell, then judge it by what was not accounted for around it."""
        among: Sequence[int] = range(len(self.said))
        # What is not printed, or told twice, takes what the rows beside it print.
        while len(real := self._without_copies(self._find(among))) < len(among):
            among = real
        for key_ in [k for k in (*self.found, *self.instead) if k[0] not in real]:
            self.found.pop(key_, None)
            self.instead.pop(key_, None)
        real.sort(key=self._first)
        self.owners = {i: cell for cell, pieces in self.found.items() if cell not in self.shared for i in pieces}
        self.owners |= {i: cell for cell, i in self.instead.items()}
        loose, missing = self._unaccounted(real)
        unclear = dict(self._blanks(real)) | dict(self._suspects(real, loose))
        rows = [Row(self.said[r], r, self._first(r), {f: self._verdict(r, f, unclear) for f in _FIELDS}) for r in real]
        self._judge_levels(rows)
        ghosts = [row for r, row in enumerate(self.said) if r not in real]
        return Rows(rows, ghosts, [[self.body[i] for i in group] for group in missing], len(self._points))

    def _find(self, rows: Sequence[int]) -> list[int]:
        """Find the cells of these rows; returns those that are printed."""
        self.found, self.instead, self.similar, self.shared = {}, {}, set(), set()
        self.labels = self._all_labels
        self._align(rows, range(len(self.body)))
        self._part_from_labels()
        self._align_moved(rows)
        self._find_scattered(rows)
        self._find_shared(rows)
        return [r for r in rows if self._is_printed(r)]

    def _without_copies(self, rows: Sequence[int]) -> list[int]:
        """The rows without those whose name is found in another row only."""
        found = {bare(self.said[r].name or "") for r in rows if (r, "name") in self.found}
        return [r for r in rows if (r, "name") in self.found or bare(self.said[r].name or "") not in found]

    # -- finding ------------------------------------------------------------------------------------------------------------------

    def _heads(self) -> dict[str, Span]:
        """The columns by field, where cells are known."""
        form = self.printed.form
        if form is None or not self.printed.ruled:
            return {}
        spans = {label.field: self.printed.column(form.pieces[label.first]) for label in form.header}
        return {name: span for name, span in spans.items() if span is not None}

    def _order(self) -> list[str]:
        """The fields of a row in the order of their columns."""
        form = self.printed.form
        fields = [f for label in (form.fields if form else ()) if (f := "target" if label in _DIVIDED else label) in _FIELDS]
        return [*dict.fromkeys(fields), *(f for f in _FIELDS if f not in fields)] if fields else list(_FIELDS)

    def _allowed(self, i: int, name: str) -> bool:
        column = self.columns[i]
        heads = [self.heads[f] for f in (_DIVIDED if name == "target" else (name,)) if f in self.heads]
        return not heads or column is None or any(head.holds(column) for head in heads)

    def _cells(self, rows: Sequence[int]) -> list[Said]:
        said = ((r, f, getattr(self.said[r], f)) for r in rows for f in self.order)
        return [Said(r, f, text) for r, f, text in said if not said_nothing(text)]

    def _align(self, rows: Sequence[int], among: Sequence[int]) -> None:
        cells = self._cells(rows)
        labels = {i for label in self.labels for i in label.pieces}
        places = align([self.texts[i] for i in among], cells, lambda i, name: self._allowed(among[i], name), labels)
        for cell, place in zip(cells, places, strict=True):
            if place is not None:
                self._note(cell, place, among)

    def _note(self, cell: Said, place: Found, among: Sequence[int]) -> None:
        if place.differs:
            self.instead[cell.row, cell.field] = among[place.first]
        else:
            self.found[cell.row, cell.field] = tuple(among[place.first : place.end])

    def _part_from_labels(self) -> None:
        """What a cell prints is no label, whatever its wording."""
        used = {i for pieces in self.found.values() for i in pieces}
        self.labels = [label for label in self.labels if not used & set(label.pieces)]

    def _align_moved(self, rows: Sequence[int]) -> None:
        """Rows of which next to nothing was found may be printed elsewhere in the table."""
        for r in rows:
            cells = self._cells([r])
            if (r, "name") in self.found or not cells:
                continue
            free = self._free()
            places = align([self.texts[i] for i in free], cells, lambda i, name, free=free: self._allowed(free[i], name))  # type: ignore[misc]
            hits = [place for place in places if place is not None and not place.differs]
            named = any(cell.field == "name" and place in hits for cell, place in zip(cells, places, strict=True))
            if not named or len(hits) <= _HALF * len(cells) or hits[-1].end - hits[0].first > 3 * len(cells):
                continue
            for f in _FIELDS:
                self.found.pop((r, f), None)
                self.instead.pop((r, f), None)
            for cell, place in zip(cells, places, strict=True):
                if place is not None:
                    self._note(cell, place, free)

    def _free(self) -> list[int]:
        used = {i for pieces in (*self.found.values(), *(label.pieces for label in self.labels)) for i in pieces}
        return [i for i in range(len(self.body)) if i not in used]

    def _find_scattered(self, rows: Sequence[int]) -> None:
        """Texts whose lines are not printed in a row: a page break or a neighbouring cell comes between them."""
        for r in rows:
            row = self.said[r]
            for f in (f for f in self.order if f in _TEXT_LIKE and (r, f) not in self.found):
                text = getattr(row, f)
                if said_nothing(text):
                    continue
                low, high, end = self._window(r, f)
                free = [i for i in self._free() if low <= i < end and self._allowed(i, f)]
                pieces = self._scattered(bare(text) if f == "name" else key(text), free, high)
                if not pieces and self.printed.scanned:
                    pieces = tuple(i for i in free if i < high and alike(text, self.texts[i]))[:1]
                    self.similar.update({(r, f)} if pieces else ())
                if pieces:
                    self.found[r, f] = pieces
                    self.instead.pop((r, f), None)

    def _window(self, r: int, f: str) -> tuple[int, int, int]:
        """Where a text of a row may stand: between its neighbours in the row it begins, before the second row below it ends."""
        starts = sorted((self._first(other), other) for other in range(len(self.said)) if self._located(other))
        at = next((n for n, (_, other) in enumerate(starts) if other == r), None)
        if at is None:
            return 0, 0, 0
        place = self.order.index(f)
        before = [self.found[r, o][0] + 1 for o in self.order[:place] if (r, o) in self.found]
        after = [self.found[r, o][0] for o in self.order[place + 1 :] if (r, o) in self.found]
        above = [
            i + 1 for (other, o), pieces in self.found.items() if at and other == starts[at - 1][1] and o != "deviation" for i in pieces
        ]
        low = max(before) if before else max(above, default=0)
        below = starts[at + 1][0] if at + 1 < len(starts) else len(self.body)
        end = starts[at + 2][0] if at + 2 < len(starts) else len(self.body)
        return low, min([below, *after]), end

    def _scattered(self, wanted: str, free: Sequence[int], high: int) -> tuple[int, ...]:
        """The pieces that print a text one behind the other, the first of them before `high`."""
        for n, i in enumerate(free):
            if i >= high:
                break
            first = key(self.texts[i])
            if not wanted.startswith(first) and not wanted.startswith(bare(self.texts[i])):
                continue
            at = len(first) if wanted.startswith(first) else len(bare(self.texts[i]))
            run = [i]
            for k in free[n + 1 :]:
                piece = key(self.texts[k])
                if at < len(wanted) and wanted.startswith(piece, at):
                    at, run = at + len(piece), [*run, k]
            if at == len(wanted):
                return tuple(run)
        return ()

    def _find_shared(self, rows: Sequence[int]) -> None:
        """Cells merged over several rows hold for each of them."""
        for r in rows:
            row = self.said[r]
            for f in (f for f in ("deviation", "target", "actual") if (r, f) not in self.found):
                text = getattr(row, f)
                above = next((self.found[k, f] for k in range(r - 1, -1, -1) if (k, f) in self.found), ())
                if said_nothing(text) or not above or not self._located(r) or not self._reaches(above, r):
                    continue
                if same(f, text, "".join(self.texts[i] for i in above)):
                    self.found[r, f] = above
                    self.shared.add((r, f))
                    self.instead.pop((r, f), None)

    def _reaches(self, pieces: Sequence[int], r: int) -> bool:
        item, own = self.printed.source(self.body[pieces[0]]), self.printed.source(self.body[self._first(r)])
        return isinstance(item, Item) and isinstance(own, Item) and item.row <= own.row <= item.last

    def _located(self, r: int) -> bool:
        return any((r, f) in self.found for f in _FIELDS)

    def _first(self, r: int) -> int:
        own = [pieces[0] for f in _FIELDS if (pieces := self.found.get((r, f), ())) and (r, f) not in self.shared]
        return min(own, default=len(self.body))

    def _is_printed(self, r: int) -> bool:
        """Whether a row is printed at all: its name is, or more than half of what it says."""
        cells = self._cells([r])
        hits = sum((cell.row, cell.field) in self.found for cell in cells)
        return (r, "name") in self.found or (hits > _HALF * len(cells) and hits > 1)

    # -- judging ------------------------------------------------------------------------------------------------------------------

    def _unaccounted(self, real: Sequence[int]) -> tuple[list[int], list[list[int]]]:
        """Pieces that no cell accounts for; apart, those around points that are no row's, which look like rows nobody gave."""
        instead = set(self.instead.values())
        loose = [i for i in self._free() if i not in instead]
        points = {i for i, piece in enumerate(self.body) if piece.start in self._points} & set(loose)
        rest: list[int] = []
        missing: list[list[int]] = []
        for group in self._groups(loose):
            if points & set(group) and self._at_row_end(group[0], real):
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
        return next((self.owners[k] for k in range(i + 1, len(self.body)) if k in self.owners), None)

    def _at_row_end(self, i: int, real: Sequence[int]) -> bool:
        """Whether the piece before this one ends a row: nothing but the deviation, or what is said to be blank, follows in it."""
        before = self._before(i)
        if before is None or before[0] not in real:
            return True
        later = self.order[self.order.index(before[1]) + 1 :]
        return not any(f in NUMBER_FIELDS or (before[0], f) in self.found for f in later)

    def _suspects(self, real: Sequence[int], loose: Sequence[int]) -> Iterator[tuple[tuple[int, str], str]]:
        """Cells beside pieces that nobody accounts for, each with what is printed there."""
        rank = {r: n for n, r in enumerate(real)}
        sequence = [(r, f) for r in real for f in self.order]
        place = {cell: n for n, cell in enumerate(sequence)}
        for i in loose:
            before, after = self._before(i), self._after(i)
            low = place[before] if before and before[0] in rank else -1
            high = place[after] if after and after[0] in rank else len(sequence)
            figure = value_like(self.texts[i])
            fits = (NUMBER_FIELDS | VALUE_FIELDS) if figure else _TEXT_LIKE
            between = [cell for cell in sequence[low + 1 : high] if cell[1] in fits and self._allowed(i, cell[1])]
            beside = [cell for cell in (before, after) if cell and cell in place and cell[1] in fits and self._allowed(i, cell[1])]
            # In a row with a figure too many, the cells that are said to be blank may be the ones that print it.
            rows = {cell[0] for cell in beside}
            blank = [(r, o) for r in rows for o in NUMBER_FIELDS if figure and said_nothing(getattr(self.said[r], o))]
            inside = [(r, o) for r in self._inside(i, real) for o in self.order if o in NUMBER_FIELDS | VALUE_FIELDS] if figure else []
            for cell in [*(between or [*beside, *blank]), *inside]:
                yield cell, f"旁边还印着“{self.texts[i][:30]}”，没有归入任何一格"

    def _inside(self, i: int, real: Sequence[int]) -> Iterator[int]:
        """The row whose figures stand on both sides of a piece: which of them is which is then open."""
        for r in real:
            ends = [self.found[r, f][-1] for f in self.order if (r, f) in self.found and f in NUMBER_FIELDS | VALUE_FIELDS]
            if ends and self._first(r) < i < max(ends):
                yield r

    def _blanks(self, real: Sequence[int]) -> Iterator[tuple[tuple[int, str], str]]:
        """Cells said to be blank where most rows print something; a page without columns cannot show that they are."""
        for f in (*NUMBER_FIELDS, *VALUE_FIELDS) if not self.heads else ():
            blank = [r for r in real if said_nothing(getattr(self.said[r], f))]
            if 2 * len(blank) < len(real):
                yield from (((r, f), "其他各行都印着这一栏，这一行没有给出") for r in blank)

    def _verdict(self, r: int, f: str, unclear: dict[tuple[int, str], str]) -> Verdict:
        text = getattr(self.said[r], f)
        why = unclear.get((r, f), "")
        if said_nothing(text) and f == "name":
            return Verdict(None, "absent", tuple(self.body[i] for i in self._before_row(r)), "没有给出三级指标的名称")
        if said_nothing(text):
            return Verdict(None, "unclear" if why else "blank", why=why)
        pieces = tuple(self.body[i] for i in self.found.get((r, f), ()))
        if pieces:
            status = "unclear" if why else "similar" if (r, f) in self.similar else "exact"
            return Verdict(text, status, pieces, why)  # type: ignore[arg-type]
        instead = self.instead.get((r, f))
        printed = (self.body[instead],) if instead is not None else ()
        said = f"这里印的是“{printed[0].text[:30]}”" if printed else "在这一行里没有找到"
        return Verdict(text, "absent", printed, f"“{text[:30]}”{said}")

    def _before_row(self, r: int) -> list[int]:
        """The texts right before a row's first cell that nothing accounts for: its name, where none was given."""
        free, at = set(self._free()) - set(self.owners), self._first(r) - 1
        run: list[int] = []
        while at in free and not value_like(self.texts[at]):
            run.insert(0, at)
            at -= 1
        return run

    def _judge_levels(self, rows: Sequence[Row]) -> None:
        firsts = [row.first for row in rows]
        sure = precede_rows(self.labels, set(self.owners) - set(firsts))
        for row, over in zip(rows, over_rows(self.labels, firsts), strict=True):
            for level in ("level1", "level2"):
                row.cells[level] = self._level(getattr(row.said, level), over.get(level), sure)

    def _level(self, said: str | None, label: LevelLabel | None, sure: bool) -> Verdict:
        pieces = tuple(self.body[i] for i in label.pieces) if label else ()
        printed = label.text if label else ""
        if said_nothing(said):
            return Verdict(None, "unclear" if label else "blank", why=f"这一行上方印着“{printed}”" if label else "")
        if label is not None and (said == OTHER_LABEL or key(said or "") == key(printed)):
            return Verdict(said, "exact" if sure else "unclear", pieces, "" if sure else "看不出标签管到哪几行", printed)
        return Verdict(said, "absent", pieces, f"“{said}”不是这一行的标签" + (f"，上方印的是“{printed}”" if label else ""), printed)
