"""What is read of a document before a model has seen it: the forms that layout found, and the texts of these and of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.extract.llm.printed import Printed, print_block, print_dump, print_lines
from ingest.blocks import is_title, looks_like_form
from ingest.documents import SourceKind
from ingest.dump.decode import read_text
from ingest.page import Block, Line, Page
from ingest.settings import Settings
from schema.errors import DocumentError
from schema.evidence import LinePlace
from schema.form import Form
from schema.reading import DocumentReading


@dataclass(frozen=True)
class Candidate:
    """The text of a form: of the one with this index in the reading, or of one that layout could not read.

    Attributes:
        pages: the pages it stands on.
        kind: what kind of document it comes from.
    """

    printed: Printed
    form: int | None
    pages: tuple[int, ...]
    kind: SourceKind = "digital"


@dataclass(frozen=True)
class Material:
    """A document as layout left it.

    Attributes:
        reading: its forms and pages; where nothing was read, its pages alone.
        error: why nothing was read.
        candidates: the texts for a model; none where no model is asked.
    """

    reading: DocumentReading
    error: DocumentError | None = None
    candidates: tuple[Candidate, ...] = field(default=())


def candidates_of(read: Sequence[tuple[Block, Form]], pages: Sequence[Page], kind: SourceKind) -> Iterator[Candidate]:
    """The texts of the forms that layout read, and of pages that look like a form it did not."""
    for index, (block, _) in enumerate(read):
        yield Candidate(print_block(block), index, block.pages, kind)
    used = {number for block, _ in read for number in block.pages}
    unread = [page for page in pages if page.number not in used and not page.untrusted]
    for group in _by_title(unread):
        lines = [(page.number, line) for page, line in group]
        yield Candidate(print_lines(lines), None, tuple(dict.fromkeys(number for number, _ in lines)), kind)


def dump_candidates(path: Path, settings: Settings, forms: Sequence[Form]) -> Iterator[Candidate]:
    """The texts of the forms of a dump, each with the form that was read of it."""
    text = read_text(path, str(path), settings)
    first_lines = [_first_line(form) for form in forms]
    for printed in print_dump(text):
        last = printed.line + len(printed.text.splitlines())
        index = next((i for i, line in enumerate(first_lines) if line is not None and printed.line < line <= last), None)
        yield Candidate(printed, index, (1,), "text")


def _first_line(form: Form) -> int | None:
    lines = [place.line[0] for evidence in form.evidence.values() for place in evidence.at if isinstance(place, LinePlace)]
    return min(lines, default=None)


def _by_title(pages: Sequence[Page]) -> Iterator[list[tuple[Page, Line]]]:
    """The lines of pages that look like forms without ruled tables, from title to title."""
    group: list[tuple[Page, Line]] = []
    inside = False
    for page in pages:
        # Pages behind one that starts a form may go on with it, as long as they follow at once.
        inside = looks_like_form(page) or (inside and bool(group) and group[-1][0].number == page.number - 1 and not page.blank)
        for line in page.lines if inside else ():
            if is_title(line.text) and group:
                yield group
                group = []
            group.append((page, line))
    if group:
        yield group
