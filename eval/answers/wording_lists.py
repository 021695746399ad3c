"""Right answers in other shapes: tables, lists, sentences that go on about the same project or name its unit."""

from __future__ import annotations

import random

from eval.answers.material import Material
from eval.answers.wording import ALL, COMPARED, Template, pair_of_one, some
from eval.answers.wording_words import EN, ZH


def tabled(draw: random.Random, m: Material) -> str | None:
    """A table of two columns of numbers."""
    pairs = [(a, b) for a, b in ((x, y) for x in ALL for y in ALL if x < y) if len(m.of(a)) >= 2 and len(m.of(b)) >= 2]
    if not pairs:
        return None
    first, second = draw.choice(pairs)
    others = {v.form.form_id: v for v in m.of(second)}
    rows = [(v, others[v.form.form_id]) for v in m.of(first) if v.form.form_id in others][:4]
    names = ("Project", EN[first], EN[second]) if m.language == "en" else ("项目", ZH[first][0], ZH[second][0])
    lines = [f"| {' | '.join(names)} |", "| --- | --- | --- |"]
    lines += [f"| {m.name(a.form)} | {m.told(a)}{m.mark(a)} | {m.told(b)}{m.mark(b)} |" for a, b in rows]
    return "\n" + "\n".join(lines) + "\n" if rows else None


def bulleted(draw: random.Random, m: Material) -> str | None:
    """A list of forms with one number each."""
    found = some(draw, m, COMPARED, draw.choice([2, 3]))
    if not found:
        return None
    colon = ": " if m.language == "en" else "："
    label = EN[found[0].what] if m.language == "en" else ZH[found[0].what][0]
    return "\n" + "\n".join(f"- {m.name(v.form)}{colon}{label} {m.told(v)}{m.mark(v)}" for v in found) + "\n"


def continued(draw: random.Random, m: Material) -> str | None:
    """A second sentence that goes on about the same project."""
    found = pair_of_one(draw, m)
    if found is None:
        return None
    a, b = found
    if m.language == "en":
        return f"The {EN[a.what]} of {m.name(a.form)} is {m.told(a)}{m.mark(a)}. Its {EN[b.what]} is {m.told(b)}{m.mark(b)}."
    return f"{m.name(a.form)}的{ZH[a.what][0]}为{m.told(a)}{m.mark(a)}。其{ZH[b.what][0]}为{m.told(b)}{m.mark(b)}。"


def placed(draw: random.Random, m: Material) -> str | None:
    """A project with the unit that carries it out before its name."""
    found = some(draw, m, ALL, 1)
    unit = (found[0].form.implementing_unit or "") if found else ""
    if not unit or m.language == "en":
        return None
    v = found[0]
    return f"{unit}的{m.name(v.form)}，{ZH[v.what][0]}为{m.told(v)}{m.mark(v)}。"


LIST_TEMPLATES: tuple[Template, ...] = (tabled, bulleted, continued, placed)
