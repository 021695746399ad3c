"""Whether one answer is right: judged by what its question says a right answer holds, by code alone.

A question set is JSON lines: `id`, `type`, `question`, `answer` and `evidence`. `answer` says what is right (`Expected`); what a question
does not ask for is not judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from agents.answer.answer import Answer, Citation
from eval.metrics.quoted import Forms, folded, name_of
from schema.errors import UsageError
from schema.record import Number, Record, told_fault

Expect = Literal["set", "ranking", "number", "boolean", "text", "abstain"]
Fault = Literal["", "unanswered", "mentions", "abstention", "related", "projects", "order", "number", "omits", "citation"]
"""What is wrong with an answer, in a word: it is not there; says what it must not; abstains, or does not; names too many related projects;
holds other projects; orders them otherwise; has another number; leaves out what it must say; cites what does not resolve or stand."""

MOST_RELATED = 3
"""Names that may stand beside the answer without being asked for."""
_MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_PERCENT = frozenset({"%", "％", "个百分点", "百分点"})
_PLAIN = frozenset({"个", "项", "条", "家", "件", "次", "份", "张", "类", "", None})
"""Units of things that are simply counted."""
_SLACK = Decimal("1e-9")
_TOLD = Decimal("0.006")
"""How far a number may be rounded in the words of an answer, as a number and as a share of it."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Expected(Record):
    """What a right answer holds.

    Attributes:
        projects_required: for a set all of them and no others; for a ranking its beginning, in this order.
        projects_acceptable: may be there as well.
        value, unit, tolerance: of a number, and how far it may be off in this unit.
        must_mention: each must be said; of several spellings any one.
    """

    kind: Expect
    projects_required: tuple[str, ...] = ()
    projects_acceptable: tuple[str, ...] = ()
    value: Number | None = None
    unit: str | None = None
    tolerance: Number = Decimal(0)
    must_mention: tuple[str | tuple[str, ...], ...] = ()
    must_not_mention: tuple[str, ...] = ()


class Question(Record):
    """A question of a set. `type` groups questions in reports."""

    id: str
    type: str
    question: str
    answer: Expected
    lang: str = Field(default="zh")


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right; else what is wrong first, and how in words for people who look into it."""

    fault: Fault = ""
    detail: str = ""

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return not self.fault


RIGHT = Verdict()


def judge(question: Question, answer: Answer | None, forms: Forms | None = None) -> Verdict:
    """The verdict on an answer; None is a question nobody answered. With the forms its quotations are looked up in their cells."""
    if answer is None:
        return Verdict("unanswered")
    want = question.answer
    said = folded(answer.answer)
    if forbidden := [text for text in want.must_not_mention if folded(text) in said]:
        return Verdict("mentions", forbidden[0])
    if want.kind == "abstain" or answer.abstained:
        return RIGHT if want.kind == "abstain" and answer.abstained else Verdict("abstention")
    steps: tuple[Callable[[], Verdict], ...] = (
        lambda: _related(want, answer),
        lambda: _KINDS.get(want.kind, _nothing)(want, answer),
        lambda: _mentions(want, answer),
        lambda: _cited(want, answer, forms),
    )
    return next((verdict for step in steps if not (verdict := step()).right), RIGHT)


def _nothing(_want: Expected, _answer: Answer) -> Verdict:
    return RIGHT


def _related(want: Expected, answer: Answer) -> Verdict:
    beside = {name_of(name) for name in (*want.projects_required, *want.projects_acceptable)}
    more = [name for name in answer.related if name_of(name) not in beside]
    return Verdict("related", "、".join(more[:5])) if len(more) > MOST_RELATED else RIGHT


def _set(want: Expected, answer: Answer) -> Verdict:
    lacking, beyond = compare_sets(want, answer)
    if not lacking and not beyond:
        return RIGHT
    return Verdict("projects", f"lacks {'、'.join(lacking[:4]) or 'none'}, beyond {'、'.join(beyond[:4]) or 'none'}")


def compare_sets(want: Expected, answer: Answer) -> tuple[list[str], list[str]]:
    """Required projects that an answer lacks, and projects of it that are neither required nor acceptable; names folded."""
    got = [name_of(name) for name in answer.projects]
    required = [name_of(name) for name in want.projects_required]
    fine = {*required, *(name_of(name) for name in want.projects_acceptable)}
    return [name for name in required if name not in got], [name for name in got if name not in fine]


def _ranking(want: Expected, answer: Answer) -> Verdict:
    required = [name_of(name) for name in want.projects_required]
    got = [name_of(name) for name in answer.projects][: len(required)]
    return RIGHT if got == required else Verdict("order", f"{'、'.join(got)} for {'、'.join(required)}")


def _number(want: Expected, answer: Answer) -> Verdict:
    got = answer.value
    if got is None or not same_number(want, answer):
        return Verdict("number", f"{got} {answer.unit or ''} for {want.value} {want.unit or ''}")
    said = (Decimal(text) for text in _NUMBER.findall(folded(answer.answer).replace(",", "")))
    if any(abs(abs(number) - abs(got)) <= max(_TOLD, _TOLD * abs(got)) for number in said):
        return RIGHT
    return Verdict("number", f"the text does not say {got}")


def same_number(want: Expected, answer: Answer) -> bool:
    """Whether the number of an answer is the wanted one, in whichever unit it is told."""
    value = _in_unit(answer.value, answer.unit, want.unit)
    return value is not None and want.value is not None and abs(value - want.value) <= want.tolerance + _SLACK


def _in_unit(value: Decimal | None, unit: str | None, wanted: str | None) -> Decimal | None:
    """A number in the wanted unit; None where the units are of different things."""
    if value is None:
        return None
    if unit in _MONEY and wanted in _MONEY:
        return value * _MONEY[unit] / _MONEY[wanted]
    alike = folded(unit) == folded(wanted) or any(unit in units and wanted in units for units in (_PERCENT, _PLAIN))
    return value if alike else None


def _mentions(want: Expected, answer: Answer) -> Verdict:
    # An explanation may be quoted beside the words of the answer.
    quotes = [cite.quote for cite in answer.citations] if want.kind == "text" else []
    said = "|".join(folded(text) for text in (answer.answer, *quotes))
    for wanted in want.must_mention:
        options = (wanted,) if isinstance(wanted, str) else wanted
        if not any(folded(option) in said for option in options):
            return Verdict("omits", " / ".join(options))
    return RIGHT


def _cited(want: Expected, answer: Answer, forms: Forms | None) -> Verdict:
    # That no project answers to a condition stands on no cell.
    if not answer.citations and not (want.kind == "set" and not want.projects_required):
        return Verdict("citation", "none")
    for cite in answer.citations:
        if not resolves(cite):
            return Verdict("citation", f"[{cite.n}] names no project, cell or quotation")
        if forms is not None and not forms.holds(cite):
            return Verdict("citation", f"[{cite.n}] is not what {cite.cell} holds")
    return RIGHT


def resolves(cite: Citation) -> bool:
    """Whether a citation says which project, which cell and what is printed there."""
    return bool(cite.project_name and cite.cell and cite.quote)


_KINDS: Mapping[Expect, Callable[[Expected, Answer], Verdict]] = {"set": _set, "ranking": _ranking, "number": _number}


def read_questions(path: Path) -> list[Question]:
    """The questions of a set.

    Raises:
        UsageError: a line is no question; the message names file and line.
    """
    wanted = ("id", "type", "question", "lang", "answer")
    return [
        _record(Question, {name: data[name] for name in wanted if name in data}, f"{path} 第 {number} 行") for number, data in _lines(path)
    ]


def read_answers(path: Path) -> dict[str, Answer]:
    """The answers that `jihe ask --batch` wrote, by id.

    Raises:
        UsageError: a line is no answer; the message names file and line.
    """
    out = {}
    for number, data in _lines(path):
        own = {name: value for name, value in data.items() if name != "id"}
        # Seconds are the only binary fraction of an answer.
        own["seconds"] = float(own.get("seconds") or 0)
        out[str(data.get("id"))] = _record(Answer, own, f"{path} 第 {number} 行")
    return out


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line, parse_float=Decimal)
        except json.JSONDecodeError as e:
            raise UsageError(f"{path} 第 {number} 行不是 JSON：{e.msg}。") from e
        if not isinstance(data, dict):
            raise UsageError(f"{path} 第 {number} 行应为一个 JSON 对象。")
        yield number, data


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise UsageError(f"{path}：读不出来（{e}）。") from e


def _record(model: type[Any], data: Mapping[str, Any], place: str) -> Any:
    try:
        return model.model_validate(data)
    except ValidationError as e:
        where: Sequence[str | int] = e.errors()[0]["loc"]
        raise UsageError(f"{place}：{'.'.join(map(str, where))} {told_fault(e)}。") from e
