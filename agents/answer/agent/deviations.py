"""Every explanation of lost points in scope judged for a topic: by a model where one is at hand, by rules where none is, or in its place.

A model decides for each explanation and has to give the words that decided. Code looks them up: words that the explanation does not hold
cost the decision, and the rules decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal, cast

from agents.answer.execute.causes import Judgement, Topic
from agents.desk_records import MOST, Explained, FormFilter, FormText
from agents.desk_tables import LONGEST, cut
from agents.models.question import Outcome, Question
from schema.record import Record, plain
from schema.text import fold
from schema.transcript import Transcript

BATCH = 20
"""Explanations of one question to a model."""
MOST_ASKED = 400
"""Different explanations that a model is asked about at the most; the rules decide on the others."""
PURPOSE = "judge"
_SHORTEST_SPAN = 2
_LEVELS = ("explicit", "related")
Ask = Callable[[Question[Any]], Outcome[Any]]


class Decision(Transcript):
    """What a model decides on one explanation: its number, the level, and the words of the explanation that decided."""

    n: int
    decision: Literal["explicit", "related", "no"]
    span: str


class Decisions(Transcript):
    """The decisions on a batch."""

    decisions: list[Decision]


class JudgedText(Record):
    """An explanation that speaks of the topic.

    Attributes:
        id: of its cell.
        lost: points lost.
        span: the words of the explanation that decided, as they stand there.
        text: the explanation, cut where it is long.
    """

    id: str
    form: FormText
    indicator: str
    lost: str
    span: str
    text: str
    by: Literal["model", "rules"]


class JudgedTexts(Record):
    """The explanations of a topic.

    Attributes:
        total: explanations judged; projects: forms with an explicit one.
        explicit_total, related_total: how many there are; `explicit` and `related` are the first of them.
        by_model: decided by a model; the others by rules.
        notice: what went wrong with the model; None when nothing did, or none was asked.
    """

    topic: str
    total: int
    projects: int
    explicit_total: int
    related_total: int
    by_model: int
    explicit: tuple[JudgedText, ...] = ()
    related: tuple[JudgedText, ...] = ()
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided on an explanation, and by whom."""

    level: str
    span: str
    by: Literal["model", "rules"]


class DeviationJudge:
    """Judges explanations.

    Args:
        rows: gives every explanation of lost points in a scope.
        ask: one question to a model (agents.models.caller.Caller.ask); None for the rules alone.
    """

    def __init__(self, rows: Callable[[FormFilter], Sequence[Explained]], ask: Ask | None = None) -> None:
        self._rows = rows
        self._ask = ask

    def judge(self, topic: str, filters: FormFilter | None = None) -> JudgedTexts:
        """Every explanation in scope judged.

        Raises:
            UsageError: a form or unit is meant that is not stored.
            StoreError: the store, or the ledger of the model, cannot be used.
        """
        rows = self._rows(filters or FormFilter())
        verdicts, notice = self.verdicts(topic, list(dict.fromkeys(row.text for row in rows)))
        explicit, related = ([_told(row, verdicts[row.text]) for row in rows if verdicts[row.text].level == level] for level in _LEVELS)
        return JudgedTexts(
            topic=topic,
            total=len(rows),
            projects=len({one.form.id for one in explicit}),
            explicit_total=len(explicit),
            related_total=len(related),
            by_model=sum(verdicts[row.text].by == "model" for row in rows),
            explicit=tuple(explicit[:MOST]),
            related=tuple(related[:MOST]),
            notice=notice,
        )

    def verdicts(self, topic: str, texts: Sequence[str]) -> tuple[dict[str, Verdict], str | None]:
        """A verdict for every text, and what went wrong with the model, if anything did."""
        rules = Topic(topic, (), texts)
        found, notice = dict[str, Verdict](), None
        for start in range(0, min(len(texts), MOST_ASKED) if self._ask else 0, BATCH):
            batch = texts[start : start + BATCH]
            outcome = cast(Ask, self._ask)(question_of(topic, batch))
            if outcome.value is None:
                notice = f"模型没有判断完，其余按规则判断：{outcome.told}"
                if not outcome.again or outcome.status == "unasked":
                    break
                continue
            found |= _believed(outcome.value, batch)
        for text in texts:
            if text not in found:
                ruled: Judgement = rules.judge(text)
                found[text] = Verdict(ruled.level, ruled.span, "rules")
        return found, notice


def question_of(topic: str, texts: Sequence[str]) -> Question[Decisions]:
    """The question about a batch of explanations, which stand between marks, one per line."""
    lines = "\n".join(f"{n}|{_harmless(text)}" for n, text in enumerate(texts, 1))
    return Question(
        purpose=PURPOSE,
        form="",
        system=files("agents.prompts").joinpath("agent-judge.md").read_text(encoding="utf-8"),
        user=f"主题：{_harmless(topic)}\n<文档>\n{lines}\n</文档>",
        schema=Decisions,
    )


def _harmless(text: str) -> str:
    """One line that cannot write the marks."""
    return " ".join(text.split()).replace("<", "＜").replace(">", "＞")


def _believed(said: Decisions, batch: Sequence[str]) -> dict[str, Verdict]:
    """Decisions whose words stand in their explanation; of two on one explanation the first."""
    found: dict[str, Verdict] = {}
    for one in said.decisions:
        if not 1 <= one.n <= len(batch) or batch[one.n - 1] in found:
            continue
        text = batch[one.n - 1]
        if one.decision == "no":
            found[text] = Verdict("no", "", "model")
        elif span := _stretch(one.span, text):
            found[text] = Verdict(one.decision, span, "model")
    return found


def _stretch(said: str, text: str) -> str:
    """Where a text holds what is said, as it stands there; models change widths, spaces and quotation marks. Empty where it does not."""
    wanted = fold(said)
    folded = [(at, c) for at, printed in enumerate(text) for c in fold(printed)]
    begin = "".join(c for _, c in folded).find(wanted) if len(wanted) >= _SHORTEST_SPAN else -1
    return text[folded[begin][0] : folded[begin + len(wanted) - 1][0] + 1] if begin >= 0 else ""


def _told(row: Explained, verdict: Verdict) -> JudgedText:
    return JudgedText(
        id=row.id,
        form=row.form,
        indicator=row.indicator,
        lost=format(plain(row.lost), "f"),
        span=verdict.span,
        text=cut(row.text, LONGEST),
        by=verdict.by,
    )
