"""The planner without a model: a question in Chinese or English as a typed query, by rules over its words and the names of forms.

What is asked for is read in a fixed order: orders inside the question are dropped, whole names taken out, then the words that say how
something is asked; what is left is looked up as partial names, and what is left then is the topic. Nothing is guessed: names that are
nowhere, and things that forms do not hold, go to `unknown`, and the answer says so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

from agents.answer.names.corpus import Corpus, Span
from agents.answer.plan import because as plan_because
from agents.answer.plan import derived as plan_derived
from agents.answer.plan import excluded as plan_excluded
from agents.answer.plan import kind as plan_kind
from agents.answer.plan import link as plan_link
from agents.answer.plan import names as plan_names
from agents.answer.plan import pick as plan_pick
from agents.answer.plan import scope as plan_scope
from agents.answer.plan import signals as plan_signals
from agents.answer.plan import unread as plan_unread
from agents.answer.plan.draft import Draft, language_of
from agents.answer.plan.follow import follows
from agents.answer.plan.text import Text
from agents.answer.query import Cause, Condition, Intent, Query, Scope
from agents.answer.words.kin import MEASURED
from schema.thesaurus import mentions

_PLURAL_GROUP = re.compile(r"哪(?:一)?(?:个|家)(?:单位|部门|区县?|局)|哪(?:一)?年|which (?:unit|department|district|year)")
_REACHED = re.compile(r"\breach|达到|不低于|以上|at least")
_OF_INDICATORS = re.compile(r"指标(?:里|中|上|是)?(?:因|被|丢|扣|失|没)|这(?:一)?(?:项|条)|indicators? (?:lost|that)")
_NOTHING = {"zh": "问题所指的项目、单位或指标", "en": "the project, unit or measure that is meant"}
_WORDS = re.compile(r"[\w]")


def plan(question: str, corpus: Corpus, previous: Query | None = None) -> Query:
    """A question as a query; never raises, whatever the text.

    Args:
        question: as typed; beyond 600 characters it is cut, and the query is not `certain`.
        corpus: the names of the stored forms.
        previous: the query before, for questions that go on from it.
    """
    draft = _read(question, corpus)
    query = follows(draft, previous, plan_unread.told(draft, _made(draft, question)))
    if not query.unknown and _asks_nothing(query, draft):
        query = query.model_copy(update={"unknown": (_NOTHING[query.language],)})
    return query


def _read(question: str, corpus: Corpus) -> Draft:
    draft = Draft(Text(question, corpus.named_in), corpus)
    spans = [span for span in corpus.find(draft.text.plain) if draft.text.is_free(span.start, span.end)]
    spans = plan_excluded.read_excluded(draft, spans)
    for span in spans:
        draft.text.take(span.start, span.end)
    draft.text.drop_orders((span.start, span.end) for span in spans)
    draft.language = language_of(draft.text)
    _sort(draft, spans)
    plan_derived.read_texts(draft)
    plan_names.read_quoted(draft)
    plan_because.read_cause(draft)
    plan_signals.read_signals(draft)
    topical = plan_kind.is_topical(draft)
    draft.pick = plan_pick.make_pick(draft) if topical or plan_pick.names_level(draft) else None
    summary = plan_kind.is_summary(draft) and not {"set", "count"} & draft.flags
    plan_signals.take_words(draft)
    if draft.unknown and not draft.projects and not draft.units and not spans:
        return draft
    known = len(draft.rows)
    plan_names.read_names(draft, topical=topical, summary=summary)
    plan_scope.bind(draft)
    draft.pick = (draft.pick if len(draft.rows) == known else None) or plan_pick.make_pick(draft)
    if draft.pick:
        # 合格率低于90%: the value speaks of the indicator that only now is known.
        spoken = {c: c.model_copy(update={"measure": None, "field": "actual"}) for c in draft.guessed if c.measure}
        draft.conditions = [spoken.get(c, c) for c in draft.conditions]
        if "full" in draft.flags:
            draft.conditions = [plan_pick.full_of_rows(c) for c in draft.conditions]
    draft.topic = " ".join(filter(None, (plan_names.read_topic(draft), draft.cause))) or None
    of_rows = (
        topical and "set" in draft.flags and ("rows" in draft.flags or MEASURED.search(draft.text.plain)) and "lost" not in draft.flags
    )
    if (of_rows or draft.summary == "完成情况") and draft.topic and not (draft.rows or draft.pick or draft.rules):
        _topic_as_rows(draft)
    return draft


def _asks_nothing(query: Query, draft: Draft) -> bool:
    """Whether neither a form nor anything of one is named: a greeting, a sum, an order that was dropped."""
    scope = query.scope
    named = scope.forms or scope.units or scope.years or scope.grades or query.measures or query.pick or query.conditions or query.sides
    topic = query.topic and any(draft.corpus.named_in(word) or mentions(word) for word in query.topic.split())
    return query.intent == "lookup" and not named and not topic


def _sort(draft: Draft, spans: list[Span]) -> None:
    for found in spans:
        span = replace(found, said=draft.text.shown[found.start : found.end])
        match span.kind:
            case "project":
                draft.projects.append(span)
            case "unit" | "place":
                draft.units.append(span)
            case "year":
                draft.years.append(span)
            case "indicator":
                draft.rows.append(span)
            case "unknown":
                draft.unknown.append(f"{span.year}年度" if span.year else f"“{span.said}”")


def _topic_as_rows(draft: Draft) -> None:
    """哪些项目把…列为指标: the topic is the name of indicators, where there are such."""
    found = plan_pick.narrowed(plan_link.rows_of_topic(draft))
    if found:
        draft.rows, draft.topic = [*draft.rows, *found], None
        words = tuple(dict.fromkeys(name for span in found for name in (span.names if len(span.names) <= 3 else (span.said,))))
        pick = plan_pick.make_pick(draft)
        draft.pick = pick.model_copy(update={"words": (words,)}) if pick and len(found) > 1 else pick


def _made(draft: Draft, question: str) -> Query:
    shared, sides = plan_scope.sides_of(draft)
    if plan_kind.names_reasons(draft):
        draft.summary = "扣分原因"
    intent = plan_kind.intent_of(draft, len(sides))
    if intent == "cause" and draft.rows and not _OF_INDICATORS.search(draft.text.plain):
        # What points were lost for may be said in the words of an indicator's name.
        draft.topic = " ".join(filter(None, (*(span.said for span in draft.rows), draft.topic)))
        draft.rows, draft.pick = [], None
    if intent != "compare":
        shared, sides = plan_scope.scope_of(draft), ()
    shared = plan_excluded.without(draft, shared)
    told = _told_in_texts(draft, intent, shared)
    if told:
        intent = "lookup"
    if intent in ("list", "count") and (lost := plan_kind.lost_condition(draft)):
        draft.conditions.append(lost)
    measures, checked = plan_kind.measures_of(draft, intent), intent in ("finding", "count")
    ambiguous = any(len(side.forms) > 1 for side in sides) if sides else plan_scope.is_ambiguous(draft)
    also = plan_pick.also(draft) if intent in ("list", "count") else ()
    fields: dict[str, Any] = {
        "intent": intent, "also": also, "scope": shared, "sides": sides, "measures": measures, "pick": draft.pick,
        "fields": plan_kind.fields_of(draft, intent), "rules": tuple(draft.rules) if checked else (),
        "together": draft.together and checked, "function": _function(draft, intent), "unit": plan_kind.unit_of(draft),
        "language": draft.language, "unknown": tuple(dict.fromkeys(draft.unknown)), "ambiguous": ambiguous,
        "sections": plan_kind.sections_of(draft, intent),
    }  # fmt: skip
    if told:
        fields |= {"function": None, "topic": draft.topic}
    return Query(**_words_of(draft, intent) | fields | _order_of(draft, intent) | {"certain": _is_certain(draft, intent, question)})


def _told_in_texts(draft: Draft, intent: str, scope: Scope) -> bool:
    """完成情况里说完成了多少个工单: a figure of one form that only its running texts can tell."""
    if intent not in ("lookup", "aggregate") or not draft.topic or draft.pick or draft.conditions or len(scope.forms) != 1:
        return False
    return bool(draft.measures) and set(draft.measures) <= {"actual_result", "expected_goal"}


def _words_of(draft: Draft, intent: str) -> dict[str, Any]:
    """Topic, causes, conditions and claim."""
    topic = draft.topic if intent in plan_kind.FREE or not (draft.said or draft.pick or intent == "explain") else None
    if draft.rules or (intent in ("list", "count") and (draft.conditions or draft.grades or draft.pick)):
        topic = None
    if intent == "count" and topic and not ({"lost", "because"} & draft.flags or draft.corpus.named_in(topic) or mentions(topic)):
        topic = None
    if intent == "cause" and topic is None:
        topic = plan_kind.cause_said(draft)
    causes = _causes(topic) if topic and intent in ("cause", "count") else ()
    if intent == "summary":
        # Words beside the subject count where forms know them.
        beside = [word for word in (topic or "").split() if draft.corpus.named_in(word) or mentions(word) or not draft.summary]
        topic = " ".join(filter(None, (draft.summary, *beside))) or None
    claim = None
    if intent == "check":
        claim = _claim(draft)
        return {"topic": None, "causes": (), "conditions": (), "claim": claim}
    return {"topic": topic, "causes": causes, "conditions": tuple(dict.fromkeys(draft.conditions)), "claim": None}


def _claim(draft: Draft) -> Condition | None:
    for said in draft.conditions:
        reached = said.op == "=" and _REACHED.search(draft.text.plain)
        condition = said.model_copy(update={"op": ">="}) if reached else said
        if draft.rows and condition.field is None and condition.measure in ("total_score", "execution_rate", None):
            return condition.model_copy(update={"field": "actual", "measure": None})
        return condition
    if draft.grades:
        return Condition(measure="grade", op="=", text=draft.grades[0])
    for value in draft.values:
        measure = draft.measures[0] if draft.measures and not draft.rows else None
        return Condition(measure=measure, field=None if measure else "actual", op=value.sign or "=", value=value.value, unit=value.unit)
    return None


def _order_of(draft: Draft, intent: Intent) -> dict[str, Any]:
    group = draft.group if intent in ("aggregate", "rank", "count") else None
    if group is None and intent == "rank" and plan_kind.ranks_projects(draft):
        group = "project"
    if intent == "aggregate" and draft.units and group == "unit" and len(draft.units) == 1:
        group = None
    limit = draft.limit
    if limit is None and intent == "rank" and "one" in draft.flags and not ({"sorted", "rising", "falling", "set"} & draft.flags - {"set"}):
        limit = None if "set" in draft.flags and "哪些" in draft.text.plain else 1
    if draft.nth and intent == "rank":
        return {"group": group, "order": "asc" if draft.rising else "desc", "limit": 1, "by": None, "nth": draft.nth}
    by = plan_kind.first_by(draft, intent)
    kept = limit if intent == "rank" or by is not None else None
    return {"group": group, "order": "asc" if draft.rising else "desc", "limit": kept, "by": by}


def _function(draft: Draft, intent: Intent) -> str | None:
    if intent not in ("aggregate", "rank", "compare", "lookup"):
        return None
    if intent == "rank" and not draft.group:
        return "sum" if plan_kind.ranks_projects(draft) else None
    function = draft.functions[0] if draft.functions else None
    if "apart" in draft.flags and intent in ("lookup", "aggregate") and function in (None, "sum"):
        two = len(plan_kind.measures_of(draft, intent)) > 1 or len(plan_kind.fields_of(draft, intent)) > 1
        return "gap" if two else function
    if function is None and intent == "rank" and draft.group:
        amounts = plan_kind.is_money(plan_kind.measures_of(draft, "rank"))
        return "sum" if amounts or "lost" in draft.flags else "mean"
    return function


def _causes(topic: str) -> tuple[Cause, ...]:
    """The classes that the words of a topic name outright; else those that they hint at."""
    found = [mention for mention in mentions(topic) if mention.concept.cause]
    told = [mention for mention in found if not mention.hint] or found
    named = {mention.concept.name for mention in told}
    return tuple(cause for cause in get_args(Cause) if cause in named)


def _is_certain(draft: Draft, intent: Intent, question: str) -> bool:
    left = draft.topic is not None and (intent not in plan_kind.FREE or bool(draft.conditions or draft.grades))
    if plan_kind.is_of_unread_order(draft, intent):
        return False
    return draft.certain and not left and len(question) <= 600 and bool(_WORDS.search(draft.text.plain)) and not draft.text.excluded
