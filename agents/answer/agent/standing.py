"""Which sentences of a model stand: each is held against what one query gave, else against the cells that were shown.

A sentence that tells cells stands where agents.answer.verify says so. One that sweeps (a count, a figure over many forms, the highest, all,
only) says besides over which forms it holds; it stands only on a query over just these forms, under just these conditions. The cells that
happened to be shown prove nothing of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from agents.answer.agent.evidence import Evidence
from agents.answer.answer import Answer, Citation
from agents.answer.execute.figures import money_factor
from agents.answer.execute.records import Figure, Result
from agents.answer.execute.scope import forms_in
from agents.answer.query import Condition, Query
from agents.answer.verify import words
from agents.answer.verify.arithmetic import same_unit
from agents.answer.verify.basis import Basis
from agents.answer.verify.ground import Ground
from agents.answer.verify.text import RUN, split
from agents.answer.verify.tokens import Number, Tokens, labels, read
from agents.answer.verify.worded import ground_for, judge_each
from schema.text import fold
from store.facts import Head

_HIGHEST, _LOWEST = re.compile(words.HIGHEST), re.compile(words.LOWEST)
_RANKED = re.compile(
    r"第[一二三四五六七八九十\d]+(?:名|位|高|低)|排名|居[首前后末]|倒数|\brank|\b(?:second|third|fourth)\b|\btop\b|\bfirst\b"
)
_ALL = re.compile(
    r"所有|全部|每[个项张]|各(?:个)?(?:项目|单位|表)|唯一|只有|仅有?|无一|没有(?:任何|其他|别的|一个)|其[他余](?:的)?(?:项目|单位|表)"
    r"|多数|大部分|大多|少数|半数|没有项目|不存在"
    r"|\ball\b|\bevery\b|\beach\b|\bonly\b|\bnone\b|\bno (?:other|project)|\bmost\b|\bmajority\b|\bthe rest\b|\bothers?\b"
)
_OF_ONE = re.compile(r"全部(?:执行|支出|花完|用完|完成|到位)|全[年部]预算|fully|all of its|仅(?:为|有|占|完成|执行|得|达到?)\s*[\d\ue000]")
_MANY = re.compile(r"一?共(?:有|计)?|总共|总计|合计|平均|均值|中位|累计|\btotal\b|\bin all\b|\baverage\b|\bmean\b|\bmedian\b|\bcombined\b")
_PARENTHESIS = re.compile(r"[（(]\d{4}\s*(?:年度?)?[）)]")
_OF_FUNCTION = {
    "mean": re.compile(r"平均|均|\bmean\b|\baverage\b"),
    "sum": re.compile(r"合计|总|共|累计|\bsum\b|\btotal\b|\bin all\b|\bcombined\b"),
    "median": re.compile(r"中位|\bmedian\b"),
    "min": _LOWEST,
    "max": _HIGHEST,
}
_SAME = 0.5


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the question and the forms.

    Attributes:
        asked: the question as the planner reads it.
        heads: of all forms; names and years of all forms.
        read: a sentence as the planner reads it.
    """

    question: str
    asked: Query
    heads: tuple[Head, ...]
    names: tuple[str, ...]
    years: tuple[int, ...]
    read: Callable[[str], Query]


class Verdict(NamedTuple):
    """What became of a claim.

    Attributes:
        fault: what of it does not stand; empty when all does.
        result: on which result it stands, by its number; None for cells that were shown.
        sweeps: whether it says more than cells do.
        figure: the figure of the result that it tells.
    """

    sentence: str
    fault: str = ""
    result: int | None = None
    sweeps: bool = False
    figure: Figure | None = None


class Court:
    """Judges the claims of one answer.

    Args:
        cites: every citation of the answer.
    """

    def __init__(self, known: Known, evidence: Evidence, text: str, cites: Sequence[Citation]) -> None:
        self._known = known
        self._evidence = evidence
        answer = Answer(question=known.question, answer=text, citations=tuple(cites))
        bases = [Basis(result, names=known.names, years=known.years) for result in evidence.results if result.missing is None]
        self._numbers = [i for i, result in enumerate(evidence.results) if result.missing is None]
        self._grounds = [ground_for(answer, basis) for basis in bases]
        self._union = ground_for(answer, Basis(evidence.union, names=known.names, years=known.years))

    def judge(self, sentence: str, before: str = "") -> Verdict:
        """Whether a claim stands, spoken behind another one that does."""
        tokens = [read(piece, self._union.lexicon) for piece in split(sentence) if piece]
        if not all(one.numbers or one.quotes or one.named("project", "row", "group", "unit") for one in tokens):
            return Verdict(sentence, "tells nothing")
        sweeping, fault = any(sweeps(one) for one in tokens), ""
        best: Verdict | None = None
        for number, ground in zip(self._numbers, self._grounds, strict=True):
            for figure, allowed in self._allowed(ground, sentence, tokens):
                fits = not sweeping or self._fits(ground.result, sentence, tokens)
                wrong = _fault(sentence, before, allowed) if fits else "holds for other forms than were looked at"
                if not wrong and (best is None or (figure is not None and best.figure is None)):
                    best = Verdict(sentence, "", number, sweeping, figure)
                fault = fault or wrong
        if best is not None:
            return best
        if sweeping:
            return Verdict(sentence, fault or "nothing was looked at that bears this out", None, sweeping)
        wrong = _fault(sentence, before, self._union)
        return Verdict(sentence, wrong, None, sweeping)

    def _allowed(self, ground: Ground, sentence: str, tokens: Sequence[Tokens]) -> Iterator[tuple[Figure | None, Ground]]:
        """The ground as it is, and with the one figure of its result that the sentence tells, if it tells one."""
        figure = _figure_told(ground.result, sentence, tokens)
        free = frozenset(_told_as(figure.value, ground.result.unit)) if figure is not None else frozenset()
        told = any(number.value in free and _unit_fits(number, ground.result.unit) for one in tokens for number in one.numbers)
        yield (figure if told else None), ground
        if told:
            yield figure, replace(ground, free=free)

    def _fits(self, result: Result, sentence: str, tokens: Sequence[Tokens]) -> bool:
        """Whether a result is over the forms, and under the conditions, that a sentence speaks of."""
        asked, said = self._known.asked, self._known.read(_PARENTHESIS.sub("", RUN.sub("", sentence)))
        query = result.query
        own = said.scope if said.scope.units or said.scope.years or said.scope.grades else asked.scope
        if query.sides:
            return _ends_fit(query, tokens)
        if query.by is not None:
            # The first few of an order: those that were asked for.
            return (query.by, query.order, query.limit) == (asked.by, asked.order, asked.limit) and _conditions(query) == _conditions(asked)
        kept = {"units": own.units, "years": own.years, "grades": own.grades}
        meant = forms_in(self._known.heads, asked.scope.model_copy(update=kept))
        looked = result.scope or (self._known.heads if not query.scope.forms else ())
        if {head.form_id for head in meant} != {head.form_id for head in looked}:
            return False
        conditions = _conditions(query)
        if conditions != _conditions(asked) and conditions != _conditions(said):
            return False
        words_told = fold(f"{sentence} {self._known.question}")
        return _topic_fits(query, asked, said, words_told) and _pick_fits(query, asked, words_told) and _ends_fit(query, tokens)


def sweeps(tokens: Tokens) -> bool:
    """Whether a sentence says more than the cells of the projects it names: of all, of none, the highest, how many there are."""
    plain = _OF_ONE.sub(" ", tokens.rest)
    if _ALL.search(plain) or _HIGHEST.search(plain) or _LOWEST.search(plain) or _RANKED.search(plain):
        return True
    named = {name.text for name in tokens.named("project")}
    # Two projects are two when both are named; of any other number nobody knows whether there are more.
    if any(number.counts == "forms" and len(named) != int(number.value) for number in tokens.numbers):
        return True
    return bool(_MANY.search(plain)) and not named


def _fault(sentence: str, before: str, ground: Ground) -> str:
    own = [piece for piece in split(sentence) if piece]
    pieces = [*(piece for piece in split(before) if piece), *own]
    return next((one.fault for one in judge_each(pieces, ground, set(own)) if not one.stands), "")


def _told_as(value: Decimal, unit: str | None) -> Iterator[Decimal]:
    """A figure as it may be told: as it is, or rightly rounded to one or two places; money in 元, as sentences are read."""
    factor = money_factor(unit, "元") or Decimal(1)
    yield value * factor
    yield from (value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) * factor for places in (1, 2))


def _unit_fits(number: Number, unit: str | None) -> bool:
    return bool(number.counts) or same_unit(number.unit, "元" if money_factor(unit, "元") else unit or "")


def _figure_told(result: Result, sentence: str, tokens: Sequence[Tokens]) -> Figure | None:
    """The figure of a result that a sentence speaks of by name: its own, or that of the one group it names."""
    query = result.query
    kinds: set[str] = set().union(*(kinds for one in tokens for _, _, kinds in labels(one.rest)))
    asked: set[str] = {*query.measures[:1], *query.fields[:1]}
    named = [group for group in (*result.groups, *result.sides) if group.name and group.name in sentence]
    one = named[0].figure if len(named) == 1 else None
    figure = one if result.groups or result.sides else result.figure
    if figure is None:
        return None
    if figure.op != "count" and asked and kinds and not _measures_fit(asked, kinds):
        return None
    pattern = _OF_FUNCTION.get(query.function or "")
    return figure if pattern is None or figure.op == "count" or pattern.search(sentence) else None


def _measures_fit(asked: set[str], kinds: set[str]) -> bool:
    other = {"lost_points": "lost", "budget_lost": "lost"}
    return "*" in kinds or bool({other.get(one, one) for one in asked} & kinds)


def _conditions(query: Query) -> set[tuple[object, ...]]:
    return {_condition(one) for one in query.conditions} | {("rule", rule) for rule in query.rules}


def _condition(one: Condition) -> tuple[object, ...]:
    return one.measure, one.field, one.op, one.value, one.text, one.other, one.other_field, one.relative, one.than


def _topic_fits(query: Query, asked: Query, said: Query, told: str) -> bool:
    """Whether what the query looked for is what the question, or the sentence, speaks of."""
    if not query.topic and not query.causes:
        return not (asked.topic or asked.causes) or query.intent not in ("cause", "list", "count")
    if set(query.causes) & {*asked.causes, *said.causes}:
        return True
    topic = fold(query.topic or "")
    pairs = {topic[i : i + 2] for i in range(len(topic) - 1)}
    return bool(pairs) and sum(pair in told for pair in pairs) >= _SAME * len(pairs)


def _pick_fits(query: Query, asked: Query, told: str) -> bool:
    if query.pick is None:
        return asked.pick is None or query.intent not in ("aggregate", "rank", "count")
    said = [any(fold(word) in told for word in words_of) for words_of in query.pick.words]
    return query.pick == asked.pick or (bool(said) and all(said)) or bool(query.pick.level1 and fold(query.pick.level1) in told)


def _ends_fit(query: Query, tokens: Sequence[Tokens]) -> bool:
    """Of the first few of a ranking only its own end is known."""
    if query.limit is None or query.intent != "rank":
        return True
    other = _HIGHEST if query.order == "asc" else _LOWEST
    return not any(other.search(one.rest) for one in tokens)
