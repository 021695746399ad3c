"""An endpoint's answers with faults: the first answer about a form has them, a second look mostly has not."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from agents.extract.llm.asked import Asked, read_back
from eval.simulate.answers import GoldAnswers, cells_asked, rows_asked, told_cells
from eval.simulate.faults import CUT, ENDED, HEAD, SWAPPED, Injected, Planted, inject
from eval.simulate.sheet import ROW
from schema.cells import row_cell
from schema.form import Form
from schema.transcript import HeadTranscript, RowsTranscript, RowTranscript, Transcript


class Told(NamedTuple):
    """An answer as it is sent; `cut` where it breaks off before its end."""

    text: str
    cut: bool


class FaultyAnswers:
    """Answers as a model gives them that makes faults. Threads may share it.

    The faults of a form depend neither on how its rows are grouped in questions nor on the order of questions. (Two swapped rows show only
    in an answer that holds both.) When the head, a row or a cell is asked for again, its fault is told again with probability `relapse`,
    else what is printed; that depends on the seed and on how often it was asked for. The same question, word for word, always gets the
    same answer, so that a call repeated because its answer was lost is no second look.

    Args:
        gold: right answers.
        seed: all choices follow from it.
        share: the share of cells with faults, from 0 to 1.
        relapse: how probably a fault is told again when it is asked for again.
        cuts: the share of answers about heads and rows that break off, and of those about rows that end early; `reply` sends them.
    """

    def __init__(self, gold: GoldAnswers, seed: int, share: float, relapse: float, cuts: float = 0.0) -> None:
        self._gold, self._seed, self._share, self._relapse, self._cuts = gold, seed, share, relapse, cuts
        self._right = gold.transcripts
        self._injected: dict[str, Injected] = {}
        self._asked: Counter[tuple[str, str]] = Counter()
        self._told: dict[str, set[Planted]] = {}
        self._said: dict[str, str] = {}
        self._sent: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def told(self) -> dict[str, tuple[Planted, ...]]:
        """By form that was asked about, those of its faults that some answer so far has held."""
        with self._lock:
            return {name: (*self._told_of(name, told), *_lost(told)) for name, told in self._told.items()}

    def _told_of(self, name: str, told: set[Planted]) -> Iterable[Planted]:
        return (planted for planted in self._faults(name).planted if planted in told)

    def planted(self, form_id: str) -> tuple[Planted, ...]:
        """All faults of a form, whether they have been told or not."""
        with self._lock:
            return self._faults(form_id).planted

    def reply_text(self, user_text: str) -> str:
        """The answer to a composed question as JSON text, keys in the order of the schema.

        Raises:
            ValueError: the text is no question of ours.
        """
        asked = read_back(user_text)
        form = self._gold.find(asked)
        with self._lock:
            if user_text not in self._said:
                answer = self._gold.answer(asked) if form is None else self._answer(form, asked)
                self._said[user_text] = answer.model_dump_json()
            return self._said[user_text]

    def reply(self, user_text: str) -> Told:
        """The same, breaking off where it is to.

        Raises:
            ValueError: the text is no question of ours.
        """
        text = self.reply_text(user_text)
        asked = read_back(user_text)
        form = self._gold.find(asked)
        with self._lock:
            times = self._sent[user_text]
            self._sent[user_text] += 1
            if form is None or asked.task == "cells" or not self._breaks(CUT, user_text, times):
                return Told(text, cut=False)
            if asked.task == "head":
                self._told[form.form_id].add(Planted(CUT, None, HEAD, None, None, harmless=False))
            else:
                self._told[form.form_id] |= {self._lost_row(CUT, form.form_id, i) for i in rows_asked(form, asked)}
            length = random.Random(f"{self._seed}:{times}:{user_text}").uniform(0.1, 0.95)
            return Told(text[: int(len(text) * length)], cut=True)

    def _breaks(self, how: str, user_text: str, times: int) -> bool:
        """Whether an answer is lost this time: by its share the first time, by chance of relapse later."""
        chance = random.Random(f"{self._seed}:{how}:{times}:{user_text}").random()
        return chance < (self._relapse * (self._cuts > 0) if times else self._cuts)

    def _lost_row(self, how: str, name: str, row: int) -> Planted:
        return Planted(how, row, ROW, self._right[name].rows.rows[row].model_dump_json(), None, harmless=False)

    def _answer(self, form: Form, asked: Asked) -> Transcript:
        told = self._told.setdefault(form.form_id, set())
        if asked.task == "head":
            return self._head(form.form_id, told)
        if asked.task == "rows":
            rows = rows_asked(form, asked)
            times = min((self._asked[form.form_id, f"rows[{i}]"] for i in rows), default=0)
            lost = self._ended(form.form_id, rows, times)
            told |= {self._lost_row(ENDED, form.form_id, i) for i in lost}
            return self._rows(form.form_id, [i for i in rows if i not in lost], told)
        addresses = cells_asked(form, asked)
        return told_cells(form, asked, addresses, self._again(form.form_id, addresses, told))

    def _head(self, name: str, told: set[Planted]) -> HeadTranscript:
        injected = self._faults(name)
        if not self._wrong(name, "head"):
            return self._right[name].head
        told |= {planted for planted in injected.planted if planted.row is None}
        return injected.head

    def _rows(self, name: str, asked: list[int], told: set[Planted]) -> RowsTranscript:
        injected, right = self._faults(name), self._right[name].rows.rows
        wrong = {i for i in asked if self._wrong(name, f"rows[{i}]")}
        swaps = {p.row for p in injected.planted if p.fault == SWAPPED}
        swapped = {i for i in asked if i in swaps & wrong and i + 1 in asked}
        told |= {p for p in injected.planted if p.row in wrong and (p.fault != SWAPPED or p.row in swapped)}
        copies: dict[int, list[RowTranscript]] = {i: [] if i in wrong else [right[i]] for i in asked}
        for i, row in zip(injected.origins, injected.rows.rows, strict=True):
            if i in wrong:
                copies[i].append(row)
        order = sorted(asked, key=lambda i: i + 1.5 if i in swapped else i)
        return RowsTranscript(rows=[row for i in order for row in copies[i]])

    def _ended(self, name: str, rows: list[int], times: int) -> list[int]:
        """The last rows of an answer, where it ends before them: at most half of it."""
        if len(rows) < 2 or not self._breaks(ENDED, f"{name}:{rows}", times):
            return []
        return rows[-random.Random(f"{self._seed}:{name}:{rows}").randint(1, len(rows) // 2) :]

    def _again(self, name: str, addresses: Iterable[str | None], told: set[Planted]) -> dict[str, str | None]:
        """The cells among these whose fault is told again, and what is told."""
        faults = {p.cell if p.row is None else row_cell(p.row, p.cell): p for p in self._faults(name).planted if p.cell != ROW}
        again = {address: faults[address] for address in addresses if address in faults and self._wrong(name, address, first=False)}
        told |= set(again.values())
        return {address: planted.wrong for address, planted in again.items()}

    def _wrong(self, name: str, item: str, first: bool = True) -> bool:
        """Whether the fault of an item is told now: the first time if that is so by rule, later by chance."""
        times = self._asked[name, item]
        self._asked[name, item] += 1
        return (first and not times) or random.Random(f"{self._seed}:{name}:{item}:{times}").random() < self._relapse

    def _faults(self, name: str) -> Injected:
        if name not in self._injected:
            others = [answered for other, answered in self._right.items() if other != name]
            self._injected[name] = inject(self._right[name], others, random.Random(f"{self._seed}:{name}"), self._share)
        return self._injected[name]


def _lost(told: set[Planted]) -> list[Planted]:
    """Of faults that were told, those of answers that broke off or ended early."""
    return sorted((planted for planted in told if planted.fault in (CUT, ENDED)), key=lambda p: (p.fault, -1 if p.row is None else p.row))
