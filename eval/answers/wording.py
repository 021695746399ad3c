"""Right sentences in words that `compose` does not use: templates over printed numbers, each with the marks it needs."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from agents.answer.compose.writer import rounded
from agents.answer.execute.figures import money_factor
from agents.answer.execute.measures import unit_of
from eval.answers.material import Material, Value
from eval.answers.wording_words import EN, ZH

Template = Callable[[random.Random, Material], str | None]
_MONEY = ("original_budget", "adjusted_budget", "outturn")
_SUMMED = (*_MONEY, "total_score")
COMPARED = (*_MONEY, "total_score", "execution_rate")
ALL = (*COMPARED, "budget_score")
_YI, _MILLION, _WAN = Decimal(10**8), Decimal(10**6), Decimal(10**4)


def one_value(draw: random.Random, m: Material) -> str | None:
    """One printed number of one form."""
    found = some(draw, m, ALL, 1)
    if not found:
        return None
    v = found[0]
    year, name, told = v.form.fiscal_year, m.name(v.form), m.told(v) + m.mark(v)
    if m.language == "en":
        shapes = [f"{name} had {_article(v)} {EN[v.what]} of {told}.", f"In {year}, the {EN[v.what]} of {name} was {told}."]
    else:
        label = draw.choice(ZH[v.what])
        shapes = [
            f"{year}年，{name}的{label}是{told}。", f"根据自评表，{name}{label}为{told}。", f"{name}（{year}年度）{label}达到{told}。",
            f"就{label}而言，**{name}**是{told}。",
        ]  # fmt: skip
    return draw.choice(shapes)


def two_values(draw: random.Random, m: Material) -> str | None:
    """Two printed numbers of one form."""
    found = pair_of_one(draw, m)
    if found is None:
        return None
    a, b = found
    name = m.name(a.form)
    if m.language == "en":
        return f"For {name}, the {EN[a.what]} is {m.told(a)}{m.mark(a)} and the {EN[b.what]} is {m.told(b)}{m.mark(b)}."
    first, second = ZH[a.what][0], ZH[b.what][0]
    return draw.choice(
        [
            f"{name}的{first}和{second}分别为{m.told(a)}{m.mark(a)}、{m.told(b)}{m.mark(b)}。",
            f"{name}：{first}{m.told(a)}，{second}{m.told(b)}{m.mark(a)}{m.mark(b)}。",
        ]
    )


def listed(draw: random.Random, m: Material) -> str | None:
    """Several forms and their numbers, in turn."""
    found = some(draw, m, COMPARED, draw.choice([2, 3]))
    if not found:
        return None
    names, values = [m.name(v.form) for v in found], [m.told(v) for v in found]
    marks = [m.mark(v) for v in found]
    each = [f"{value}{mark}" for value, mark in zip(values, marks, strict=True)]
    label = ZH[found[0].what][0]
    if m.language == "en":
        told = [f"{name} with {one}" for name, one in zip(names, each, strict=True)]
        return draw.choice(
            [
                f"By {EN[found[0].what]}: {'; '.join(told)}.",
                f"The {EN[found[0].what]}s of {_and(names)} are {_and(each)} respectively.",
            ]
        )
    return draw.choice(
        [
            f"{'、'.join(names)}的{label}分别为{'、'.join(each)}。",
            f"{'、'.join(names)}的{label}依次是{'、'.join(values)}{''.join(marks)}。",
            "，".join(f"{name}{label}{one}" for name, one in zip(names, each, strict=True)) + "。",
        ]
    )


def compared(draw: random.Random, m: Material) -> str | None:
    """Two forms, who is above, and by how much."""
    found = some(draw, m, COMPARED, 2)
    if not found or found[0].number == found[1].number or not _one_unit(found):
        return None
    a, b = found
    unit = _gap_unit(a, m.language)
    gap, first, second = rounded(abs(a.number - b.number)), f"{m.told(a)}{m.mark(a)}", f"{m.told(b)}{m.mark(b)}"
    higher = a.number > b.number
    if m.language == "en":
        return f"{m.name(a.form)} ({first}) is {'higher' if higher else 'lower'} than {m.name(b.form)} ({second}) by {gap}{unit}."
    word = "高" if higher else "低"
    label = ZH[a.what][0]
    return draw.choice(
        [
            f"{m.name(a.form)}的{label}（{first}）比{m.name(b.form)}（{second}）{word}{gap}{unit}。",
            f"{m.name(a.form)}{label}为{first}，{m.name(b.form)}为{second}，两者相差{gap}{unit}。",
        ]
    )


def summed(draw: random.Random, m: Material) -> str | None:
    """Several forms and their sum."""
    found = some(draw, m, _SUMMED, draw.choice([2, 3, 4]))
    if not found or not _one_unit(found):
        return None
    whole, marks = rounded(sum((v.number for v in found), Decimal(0))), "".join(m.mark(v) for v in found)
    unit, names = _unit(found[0], m.language), [m.name(v.form) for v in found]
    if m.language == "en":
        return f"Together, the {EN[found[0].what]} of {_and(names)} comes to a total of {whole}{unit}{marks}."
    label = ZH[found[0].what][0]
    return draw.choice(
        [f"{'、'.join(names)}的{label}合计{whole}{unit}{marks}。", f"这 {len(found)} 个项目的{label}加起来是{whole}{unit}{marks}。"]
    )


def averaged(draw: random.Random, m: Material) -> str | None:
    """Several forms and their mean."""
    found = some(draw, m, COMPARED, draw.choice([2, 3, 4]))
    if not found or not _one_unit(found):
        return None
    mean = rounded(sum((v.number for v in found), Decimal(0)) / len(found))
    marks, unit = "".join(m.mark(v) for v in found), _unit(found[0], m.language)
    if m.language == "en":
        return f"On average, these {len(found)} projects have {_article(found[0])} {EN[found[0].what]} of {mean}{unit}{marks}."
    return f"{len(found)} 个项目的平均{ZH[found[0].what][0]}为{mean}{unit}{marks}。"


def converted(draw: random.Random, m: Material) -> str | None:
    """An amount of money in a greater or smaller unit."""
    found = some(draw, m, _MONEY, 1)
    factor = money_factor(unit_of(found[0].form), "元") if found else None
    if not found or factor is None or found[0].form.doubtful or found[0].number <= 0:
        return None
    v, yuan = found[0], found[0].number * factor
    name, mark, label = m.name(v.form), m.mark(v), ZH[v.what][0]
    if yuan >= _YI:
        if m.language == "en":
            return f"{name}'s {EN[v.what]} is about {(yuan / _MILLION).quantize(Decimal(1), ROUND_HALF_UP)} million yuan{mark}."
        return f"{name}的{label}约{(yuan / _YI).quantize(Decimal('0.01'), ROUND_HALF_UP)}亿元{mark}。"
    if yuan >= 100 * _WAN:
        told = (yuan / _WAN).quantize(Decimal(1), ROUND_HALF_UP)
        return f"{name}'s {EN[v.what]} is roughly {told} 万元{mark}." if m.language == "en" else f"{name}的{label}大约{told}万元{mark}。"
    return (
        f"{name}的{label}折合{rounded(yuan)}元{mark}。" if m.language == "zh" else f"{name}'s {EN[v.what]} is {rounded(yuan)} yuan{mark}."
    )


def approximate(draw: random.Random, m: Material) -> str | None:
    """A rate or a score rounded to whole numbers, or a bound that it keeps."""
    found = some(draw, m, ("execution_rate", "total_score"), 1)
    if not found or found[0].number == found[0].number.to_integral_value():
        return None
    v = found[0]
    near, below = v.number.quantize(Decimal(1), ROUND_HALF_UP), int(v.number)
    unit, name, label, mark = _unit(v, m.language), m.name(v.form), ZH[v.what][0], m.mark(v)
    if m.language == "en":
        return draw.choice(
            [f"{name}'s {EN[v.what]} is about {near}{unit}{mark}.", f"{name}'s {EN[v.what]} is more than {below}{unit}{mark}."]
        )
    return draw.choice([f"{name}{label}约为{near}{unit}{mark}。", f"{name}的{label}超过{below}{unit}{mark}。"])


def highest(draw: random.Random, m: Material) -> str | None:
    """Who is highest or lowest of all that the result holds."""
    what = draw.choice(COMPARED)
    found = [v for v in m.of(what) if not v.form.doubtful]
    forms = {line.form.form_id for line in m.lines}
    if len({v.number for v in found}) < 2 or not _one_unit(found) or len({v.form.form_id for v in found}) < len(forms):
        return None
    top = draw.random() < 0.5
    v = (max if top else min)(found, key=lambda one: one.number)
    told, name = f"{m.told(v)}{m.mark(v)}", m.name(v.form)
    if m.language == "en":
        return f"{name} has the {'highest' if top else 'lowest'} {EN[what]}, {told}."
    word = "最高" if top else "最低"
    return draw.choice([f"{ZH[what][0]}{word}的项目是{name}，为{told}。", f"{name}的{ZH[what][0]}{word}，是{told}。"])


def ordered(draw: random.Random, m: Material) -> str | None:
    """Forms from high to low."""
    found = some(draw, m, COMPARED, 3)
    if not found or len({v.number for v in found}) < 3 or not _one_unit(found):
        return None
    down = draw.random() < 0.5
    found = sorted(found, key=lambda v: v.number, reverse=down)
    each = [(m.name(v.form), f"{m.told(v)}{m.mark(v)}") for v in found]
    if m.language == "en":
        return f"{EN[found[0].what]}, {'highest' if down else 'lowest'} first: " + ", ".join(f"{n} {t}" for n, t in each) + "."
    order = "从高到低" if down else "从低到高"
    return f"按{ZH[found[0].what][0]}{order}依次为" + "、".join(f"{n}（{t}）" for n, t in each) + "。"


def counted(draw: random.Random, m: Material) -> str | None:
    """How many, by their names."""
    found = some(draw, m, ALL, draw.choice([2, 3, 4]))
    if not found:
        return None
    named = [f"{m.name(v.form)}{m.pen.cite_name(v.form)}" for v in found]
    if m.language == "en":
        return f"{len(found)} projects are named here: {', '.join(named)}."
    number = draw.choice([f" {len(found)} ", "两三四"[len(found) - 2]])
    return f"涉及的{number}个项目是{'、'.join(named)}。"


def spent(draw: random.Random, m: Material) -> str | None:
    """What was left of a budget, or the share that was spent."""
    both = [
        (a, b) for a in m.of("adjusted_budget") for b in m.of("outturn") if a.form.form_id == b.form.form_id and a.number > b.number > 0
    ]
    if not both:
        return None
    a, b = draw.choice(both)
    left, marks = rounded(a.number - b.number), m.mark(a) + m.mark(b)
    unit, name = _unit(a, m.language), m.name(a.form)
    share = rounded(b.number / a.number * 100)
    if m.language == "en":
        return draw.choice(
            [f"{name} left {left}{unit} unspent{marks}.", f"{name} spent {share}% of its budget, a share told by its figures{marks}."][:1]
        )
    return draw.choice([f"{name}结余{left}{unit}{marks}。", f"{name}的支出占全年预算的{share}%{marks}。"])


def some(draw: random.Random, m: Material, whats: Sequence[str], count: int) -> list[Value]:
    """So many values of one of these kinds; none where there are fewer."""
    kinds = [what for what in whats if len(m.of(what)) >= count]
    return draw.sample(m.of(draw.choice(kinds)), count) if kinds else []


def pair_of_one(draw: random.Random, m: Material) -> tuple[Value, Value] | None:
    """Two values of one form."""
    by_form: dict[str, list[Value]] = {}
    for what in ALL:
        for value in m.of(what):
            by_form.setdefault(value.form.form_id, []).append(value)
    several = [values for values in by_form.values() if len(values) >= 2]
    if not several:
        return None
    a, b = draw.sample(draw.choice(several), 2)
    return a, b


def _one_unit(found: Sequence[Value]) -> bool:
    return len({unit_of(v.form) for v in found}) == 1 and not any(v.form.doubtful for v in found)


def _unit(v: Value, language: str) -> str:
    if v.what in _MONEY:
        return f" {unit_of(v.form)}"
    if v.what == "execution_rate":
        return "%"
    return " points" if language == "en" else " 分"


def _gap_unit(v: Value, language: str) -> str:
    if v.what == "execution_rate":
        return " percentage points" if language == "en" else " 个百分点"
    return _unit(v, language)


def _article(v: Value) -> str:
    return "an" if EN[v.what][0] in "aeiou" else "a"


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


TEMPLATES: tuple[Template, ...] = (
    one_value, two_values, listed, compared, summed, averaged, converted, approximate, highest, ordered, counted, spent,
)  # fmt: skip
