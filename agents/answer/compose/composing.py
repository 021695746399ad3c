"""A result told: one short paragraph, a table where there is more than one row, every sentence with the cells it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from agents.answer.answer import Answer
from agents.answer.compose.forms import tell_check, tell_count, tell_list, tell_lookup
from agents.answer.compose.overview import tell_overview
from agents.answer.compose.ranks import tell_aggregate, tell_compare, tell_rank
from agents.answer.compose.texts import tell_cause, tell_explanation, tell_findings
from agents.answer.compose.words import FUNCTIONS, label, listed, phrase
from agents.answer.compose.writer import Sentence, Writer, rounded
from agents.answer.execute.figures import count_forms, numbered, printed, scaled
from agents.answer.execute.measures import MONEY
from agents.answer.execute.records import Fact, Figure, Line, Note, Result, doubtful_lines, forms_of, projects
from agents.answer.query import Intent, Query
from schema.record import MAX_DIGITS, MAX_PLACES, plain
from store.facts import Head

_NAMES = 5
_WAN = Decimal("0.0001")


class Draft(NamedTuple):
    """An answer as it was written, with what each of its sentences reckons; `verify` looks at it before it is shown."""

    answer: Answer
    sentences: tuple[Sentence, ...]


def compose(query: Query, result: Result, question: str = "", years: tuple[int, ...] = (), held: int = 0) -> Draft:
    """Tell a result in the language of the question.

    Args:
        years, held: fiscal years and number of all stored forms, for an answer that abstains.
    """
    writer = Writer(result)
    abstained = result.missing is not None
    if abstained:
        _abstain(writer, years, held)
    else:
        _TELL[query.intent](writer)
    for note in result.notes:
        _tell_note(writer, note)
    figure = None if abstained else result.figure
    shown, told = result.offered if abstained else (), projects(result.lines)
    named = frozenset(told)
    answer = Answer(
        question=question,
        answer=writer.text,
        abstained=abstained,
        projects=() if abstained else told,
        related=() if shown else tuple(name for name in projects(result.related) if name not in named),
        value=_number(figure),
        unit=result.unit if figure is not None else None,
        citations=tuple(writer.citations),
        plan=query.model_dump(mode="json", exclude_defaults=True),
        notes=tuple(_note_text(writer, note) for note in result.notes),
    )
    return Draft(answer, tuple(writer.sentences))


def _number(figure: Figure | None) -> Decimal | None:
    """A figure as a number that an answer can carry: at most six places and fifteen digits."""
    if figure is None:
        return None
    value = plain(round(figure.value, MAX_PLACES))
    return value if len(value.as_tuple().digits) <= MAX_DIGITS else None


def _abstain(w: Writer, years: tuple[int, ...], held: int) -> None:
    result, query = w.result, w.result.query
    if result.missing == "empty-store":
        w.say("empty-store")
        return
    names = listed([f"**{name}**" for name in projects(result.lines)[:_NAMES]], w.language)
    scope = count_forms(result.scope)
    if result.missing == "unknown":
        w.say("unknown", what=listed(list(query.unknown), w.language))
    elif result.missing == "no-form":
        w.say("no-form", said=_sought(w))
    elif result.missing == "no-row":
        marks = "".join(w.cite_name(head) for head in result.offered)
        w.say("no-row", said=_sought_row(w), marks=marks)
    elif result.missing == "no-value":
        marks = w.cite_all(Fact(line.form, "project_name", "project_name", line.form.project_name) for line in result.lines[:_NAMES])
        asked = [label(what, w.language) for what in (*query.measures, *query.fields)]
        w.say("no-value", names=names or _sought(w), label=listed(asked, w.language), marks=marks)
    else:
        w.say("no-text", [scope], n=rounded(scope.value), said=f"“{query.topic or ''}”")
    if result.offered:
        w.say("offered", names=listed([_described(w, head) for head in result.offered], w.language))
    elif result.missing in ("unknown", "no-form") and held:
        w.say("holds", [numbered(held)], n=held, years=listed([str(year) for year in years], w.language))


def _sought(w: Writer) -> str:
    query = w.result.query
    words = [side for note in w.result.notes if note.key == "no-side" for side in note.words] or [query.scope.said or ""]
    years = [str(year) for year in query.scope.years]
    said = listed([word for word in (*words, *years) if word], w.language)
    return f"“{said}”" if said else ("符合条件" if w.language == "zh" else "that kind")


def _sought_row(w: Writer) -> str:
    pick = w.result.query.pick
    said = (pick.said or listed([words[0] for words in pick.words], w.language)) if pick else (w.result.query.topic or "")
    return f"“{said}”" if said else ("问题" if w.language == "zh" else "this")


def _described(w: Writer, head: Head) -> str:
    unit = head.implementing_unit or head.department or ""
    return f"{w.name(head)}{unit}{w.cite_name(head)}"


def _tell_note(w: Writer, note: Note) -> None:
    for key, slots, figures in _note_slots(w, note):
        w.say(key, figures, **slots)


def _note_text(w: Writer, note: Note) -> str:
    return " ".join(phrase(key, w.language, **slots).strip() for key, slots, _ in _note_slots(w, note))


def _note_slots(w: Writer, note: Note) -> list[tuple[str, dict[str, Any], list[Figure]]]:
    """What a note says: phrases with their slots and figures."""
    if note.key == "silent" and note.figure is not None:
        marks = w.cite_all(fact for line in note.lines for fact in line.facts)
        return [("unexplained", {"n": rounded(note.figure.value), "marks": marks}, [note.figure])]
    if note.key == "no-side":
        return []
    if note.key in ("places", "without"):
        return [(note.key, {"said": "".join(note.words)}, [])]
    if note.key == "worst" and note.figure is not None:
        return [("worst", {"n": rounded(note.figure.value)}, [note.figure])]
    if note.key == "first" and note.figure is not None:
        return [("first", {"n": rounded(note.figure.value), **_end(w, note)}, [note.figure])]
    if note.key == "beside" and note.figure is not None:
        return [_beside(w, note, note.figure)]
    if note.key == "doubtful-shown":
        told = {head.form_id for head in note.forms}
        shown = (line for line in doubtful_lines(w.result) if line.form.form_id in told and _amount(line) is not None)
        return [_doubt(w, line) for line in _first_of_each(shown)]
    names = listed([f"**{head.name}**{w.cite_name(head)}" for head in note.forms[:_NAMES]], w.language)
    if len(note.forms) > _NAMES:
        names += "等" if w.language == "zh" else " and others"
    return [(note.key, {"names": names}, [])]


def _end(w: Writer, note: Note) -> dict[str, str]:
    """Which end of which order the first few are of."""
    measure, order = note.words
    ends = {"asc": ("低", "lowest"), "desc": ("高", "highest")}
    return {"label": label(measure, w.language), "end": ends[order][w.language == "en"]}


def _beside(w: Writer, note: Note, figure: Figure) -> tuple[str, dict[str, Any], list[Figure]]:
    """What the average is that forms were held against."""
    measure, function, unit = note.words
    counted = count_forms(forms_of(note.lines))
    slots = {
        "n": rounded(counted.value),
        "label": label(measure, w.language),
        "function": FUNCTIONS[function][w.language == "en"],
        "value": w.number(figure, unit or None),
        "marks": w.cite_figure(figure),
    }
    return "beside", slots, [counted, figure]


def _first_of_each(lines: Iterable[Line]) -> list[Line]:
    return list({line.form.form_id: line for line in reversed(list(lines))}.values())[::-1]


def _amount(line: Line) -> Fact | None:
    return next((fact for fact in line.facts if fact.what in MONEY and isinstance(fact.value, Decimal)), None)


def _doubt(w: Writer, line: Line) -> tuple[str, dict[str, Any], list[Figure]]:
    """An amount under a doubtful unit: as printed, and as it probably is."""
    fact = _amount(line)
    if fact is None:
        raise ValueError("a line without an amount")
    own = printed(fact)
    likely = [scaled(own, _WAN)] if own else []
    slots = {
        "name": f"**{line.form.name}**",
        "unit": line.form.unit_of_money,
        "label": label(fact.what, w.language),
        "printed": w.value(Fact(fact.form, fact.cell, fact.what, fact.value)),
        "likely": rounded(likely[0].value) if likely else "—",
    }
    return "doubtful-shown", slots, likely


_TELL: Mapping[Intent, Callable[[Writer], None]] = {
    "lookup": tell_lookup,
    "list": tell_list,
    "count": tell_count,
    "aggregate": tell_aggregate,
    "rank": tell_rank,
    "compare": tell_compare,
    "cause": tell_cause,
    "explain": tell_explanation,
    "finding": tell_findings,
    "summary": tell_overview,
    "check": tell_check,
}
