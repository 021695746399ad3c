"""To what each number of a sentence belongs: its marks, its project, its indicator, the name of its cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.answer.verify import words
from agents.answer.verify.cells import Cell
from agents.answer.verify.ground import Ground
from agents.answer.verify.text import MASK
from agents.answer.verify.tokens import Number, Run, Term, Tokens, cues, labels, nearest

_FORWARD = re.compile(rf"\s*(?:的|\(?for|of|by|at|in|went to|belongs to|[:：(])\s*[“\"]?|\s*的?[{MASK}\s]*(?:for|by)\s+")
_JOINT = re.compile(
    rf"[、,，和与及\s{MASK}“”\"]*(?:and\s*)?(?:以及)?[“\"]?"
    rf"|[{MASK}\s]*[(（]?[{MASK}\s]*年?度?[)）]?[、,，和与及\s{MASK}]*(?:and\s*)?"
)
_LIST = re.compile(rf"(?:[{MASK}\s,;:；：()（）、和与及是为的]|\b(?:and|for|with|at|of|by|while|the|to|respectively)\b)*")
_GAP = re.compile(r"\bgap\b|\bdifference between\b|差距|相差|之差")
_STOP = re.compile(r"[,，;；。:：]|\.\s")
_AFTER_LABEL = re.compile(r"\s*(?:的|of|in|for|as|were|was|are|is|had been)?\s*(?:the\s+|its\s+)?")


@dataclass(frozen=True, slots=True)
class Bound:
    """A number and what it belongs to.

    Attributes:
        own: the cells of the marks behind it; of the last ones before it where none come after. marked: whether any come after.
        pair: the one cell it means where numbers and marks come in the same order.
        forms: of the project or projects it is about; None where the sentence names none before it.
        row: the indicator it is about; labels: the fields its label may mean.
        cues: what kinds of reckoning the words around it speak of.
    """

    number: Number
    own: tuple[Cell, ...]
    every: tuple[Cell, ...]
    marked: bool
    pair: Cell | None
    forms: frozenset[str] | None
    shared: bool
    row: str | None
    labels: frozenset[str] | None
    cues: frozenset[str]


def cells_of(cites: Sequence[int], ground: Ground) -> tuple[Cell, ...]:
    """The cells of citations, each once."""
    return tuple(ground.cells[n] for n in dict.fromkeys(cites) if n in ground.cells)


def bind(tokens: Tokens, ground: Ground, carried: frozenset[str] | None) -> list[Bound]:
    """Every number of a sentence with what it belongs to; `carried` are the forms of the project spoken of before."""
    every = cells_of([n for run in tokens.runs for n in run.cites], ground)
    labelled = _labels(tokens)
    bound = []
    for i, number in enumerate(tokens.numbers):
        run, marked = _run(tokens, number)
        own = cells_of(run.cites, ground) if run else ()
        forms, shared = _forms(tokens, number)
        if forms is None and carried is not None and re.search(words.PRONOUN, tokens.plain):
            forms = carried
        pair = _pair(tokens, number, run, own) if marked and forms is None else None
        bound.append(Bound(number, own, every, marked, pair, forms, shared, _row(tokens, number), labelled[i], _cues(tokens, i)))
    return bound


def segment(tokens: Tokens, position: int) -> tuple[int, int]:
    """From the marks before a place to those behind it."""
    begin = max((run.end for run in tokens.runs if run.end <= position), default=0)
    end = min((run.begin for run in tokens.runs if run.begin >= position), default=len(tokens.text))
    return begin, end


def groups(terms: Sequence[Term], plain: str) -> list[list[Term]]:
    """Names that are listed one after another."""
    found: list[list[Term]] = []
    for term in terms:
        if found and _JOINT.fullmatch(plain[found[-1][-1].end : term.begin]):
            found[-1].append(term)
        else:
            found.append([term])
    return found


def _run(tokens: Tokens, number: Number) -> tuple[Run | None, bool]:
    after = next((run for run in tokens.runs if run.begin >= number.end), None)
    if after is not None:
        return after, True
    before = [run for run in tokens.runs if run.end <= number.begin]
    return (before[-1], False) if before else (None, False)


def _forms(tokens: Tokens, number: Number) -> tuple[frozenset[str] | None, bool]:
    """The forms a number is about, and whether several projects share it."""
    names = tokens.named("project", "group")
    if not names:
        return None, False
    following = next((name for name in names if name.begin >= number.end), None)
    if following is not None and _FORWARD.fullmatch(tokens.plain[number.end : following.begin]):
        return following.forms, False
    begin, end = segment(tokens, number.begin)
    before = nearest(names, number.begin)
    inside = [name for name in names if begin <= name.begin < end]
    if before is None or (inside and before.begin < begin):
        first = next((name for name in inside if name.begin > number.begin), None)
        if first is not None:
            return first.forms, False
        if before is None:
            return None, False
    group = next(group for group in groups(names, tokens.plain) if before in group)
    if len(group) == 1:
        return before.forms, False
    return _of_group(tokens, number, group, names)


def _of_group(tokens: Tokens, number: Number, group: list[Term], names: list[Term]) -> tuple[frozenset[str], bool]:
    last = next((name.begin for name in names if name.begin > group[-1].begin), len(tokens.text))
    told = [one for one in tokens.numbers if group[-1].end <= one.begin < last and not one.counts]
    if number in told and len(told) >= len(group):
        # Told in turn, perhaps once for each of several measures.
        return group[told.index(number) % len(group)].forms, False
    return frozenset().union(*(name.forms for name in group)), True


def _pair(tokens: Tokens, number: Number, run: Run | None, own: tuple[Cell, ...]) -> Cell | None:
    if run is None:
        return None
    begin, end = segment(tokens, number.begin)
    told = [one for one in tokens.numbers if begin <= one.begin < end and not one.counts]
    return own[told.index(number)] if number in told and len(told) == len(own) == len(run.cites) else None


def _row(tokens: Tokens, number: Number) -> str | None:
    rows = tokens.named("row")
    if not rows:
        return None
    begin, end = segment(tokens, number.begin)
    before = nearest(rows, number.begin)
    group = next((group for group in groups(rows, tokens.plain) if before in group), [])
    if len(group) > 1:
        told = [one for one in tokens.numbers if one.begin >= group[-1].end and not one.counts]
        return group[told.index(number) % len(group)].text if number in told else None
    if before is not None and (before.begin >= begin or not any(begin <= row.begin < end for row in rows)):
        return before.text
    following = next((row for row in rows if number.end <= row.begin < end), None)
    return following.text if following else before.text if before else None


def _labels(tokens: Tokens) -> list[frozenset[str] | None]:
    found: list[frozenset[str] | None] = []
    cursor, waiting = 0, list[frozenset[str]]()
    last: frozenset[str] | None = None
    for i, number in enumerate(tokens.numbers):
        here = labels(tokens.rest[cursor : number.begin])
        limit = tokens.numbers[i + 1].begin if i + 1 < len(tokens.numbers) else len(tokens.rest)
        if here:
            here = tuple(one for one in here if "*" not in one[2]) or here[-1:]
            joint = _joint_labels(here, tokens.rest[cursor : number.begin])
            waiting = [kinds for _, _, kinds in joint]
            last = None if "*" in waiting[0] else waiting[0]
            waiting = waiting[1:]
            cursor = number.end
            found.append(last)
            continue
        cursor = number.end
        if waiting:
            last = waiting.pop(0)
            found.append(last)
            continue
        after = _after(tokens.rest, number.end, limit)
        if after is not None:
            last, cursor = after
        gap = tokens.rest[tokens.numbers[i - 1].end : number.begin] if i else ""
        # Without a label of its own a number goes on with the last one only in a list.
        last = last if after is not None or _LIST.fullmatch(gap) else None
        found.append(last if not number.counts else None)
    return found


def _joint_labels(here: tuple[tuple[int, int, frozenset[str]], ...], window: str) -> list[tuple[int, int, frozenset[str]]]:
    kept = [here[-1]]
    for one in reversed(here[:-1]):
        if not re.fullmatch(r"\s*(?:[、,和与及]|and\b)\s*(?:an?\s+|the\s+)?", window[one[1] : kept[0][0]]):
            break
        kept.insert(0, one)
    return kept


def _after(rest: str, begin: int, limit: int) -> tuple[frozenset[str], int] | None:
    m = _AFTER_LABEL.match(rest, begin)
    start = m.end() if m else begin
    here = labels(rest[start:limit])
    if here and here[0][0] == 0:
        return here[0][2], start + here[0][1]
    return None


def _cues(tokens: Tokens, i: int) -> frozenset[str]:
    number = tokens.numbers[i]
    begins = [0, *(one.end for one in tokens.numbers[:i] if not one.counts)]
    # 占全年预算50万元的96%: what is said before the number it is a share of.
    further = len(begins) > 1 and re.fullmatch(rf"[{MASK}\s]*(?:的|of)\s*", tokens.rest[begins[-1] : number.begin])
    begin = begins[-2] if further else begins[-1]
    end = tokens.numbers[i + 1].begin if i + 1 < len(tokens.numbers) else len(tokens.rest)
    after = tokens.rest[number.end : end]
    stop = _STOP.search(after)
    own = cues(tokens.rest[begin : number.begin]) | cues(after[: stop.start()] if stop else after)
    by_unit = {"倍": "ratio", "百分点": "difference"}.get(number.unit)
    gap = _GAP.search(tokens.rest[: number.begin]) is not None
    # 合计年初预算…，全年预算…: said once for several numbers.
    throughout = cues(tokens.rest[: number.begin]) & {"sum", "mean"} if not tokens.named("project") else frozenset()
    return own | throughout | ({by_unit} if by_unit else set()) | ({"difference"} if gap else set())
