"""A form read by a model: asked, looked up, asked again where something is not found, built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from agents.extract.llm.again import Again, Said, better, doubtful_cells, look_up, lost_rows
from agents.extract.llm.build import Grounded, build
from agents.extract.llm.printed import Printed
from agents.extract.llm.questions import head_question, row_questions
from agents.models.question import Outcome, Question
from schema.evidence import ReviewMark
from schema.form import Form
from schema.transcript import FundingRowsTranscript, FundingTranscript, HeadTranscript

ROUNDS = 2
"""How often at most is asked again about one form."""

Ask = Callable[[Question[Any]], Outcome[Any]]


@dataclass
class Reading:
    """What a model made of a form.

    Attributes:
        form: None where no question about it was answered.
        failed: outcomes of questions that were not answered.
        rounds: how often was asked again.
    """

    form: Form | None
    failed: list[Outcome[Any]] = field(default_factory=list)
    rounds: int = 0


def read_printed(printed: Printed, name: str, ask: Ask, rounds: int = ROUNDS) -> Reading:
    """Read a form. `ask` may be called from several threads at once."""
    questions: list[Question[Any]] = [head_question(printed, name), *row_questions(printed, name)]
    outcomes = ask_all(questions, ask)
    failed = [outcome for outcome in outcomes if outcome.value is None]
    if len(failed) == len(outcomes):
        return Reading(None, failed)
    head, *groups = (outcome.value for outcome in outcomes)
    rows = tuple(row for group in groups if group is not None for row in group.rows)
    said = Said(head if head is not None else blank_head(), rows)
    grounded, asked = _settle(printed, name, said, ask, rounds)
    form = build(grounded)
    marks = [_failure(outcome, number) for number, outcome in enumerate(outcomes) if outcome.value is None]
    return Reading(form.model_copy(update={"review": (*form.review, *marks)}), failed, asked)


def ask_all(questions: Sequence[Question[Any]], ask: Ask) -> list[Outcome[Any]]:
    """Ask several questions at once."""
    if len(questions) == 1:
        return [ask(questions[0])]
    with ThreadPoolExecutor(len(questions)) as pool:
        return list(pool.map(ask, questions))


def _settle(printed: Printed, name: str, said: Said, ask: Ask, rounds: int) -> tuple[Grounded, int]:
    """Ask again until everything is believed, nothing gets better, or it was asked often enough."""
    said, grounded = look_up(printed, said)
    for asked in range(rounds):
        questions: list[Again] = [*doubtful_cells(grounded, name), *lost_rows(grounded, name)]
        if not questions:
            return grounded, asked
        outcomes = ask_all([again.question for again in questions], ask)
        answered = [(again, outcome.value) for again, outcome in zip(questions, outcomes, strict=True) if outcome.value is not None]
        taken = _taken(printed, said, grounded, answered)
        if taken is None:
            return grounded, asked + 1
        said, grounded = taken
    return grounded, rounds


_Answered = Sequence[tuple[Again, Any]]


def _taken(printed: Printed, said: Said, grounded: Grounded, answers: _Answered) -> tuple[Said, Grounded] | None:
    """What is said and found with the answers that make it better: all of them, or one by one; None where none does."""
    best, kept = (said, grounded), list[tuple[Again, Any]]()
    for group in (answers, *([answer] for answer in answers)):
        proposed = look_up(printed, _applied(said, [*kept, *group]))
        if group and better(best[1], proposed[1]):
            best, kept = proposed, [*kept, *group]
            if group is answers:
                break
    return best if kept else None


def _applied(said: Said, answers: _Answered) -> Said:
    """Answers refer to rows by their index: cells come first, then further rows from the bottom up."""
    for again, answer in answers:
        said = again.applied(said, answer)
    return said


def blank_head() -> HeadTranscript:
    """The head that nobody gave."""
    row = dict.fromkeys(FundingTranscript.model_fields)
    funding = dict.fromkeys(FundingRowsTranscript.model_fields, row)
    return HeadTranscript.model_validate(dict.fromkeys(HeadTranscript.model_fields) | {"funding": funding, "extras": []})


def _failure(outcome: Outcome[Any], number: int) -> ReviewMark:
    """What of the form nobody read: the head, or some of its rows."""
    return ReviewMark(cell="indicators" if number else "project_name", reason=f"模型没有给出这一部分：{outcome.told}")
