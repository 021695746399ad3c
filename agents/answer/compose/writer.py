"""The hand that writes answers: gives citations their numbers, tells numbers as printed, and keeps with each sentence what it reckons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

from agents.answer.answer import Citation
from agents.answer.compose.words import label, phrase, unit_name
from agents.answer.execute.figures import numbered
from agents.answer.execute.records import CellKey, Fact, Figure, Line, Result, every_line, fact_at
from agents.answer.query import Language
from schema.numerals import NUMBER, normalise
from store.facts import Head

SHOWN = 40
"""Rows of a table, and cells cited for one sentence, at the most."""
LONGEST = 160
"""Characters of a text quoted at the most."""
_PLACES = Decimal("0.01")
_MARKS = 6
_NUMBER = re.compile(NUMBER)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, a line of a list or a row of a table, and the figures in it that no cell prints."""

    text: str
    figures: tuple[Figure, ...] = ()


class Writer:
    """Collects the sentences of one answer."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.language: Language = result.query.language
        self.citations: list[Citation] = []
        self.sentences: list[Sentence] = []
        self._text: list[str] = []
        self._lead = ""
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._facts = {fact.key: fact for line in every_line(result) for fact in line.facts}

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._text).strip()

    def say(self, key: str, figures: Iterable[Figure | None] = (), **slots: object) -> None:
        """Write a phrase into the running paragraph."""
        self.write(phrase(key, self.language, **slots), figures)

    def write(self, text: str, figures: Iterable[Figure | None] = ()) -> None:
        """Write a sentence, behind what leads to it."""
        text, self._lead = self._lead + text, ""
        self.sentences.append(Sentence(text, tuple(figure for figure in figures if figure is not None)))
        self._text.append(text)

    def line(self, text: str, figures: Iterable[Figure | None] = ()) -> None:
        """Write a line of its own."""
        self.sentences.append(Sentence(text, tuple(figure for figure in figures if figure is not None)))
        self._text.append(f"\n{text}")

    def lead(self, key: str) -> None:
        """Begin the next sentence with a phrase."""
        self._lead = phrase(key, self.language)

    def pause(self) -> None:
        """Begin a new paragraph."""
        self._text.append("\n\n")

    def cite(self, fact: Fact) -> str:
        """The mark of a cell, [3]; nothing for an empty one."""
        quote = self.quote(fact)
        if not quote:
            return ""
        key = (*fact.key, quote)
        if key not in self._numbers:
            spot = self.result.spots.get(fact.key)
            n = self._numbers[key] = len(self.citations) + 1
            self.citations.append(
                Citation(
                    n=n,
                    project_name=fact.form.name,
                    fiscal_year=fact.form.fiscal_year,
                    file=fact.form.file,
                    page=spot.page if spot else None,
                    cell=fact.cell,
                    quote=quote,
                    form_id=fact.form.form_id,
                    box=spot.box if spot else None,
                )
            )
        return f"[{self._numbers[key]}]"

    def cite_name(self, head: Head) -> str:
        """The mark of a form's project name."""
        return self.cite(Fact(head, "project_name", "project_name", head.project_name))

    def cite_row(self, line: Line) -> str:
        """The mark of an indicator's name, or of the form's."""
        if line.row is None:
            return self.cite_name(line.form)
        return self.cite(Fact(line.form, line.row.cell("name"), "name", line.row.name))

    def cite_all(self, facts: Iterable[Fact]) -> str:
        """The marks of several cells; of many the first and the last, which stand for all between."""
        marks = list(dict.fromkeys(mark for fact in islice(facts, SHOWN) if (mark := self.cite(fact))))
        numbers = sorted(int(mark[1:-1]) for mark in marks)
        if len(numbers) > _MARKS and numbers == list(range(numbers[0], numbers[-1] + 1)):
            return f"[{numbers[0]}]–[{numbers[-1]}]"
        return "".join(f"[{number}]" for number in numbers)

    def cite_figure(self, figure: Figure | None) -> str:
        """The marks of the cells a figure stands on."""
        return self.cite_all(fact for key in _each_once(figure.cells()) if (fact := self._fact(key)) is not None) if figure else ""

    def quote(self, fact: Fact) -> str:
        """What is printed in a cell: numbers as they stand there, long texts to a point."""
        if fact.value is None:
            return ""
        if fact.quote is not None:
            return fact.quote
        if isinstance(fact.value, Decimal):
            return self._printed(fact.key, fact.value)
        if isinstance(fact.value, int):
            return str(fact.value) if fact.cell == "fiscal_year" else ""
        return fact.value[:LONGEST]

    def value(self, fact: Fact, *, mark: bool = True) -> str:
        """A cell's value with its unit and its mark; a dash for an empty one."""
        if fact.value is None:
            return "—"
        if isinstance(fact.value, Decimal):
            told = f"{self._printed(fact.key, fact.value)}{self.unit(fact.unit)}"
        elif isinstance(fact.value, int):
            told = str(fact.value)
        else:
            told = self.quoted(fact) if len(fact.value) > _LONG else cleaned(fact.value)
        return told + (self.cite(fact) if mark else "")

    def quoted(self, fact: Fact) -> str:
        """A text between quotation marks, with an ellipsis where it is cut."""
        quote = self.quote(fact)
        whole = fact.value if isinstance(fact.value, str) else ""
        return f"“{cleaned(quote)}”" + ("" if fact.quote is not None or len(quote) >= len(whole) else "…")

    def number(self, figure: Figure, unit: str | None = None) -> str:
        """A figure: as printed where it is printed, else rounded to two places."""
        if figure.op == "cell":
            return f"{self._printed(figure.keys[0], figure.value)}{self.unit(unit)}"
        return f"{rounded(figure.value)}{self.unit(unit)}"

    def unit(self, unit: str | None) -> str:
        """A unit behind a number."""
        return unit_name(unit, self.language).rstrip()

    def name(self, head: Head) -> str:
        """A project in bold with its year."""
        year = f"（{head.fiscal_year}年度）" if self.language == "zh" else f" ({head.fiscal_year})"
        return f"**{cleaned(head.name)}**{year if head.fiscal_year else ''}"

    def table(self, columns: Sequence[str], rows: Sequence[tuple[Sequence[str], Sequence[Figure | None]]], of: int) -> None:
        """A table of the first SHOWN rows of so many; what is left out is said."""
        self.pause()
        self._text.append("| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns))
        for cells, figures in rows:
            self.line("| " + " | ".join(cells) + " |", figures)
        if of > len(rows):
            self.pause()
            self.say("more", [numbered(of - len(rows))], n=of - len(rows))
        self.pause()

    def heading(self, *keys: str) -> list[str]:
        """Columns by their names."""
        return [label(key, self.language) for key in keys]

    def _fact(self, key: CellKey) -> Fact | None:
        """The cell of a line, also of one that nobody has looked at yet."""
        if key not in self._facts and (found := fact_at(self.result, key)) is not None:
            self._facts[key] = found
        return self._facts.get(key)

    def _printed(self, key: CellKey, value: Decimal) -> str:
        spot = self.result.spots.get(key)
        for found in _NUMBER.finditer(normalise(spot.printed)) if spot else ():
            if Decimal(found[0].replace(",", "")) == abs(value):
                return ("-" if value < 0 else "") + found[0]
        # The quantity of a target or an actual: its digits as the cell prints them.
        fact = self._fact(key)
        for found in _NUMBER.finditer(normalise(fact.value)) if fact is not None and isinstance(fact.value, str) else ():
            if Decimal(found[0].replace(",", "")) == abs(value):
                return ("-" if value < 0 else "") + found[0]
        return f"{value:f}"


_LONG = 24


def _each_once(keys: Iterable[CellKey]) -> Iterator[CellKey]:
    """Each of the keys once, no more of them than are asked for."""
    seen: set[CellKey] = set()
    for key in keys:
        if key not in seen:
            seen.add(key)
            yield key


def rounded(value: Decimal) -> str:
    """A number to two places, trailing zeros dropped; what would be nothing then, as it is."""
    if value and abs(value) < _PLACES:
        return f"{value:f}"
    text = f"{value.quantize(_PLACES, ROUND_HALF_UP) if -int(value.as_tuple().exponent) > 2 else value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cleaned(text: str) -> str:
    """A text that does not break a table."""
    return text.replace("|", "｜").replace("\n", " ").replace("*", "＊")
