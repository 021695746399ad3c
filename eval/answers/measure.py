"""Right answers worded anew and wrong ones made of them, judged: how many right ones pass, how many faults are seen."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from agents.answer.verify.composed import Judged, judge
from eval.answers.material import Material, materials
from eval.answers.planting import FAULTS, plant
from eval.answers.wording import TEMPLATES
from eval.answers.wording_lists import LIST_TEMPLATES
from eval.answers.wording_rows import ROW_TEMPLATES

_MOST_TRIES = 40
_LONGEST = 3


class Right(NamedTuple):
    """A right answer, the templates of its sentences, and what it was worded from."""

    text: str
    shapes: tuple[str, ...]
    parts: tuple[str, ...]
    material: Material


@dataclass(slots=True)
class Measured:
    """What came out.

    Attributes:
        right, refused: right answers by template, and those of them with a sentence refused.
        planted, missed: wrong answers by kind of fault, and those that passed.
        examples: of refused right sentences and of missed faults, with the reason.
    """

    right: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    answers: int = 0
    passed: int = 0


def right_answers(found: Sequence[Material], draw: random.Random, count: int) -> Iterator[Right]:
    """Right answers of one to three sentences, every template as often as its results allow."""
    shapes = (*TEMPLATES, *LIST_TEMPLATES, *ROW_TEMPLATES)
    for i in range(count):
        for _ in range(_MOST_TRIES):
            m, shape = draw.choice(found), shapes[i % len(shapes)]
            first = shape(draw, m)
            if first is not None:
                told = [(first, shape.__name__)]
                for other in draw.sample(shapes, draw.randint(0, _LONGEST - 1)):
                    text = other(draw, m)
                    told += [(text, other.__name__)] if text else []
                texts, names = zip(*told, strict=True)
                yield Right((" " if m.language == "en" else "").join(texts), names, texts, m)
                break


def measure(home: Path, questions: Sequence[str], seed: int, count: int) -> Measured:
    """Judge `count` wrong answers, and as many right ones as a quarter of that."""
    draw = random.Random(seed)
    found = list(materials(home, questions))
    measured = Measured()
    rights = list(right_answers(found, draw, max(20, count // 4)))
    sound: list[Right] = []
    for right in rights:
        passes = _judge_right(right, measured)
        sound += [right] if passes else []
    kinds = list(FAULTS)
    for i in range(count):
        for _ in range(_MOST_TRIES):
            right = draw.choice(sound)
            planted = plant(kinds[i % len(kinds)], draw, right.text, right.material)
            if planted is not None:
                measured.planted[planted.kind] += 1
                judged = _judged(planted.text, right.material)
                if all(one.stands for one in judged):
                    measured.missed[planted.kind] += 1
                    measured.examples.append(f"missed {planted.kind}: {right.text} → {planted.text}")
                break
    return measured


def _judge_right(right: Right, measured: Measured) -> bool:
    judged = _judged(right.text, right.material)
    wrong = [one for one in judged if not one.stands]
    measured.answers += 1
    measured.passed += not wrong
    measured.right.update(right.shapes)
    measured.refused.update(
        shape for shape, told in zip(right.shapes, right.parts, strict=True) if any(one.sentence in told for one in wrong)
    )
    measured.examples += [f"refused ({one.fault}): {one.sentence}" for one in wrong]
    return not wrong


def _judged(text: str, m: Material) -> tuple[Judged, ...]:
    return judge(m.answer(text), m.basis)
