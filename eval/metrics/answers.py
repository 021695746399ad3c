"""Figures of answers: how many are right, and of sets, numbers, rankings, abstentions and citations how much of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil

from agents.answer.answer import Answer
from eval.metrics.extraction import share
from eval.metrics.judging import Expected, Question, Verdict, compare_sets, judge, resolves, same_number
from eval.metrics.quoted import Forms, Pages, name_of
from schema.record import Record


@dataclass(frozen=True)
class Cited:
    """The citations of an answer.

    Attributes:
        count: how many; `resolve` name project, cell and quotation; `in_cell` of these quote what the cell holds.
        on_page: of the citations of digital documents, `pages`, those whose boxes print what is quoted.
    """

    count: int = 0
    resolve: int = 0
    in_cell: int = 0
    pages: int = 0
    on_page: int = 0


@dataclass(frozen=True)
class AnswerResult:
    """One question with its answer and what is to be said of it.

    Attributes:
        precision, recall: of the projects, where a set is asked for; 1 each where no project is right and none is told.
        tau: Kendall's, of the required projects of a ranking, from -1 to 1; None where there are fewer than two.
    """

    question: Question
    answer: Answer | None
    verdict: Verdict
    cited: Cited
    precision: float | None = None
    recall: float | None = None
    tau: float | None = None


class TypeFigures(Record):
    """Questions of one type: how many, how many of them answered rightly."""

    questions: int
    right: int


class AnswerFigures(Record):
    """The figures of a question set. Shares are from 0 to 1; None where there is nothing to share.

    Attributes:
        right: answers in which nothing is wrong; `faults` of the others by kind (eval.metrics.judging.Fault).
        set_precision, set_recall: means over the questions for sets.
        numbers_exact: of the questions for a number, those with the exact value (as exact as the question
            says), whatever else the answer says.
        rankings_exact: of the questions for a ranking, those in the right order; `kendall_tau` the mean of their taus.
        abstention_precision: of the answers that abstain, those that should; `abstention_recall`: of the questions that no form answers,
            those where the answer says so.
        citations: in all answers; the shares that resolve, quote what the cell holds, and, of `citations_on_pages` with boxes on pages
            that have a text of their own, print what is quoted there.
        verified: of the answers that do not abstain, those that say that every figure was looked up.
        seconds_median, seconds_p95: over all answers.
    """

    questions: int
    right: int
    types: dict[str, TypeFigures]
    faults: dict[str, int]
    set_precision: float | None
    set_recall: float | None
    numbers_exact: float | None
    rankings_exact: float | None
    kendall_tau: float | None
    abstention_precision: float | None
    abstention_recall: float | None
    citations: int
    citations_resolve: float | None
    citations_in_cell: float | None
    citations_on_pages: int
    citations_on_page: float | None
    verified: float | None
    seconds_median: float | None
    seconds_p95: float | None


def judge_all(
    questions: Sequence[Question], answers: Mapping[str, Answer], forms: Forms | None = None, pages: Pages | None = None
) -> list[AnswerResult]:
    """Every question beside its answer.

    Args:
        answers: by the id of the question.
        forms: the forms that were asked about, as stored; without them quotations are not looked up.
        pages: their documents; without them boxes are not looked at.
    """
    return [_result(question, answers.get(question.id), forms, pages) for question in questions]


def answer_figures(results: Sequence[AnswerResult]) -> AnswerFigures:
    """The figures of judged answers."""
    given = [result.answer for result in results if result.answer is not None]
    seconds = sorted(answer.seconds for answer in given)
    cited = [result.cited for result in results]
    count, resolve, pages = (sum(getattr(one, name) for one in cited) for name in ("count", "resolve", "pages"))
    rankings = _of(results, "ranking")
    return AnswerFigures(
        questions=len(results),
        right=sum(result.verdict.right for result in results),
        types=_types(results),
        faults=_counts(result.verdict.fault for result in results if not result.verdict.right),
        set_precision=_mean(result.precision for result in results),
        set_recall=_mean(result.recall for result in results),
        numbers_exact=_mean(float(_same_number(result)) for result in _of(results, "number")),
        rankings_exact=_mean(float(_same_order(result)) for result in rankings),
        kendall_tau=_mean(result.tau for result in rankings),
        abstention_precision=_mean(float(result.question.answer.kind == "abstain") for result in results if _abstains(result)),
        abstention_recall=_mean(float(_abstains(result)) for result in _of(results, "abstain")),
        citations=count,
        citations_resolve=share(resolve, count),
        citations_in_cell=share(sum(one.in_cell for one in cited), count),
        citations_on_pages=pages,
        citations_on_page=share(sum(one.on_page for one in cited), pages),
        verified=_mean(float(answer.verified) for answer in given if not answer.abstained),
        seconds_median=percentile(seconds, 0.5),
        seconds_p95=percentile(seconds, 0.95),
    )


def percentile(values: Iterable[float], level: float) -> float | None:
    """The smallest value that so large a share of the values does not exceed; None of nothing."""
    held = sorted(values)
    return held[max(0, ceil(level * len(held)) - 1)] if held else None


def kendall_tau(required: Sequence[str], told: Sequence[str]) -> float | None:
    """How far an order agrees with the required one: pairs in the same order less pairs in the other, by all pairs.

    A project that is not told stands behind all that are; two that are not told agree neither way. None where there is no pair.
    """
    places = {name: told.index(name) if name in told else len(told) for name in required}
    pairs = list(combinations(required, 2))
    signs = [(places[a] < places[b]) - (places[a] > places[b]) for a, b in pairs]
    return sum(signs) / len(pairs) if pairs else None


def _result(question: Question, answer: Answer | None, forms: Forms | None, pages: Pages | None) -> AnswerResult:
    want = question.answer
    verdict = judge(question, answer, forms)
    if answer is None:
        nothing = 0.0 if want.kind == "set" else None
        tau = 0.0 if want.kind == "ranking" and len(want.projects_required) > 1 else None
        return AnswerResult(question, answer, verdict, Cited(), nothing, nothing, tau)
    precision, recall = _of_set(want, answer) if want.kind == "set" else (None, None)
    told = [name_of(name) for name in answer.projects]
    tau = kendall_tau([name_of(name) for name in want.projects_required], told) if want.kind == "ranking" else None
    return AnswerResult(question, answer, verdict, _cited(answer, forms, pages), precision, recall, tau)


def _of_set(want: Expected, answer: Answer) -> tuple[float, float]:
    """Precision and recall; what is acceptable counts neither way."""
    lacking, beyond = compare_sets(want, answer)
    held = len(want.projects_required) - len(lacking)
    precision = held / (held + len(beyond)) if held + len(beyond) else float(not want.projects_required)
    return precision, held / len(want.projects_required) if want.projects_required else 1.0


def _cited(answer: Answer, forms: Forms | None, pages: Pages | None) -> Cited:
    resolving = [cite for cite in answer.citations if resolves(cite)]
    in_cell = sum(forms.holds(cite) for cite in resolving) if forms is not None else 0
    looked = [forms.on_page(cite, pages) for cite in resolving] if forms is not None and pages is not None else []
    told = [one for one in looked if one is not None]
    return Cited(len(answer.citations), len(resolving), in_cell, len(told), sum(told))


def _same_number(result: AnswerResult) -> bool:
    return result.answer is not None and same_number(result.question.answer, result.answer)


def _same_order(result: AnswerResult) -> bool:
    required = [name_of(name) for name in result.question.answer.projects_required]
    told = [name_of(name) for name in result.answer.projects] if result.answer is not None else []
    return told[: len(required)] == required


def _abstains(result: AnswerResult) -> bool:
    return result.answer is not None and result.answer.abstained


def _of(results: Sequence[AnswerResult], kind: str) -> list[AnswerResult]:
    return [result for result in results if result.question.answer.kind == kind]


def _types(results: Sequence[AnswerResult]) -> dict[str, TypeFigures]:
    types = sorted({result.question.type for result in results})
    each = {name: [result for result in results if result.question.type == name] for name in types}
    return {name: TypeFigures(questions=len(held), right=sum(result.verdict.right for result in held)) for name, held in each.items()}


def _counts(names: Iterable[str]) -> dict[str, int]:
    held = list(names)
    return {name: held.count(name) for name in sorted(set(held))}


def _mean(values: Iterable[float | None]) -> float | None:
    held = [value for value in values if value is not None]
    return share(sum(held), len(held))
