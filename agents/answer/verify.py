"""An answer looked at before it is shown: every number and every name in it stands in what it cites, or can be reckoned from it again.

Sentence by sentence (a row of a table and a line of a list are one): a number is printed in a cell cited right behind it, or belongs to the
conditions of the question, or is a figure that comes out the same when it is reckoned anew from printed cells. What stands between
quotation marks has to stand word for word in a cited cell; names of projects are those of the forms at hand. Nothing of how it was written
is trusted, so answers that a model writes are looked at in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from agents.answer.answer import Answer, Citation
from agents.answer.compose_words import label, phrase
from agents.answer.compose_writer import Sentence, cleaned
from agents.answer.execute_records import CellKey, Figure, Line, Result, every_line
from agents.answer.query import Query
from schema.checks import RULES
from schema.numerals import NUMBER, normalise
from schema.record import MAX_PLACES
from schema.text import fold

_MARK = re.compile(r"\[(\d+)\](?:–\[(\d+)\])?")
_RUN = re.compile(r"(?:\[\d+\]–?)+")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_NUMBER = re.compile(rf"-?{NUMBER}")
_HYPHEN = re.compile(r"(?<=[\w)）”])-(?=\d)")
_EXACT = Context(prec=40)
_PLACES, _HUNDREDTH = Decimal(1).scaleb(-MAX_PLACES), Decimal("0.01")
_SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer is checked against.

    Attributes:
        sentences: as they were written, with their figures; a sentence that reads otherwise has none.
        names, years: of all stored forms: no name may appear that the result does not hold.
        free: figures that any sentence may tell (for answers that were not composed here).
    """

    result: Result
    sentences: tuple[Sentence, ...] = ()
    names: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    free: tuple[Figure, ...] = ()


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
    cells = _Cells(basis.result)
    sound = [cite for cite in answer.citations if cells.stands(cite)]
    heading = [label(key, language) for key in ("project", "year", "cell", "quote")]
    rows = [f"| {' | '.join(heading)} |", "|" + " --- |" * len(heading)]
    for cite in sound:
        what = label(cite.cell.rpartition(".")[2], language)
        rows.append(f"| **{cleaned(cite.project_name)}** | {cite.fiscal_year or ''} | {what} | {cleaned(cite.quote)}[{cite.n}] |")
    text = phrase("table-only", language).strip() + ("\n\n" + "\n".join(rows) if sound else "")
    return answer.model_copy(update={"answer": text, "citations": tuple(sound), "value": None, "unit": None, "verified": False})


def split(text: str) -> Iterator[str]:
    """A text as lines, and those of running text as sentences; a full stop between quotation marks ends none."""
    for line in text.split("\n"):
        if line.startswith(("|", "- ")):
            yield line.strip()
            continue
        depth, begin = 0, 0
        for i, c in enumerate(line):
            depth += (c == "“") - (c == "”")
            ends = c == "。" or (c == "." and line[i + 1 : i + 2] in (" ", ""))
            if ends and depth <= 0:
                yield line[begin : i + 1].strip()
                begin = i + 1
        yield line[begin:].strip()


class _Ledger:
    """The printed cells of a result, and what may be said from them."""

    def __init__(self, answer: Answer, basis: Basis) -> None:
        self._answer = answer
        self._basis = basis
        self._cites = {cite.n: cite for cite in answer.citations}
        lines = every_line(basis.result)
        self._values = _values(lines)
        self._cells = _Cells(basis.result)
        self._figures = {piece: s.figures for s in basis.sentences for piece in split(s.text)}
        self._names = frozenset(_names(basis.result))
        self._rows = sorted({cleaned(line.row.name) for line in lines if line.row}, key=len, reverse=True)
        messages = {cleaned(f.message) for line in lines for f in line.findings} | {rule.title for rule in RULES.values()}
        self._messages = sorted(messages, key=len, reverse=True)
        self._asked = {*_asked(basis.result.query), Decimal(basis.result.judged), *(Decimal(year) for year in basis.years)}
        self._words = _words(basis.result.query)

    def faults(self) -> Iterator[str]:
        """What does not stand: citations, the value, strange names, sentences."""
        for cite in self._answer.citations:
            if not self._cells.stands(cite):
                yield f"[{cite.n}] {cite.cell}: {cite.quote}"
        if not self._value_stands():
            yield f"value: {self._answer.value}"
        yield from self._strangers()
        for piece in split(self._answer.answer):
            if piece and (fault := self._fault_of(piece)):
                yield f"{fault}: {piece}"

    def _value_stands(self) -> bool:
        value, figure = self._answer.value, self._basis.result.figure
        if value is None:
            return True
        redone = self._reckoned(figure) if figure else None
        return redone is not None and abs(redone - value) < _PLACES

    def _strangers(self) -> Iterator[str]:
        """Projects that are named and that the result does not hold."""
        told = fold(self._answer.answer)
        own = " ".join(fold(name) for name in self._names) + fold(" ".join(c.quote for c in self._answer.citations)) + fold(self._words)
        for name, folded in _folded(self._basis.names):
            if len(folded) >= _SHORTEST_NAME and folded in told and folded not in own:
                yield f"name: {name}"

    def _fault_of(self, piece: str) -> str:
        """What of a sentence does not stand; empty when all does."""
        cites = list(self._marked(piece))
        known = [cite for cite in cites if cite is not None]
        if len(known) < len(cites):
            return "mark"
        for name in _BOLD.findall(_MARK.sub(" ", piece)):
            if name not in self._names:
                return f"name {name}"
        free = self._free(known, piece)
        # What stands before a mark is checked against the cells of that mark only; a cell of a table against its own.
        for stretch in piece.split(" | ") if piece.startswith("|") else (piece,):
            begin = 0
            for run in (*_RUN.finditer(stretch), None):
                told = stretch[begin : run.start() if run else len(stretch)]
                own = [cite for cite in self._marked(run[0]) if cite is not None] if run else []
                if fault := self._fault_in(told, own, free):
                    return fault
                begin = run.end() if run else begin
        return ""

    def _fault_in(self, told: str, cites: Sequence[Citation], free: frozenset[Decimal]) -> str:
        """What of the words before some marks does not stand on their cells."""
        text = _BOLD.sub(" ", told)
        for message in self._messages:
            text = text.replace(message, " ")
        for name in self._rows:
            text = text.replace(f"“{name}”", " ") if f"“{name}”" in text else " " if text.strip("| ") == name else text
        for quoted in _quotations(text):
            if not self._is_quoted(quoted, cites):
                return f"quotation {quoted}"
            text = text.replace(f"“{quoted}”", " ")
        allowed = free.union(*(_numbers(cite.quote) for cite in cites))
        wrong = [number for number in _numbers(text) if number not in allowed]
        return f"number {wrong[0]}" if wrong else ""

    def _marked(self, piece: str) -> Iterator[Citation | None]:
        for m in _MARK.finditer(piece):
            last = int(m[2] or m[1])
            for n in range(int(m[1]), last + 1):
                yield self._cites.get(n)

    def _is_quoted(self, words: str, cites: Sequence[Citation]) -> bool:
        folded = fold(words)
        return any(folded in fold(cleaned(cite.quote)) for cite in cites) or folded in fold(self._words)

    def _free(self, cites: Sequence[Citation], piece: str) -> frozenset[Decimal]:
        """Numbers that a sentence may tell beside those of its cells: of the question, years of its forms, figures that come out right."""
        free = set(self._asked) | {Decimal(cite.fiscal_year) for cite in cites if cite.fiscal_year}
        for figure in (*self._figures.get(piece, ()), *self._basis.free):
            redone = self._reckoned(figure)
            if redone is not None:
                free |= {redone, redone.quantize(_HUNDREDTH, ROUND_HALF_UP)}
        return frozenset(free)

    def _reckoned(self, figure: Figure) -> Decimal | None:
        """The figure reckoned anew from the printed cells; None where one is missing or the result is another."""
        if figure.op == "cell":
            value = self._values.get(figure.keys[0])
            return value if value == figure.value else None
        if figure.op == "count":
            return Decimal(len(set(figure.keys)))
        parts = [self._reckoned(one) for one in figure.of]
        known = [one for one in parts if one is not None]
        if len(known) != len(parts) or not known:
            return Decimal(0) if figure.op == "sum" and not parts else None
        return _redone(figure, known)


@lru_cache(maxsize=4)
def _folded(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Names as they are compared; there may be many, and they stay the same from question to question."""
    return tuple((name, fold(cleaned(name))) for name in dict.fromkeys(names))


def _redone(figure: Figure, values: list[Decimal]) -> Decimal | None:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if figure.op == "sum":
        return sum(values, Decimal(0))
    if figure.op == "mean":
        return _six(_EXACT.divide(sum(values, Decimal(0)), Decimal(len(values))))
    if figure.op == "median":
        return ordered[middle] if len(ordered) % 2 else _six((ordered[middle - 1] + ordered[middle]) / 2)
    if figure.op == "difference":
        return values[0] - values[1] if len(values) == 2 else None
    if figure.op == "scale":
        return values[0] * figure.by
    return ordered[0] if figure.op == "min" else ordered[-1]


def _six(value: Decimal) -> Decimal:
    return value.quantize(_PLACES, context=_EXACT) if -int(value.as_tuple().exponent) > MAX_PLACES else value


class _Cells:
    """Every cell of a result that may be cited, and what it prints."""

    def __init__(self, result: Result) -> None:
        self._values: dict[CellKey, Decimal | int | str] = {}
        heads = [*result.scope, *result.offered, *(head for note in result.notes for head in note.forms)]
        for line in every_line(result):
            heads.append(line.form)
            if line.row is not None:
                self._values[line.form.form_id, line.row.cell("name")] = line.row.name
            self._values |= {fact.key: fact.value for fact in line.facts if fact.value is not None}
        self._values |= {(head.form_id, "project_name"): head.project_name for head in heads if head.project_name}

    def stands(self, cite: Citation) -> bool:
        """Whether a citation quotes what its cell prints."""
        value = self._values.get((cite.form_id, cite.cell))
        return value is not None and _quotes(cite.quote, value)


def _quotes(quote: str, value: Decimal | int | str) -> bool:
    if isinstance(value, str):
        return bool(quote) and quote in value
    numbers = list(_numbers(quote))
    return numbers == [Decimal(value)]


def _values(lines: Iterable[Line]) -> Mapping[CellKey, Decimal]:
    """Every printed number: of number cells, and the quantities of targets and actuals."""
    values: dict[CellKey, Decimal] = {}
    for line in lines:
        for fact in line.facts:
            if isinstance(fact.value, Decimal):
                values[fact.key] = fact.value
            elif isinstance(fact.value, str) and fact.what in ("target", "actual"):
                numbers = list(_numbers(fact.value))
                if len(numbers) == 1:
                    values[fact.key] = numbers[0]
    return values


def _names(result: Result) -> Iterator[str]:
    heads = [line.form for line in every_line(result)]
    heads += [*result.offered, *(head for note in result.notes for head in note.forms)]
    yield from (cleaned(head.name) for head in heads)


def _asked(query: Query) -> Iterator[Decimal]:
    """Numbers that the question itself brings."""
    for condition in (*query.conditions, *((query.claim,) if query.claim else ())):
        yield from (value for value in (condition.value, condition.relative) if value is not None)
    yield from (Decimal(year) for scope in (query.scope, *query.sides) for year in scope.years)
    yield from _numbers(_words(query))


def _words(query: Query) -> str:
    """Words that the question itself brings."""
    said = [query.scope.said, query.topic, *(side.said for side in query.sides), *query.unknown, query.pick.said if query.pick else None]
    said += ["、".join(words) for words in (query.pick.words if query.pick else ())]
    said += [condition.text for condition in query.conditions]
    said += [str(year) for scope in (query.scope, *query.sides) for year in scope.years]
    return " ".join(word for word in said if word)


def _quotations(text: str) -> Iterator[str]:
    """What stands between quotation marks, the outermost ones."""
    depth, begin = 0, 0
    for i, c in enumerate(text):
        if c == "“":
            depth += 1
            begin = i + 1 if depth == 1 else begin
        elif c == "”" and depth:
            depth -= 1
            if depth == 0:
                yield text[begin:i]


def _numbers(text: str) -> Iterator[Decimal]:
    """The numbers of a text; a hyphen between two words is no sign."""
    for m in _NUMBER.finditer(_HYPHEN.sub(" ", normalise(text))):
        yield Decimal(m[0].replace(",", ""))
