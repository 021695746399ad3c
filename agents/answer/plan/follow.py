"""Questions that go on from the one before: 那闵行呢, 为什么, 2023年的呢, and its budget?"""

from __future__ import annotations

import re
from typing import Any

from agents.answer.plan.draft import Draft
from agents.answer.plan.kind import OF_FIRST_FEW
from agents.answer.query import Query, Scope
from agents.answer.words import asking as words_asking

_AND = re.compile(r"^(?:那么?|还有|再|换成?|如果是|改成|and|what about|how about|then)|呢[?。!]*$|^(?:what|how) about", re.IGNORECASE)
_ONLY_WHY = re.compile(
    r"^(?:那)?(?:又|都|这|是)?(?:为什么|为啥|为何|怎么回事|什么原因|原因呢|原因是什么|why(?: is that| so| not)?|how come)"
    r"(?:呢|啊|这样)?[?!。]*$"
)


def follows(draft: Draft, previous: Query | None, question: Query) -> Query:
    """The question by itself, or joined to the one before where it only makes sense with it."""
    if previous is None:
        return question
    if _ONLY_WHY.match(draft.text.plain):
        intent = _why(previous)
        changes: dict[str, Any] = {"intent": intent, "language": question.language, "unknown": (), "function": None}
        changes["limit"] = previous.limit if previous.by else None
        return previous.model_copy(update=changes | ({"fields": ("score", "weight", "deviation")} if intent == "explain" else {}))
    named = bool(draft.projects or draft.units or draft.years or draft.out)
    asks = bool(
        draft.said or draft.pick or draft.rules or draft.conditions or draft.functions or draft.summary or draft.grades or draft.topic
    )
    asks = asks or bool({"lost", "why", "high", "low", "count", "full", "sorted"} & draft.flags)
    if named and not asks and _AND.search(draft.text.plain):
        changes = {
            "scope": _replaced(previous.scope, question.scope),
            "unknown": question.unknown,
            "sides": (),
            "ambiguous": question.ambiguous,
        }
        if previous.sides:
            changes["intent"] = "aggregate" if previous.function else "lookup"
        return previous.model_copy(update=changes | {"language": question.language, "certain": question.certain})
    if not named and not question.unknown and asks and (words_asking.PRONOUN.search(draft.text.plain) or _AND.search(draft.text.plain)):
        update: dict[str, Any] = {"scope": question.scope.model_copy(update=_places(previous.scope))}
        if previous.by and question.intent in OF_FIRST_FEW and question.by is None:
            kept = {name: getattr(previous, name) for name in ("by", "order", "limit")}
            update |= kept | {"conditions": question.conditions or previous.conditions}
        if not question.pick and not question.measures and question.intent == "explain":
            update["pick"] = previous.pick
        return question.model_copy(update=update)
    if draft.unknown and not asks and _AND.search(draft.text.plain):
        return previous.model_copy(update={"unknown": question.unknown, "scope": question.scope, "language": question.language})
    return question


def _why(previous: Query) -> str:
    one = previous.pick or previous.scope.forms
    return (
        "explain"
        if one or previous.intent in ("lookup", "rank", "compare", "explain", "check")
        else "summary"
        if previous.intent == "summary"
        else "explain"
    )


def _replaced(before: Scope, now: Scope) -> Scope:
    """What is named anew takes the place of its kind; a new project or unit replaces both."""
    out = _left_out(now if now.out_said else before, now)
    if now.forms or now.units:
        return now.model_copy(update={"years": now.years or before.years, "grades": now.grades or before.grades} | out)
    return before.model_copy(update={"years": now.years or before.years, "said": now.said or before.said} | out)


def _places(scope: Scope) -> dict[str, Any]:
    return {"forms": scope.forms, "units": scope.units, "years": scope.years, "said": scope.said} | _left_out(scope, Scope())


def _left_out(scope: Scope, now: Scope) -> dict[str, Any]:
    """What a scope leaves out, unless just that is asked about now."""
    parts = {name: getattr(scope, name) for name in ("out_forms", "out_units", "out_years", "out_said")}
    asked = {*now.forms, *now.units, *now.years} & {*scope.out_forms, *scope.out_units, *scope.out_years}
    return parts if not asked else dict.fromkeys(parts, ()) | {"out_said": None}
