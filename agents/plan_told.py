"""How a question was understood, in words: a query as short lines for a reader who does not read JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from agents.answer.compose.words import FUNCTIONS, LABELS
from agents.answer.query import Condition, Pick, Query, Scope
from schema.checks import RULES
from schema.record import Record


class PlanLine(Record):
    """One line: what it is about, and what was understood."""

    label: str
    text: str


_INTENTS: dict[str, tuple[str, str]] = {
    "lookup": ("查出数值", "look values up"),
    "list": ("列出符合条件的项目", "list what fulfils the conditions"),
    "count": ("数有多少个", "count"),
    "aggregate": ("汇总计算", "reckon one figure over many"),
    "rank": ("排序", "rank"),
    "compare": ("两边比较", "compare two sides"),
    "cause": ("逐条看偏差说明，找因此失分的项目", "judge every explanation: who lost points for this reason"),
    "explain": ("说明失分原因", "tell why points were lost"),
    "finding": ("列出核对发现的问题", "list what the checker found"),
    "summary": ("归纳", "sum up"),
    "check": ("核对一个说法", "check a statement"),
}
_LABELS: dict[str, tuple[str, str]] = {
    "intent": ("要做的事", "Task"),
    "forms": ("项目", "Projects"),
    "units": ("单位", "Units"),
    "years": ("年度", "Years"),
    "grades": ("等级", "Grades"),
    "side": ("第 {n} 方", "Side {n}"),
    "measures": ("看什么", "Looked at"),
    "pick": ("指标", "Indicators"),
    "also": ("还要有的指标", "Also needed"),
    "fields": ("指标的哪些栏", "Columns"),
    "conditions": ("条件", "Conditions"),
    "rules": ("核对规则", "Rules"),
    "topic": ("主题", "Topic"),
    "causes": ("原因类别", "Kinds of cause"),
    "function": ("算法", "Reckoned as"),
    "group": ("分组", "Grouped by"),
    "order": ("次序", "Order"),
    "claim": ("要核对的说法", "Statement"),
    "unknown": ("表中没有的", "Not in the forms"),
    "certain": ("把握", "Certainty"),
}
_WORDS: dict[str, tuple[str, str]] = {
    "all": ("全部", "all"),
    "asc": ("从低到高", "lowest first"),
    "desc": ("从高到低", "highest first"),
    "first": ("，取前 {n} 个", ", the first {n}"),
    "uncertain": ("问题里还有没读懂的部分", "part of the question was not read"),
    "together": ("（同一指标同时违反）", " (all of them by one indicator)"),
    "average": ("全部项目的{function}", "the {function} of all"),
    "times": (" × {n}", " × {n}"),
    "unit": ("单位", "unit"),
    "department": ("主管部门", "department"),
    "year": ("年度", "year"),
    "grade": ("评分等级", "grade"),
}
_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}


def plan_lines(plan: Mapping[str, Any], names: Mapping[str, str], language: str) -> tuple[PlanLine, ...]:
    """A plan as an answer holds it, line by line; none where it is no plan of this version.

    Args:
        names: project names by form_id.
        language: en for English, anything else for Chinese.
    """
    try:
        # A query wants exact figures, and refuses binary ones.
        query = Query.model_validate(json.loads(json.dumps(plan), parse_float=Decimal))
    except ValidationError:
        return ()
    told = _Told(names, 1 if language == "en" else 0)
    return tuple(PlanLine(label=label, text=text) for label, text in told.lines(query) if text)


class _Told:
    def __init__(self, names: Mapping[str, str], place: int) -> None:
        self._names, self._place = names, place
        self._comma = ", " if place else "、"

    def lines(self, query: Query) -> Iterator[tuple[str, str]]:
        yield self._label("intent"), _INTENTS[query.intent][self._place]
        yield from self._scope(query.scope)
        for number, side in enumerate(query.sides, 1):
            yield self._label("side", n=number), self._comma.join(text for _, text in self._scope(side) if text)
        yield self._label("measures"), self._named(query.measures)
        yield self._label("pick"), self._pick(query.pick)
        yield self._label("also"), self._comma.join(self._pick(one) for one in query.also)
        yield self._label("fields"), self._named(query.fields)
        yield self._label("conditions"), self._comma.join(self._condition(one) for one in query.conditions)
        yield from self._rest(query)

    def _rest(self, query: Query) -> Iterator[tuple[str, str]]:
        rules = self._comma.join(RULES[rule].title if rule in RULES else rule for rule in query.rules)
        yield self._label("rules"), rules + (self._word("together") if query.together and rules else "")
        yield self._label("topic"), query.topic or ""
        yield self._label("causes"), self._comma.join(query.causes)
        yield self._label("function"), FUNCTIONS[query.function][self._place] if query.function else ""
        yield self._label("group"), self._word(query.group) if query.group else ""
        ranked = query.intent == "rank" or query.limit is not None
        first = self._word("first", n=query.limit) if query.limit else ""
        by = self._named([query.by]) if query.by else ""
        yield self._label("order"), by + self._word(query.order) + first if ranked else ""
        yield self._label("claim"), self._condition(query.claim) if query.claim else ""
        yield self._label("unknown"), self._comma.join(query.unknown)
        yield self._label("certain"), "" if query.certain else self._word("uncertain")

    def _scope(self, scope: Scope) -> Iterator[tuple[str, str]]:
        yield self._label("forms"), self._comma.join(dict.fromkeys(self._names.get(one, one) for one in scope.forms))
        yield self._label("units"), self._comma.join(scope.units)
        yield self._label("years"), self._comma.join(map(str, scope.years))
        yield self._label("grades"), self._comma.join(scope.grades)

    def _pick(self, pick: Pick | None) -> str:
        if pick is None:
            return ""
        words = " + ".join(" / ".join(alternatives) for alternatives in pick.words)
        return self._comma.join(one for one in (pick.level1, pick.level2, words) if one)

    def _condition(self, condition: Condition) -> str:
        left = self._named([one for one in (condition.measure, condition.field) if one])
        right = condition.text or ""
        if condition.than is not None:
            right = self._word("average", function=FUNCTIONS[condition.than][self._place])
        elif other := condition.other or condition.other_field:
            right = self._named([other]) + (self._word("times", n=condition.relative) if condition.relative else "")
        elif condition.value is not None:
            right = f"{condition.value}{condition.unit or ''}"
        return f"{left} {_SIGNS.get(condition.op, condition.op)} {right}".strip()

    def _named(self, keys: Any) -> str:
        return self._comma.join(LABELS[key][self._place] if key in LABELS else key for key in keys)

    def _label(self, key: str, **values: object) -> str:
        return _LABELS[key][self._place].format(**values)

    def _word(self, key: str, **values: object) -> str:
        return _WORDS[key][self._place].format(**values)
