"""The texts: expected_goal and actual_result, against each other and against the indicators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from schema.checks.finding import Finding
from schema.checks.view import FormView, Row, show
from schema.comparison import got
from schema.mentions import Mention, common_pairs, find_mentions, pairs
from schema.text import fold
from schema.values import Quantity

# Words of a name that say how it is counted, not what.
_COUNTING = re.compile(
    r"[(（].*?[)）]|(?:完成|计划|实际|年度|开展|举办|提供|数量|次数|个数|人数|人次|件数|份数|项数|场次|总数|总量|合计|情况|任务|工作|指标|数|量)"
)
# A part, an average, a plan or another year is not the count that the indicator reports.
_OTHER_COUNT = re.compile(
    r"其中|分别|每|平均|新增|较|同比|环比|上年|去年|往年|原有?|计划|预计|拟|目标|近[一二三两]年|历年|累计|首批|第[一二三四五]批|剩余|仅|含|包括"
)
# Classifiers that writers exchange freely: 完成35个课题 speaks of a target of 30项.
_LOOSE = frozenset("个项件条份类套家篇")
_AIM = re.compile(r"计划|目标|任务数")
_IN_ALL = re.compile(r"共|总|合计|全年|年度")
_MENTION_LIMIT = 60
_CLOSE = Decimal("0.5")
_WHOLE_NAME = 3


def result_copies_goal(view: FormView) -> Iterator[Finding]:
    """actual_result is not expected_goal over again."""
    if view.copied:
        length = len(fold(view.form.actual_result))
        yield view.finding("result-copies-goal", "actual_result", f"实际完成情况与预期目标的 {length} 个字完全相同，没有写明实际结果。")


def narrative_number(view: FormView) -> Iterator[Finding]:
    """A figure in actual_result does not contradict the indicator it speaks of.

    Only what is sure is reported: the figure stands in the indicator's unit, its clause names the indicator, no figure of the text agrees
    with the indicator's actual, alone or as a sum, and no other indicator explains the figure.
    """
    if view.copied:
        return
    mentions = find_mentions(view.form.actual_result)[:_MENTION_LIMIT]
    for row in view.weighed if mentions else ():
        if isinstance(row.actual, Quantity) and not row.actual.approximate:
            said = _contradiction(view, row, row.actual, mentions)
            if said is not None:
                figure = f"{show(said.quantity.amount)}{said.quantity.unit.printed}"
                words = f"实际完成情况写“{figure}”（{said.before}{figure}{said.after}）"
                message = f"{words}，指标“{row.item.name}”的完成值为 {row.item.actual}，两处不一致。"
                yield view.finding("narrative-number", "actual_result", message, row.item.actual)


def _contradiction(view: FormView, row: Row, actual: Quantity, mentions: tuple[Mention, ...]) -> Mention | None:
    counted = [(m, value) for m in mentions if (value := _counted(m, actual)) is not None]
    values = [value for _, value in counted]
    if not counted or any(_agrees(m.quantity, value, actual) for m, value in counted) or _adds_up(values, actual.value):
        return None
    speaking = [m for m, _ in counted if _speaks_of(m, row, actual)]
    if len(speaking) != 1:
        return None
    said = speaking[0]
    other = _OTHER_COUNT.search(said.before) or _AIM.search(said.after)
    return None if said.quantity.approximate or other or _explained(view, row, said) else said


def _counted(mention: Mention, actual: Quantity) -> Decimal | None:
    """The figure's value where it counts in the indicator's unit, or in a classifier that stands for it."""
    value = mention.value_for(actual)
    if value is None and mention.quantity.unit.base in _LOOSE and actual.unit.base in _LOOSE:
        return mention.quantity.value
    return value


def _agrees(said: Quantity, value: Decimal, actual: Quantity) -> bool:
    if said.approximate:
        # 3600余 and 近5万 agree with what is within a tenth of them.
        return abs(value - actual.value) * 10 <= abs(value)
    return not got(said, value).apart(got(actual, actual.value))


def _adds_up(values: list[Decimal], total: Decimal) -> bool:
    """Whether neighbouring figures of the text sum up to the actual: 线上3次、线下4次 for 7次."""
    for start in range(len(values)):
        running = Decimal(0)
        for value in values[start : start + 8]:
            running += value
            if running == total:
                return True
    return False


def _explained(view: FormView, row: Row, mention: Mention) -> bool:
    """Whether the figure is another indicator's target or actual, or is repeated from the goal."""
    if any(m.quantity == mention.quantity for m in find_mentions(view.form.expected_goal)):
        return True
    mine = common_pairs(mention.clause, row.item.name)
    for other in view.rows:
        for figure in (other.target, other.actual) if other is not row else ():
            if isinstance(figure, Quantity) and mention.value_for(figure) == figure.value:
                return not _whole(mention, row) or common_pairs(mention.clause, other.item.name) >= mine
    return False


def _speaks_of(mention: Mention, row: Row, actual: Quantity) -> bool:
    """Whether the clause names the indicator: at least two pairs of neighbouring characters and half of what the name is about.

    Percentages and exchanged classifiers are common, and a smaller figure may be a part of the whole, so for them the clause must hold
    the whole name, or say that it sums up.
    """
    unlike = actual.unit.base == "%" or mention.quantity.unit.base != actual.unit.base
    smaller = mention.quantity.value < actual.value and not _IN_ALL.search(mention.clause)
    if unlike or smaller:
        return _whole(mention, row)
    about = pairs(_subject(row))
    shared = about & pairs(fold(mention.clause))
    return len(shared) >= 2 and len(shared) >= _CLOSE * len(about)


def _whole(mention: Mention, row: Row) -> bool:
    subject = _subject(row)
    return len(subject) >= _WHOLE_NAME and subject in fold(mention.clause)


def _subject(row: Row) -> str:
    """What an indicator's name is about, without the words that say how it is counted."""
    return _COUNTING.sub("", fold(row.item.name))
