"""Whether each number of a sentence is printed in what it cites, for the project it is told of, in its unit, or comes out of what is."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from agents.answer.compose.writer import SHOWN
from agents.answer.execute.figures import money_factor
from agents.answer.verify import words
from agents.answer.verify.arithmetic import CLOSE, Pool, holds, reckonable, same_unit, tells
from agents.answer.verify.cells import Cell
from agents.answer.verify.ground import Ground
from agents.answer.verify.sentence import Bound, groups
from agents.answer.verify.text import level
from agents.answer.verify.tokens import Number, Tokens

_OPEN_ENDED = re.compile(r"等|如|例如|其中|such as|e\.g\.|including|among")
_ASKED: Mapping[str, frozenset[str]] = {
    "over": frozenset({">", ">="}), "least": frozenset({">="}), "under": frozenset({"<", "<="}), "most": frozenset({"<="}),
}  # fmt: skip
_KEEPS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "over": operator.gt, "least": operator.ge, "under": operator.lt, "most": operator.le,
}  # fmt: skip
_OF_ALL = re.compile(words.OF_ALL)
_DOUBT = re.compile(r"疑|可能|probably|likely|doubt")
_AGAIN = re.compile(r"[\s,(（\ue000]*(?:即|合|折合|也就是|or|i\.e\.)?\s*(?:大?约|about|around|roughly)?\s*")
_APART = re.compile(r"(?:(?<!最)(?<!提)[高低多少差]|\bby)[出了]?\s*(?:大?约|about\s*)?\s*\Z")
_WITHIN = re.compile(r"\s*(?:[个项张]?(?:项目|指标|自评表|表)|者)(?:[中里]|之中|当中)")
_SIGN = re.compile(r"[<>=≤≥≠]\s*\Z")
_TEXTS = frozenset({"deviation", "expected_goal", "actual_result", "target", "actual"})


def fault_of_number(bound: Bound, tokens: Tokens, ground: Ground) -> str:
    """What is wrong with a number; empty when it stands."""
    number = bound.number
    if number.counts and (number.counts != "either" or not _direct(bound, tokens, ground)):
        return "" if _counts(bound, tokens, ground) else f"count {number.value:f}"
    apart = _APART.search(tokens.rest[: number.begin]) is not None
    if (not apart and _direct(bound, tokens, ground)) or number.value in ground.free or _is_asked(number, tokens, ground):
        return ""
    if bound.cues and not _anchored(bound, tokens) and reckonable(number, bound.cues, _pools(bound, tokens)):
        return ""
    return _why(bound)


def _anchored(bound: Bound, tokens: Tokens) -> bool:
    """Whether the mark of one cell stands right behind a number: then that cell prints it, and nothing is reckoned."""
    run = next((run for run in tokens.runs if run.begin >= bound.number.end), None)
    return run is not None and len(run.cites) == 1 and not tokens.text[bound.number.end : run.begin].strip(" ()（）")


def restates(before: Number, number: Number, tokens: Tokens) -> bool:
    """Whether a number only says the one right before it again, rounded or in another unit: 25,150 万元，约 2.5 亿元."""
    between = tokens.rest[before.end : number.begin]
    return before.unit == number.unit == "元" and _AGAIN.fullmatch(between) is not None and holds(number, before.value, True)


def _why(bound: Bound) -> str:
    """Which of the ties of a number does not hold, for whoever reads the report."""
    number = bound.number
    told = f"{number.value / number.factor:f}"
    if not bound.every:
        return f"no citation for {told}"
    same = [cell for cell in bound.every if cell.amount is not None and cell.amount.value == number.value]
    if not same:
        return f"number {told}"
    if all(cell.amount is not None and not same_unit(number.unit, cell.amount.unit) for cell in same):
        return f"unit of {told}"
    if bound.forms is not None and not any(cell.form.form_id in bound.forms for cell in same):
        return f"project of {told}"
    return f"cell of {told}"


def _direct(bound: Bound, tokens: Tokens, ground: Ground) -> bool:
    """Whether a cell that the number may mean prints it."""
    meant = [bound.pair] if bound.pair is not None else [cell for cell in bound.own if _means(bound, cell)]
    if bound.number.relation in _KEEPS:
        return _bounds(bound, meant)
    fitting = [cell for cell in meant if _prints(bound.number, cell, tokens, ground)]
    if not fitting or not all(_label_fits(bound, cell) for cell in fitting[:1]):
        return False
    if bound.shared:
        # Said of several projects at once: each has to print it.
        return {cell.form.form_id for cell in fitting} == {cell.form.form_id for cell in meant if cell.what == fitting[0].what}
    return bound.pair is not None or not _ambiguous(bound, fitting, meant)


def _means(bound: Bound, cell: Cell) -> bool:
    if bound.forms is not None and cell.form.form_id not in bound.forms:
        return False
    if bound.row is not None and cell.row is not None and cell.row_name != bound.row:
        return False
    return _label_fits(bound, cell)


def _label_fits(bound: Bound, cell: Cell) -> bool:
    if bound.labels is None or (cell.amount is None and cell.what in _TEXTS):
        return True
    return cell.what in bound.labels


def _ambiguous(bound: Bound, fitting: Sequence[Cell], meant: Sequence[Cell]) -> bool:
    """Whether other cells behind the number might be meant just as well: nothing says of which project or indicator it is."""
    best = fitting[0]
    rivals = [cell for cell in meant if cell.what == best.what and cell.amount is not None and cell.amount != best.amount]
    if bound.forms is None and any(cell.form.form_id != best.form.form_id for cell in rivals):
        return True
    return bound.row is None and any(cell.row != best.row for cell in rivals)


def _prints(number: Number, cell: Cell, tokens: Tokens, ground: Ground) -> bool:
    if cell.amount is not None:
        return tells(number, cell.amount) or (_DOUBT.search(tokens.plain) is not None and _doubtfully(number, cell, ground))
    return cell.what in _TEXTS and _in_text(number, cell.text)


def _doubtfully(number: Number, cell: Cell, ground: Ground) -> bool:
    """An amount whose unit is doubtful may be told in the unit it probably is in."""
    head = ground.every.heads[cell.form.form_id]
    amount = cell.amount
    return head.doubtful and amount is not None and amount.unit == number.unit == "元" and amount.value == number.value * 10_000


def _in_text(number: Number, text: str) -> bool:
    told = f"{number.value / number.factor:f}"
    return re.search(rf"(?<![\d.]){re.escape(told)}(?:\.0+)?(?![\d.])", level(text)) is not None


def _bounds(bound: Bound, meant: Sequence[Cell]) -> bool:
    """Whether every cell that is meant lies on the right side of the number and not far from it; a target is told with its own sign."""
    number = bound.number
    if any(cell.what == "target" and _prints_bound(number, cell) for cell in meant):
        return True
    keeps = _KEEPS[number.relation]
    if (
        bound.labels is not None
        and bound.labels == frozenset({"target"})
        # The target itself, not a bound near it.
        and any(cell.amount and tells(replace(number, relation=""), cell.amount) for cell in meant)
    ):
        # 超过 80% 的目标: said of the actual value of the same indicator.
        rows = {(cell.form.form_id, cell.row) for cell in meant}
        done = [c.amount for c in bound.every if c.what == "actual" and c.amount and (c.form.form_id, c.row) in rows]
        return bool(done) and all(keeps(one.value, number.value) for one in done)
    near = [cell for cell in meant if cell.what != "target" and cell.amount is not None]
    amounts = [cell.amount for cell in near if cell.amount is not None and same_unit(number.unit, cell.amount.unit)]
    if not amounts or (bound.labels is None and len({cell.what for cell in near}) > 1):
        return False
    return all(keeps(one.value, number.value) and abs(one.value - number.value) <= abs(one.value) * CLOSE for one in amounts)


def _prints_bound(number: Number, cell: Cell) -> bool:
    """A target is told with its own sign: 不低于 70%."""
    if cell.amount is None or cell.amount.value != number.value or not same_unit(number.unit, cell.amount.unit):
        return False
    signs = {"least": "≥", "most": "≤", "over": ">", "under": "<"}
    return signs[number.relation] in level(cell.text) or (number.relation == "least" and not any(c in cell.text for c in "≤<"))


def _is_asked(number: Number, tokens: Tokens, ground: Ground) -> bool:
    """Whether a number is a bound that the question sets, told as that, or one that is denied."""
    before = tokens.plain[max(0, number.begin - 10) : number.begin]
    denied = re.search(words.NEGATED, before) is not None
    for condition in ground.asked():
        for value in (condition.value, condition.relative):
            factor = money_factor(condition.unit, "元") or Decimal(1)
            unit = "元" if money_factor(condition.unit, "元") else condition.unit or ""
            if value is None or value * factor != number.value or not same_unit(number.unit, unit):
                continue
            if denied or _SIGN.search(before) or condition.op in _ASKED.get(number.relation, ()):
                return True
    return False


def _counts(bound: Bound, tokens: Tokens, ground: Ground) -> bool:
    number = bound.number
    told = int(number.value)
    if number.value in ground.free:
        return True
    if _OF_ALL.search(tokens.plain[max(0, number.begin - 14) : number.begin]) and told in ground.counted:
        return True
    if _WITHIN.match(tokens.plain[number.end :]) and told in ground.counted:
        return True
    names = tokens.named("project")
    listed = max((len({n.text for n in group}) for group in groups(names, tokens.plain)), default=0)
    if number.counts == "forms" and listed >= 2 and not _OPEN_ENDED.search(tokens.plain) and listed != told:
        return False
    if number.counts == "either" and told == len({name.text for name in names}) == 2:
        return True
    for cells in (bound.own, bound.every):
        if told in _tallies(number, cells):
            return True
    return len(bound.every) >= SHOWN and told in ground.counted


def _tallies(number: Number, cells: Sequence[Cell]) -> set[int]:
    forms = {cell.form.form_id for cell in cells}
    rows = {(cell.form.form_id, cell.row) for cell in cells if cell.row is not None}
    found: set[int] = set()
    if number.counts in ("forms", "either"):
        found.add(len(forms))
    if number.counts in ("rows", "either"):
        found.add(len(rows))
    return found - {0}


def _pools(bound: Bound, tokens: Tokens) -> list[Pool]:
    """Cells that a number may be reckoned from: those behind it, those of its sentence; and the same taken apart by two names."""
    every = tokens.named("project", "group")
    before = [name for name in every if name.begin < bound.number.begin]
    names = before if len(before) >= 2 else every
    # Told of one project or side among several, it is reckoned from the cells of that one.
    alone = bound.forms if bound.forms is not None and not bound.shared else None
    pools = []
    apart = bool({"difference", "ratio"} & bound.cues)
    for cells in dict.fromkeys((bound.own, bound.every)):
        if apart and len(names) >= 2:
            sides = tuple(tuple(cell for cell in cells if cell.form.form_id in name.forms) for name in (names[-2], names[-1]))
            pools.append(Pool(cells, bound.labels, sides))
        rowed = tuple(cell for cell in cells if bound.row is None or cell.row is None or cell.row_name == bound.row)
        if alone is not None:
            own = tuple(cell for cell in rowed if cell.form.form_id in alone)
            pools.append(Pool(own, bound.labels))
            if "ratio" in bound.cues:
                pools.append(Pool(cells, bound.labels, (own,)))
        if alone is None or (len(names) == 1 and {cell.form.form_id for cell in bound.every} - alone == set()):
            pools.append(Pool(cells if alone is None else rowed, bound.labels))
    return pools
