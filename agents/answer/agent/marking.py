"""Ids of cells in a model's sentences turned into marks [n], with the words that each mark quotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agents.answer.agent.evidence import Evidence
from agents.answer.agent.final import Claim, ids_in
from agents.answer.answer import Citation
from agents.answer.compose.writer import LONGEST, Writer
from agents.answer.execute.records import CellKey, Fact, Figure, every_line
from agents.answer.verify.text import quotations
from schema.errors import UsageError
from schema.text import fold

if TYPE_CHECKING:
    from agents.desk import Desk

_MOST_IDS = 40
_END = re.compile(r"[。！？.!?；;]*\s*\Z")
_ROW = re.compile(r"indicators\[\d+\]\Z")
_ROW_FIELDS = ("name", "target", "actual", "weight", "score", "deviation")
_SENTENCE = re.compile(r"[^。；;！!？?\n]+[。；;！!？?]*")


class UnknownId(UsageError):
    """An id cites what no tool has shown."""


class Marker:
    """Gives marks to the claims of one answer.

    Args:
        desk: knows what its ids mean.
        evidence: the cells that may be cited.
    """

    def __init__(self, desk: Desk, evidence: Evidence) -> None:
        self._desk = desk
        self._pen = Writer(evidence.union)
        self._facts: dict[CellKey, Fact] = {}
        for line in every_line(evidence.union):
            self._facts |= {fact.key: fact for fact in line.facts if fact.value is not None}
            name = Fact(line.form, "project_name", "project_name", line.form.project_name)
            self._facts.setdefault(name.key, name)
            if line.row is not None:
                row = Fact(line.form, line.row.cell("name"), "name", line.row.name)
                self._facts.setdefault(row.key, row)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far."""
        return tuple(self._pen.citations)

    def marked(self, claim: Claim) -> str:
        """The sentence of a claim with marks in place of its ids; ids that stand apart come at its end.

        Raises:
            UnknownId: an id is none, or no tool has shown its cell.
        """
        sentence, begin, told = claim.sentence, 0, ""
        inside: set[str] = set()
        for start, end, ids in ids_in(sentence):
            told += sentence[begin:start].rstrip() + "".join(dict.fromkeys(mark for one in ids for mark in self._marks(one, sentence)))
            inside |= set(ids)
            begin = end
        told += sentence[begin:]
        apart = [one for one in dict.fromkeys(claim.cites[:_MOST_IDS]) if one not in inside]
        marks = "".join(dict.fromkeys(mark for one in apart for mark in self._marks(one, sentence)))
        return with_marks(told.strip(), marks)

    def of_figure(self, figure: Figure) -> str:
        """The marks of the cells that a figure stands on."""
        return self._pen.cite_figure(figure)

    def _marks(self, reference: str, sentence: str) -> list[str]:
        handle, _, cell = reference.partition(".")
        form_id = self._desk._form_id(handle)
        if form_id is None:
            raise UnknownId(f"没有 {reference} 这个出处。")
        if _ROW.fullmatch(cell):
            own = [self._facts.get((form_id, f"{cell}.{field}")) for field in _ROW_FIELDS]
            named = [fact for fact in own if fact is not None and (fact.what == "name" or _said(fact, sentence))]
        else:
            named = [fact for fact in (self._facts.get((form_id, cell or "project_name")),) if fact is not None]
        if not named:
            raise UnknownId(f"{reference} 不在查到的内容里。")
        return [mark for fact in named if (mark := self._pen.cite(_quoting(fact, sentence)))]


def with_marks(sentence: str, marks: str) -> str:
    """A sentence with marks before the stop at its end."""
    m = _END.search(sentence)
    at = m.start() if m else len(sentence)
    return sentence[:at] + marks + sentence[at:] if marks else sentence


def _said(fact: Fact, sentence: str) -> bool:
    """Whether a sentence tells what a cell prints."""
    value = fact.value if isinstance(fact.value, str) else f"{fact.value:f}" if fact.value is not None else ""
    return value in sentence or any(fold(quoted) in fold(value) for quoted in quotations(sentence))


def _quoting(fact: Fact, sentence: str) -> Fact:
    """A fact whose quote holds what the sentence quotes of a long text, or shares most words with it."""
    text = fact.value
    if not isinstance(text, str) or len(text) <= LONGEST or fact.quote is not None:
        return fact
    held = [quoted for quoted in quotations(sentence) if quoted in text]
    if held:
        begin = text.index(held[0])
        return Fact(fact.form, fact.cell, fact.what, text, fact.unit, quote=text[begin : begin + max(LONGEST, len(held[0]))])
    pairs = {sentence[i : i + 2] for i in range(len(sentence) - 1)}
    best = max(_SENTENCE.findall(text) or [text], key=lambda one: sum(one[i : i + 2] in pairs for i in range(len(one) - 1)))
    return Fact(fact.form, fact.cell, fact.what, text, fact.unit, quote=best.strip()[: 2 * LONGEST])
