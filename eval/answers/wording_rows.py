"""Right sentences about indicators and explanations: losses, causes, quotations, targets, units, grades."""

from __future__ import annotations

import random

from agents.answer.compose.words import GROUPS_EN
from agents.answer.compose.writer import rounded
from agents.answer.execute.causes import classify, parts
from agents.answer.execute.records import Fact, Line
from eval.answers.material import Material
from eval.answers.wording import Template
from schema.comparison import judge
from schema.text import is_blank
from schema.values import parse


def lost(draw: random.Random, m: Material) -> str | None:
    """What an indicator was worth, got, and lost."""
    line = _row(draw, m, "weight", "score")
    if line is None or line.row is None or not line.row.lost:
        return None
    w, s = _fact(line, "weight"), _fact(line, "score")
    weight, score, gap = m.pen.value(w), m.pen.value(s), rounded(line.row.lost)
    name, row = m.name(line.form), line.row.name
    if m.language == "en":
        return f"On “{row}”, {name} scored {score} out of a weight of {weight}, so {gap} points were lost."
    return draw.choice(
        [
            f"{name}的“{row}”分值{weight}，实际得分{score}，丢了{gap}分。",
            f"在“{row}”这项指标上，{name}失{gap}分{m.pen.cite(w)}{m.pen.cite(s)}。",
        ]
    )


def nothing_lost(draw: random.Random, m: Material) -> str | None:
    """An indicator that lost nothing."""
    full = [line for line in m.lines if line.row is not None and line.row.lost == 0 and line.fact("score") and line.fact("weight")]
    if not full:
        return None
    line = draw.choice(full)
    marks = m.pen.cite(_fact(line, "weight")) + m.pen.cite(_fact(line, "score"))
    row = line.row.name if line.row else ""
    if m.language == "en":
        return f"On “{row}”, {m.name(line.form)} lost no points{marks}."
    return f"{m.name(line.form)}的“{row}”没有扣分{marks}。"


def quoted(draw: random.Random, m: Material) -> str | None:
    """What a form says, word for word."""
    line = _explained(draw, m)
    if line is None:
        return None
    said = _fact(line, "deviation")
    quote, mark = m.pen.quote(said), m.pen.cite(said)
    if m.language == "en":
        return f"{m.name(line.form)} explains: “{quote}”{mark}."
    return draw.choice([f"{m.name(line.form)}在表中写道：“{quote}”{mark}。", f"对此，{m.name(line.form)}的说明是“{quote}”{mark}。"])


def caused(draw: random.Random, m: Material) -> str | None:
    """Why a project lost points, by the cause's name or in the words of the form."""
    line = _explained(draw, m)
    text = line.row.deviation if line and line.row else None
    spoken = classify(text) if text else ()
    if line is None or not spoken or text is None or spoken[0].span not in parts(text)[0]:
        return None
    mark = m.pen.cite(_fact(line, "deviation"))
    if spoken[0].span not in m.pen.quote(_fact(line, "deviation")):
        return None
    if m.language == "en":
        return f"{m.name(line.form)} lost points due to {GROUPS_EN[spoken[0].cause]}{mark}."
    return draw.choice([f"{m.name(line.form)}因{spoken[0].span}而失分{mark}。", f"{m.name(line.form)}失分的原因是{spoken[0].span}{mark}。"])


def unexplained(draw: random.Random, m: Material) -> str | None:
    """A loss that is not explained."""
    silent = [line for line in m.lines if line.row is not None and line.row.lost and is_blank(line.row.deviation) and line.fact("score")]
    if not silent:
        return None
    line = draw.choice(silent)
    mark = m.pen.cite(_fact(line, "score"))
    row = line.row.name if line.row else ""
    if m.language == "en":
        return f"{m.name(line.form)} gives no reason for the loss on “{row}”{mark}."
    return f"{m.name(line.form)}没有说明“{row}”失分的原因{mark}。"


def targeted(draw: random.Random, m: Material) -> str | None:
    """Target and actual, and whether the target was met."""
    line = _row(draw, m, "target", "actual")
    if line is None or line.row is None:
        return None
    target, actual = line.row.target or "", line.row.actual or ""
    verdict = judge(parse(target), parse(actual))
    if verdict == "unknown" or not any(c.isdigit() for c in target):
        return None
    t, a = m.pen.value(_fact(line, "target")), m.pen.value(_fact(line, "actual"))
    name, row = m.name(line.form), line.row.name
    if m.language == "en":
        told = "met its target" if verdict == "met" else "missed its target"
        return f"“{row}” of {name} {told}: the target was {t}, the actual value {a}."
    told = "达到目标" if verdict == "met" else "没有达到目标"
    return f"{name}的“{row}”目标为{t}，实际完成{a}，{told}。"


def carried_out(draw: random.Random, m: Material) -> str | None:
    """Which unit carried a project out, or its grade."""
    facts = [
        (line, fact) for line in m.lines for fact in line.facts if fact.what in ("implementing_unit", "department", "grade") and fact.value
    ]
    if not facts:
        return None
    line, fact = draw.choice(facts)
    told = f"{fact.value}{m.pen.cite(fact)}"
    if m.language == "en":
        word = {"grade": "grade", "department": "department", "implementing_unit": "implementing unit"}[fact.what]
        return f"The {word} of {m.name(line.form)} is {told}."
    word = {"grade": "评分等级为", "department": "主管部门是", "implementing_unit": "实施单位是"}[fact.what]
    return f"{m.name(line.form)}的{word}{told}。"


def _row(draw: random.Random, m: Material, *whats: str) -> Line | None:
    found = [line for line in m.lines if line.row is not None and all(line.fact(what) and _fact(line, what).value for what in whats)]
    return draw.choice(found) if found else None


def _explained(draw: random.Random, m: Material) -> Line | None:
    found = [line for line in m.lines if line.row is not None and line.fact("deviation") and not is_blank(line.row.deviation)]
    found = [line for line in found if _fact(line, "deviation").value]
    return draw.choice(found) if found else None


def _fact(line: Line, what: str) -> Fact:
    fact = line.fact(what)
    assert fact is not None
    return fact


ROW_TEMPLATES: tuple[Template, ...] = (lost, nothing_lost, quoted, caused, unexplained, targeted, carried_out)
