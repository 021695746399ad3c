"""Answers in free words, with [n] behind what they tell: judged sentence by sentence, and what does not stand left out.

A sentence stands when every number is printed in the cells it cites (for the project, the indicator and the measure it is told of, in its
unit, rounded as usual) or comes out of them by what the sentence says is done to them; when every name, year and quotation is theirs; and
when claims of order, of denial and of cause hold. A verdict or advice stands only where the form itself says it. What cannot be held
against anything does not stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agents.answer.answer import Answer
from agents.answer.verify import words
from agents.answer.verify.basis import Basis
from agents.answer.verify.claims import fault_of_claims
from agents.answer.verify.figures import Printed, reckoned
from agents.answer.verify.foreign import fault_of_foreign
from agents.answer.verify.ground import Ground, ground_of
from agents.answer.verify.numbers import fault_of_number, restates
from agents.answer.verify.ranks import fault_of_order
from agents.answer.verify.sentence import bind, cells_of
from agents.answer.verify.strangers import fault_of_words
from agents.answer.verify.text import level, marks, split
from agents.answer.verify.tokens import Number, Tokens, read
from schema.text import fold

_ELLIPSIS = ("…", "...", "……")
_LEAST_KEPT = 0.5
_GOES_ON = re.compile(words.PRONOUN)
_LEFT = re.compile(rf"(?<!第)(?<![\d.])[.\d]*\d|{words.IN_WORDS}")


class Judged(NamedTuple):
    """A sentence, a line of a list or a row of a table; `fault` says what of it does not stand, empty when all does."""

    sentence: str
    fault: str = ""

    @property
    def stands(self) -> bool:
        """Whether it may be shown."""
        return not self.fault


def judge(answer: Answer, basis: Basis) -> tuple[Judged, ...]:
    """Every sentence of an answer in whatever words, with what of it does not stand; empty lines are left out.

    Args:
        answer: its text with [n] for its citations; `question` is what was asked.
        basis: what the query was answered with; figures that `free` declares may be told anywhere.
    """
    ground = ground_for(answer, basis)
    return tuple(judge_each(list(split(answer.answer)), ground))


def worded(answer: Answer, composed: Answer, basis: Basis) -> Answer:
    """An answer in free words without the sentences that do not stand; the composed one where too little is left.

    Args:
        composed: the same answer as `compose` tells it, verified; its value, projects and notes hold whatever the words are.
    """
    judged = judge(answer, basis)
    kept = [one for one in judged if one.stands]
    cited = {n for one in kept for n in marks(one.sentence)}
    # A list without one of its lines would tell less than its first sentence says.
    if any(one.sentence.startswith(("|", "- ")) for one in judged if not one.stands):
        return composed
    if not kept or len(kept) < _LEAST_KEPT * len(judged) or (composed.citations and not cited):
        return composed
    text = _rejoined(answer.answer, {one.sentence for one in judged if not one.stands}) if len(kept) < len(judged) else answer.answer
    cites = tuple(cite for cite in answer.citations if cite.n in cited)
    return composed.model_copy(update={"answer": text, "citations": cites, "mode": answer.mode, "verified": True})


def _rejoined(text: str, dropped: set[str]) -> str:
    lines = []
    for line in text.split("\n"):
        pieces = [piece for piece in split(line) if piece not in dropped]
        if any(pieces) or not line.strip():
            lines.append(" ".join(pieces) if line.isascii() else "".join(pieces))
    return "\n".join(lines).strip()


def ground_for(answer: Answer, basis: Basis) -> Ground:
    """What the sentences of an answer are judged on."""
    values = Printed(basis.result)
    free = tuple(value for figure in basis.free if (value := reckoned(figure, values)) is not None)
    return ground_of(answer, basis.result, basis.names, basis.years, free)


def judge_each(pieces: list[str], ground: Ground, only: set[str] | None = None) -> Iterator[Judged]:
    """Sentences judged one after another: a table lends its headings to its rows, a sentence its project to the next.

    Args:
        only: sentences to judge; the others are only read. None for all.
    """
    header: list[str] = []
    carried: frozenset[str] | None = None
    fallen = False
    for piece in pieces:
        if not piece:
            header = []
            continue
        told = piece.removeprefix("- ")
        if not piece.startswith("|"):
            header = []
        elif not set(piece) - set("|-: "):
            continue
        elif header:
            told = _as_sentence(header, [cell.strip() for cell in piece.strip("|").split("|")])
        else:
            header = [cell.strip() for cell in piece.strip("|").split("|")]
            told = piece.strip("|").replace("|", "；")
        tokens = read(told, ground.lexicon)
        names = tokens.named("project")
        fault = _fault_of(tokens, ground, None if header else carried) if only is None or piece in only else ""
        if not fault and fallen and not names and _GOES_ON.search(tokens.plain):
            fault = "goes on from what does not stand"
        if only is None or piece in only:
            yield Judged(piece, fault)
        fallen = bool(fault)
        if names and not header:
            carried = names[0].forms if len({name.text for name in names}) == 1 else None


def _as_sentence(header: list[str], cells: list[str]) -> str:
    """A row of a table as a sentence: each cell behind the heading of its column."""
    told = []
    for i, cell in enumerate(cells):
        head = header[i] if i < len(header) else ""
        told.append(cell if i == 0 else f"{head} {cell}")
    return "；".join(told)


def _fault_of(tokens: Tokens, ground: Ground, carried: frozenset[str] | None) -> str:
    unknown = [n for run in tokens.runs for n in run.cites if n not in ground.cells]
    if unknown:
        return f"citation [{unknown[0]}]"
    if fault := _quotation(tokens, ground):
        return fault
    if fault := fault_of_foreign(tokens, ground) or fault_of_words(tokens, ground, carried):
        return fault
    if left := _LEFT.search(tokens.rest):
        return f"number {left[0]}"
    before: Number | None = None
    for bound in bind(tokens, ground, carried):
        if fault := "" if before and restates(before, bound.number, tokens) else fault_of_number(bound, tokens, ground):
            return fault
        before = bound.number
    return fault_of_order(tokens, ground) or fault_of_claims(tokens, ground)


def _quotation(tokens: Tokens, ground: Ground) -> str:
    """A quotation that no cell behind it holds, or that is another project's."""
    names = tokens.named("project")
    for begin, end, quoted in tokens.quotes:
        after = next((run for run in tokens.runs if run.begin >= end), None) or (tokens.runs[-1] if tokens.runs else None)
        cells = cells_of(after.cites, ground) if after else ()
        of = [name for name in names if name.begin < begin]
        if of and after and after.begin >= end:
            cells = tuple(cell for cell in cells if cell.form.form_id in of[-1].forms)
        parts = [part for part in _parts(quoted) if part]
        held = [fold(f"{cell.text} {cell.row_name} {cell.form.name}") for cell in cells]
        if not all(any(part in one for one in held) for part in parts) and not _said_again(quoted, ground):
            return f"quotation {quoted}"
    return ""


def _said_again(quoted: str, ground: Ground) -> bool:
    """Words of the question may be put between quotation marks, numbers not."""
    return level(quoted) in level(ground.said) and not any(c.isdigit() for c in quoted)


def _parts(quoted: str) -> Iterator[str]:
    for mark in _ELLIPSIS:
        quoted = quoted.replace(mark, "\n")
    yield from (fold(part).strip(".,;") for part in quoted.split("\n"))
