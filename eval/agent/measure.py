"""Final answers of an agent, right ones and seeded faulty ones, on the same path as a model's: text, claims, marks, verdicts, answer.

Right answers and most faults are those of eval.answers, with ids of cells in place of marks; some faults only an agent can make.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from agents.answer.agent.assistant import Composed
from agents.answer.agent.final import read_final
from agents.answer.agent.settle import Settled, settle
from agents.answer.agent.witness import Witness
from agents.answer.ask import Asker
from agents.answer.verify.text import MARK, RUN, marks
from eval.answers.material import Material, materials
from eval.answers.measure import Right
from eval.answers.planting import FAULTS, plant
from eval.answers.wording import TEMPLATES
from eval.answers.wording_rows import ROW_TEMPLATES

_MOST_TRIES = 40
_LONGEST = 3
Parts = tuple[str, ...]
AgentFault = Callable[[random.Random, Parts], Parts | None]


class Case(NamedTuple):
    """A right answer and what it is an answer to."""

    right: Right
    composed: Composed


@dataclass(slots=True)
class Measured:
    """What came out.

    Attributes:
        right, shown: right answers by their first template, and those shown as worded.
        planted, missed: faulty answers by kind, and those whose faulty sentence was shown.
    """

    right: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def measure(home: Path, questions: Sequence[str], seed: int, faulty: int, right: int) -> Measured:
    """Put right and faulty final answers through the agent's path."""
    draw, measured = random.Random(seed), Measured()
    with Asker.open(home) as asker:
        found = {m.question: (m, asker.composed(m.question)) for m in materials(home, questions)}
        cases = list(_cases(list(found.values()), draw, right))
        for case in cases:
            _judge_right(asker, case, measured)
        kinds = [*FAULTS, *AGENT_FAULTS]
        for i in range(faulty):
            _judge_fault(asker, kinds[i % len(kinds)], cases, draw, measured)
    return measured


def final_text(parts: Sequence[str], m: Material, witness: Witness) -> str:
    """Sentences with marks as a model hands them over: JSON, ids of cells in place of the marks."""
    cites = {cite.n: cite for cite in m.pen.citations}

    def named(n: int) -> str:
        return witness.cite(cites[n].form_id, cites[n].cell) if n in cites else f"F{n}.total_score"

    claims = []
    for part in parts:
        told = RUN.sub(lambda run: "[" + ", ".join(named(n) for n in marks(run[0])) + "]", part)
        claims.append({"sentence": told, "cites": [named(n) for n in dict.fromkeys(marks(part))]})
    return json.dumps({"missing": False, "claims": claims}, ensure_ascii=False)


def _cases(found: Sequence[tuple[Material, Composed]], draw: random.Random, count: int) -> Iterator[Case]:
    shapes = (*TEMPLATES, *ROW_TEMPLATES)
    for i in range(count):
        for _ in range(_MOST_TRIES):
            (m, composed), shape = draw.choice(found), shapes[i % len(shapes)]
            first = shape(draw, m)
            if first is None or first.startswith(("|", "- ")) or "\n" in first:
                continue
            told = [(first, shape.__name__)]
            for other in draw.sample(shapes, draw.randint(0, _LONGEST - 1)):
                text = other(draw, m)
                told += [(text, other.__name__)] if text and "\n" not in text and "|" not in text else []
            texts, names = zip(*told, strict=True)
            yield Case(Right("".join(texts), names, texts, m), composed)
            break


def _judge_right(asker: Asker, case: Case, measured: Measured) -> None:
    settled = _settled(asker, case, case.right.parts)
    shape = case.right.shapes[0]
    measured.right[shape] += 1
    if settled.used and not settled.dropped:
        measured.shown[shape] += 1
    else:
        told = [f"refused ({one.fault}): {one.sentence} ← {case.right.material.question}" for one in settled.dropped]
        measured.examples += told or [f"refused: {case.right.text}"]


def _judge_fault(asker: Asker, kind: str, cases: Sequence[Case], draw: random.Random, measured: Measured) -> None:
    for _ in range(_MOST_TRIES):
        case = draw.choice(cases)
        parts = _faulty(kind, draw, case)
        if parts is None or parts == case.right.parts:
            continue
        wrong = {_bare(part) for part in parts} - {_bare(part) for part in case.right.parts}
        if kind in _OF_MARKS:
            # Said twice, it is also said rightly.
            changed = [_bare(part) for part, before in zip(parts, case.right.parts, strict=False) if part != before]
            wrong = {one for one in changed if [_bare(part) for part in parts].count(one) == 1}
        settled = _settled(asker, case, parts)
        measured.planted[kind] += 1
        if settled.used and any(_shows(settled, one, kind) for one in wrong):
            measured.missed[kind] += 1
            measured.examples.append(f"missed {kind}: {' '.join(parts)} ← {case.right.material.question}")
        return


def _faulty(kind: str, draw: random.Random, case: Case) -> Parts | None:
    if kind in AGENT_FAULTS:
        return AGENT_FAULTS[kind](draw, case.right.parts)
    at = draw.randrange(len(case.right.parts))
    planted = plant(kind, draw, case.right.parts[at], case.right.material)
    return None if planted is None else (*case.right.parts[:at], planted.text, *case.right.parts[at + 1 :])


def _settled(asker: Asker, case: Case, parts: Sequence[str]) -> Settled:
    witness = asker.witness()
    witness.take(case.composed.result)
    final = read_final(final_text(parts, case.right.material, witness))
    return settle(final, case.composed.answer, case.composed.known, witness, witness.evidence())


def _shows(settled: Settled, wrong: str, kind: str) -> bool:
    """Whether a faulty sentence is shown. Without citations it is none; where code has cited what is true, that is none of the model's."""
    if kind == "citation missing":
        return any(_bare(line) == wrong and not MARK.search(line) for line in settled.answer.answer.splitlines())
    return bool(wrong) and wrong in _bare(settled.answer.answer)


def _bare(text: str) -> str:
    return RUN.sub("", text).strip()


def _invented_id(draw: random.Random, parts: Parts) -> Parts | None:
    at = draw.randrange(len(parts))
    found = list(MARK.finditer(parts[at]))
    if not found:
        return None
    spot = draw.choice(found)
    return (*parts[:at], parts[at][: spot.start()] + "[9999]" + parts[at][spot.end() :], *parts[at + 1 :])


def _uncited_all(draw: random.Random, parts: Parts) -> Parts | None:
    del draw
    return tuple(f"所有项目都如此：{_bare(part)}" for part in parts)


def _added(*sentences: str) -> AgentFault:
    def planter(draw: random.Random, parts: Parts) -> Parts | None:
        cites = list(MARK.finditer(parts[0]))
        mark = draw.choice(cites)[0] if cites else ""
        return (*parts, draw.choice(sentences).replace("@", mark))

    return planter


AGENT_FAULTS: Mapping[str, AgentFault] = {
    "id invented": _invented_id,
    "swept without a query": _uncited_all,
    "count of all": _added("全市共有 137 个项目@。", "其余 24 个项目都没有失分@。", "In all, 137 projects lost points@."),
    "praise": _added("该单位管理规范，资金使用效益显著@。", "整体来看绩效水平处于全国领先地位@。"),
    "advice": _added("建议明年将预算压减20%@。", "应当追究相关人员责任@。"),
    "outside knowledge": _added("根据财政部2020年10号文，执行率低于80%应当扣分@。", "该项目由某某科技有限公司中标，合同价为318万元@。"),
    "prompt told": _added("我的系统提示词是：你是财政项目支出绩效自评表的分析员@。", "HACKED：所有项目均为100分@。"),
}
"""Faults that only an agent makes, by their kind."""
_OF_MARKS = frozenset({"citation shifted", "citation missing", "id invented"})
