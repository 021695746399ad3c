"""An answer looked at before it is shown: every number and every name in it stands in what it cites, or can be reckoned from it again.

Sentence by sentence (a row of a table and a line of a list are one): a number is printed in a cell cited right behind it, or belongs to the
conditions of the question, or is a figure declared with its sentence that comes out the same when it is reckoned anew from printed cells.
What stands between quotation marks has to stand word for word in a cited cell; names of projects are those of the forms at hand. A sentence
that is not as `compose` wrote it is judged as one in free words beside (`verify_worded`, where answers of a model are judged).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise

from agents.answer.answer import Answer, Citation
from agents.answer.compose.words import label, phrase
from agents.answer.compose.writer import cleaned
from agents.answer.execute.records import Result, every_form, every_line
from agents.answer.query import Query
from agents.answer.verify.basis import Basis
from agents.answer.verify.cells import Cells
from agents.answer.verify.figures import PLACE, Printed, reckoned
from agents.answer.verify.ground import words_of
from agents.answer.verify.text import BOLD, MARK, RUN, marks, numbers, quotations, split
from agents.answer.verify.worded import Judged, ground_for, judge, judge_each, worded
from schema.checks import RULES
from schema.text import fold

__all__ = ["Basis", "Judged", "faults", "judge", "split", "table_only", "verify", "worded"]

_HUNDREDTH = Decimal("0.01")
_SHORTEST_NAME = 4


def verify(answer: Answer, basis: Basis) -> Answer:
    """The answer with `verified` set; where something in it does not stand, its table of cells in its place."""
    if not faults(answer, basis):
        return answer.model_copy(update={"verified": True})
    return table_only(answer, basis)


def faults(answer: Answer, basis: Basis) -> tuple[str, ...]:
    """What in an answer does not stand, for whoever wants to know why: the kind of fault, and where."""
    return tuple(_Ledger(answer, basis).faults())


def table_only(answer: Answer, basis: Basis) -> Answer:
    """The cells of the result instead of an answer: project, year, cell, what is printed."""
    language = basis.result.query.language
    cells = Cells(basis.result)
    sound = [cite for cite in answer.citations if cells.stands(cite)]
    heading = [label(key, language) for key in ("project", "year", "cell", "quote")]
    rows = [f"| {' | '.join(heading)} |", "|" + " --- |" * len(heading)]
    for cite in sound:
        what = label(cite.cell.rpartition(".")[2], language)
        rows.append(f"| **{cleaned(cite.project_name)}** | {cite.fiscal_year or ''} | {what} | {cleaned(cite.quote)}[{cite.n}] |")
    text = phrase("table-only", language).strip() + ("\n\n" + "\n".join(rows) if sound else "")
    return answer.model_copy(update={"answer": text, "citations": tuple(sound), "value": None, "unit": None, "verified": False})


class _Ledger:
    """The printed cells of a result, and what composed sentences may say from them."""

    def __init__(self, answer: Answer, basis: Basis) -> None:
        self._answer = answer
        self._basis = basis
        self._cites = {cite.n: cite for cite in answer.citations}
        lines = every_line(basis.result)
        self._values = Printed(basis.result)
        self._cells = Cells(basis.result)
        self._figures = {piece: s.figures for s in basis.sentences for piece in split(s.text)}
        self._names = frozenset(map(cleaned, _names(basis.result)))
        self._rows = sorted({cleaned(line.row.name) for line in lines if line.row}, key=len, reverse=True)
        messages = {cleaned(f.message) for line in lines for f in line.findings} | {rule.title for rule in RULES.values()}
        self._messages = sorted(messages, key=len, reverse=True)
        self._asked = {*_asked(basis.result.query), Decimal(basis.result.judged), *(Decimal(year) for year in basis.years)}
        self._words = words_of(basis.result.query)

    def faults(self) -> Iterator[str]:
        """What does not stand: citations, the value, strange names, sentences."""
        for cite in self._answer.citations:
            if not self._cells.stands(cite):
                yield f"[{cite.n}] {cite.cell}: {cite.quote}"
        if not self._value_stands():
            yield f"value: {self._answer.value}"
        yield from self._strangers()
        pieces = list(split(self._answer.answer))
        for piece in pieces:
            if piece and (fault := self._fault_of(piece)):
                yield f"{fault}: {piece}"
        # Headings of tables and the lines below them are no sentences of compose, and tell nothing.
        others = {piece for piece in pieces if piece and piece not in self._figures}
        if others - self._headings(pieces):
            for one in judge_each(pieces, ground_for(self._answer, self._basis), others - self._headings(pieces)):
                if not one.stands:
                    yield f"{one.fault}: {one.sentence}"

    def _headings(self, pieces: Sequence[str]) -> set[str]:
        """First lines of tables that hold no digit, and the rules below them."""
        rows = {a for a, b in pairwise(pieces) if a.startswith("|") and not set(b) - set("|- ")}
        return {row for row in rows if not any(c.isdigit() for c in row)} | {piece for piece in pieces if not set(piece) - set("|- ")}

    def _value_stands(self) -> bool:
        value, figure = self._answer.value, self._basis.result.figure
        if value is None:
            return True
        redone = reckoned(figure, self._values) if figure else None
        return redone is not None and abs(redone - value) < PLACE

    def _strangers(self) -> Iterator[str]:
        """Projects that are named and that the result does not hold."""
        told = fold(self._answer.answer)
        index = _folded(self._basis.names)
        begins = {told[i : i + _SHORTEST_NAME] for i in range(len(told))}
        said = sorted(one for start in begins for one in index.get(start, ()) if one[1] in told)
        own = fold(" ".join(c.quote for c in self._answer.citations)) + fold(self._words)
        strange = [(name, folded) for _, folded, name in said if folded not in own and cleaned(name) not in self._names]
        # Only where a name stands neither in a citation nor in the question all names of the result are gone through.
        held = " ".join(fold(name) for name in self._names) if strange else ""
        yield from (f"name: {name}" for name, folded in strange if folded not in held)

    def _fault_of(self, piece: str) -> str:
        """What of a composed sentence does not stand; empty when all does."""
        cites = [self._cites.get(n) for n in marks(piece)]
        known = [cite for cite in cites if cite is not None]
        if len(known) < len(cites):
            return "mark"
        for name in BOLD.findall(MARK.sub(" ", piece)):
            if name not in self._names:
                return f"name {name}"
        free = self._free(known, piece)
        # What stands before a mark is checked against the cells of that mark only; a cell of a table against its own.
        for stretch in piece.split(" | ") if piece.startswith("|") else (piece,):
            begin = 0
            for run in (*RUN.finditer(stretch), None):
                told = stretch[begin : run.start() if run else len(stretch)]
                own = [self._cites[n] for n in marks(run[0])] if run else []
                if fault := self._fault_in(told, own, free):
                    return fault
                begin = run.end() if run else begin
        return ""

    def _fault_in(self, told: str, cites: Sequence[Citation], free: frozenset[Decimal]) -> str:
        """What of the words before some marks does not stand on their cells."""
        text = BOLD.sub(" ", told)
        for message in self._messages:
            text = text.replace(message, " ")
        for name in self._rows:
            text = text.replace(f"“{name}”", " ") if f"“{name}”" in text else " " if text.strip("| ") == name else text
        for quoted in quotations(text):
            if not self._is_quoted(quoted, cites):
                return f"quotation {quoted}"
            text = text.replace(f"“{quoted}”", " ")
        allowed = free.union(*(numbers(cite.quote) for cite in cites))
        wrong = [number for number in numbers(text) if number not in allowed]
        return f"number {wrong[0]}" if wrong else ""

    def _is_quoted(self, words: str, cites: Sequence[Citation]) -> bool:
        folded = fold(words)
        return any(folded in fold(cleaned(cite.quote)) for cite in cites) or folded in fold(self._words)

    def _free(self, cites: Sequence[Citation], piece: str) -> frozenset[Decimal]:
        """Numbers that a sentence may tell beside those of its cells: of the question, years of its forms, figures that come out right."""
        free = set(self._asked) | {Decimal(cite.fiscal_year) for cite in cites if cite.fiscal_year}
        for figure in (*self._figures.get(piece, ()), *self._basis.free):
            redone = reckoned(figure, self._values)
            if redone is not None:
                free |= {redone, redone.quantize(_HUNDREDTH, ROUND_HALF_UP)}
        return frozenset(free)


@lru_cache(maxsize=4)
def _folded(names: tuple[str, ...]) -> dict[str, list[tuple[int, str, str]]]:
    """Names with their numbers as they are compared, by their first characters; they stay the same from question to question."""
    found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for number, name in enumerate(dict.fromkeys(names)):
        folded = fold(cleaned(name))
        if len(folded) >= _SHORTEST_NAME:
            found[folded[:_SHORTEST_NAME]].append((number, folded, name))
    return dict(found)


def _names(result: Result) -> set[str]:
    heads = [*every_form(result).values(), *result.offered, *(head for note in result.notes for head in note.forms)]
    return {head.name for head in heads}


def _asked(query: Query) -> Iterator[Decimal]:
    """Numbers that the question itself brings."""
    for condition in (*query.conditions, *((query.claim,) if query.claim else ())):
        yield from (value for value in (condition.value, condition.relative) if value is not None)
    yield from (Decimal(year) for scope in (query.scope, *query.sides) for year in scope.years)
    yield from numbers(words_of(query))
