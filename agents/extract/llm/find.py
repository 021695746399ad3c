"""Where on the page the cells of indicator rows are found: each in its own row, between its own neighbours, once.

First all rows are laid along the print; then rows that stand elsewhere, texts whose lines are parted, and cells merged over rows are
looked for in what is left.
"""

from __future__ import annotations

from collections.abc import Sequence

from agents.extract.llm.align import Found, Said, align
from agents.extract.llm.levels import LevelLabel, labels_in_columns, labels_in_text
from agents.extract.llm.printed import Printed
from agents.extract.llm.same import TEXT_FIELDS, VALUE_FIELDS, alike, bare, key, said_nothing, same
from agents.extract.sheet import Item, Span
from schema.text import is_blank
from schema.transcript import RowTranscript

FIELDS = ("name", "target", "actual", "weight", "score", "deviation")
"""The fields of a row, level labels aside, in their usual order."""
TEXT_LIKE = TEXT_FIELDS | VALUE_FIELDS
_DIVIDED = ("target_sign", "target", "target_unit")
_HALF = 0.5


class Search:
    """One table and what is said of it; cells are pairs of row (index in what is said) and field.

    Attributes:
        body: the pieces of the table, blank ones left out; `texts` is what they print.
        heads: the columns by field, where cells are known.
        order: the fields of a row in the order of their columns.
        labels: the level labels.
        found: for each cell that was found the indexes of its pieces.
        instead: for each cell in whose place something else is printed the index of that piece.
        similar: texts of scans that are most likely the ones said.
        shared: cells that are merged with one of a row above.
    """

    def __init__(self, printed: Printed, said: Sequence[RowTranscript]) -> None:
        self.printed, self.said = printed, said
        form = printed.form
        self.body = [piece for piece in (form.body if form else printed.pieces) if not is_blank(piece.text)]
        self.texts = [piece.text for piece in self.body]
        self._columns = [printed.column(piece) for piece in self.body]
        self.heads = self._heads()
        self.order = self._order()
        ruled = bool(self.heads) and {"level1", "level2"} & self.heads.keys()
        self._all_labels = labels_in_columns(self.texts, self._columns, self.heads) if ruled else labels_in_text(self.texts)
        self.labels: list[LevelLabel] = []
        self.found: dict[tuple[int, str], tuple[int, ...]] = {}
        self.instead: dict[tuple[int, str], int] = {}
        self.similar: set[tuple[int, str]] = set()
        self.shared: set[tuple[int, str]] = set()

    def run(self) -> list[int]:
        """Find what is said; returns the rows that are printed, in printed order. What others say is forgotten."""
        among: Sequence[int] = range(len(self.said))
        # What is not printed, or told twice, takes what the rows beside it print.
        while len(real := self._without_copies(self._find(among))) < len(among):
            among = real
        for cell in [cell for cell in (*self.found, *self.instead) if cell[0] not in real]:
            self.found.pop(cell, None)
            self.instead.pop(cell, None)
        return sorted(real, key=self.first)

    def first(self, r: int) -> int:
        """The index of a row's first piece; behind all pieces where nothing of it was found."""
        own = [pieces[0] for f in FIELDS if (pieces := self.found.get((r, f), ())) and (r, f) not in self.shared]
        return min(own, default=len(self.body))

    def free(self) -> list[int]:
        """The pieces that neither a cell nor a label was found in."""
        used = {i for pieces in (*self.found.values(), *(label.pieces for label in self.labels)) for i in pieces}
        return [i for i in range(len(self.body)) if i not in used]

    def allowed(self, i: int, name: str) -> bool:
        """Whether a piece stands in the column of a field, as far as columns are known."""
        column = self._columns[i]
        heads = [self.heads[f] for f in (_DIVIDED if name == "target" else (name,)) if f in self.heads]
        return not heads or column is None or any(head.holds(column) for head in heads)

    def _find(self, rows: Sequence[int]) -> list[int]:
        """Find the cells of these rows; returns those that are printed."""
        self.found, self.instead, self.similar, self.shared = {}, {}, set(), set()
        self.labels = self._all_labels
        self._align(rows, range(len(self.body)))
        self._part_from_labels()
        self._align_moved(rows)
        self._find_scattered(rows)
        self._keep_to_rows(rows)
        self._find_shared(rows)
        return [r for r in rows if self._is_printed(r)]

    def _without_copies(self, rows: Sequence[int]) -> list[int]:
        """The rows without those whose name is found in another row only."""
        found = {bare(self.said[r].name or "") for r in rows if (r, "name") in self.found}
        return [r for r in rows if (r, "name") in self.found or bare(self.said[r].name or "") not in found]

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
        fields = [f for label in (form.fields if form else ()) if (f := "target" if label in _DIVIDED else label) in FIELDS]
        return [*dict.fromkeys(fields), *(f for f in FIELDS if f not in fields)] if fields else list(FIELDS)

    def _cells(self, rows: Sequence[int]) -> list[Said]:
        said = ((r, f, getattr(self.said[r], f)) for r in rows for f in self.order)
        return [Said(r, f, text) for r, f, text in said if not said_nothing(text)]

    def _align(self, rows: Sequence[int], among: Sequence[int]) -> None:
        cells = self._cells(rows)
        labels = {i for label in self.labels for i in label.pieces}
        places = align([self.texts[i] for i in among], cells, lambda i, name: self.allowed(among[i], name), labels)
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
            free = self.free()
            places = align([self.texts[i] for i in free], cells, lambda i, name, free=free: self.allowed(free[i], name))  # type: ignore[misc]
            hits = [place for place in places if place is not None and not place.differs]
            named = any(cell.field == "name" and place in hits for cell, place in zip(cells, places, strict=True))
            if not named or len(hits) <= _HALF * len(cells) or hits[-1].end - hits[0].first > 3 * len(cells):
                continue
            for f in FIELDS:
                self.found.pop((r, f), None)
                self.instead.pop((r, f), None)
            for cell, place in zip(cells, places, strict=True):
                if place is not None:
                    self._note(cell, place, free)

    def _find_scattered(self, rows: Sequence[int]) -> None:
        """Texts whose lines are not printed in a row: a page break or a neighbouring cell comes between them."""
        for r in rows:
            row = self.said[r]
            for f in (f for f in self.order if f in TEXT_LIKE and (r, f) not in self.found):
                text = getattr(row, f)
                if said_nothing(text):
                    continue
                low, high, end = self._window(r, f)
                free = [i for i in self.free() if low <= i < end and self.allowed(i, f)]
                pieces = self._scattered(bare(text) if f == "name" else key(text), free, high)
                if not pieces and self.printed.scanned:
                    pieces = tuple(i for i in free if i < high and alike(text, self.texts[i]))[:1]
                    self.similar.update({(r, f)} if pieces else ())
                if pieces:
                    self.found[r, f] = pieces
                    self.instead.pop((r, f), None)

    def _window(self, r: int, f: str) -> tuple[int, int, int]:
        """Where a text of a row may stand: between its neighbours in the row it begins, before the second row below it ends."""
        starts = sorted((self.first(other), other) for other in range(len(self.said)) if self._located(other))
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

    def _keep_to_rows(self, rows: Sequence[int]) -> None:
        """Where rows are ruled, what was found in another one is not found; a page break may part a row."""
        for r in rows if self.heads else ():
            own = self._row_cell(r)
            for f in FIELDS:
                pieces = self.found.get((r, f), ())
                if own is not None and pieces and not any(self._same_row(own, i) for i in pieces):
                    del self.found[r, f]
                    self.similar.discard((r, f))

    def _row_cell(self, r: int) -> Item | None:
        """The cell that tells in which ruled row a row stands: that of its name, else the first one found."""
        pieces = self.found.get((r, "name")) or ((self.first(r),) if self._located(r) else ())
        item = self.printed.source(self.body[pieces[0]]) if pieces else None
        return item if isinstance(item, Item) else None

    def in_row(self, r: int, i: int) -> bool:
        """Whether a piece stands in the ruled row of a row that was found; not to be told where nothing is ruled."""
        own = self._row_cell(r)
        return own is None or self._same_row(own, i)

    def _same_row(self, own: Item, i: int) -> bool:
        item = self.printed.source(self.body[i])
        if not isinstance(item, Item):
            return False
        gap = 1 if item.page != own.page else 0
        return item.row <= own.last + gap and own.row <= item.last + gap

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
        """Whether a cell that belongs to a row above is merged over the ruled row in which this one stands, which is another one."""
        item, own = self.printed.source(self.body[pieces[0]]), self.printed.source(self.body[self.first(r)])
        return isinstance(item, Item) and isinstance(own, Item) and item.row < own.row <= item.last

    def _located(self, r: int) -> bool:
        return any((r, f) in self.found for f in FIELDS)

    def _is_printed(self, r: int) -> bool:
        """Whether a row is printed at all: its name is, or more than half of what it says."""
        cells = self._cells([r])
        hits = sum((cell.row, cell.field) in self.found for cell in cells)
        return (r, "name") in self.found or (hits > _HALF * len(cells) and hits > 1)
