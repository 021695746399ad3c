"""Example questions made from what is in the store: names, units, years and losses that are there, each tried before it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import islice, pairwise
from typing import Literal, NamedTuple

from agents.answer.ask import Asker
from agents.answer.query import Intent
from schema.record import Record
from schema.text import is_blank
from store.facts import Head, RowFact, Session

Kind = Literal["lookup", "list", "rank", "aggregate", "cause", "explain", "finding", "compare"]
_TRIED = 3
"""Questions of one kind that are tried."""
_LONGEST_NAME = 24
_FEW_FORMS = 3
_LIMITS = (80, 90, 95, 100)


class Example(Record):
    """A question that has an answer."""

    kind: Kind
    question: str


class _Material(NamedTuple):
    heads: tuple[Head, ...]
    lost: tuple[RowFact, ...]
    rules: tuple[str, ...]
    """Rules with findings, the most frequent first."""

    @property
    def units(self) -> list[str]:
        """Names of implementing units, or departments where none is printed, the most frequent first."""
        return [name for name, _ in Counter(head.units[-1] for head in self.heads if head.units).most_common()]


_CAUSES = (
    ("机构改革", "institutional reform"), ("预算调整", "budget changes"), ("需求变化", "changed demand"),
    ("技术故障", "technical faults"), ("人员变动", "staff changes"), ("疫情", "the epidemic"),
)  # fmt: skip
_RULES = {
    "deduction-unexplained": ("哪些项目扣了分却没有说明原因？", "Which projects lost points without giving a reason?"),
    "missed-full-score": ("哪些指标没有完成目标却得了满分？", "Which indicators missed the target but got full marks?"),
    "over-fulfilment": ("哪些指标大幅超额完成却没有说明原因？", "Which indicators were greatly over-fulfilled without explanation?"),
    "met-deducted": ("哪些指标已完成目标却被扣分？", "Which indicators met the target but lost points?"),
    "zero-weight": ("哪些指标的分值为0？", "Which indicators have a weight of 0?"),
    "execution-score": ("哪些项目的预算执行得分计算有误？", "Which projects have a wrong budget execution score?"),
    "weight-sum": ("哪些项目的分值合计不对？", "Which projects have weights that do not add up?"),
    "score-sum": ("哪些项目的得分合计不对？", "Which projects have scores that do not add up?"),
}


def examples(asker: Asker, language: str) -> tuple[Example, ...]:
    """Up to eight questions of different kinds, each answered by the forms as they stand; none of an empty store.

    Args:
        language: en for English, anything else for Chinese.

    Raises:
        StoreError: the store cannot be read.
    """
    with asker.session() as session:
        material = _material(session)
    if not material.heads:
        return ()
    place = 1 if language == "en" else 0
    found = []
    for kind, offered in _KINDS.items():
        for question in islice((pair[place] for pair in offered(material)), _TRIED):
            if _is_answered(asker, kind, question):
                found.append(Example(kind=kind, question=question))
                break
    return tuple(found)


def _material(session: Session) -> _Material:
    explained = (row for row in session.rows(None, deviation=True) if not is_blank(row.deviation))
    lost = tuple(row for row in explained if (row.weight or 0) > (row.score if row.score is not None else row.weight or 0))
    rules = Counter(one.rule for one in session.found(_RULES))
    return _Material(session.heads, lost, tuple(rule for rule, _ in rules.most_common()))


def _is_answered(asker: Asker, kind: Kind, question: str) -> bool:
    composed = asker.composed(question)
    answer, query = composed.answer, composed.query
    # A name may be taken for something else; then the answer is right, but not to what was meant.
    understood = query.certain and query.intent in _INTENTS[kind] and (kind != "aggregate" or query.pick is None)
    return (
        understood
        and not answer.abstained
        and answer.verified
        and bool(answer.citations)
        and bool(answer.projects or answer.value is not None)
    )


_Pairs = Iterator[tuple[str, str]]


def _lookup(material: _Material) -> _Pairs:
    for head in _named(material.heads):
        if head.execution_rate is not None:
            yield f"“{head.project_name}”的执行率是多少？", f"What is the execution rate of “{head.project_name}”?"


def _list(material: _Material) -> _Pairs:
    rates = [head.execution_rate for head in material.heads if head.execution_rate is not None]
    for limit in _LIMITS:
        if any(rate < Decimal(limit) for rate in rates):
            yield f"哪些项目执行率低于{limit}%？", f"Which projects have an execution rate below {limit}%?"


def _rank(material: _Material) -> _Pairs:
    if len(material.heads) > _FEW_FORMS:
        yield "总得分最低的三个项目是哪几个？", "Which three projects have the lowest total score?"


def _aggregate(material: _Material) -> _Pairs:
    for unit in material.units:
        yield f"{unit}各项目的平均总得分是多少？", f"{unit}: what is the average total score?"


def _cause(material: _Material) -> _Pairs:
    said = "".join(row.deviation or "" for row in material.lost)
    for word, english in sorted(_CAUSES, key=lambda pair: -said.count(pair[0])):
        yield f"有哪些项目因为{word}影响了绩效？", f"Which projects were affected by {english}?"


def _explain(material: _Material) -> _Pairs:
    heads = {head.version_id: head for head in _named(material.heads)}
    for row in sorted(material.lost, key=lambda row: (row.score or Decimal(0)) - (row.weight or Decimal(0))):
        if row.version_id in heads:
            name = heads[row.version_id].project_name
            yield f"“{name}”的“{row.name}”为什么扣分？", f"Why did “{row.name}” of “{name}” lose points?"


def _finding(material: _Material) -> _Pairs:
    for rule in material.rules:
        yield _RULES[rule]


def _compare(material: _Material) -> _Pairs:
    units = material.units
    for one, other in pairwise(units):
        yield f"{one}和{other}的平均执行率哪个高？", f"{one} or {other}: which has the higher average execution rate?"


_KINDS: dict[Kind, Callable[[_Material], _Pairs]] = {
    "list": _list, "cause": _cause, "aggregate": _aggregate, "rank": _rank,
    "explain": _explain, "compare": _compare, "finding": _finding, "lookup": _lookup,
}  # fmt: skip


_INTENTS: dict[Kind, tuple[Intent, ...]] = {
    "list": ("list",), "cause": ("cause",), "aggregate": ("aggregate",), "rank": ("rank",),
    "explain": ("explain", "cause"), "compare": ("compare",), "finding": ("finding", "list"), "lookup": ("lookup",),
}  # fmt: skip
"""How a question of each kind has to be understood."""


def _named(heads: Sequence[Head]) -> list[Head]:
    """Forms whose project name is theirs alone and short, those of lower scores first."""
    count = Counter(head.project_name for head in heads)
    good = [head for head in heads if head.project_name and count[head.project_name] == 1 and len(head.project_name) <= _LONGEST_NAME]
    return sorted(good, key=lambda head: head.total_score if head.total_score is not None else Decimal(100))
