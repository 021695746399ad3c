"""Whether what a citation quotes stands where it says: in that cell of that form, and on the page in the box of the cell."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from agents.answer.answer import Citation
from eval.metrics.pagetext import rearranged
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, ROW_CELLS, CellValue, funding_cell, get_cell
from schema.errors import UsageError
from schema.evidence import Box, Evidence, PagePlace
from schema.form import Form
from schema.text import fold

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_ROW = re.compile(r"indicators\[(\d+)\]\Z")
_BLOCKS = {
    "funding": tuple(funding_cell(row, column) for row in FUNDING_ROWS for column in FUNDING_COLUMNS),
    **{f"funding.{row}": tuple(funding_cell(row, column) for column in FUNDING_COLUMNS) for row in FUNDING_ROWS},
}
_DOTS = "…."
_QUOTES = str.maketrans("“”", '""')


def folded(text: str | None) -> str:
    """A text as answers are compared: width, white space, case and curved quotation marks folded, and nothing else."""
    return "".join(unicodedata.normalize("NFKC", text or "").split()).translate(_QUOTES).lower()


def name_of(text: str | None) -> str:
    """A project's name as answers are compared."""
    return folded(text).strip('"')


class Pages(Protocol):
    """The characters of documents, looked at apart from how jihe read them."""

    def read(self, file: str, page: int, box: Box) -> str | None:
        """What a box of a page (from 1) prints; None where the document is not at hand or has no text of its own."""
        ...


class Forms:
    """The forms that answers are about, by the names they are cited by."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._by_name: dict[str, list[Form]] = defaultdict(list)
        self._by_id: dict[str, Form] = {form.form_id: form for form in forms}
        for form in forms:
            self._by_name[name_of(form.project_name)].append(form)

    def cited(self, cite: Citation) -> list[Form]:
        """The form that a citation means, or all of its name where it does not say which."""
        own = self._by_id.get(cite.form_id) if cite.form_id else None
        return [own] if own is not None else self._by_name.get(name_of(cite.project_name), [])

    def holds(self, cite: Citation) -> bool:
        """Whether the cell says what is quoted, in whole or in part."""
        return any(_says(form, cite) for form in self.cited(cite))

    def on_page(self, cite: Citation, pages: Pages) -> bool | None:
        """Whether the boxes of the cell print what is quoted; None where that cannot be told: a scan, a dump, a cell without a place."""
        for form in self.cited(cite):
            if form.source is not None and form.source.kind == "digital" and _says(form, cite):
                texts = [pages.read(form.source.file, page, box) for page, box in _boxes(form, cite)]
                if texts and None not in texts:
                    return _agrees("".join(text or "" for text in texts), cite.quote)
        return None


def _says(form: Form, cite: Citation) -> bool:
    values = list(_values(form, cite.cell))
    if len(values) == 1 and isinstance(values[0], (int, Decimal)):
        return _has_number(cite.quote, Decimal(values[0]))
    whole = folded(" ".join(str(value) for value in values))
    quote = folded(cite.quote).strip(_DOTS)
    return bool(values) and (quote in whole or whole in quote)


def _values(form: Form, cell: str) -> Iterator[CellValue]:
    """What a cell, or the cells of a row that is cited as a whole, print."""
    cells = [f"{cell}.{field}" for field in ROW_CELLS] if _ROW.match(cell) else _BLOCKS.get(cell, (cell,))
    for one in cells:
        try:
            value = get_cell(form, one)
        except UsageError:
            continue
        if value is not None:
            yield value


def _boxes(form: Form, cite: Citation) -> Iterator[tuple[int, Box]]:
    """The box that the citation itself has, else those of the evidence of its cell, or of all cells of its row."""
    if cite.box is not None and cite.page is not None:
        yield cite.page, cite.box
        return
    none = Evidence(match="none", read_by="layout", confidence=0)
    cells = [cite.cell] if cite.cell in form.evidence else [cell for cell in form.evidence if cell.startswith(f"{cite.cell}.")]
    for cell in cells:
        yield from ((place.page, place.bbox) for place in form.evidence.get(cell, none).at if isinstance(place, PagePlace))


def _agrees(printed: str, quote: str) -> bool:
    """Whether a print reads a quotation: its text, or the number it is."""
    text, wanted = fold(printed), fold(quote).strip(_DOTS)
    if _within(wanted, text) or _within(text, wanted) or rearranged(text, wanted):
        return True
    numbers = _NUMBER.findall(folded(quote).replace(",", ""))
    return len(numbers) == 1 and _has_number(printed, Decimal(numbers[0]))


def _within(part: str, whole: str) -> bool:
    """Whether a text stands in another, a figure at its edge being no piece of a longer one."""
    start, end = ((r"(?<![\d.,])" if part[:1].isdigit() else ""), (r"(?![\d,]|\.\d)" if part[-1:].isdigit() else ""))
    return bool(part) and re.search(f"{start}{re.escape(part)}{end}", whole) is not None


def _has_number(text: str, number: Decimal) -> bool:
    return any(Decimal(found) == number for found in _NUMBER.findall(folded(text).replace(",", "")))
