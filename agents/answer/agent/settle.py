"""The final claims of a model as an answer: those that stand, as the model worded them; the composed answer where too few do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.answer.agent.evidence import Evidence
from agents.answer.agent.final import Claim, FinalAnswer
from agents.answer.agent.marking import Marker, UnknownId, with_marks
from agents.answer.agent.standing import Court, Known, Verdict
from agents.answer.answer import Answer
from agents.answer.execute.records import Figure, Result, projects
from agents.answer.verify.text import MARK, marks

if TYPE_CHECKING:
    from agents.desk import Desk

LEAST_KEPT = 0.5
"""Share of the claims that have to stand; of fewer, the rest is not trusted either."""
_PARAGRAPH = 3


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a final answer.

    Attributes:
        answer: the one to show.
        used: whether it is in the model's words.
        dropped: claims left out, each with why.
    """

    answer: Answer
    used: bool
    dropped: tuple[Verdict, ...] = ()


def settle(final: FinalAnswer, composed: Answer, known: Known, desk: Desk, evidence: Evidence) -> Settled:
    """Judge the claims of a final answer.

    Args:
        composed: the verified answer without a model; it is shown where too little stands.
        evidence: what the tools gave, the first result being the one that `composed` tells (if it tells one).
    """
    if final.missing or not final.claims:
        return Settled(composed, used=False)
    marker = Marker(desk, evidence)
    marked = [_marked(marker, claim) for claim in final.claims]
    verdicts = _judged(marked, marker, known, evidence)
    kept = [one for one in verdicts if not one.fault]
    dropped = tuple(one for one in verdicts if one.fault)
    cited = {n for one in kept for n in marks(one.sentence)}
    if not kept or len(kept) < LEAST_KEPT * len(verdicts) or not cited:
        return Settled(composed, used=False, dropped=dropped)
    text = _joined([one.sentence for one in kept], known.asked.language)
    cites = tuple(cite for cite in marker.citations if cite.n in cited)
    told = {"answer": text, "citations": cites, "mode": "llm", "verified": True}
    answer = composed.model_copy(update=told | _rest(kept, composed, evidence))
    return Settled(_renumbered(answer), used=True, dropped=dropped)


def _marked(marker: Marker, claim: Claim) -> tuple[str, str]:
    """A claim with its marks, and what is wrong with them."""
    try:
        return marker.marked(claim), ""
    except UnknownId as e:
        return claim.sentence, str(e)


def _judged(marked: Sequence[tuple[str, str]], marker: Marker, known: Known, evidence: Evidence) -> list[Verdict]:
    # A count or a mean has hundreds of cells, which no model lists: where it cites none, code does.
    told = [
        (sentence, fault) if fault or MARK.search(sentence) else (_with_figure(sentence, marker, known, evidence), "")
        for sentence, fault in marked
    ]
    court = Court(known, evidence, "\n".join(sentence for sentence, _ in told), marker.citations)
    verdicts: list[Verdict] = []
    for sentence, fault in told:
        before = verdicts[-1].sentence if verdicts and not verdicts[-1].fault else ""
        verdicts.append(Verdict(sentence, fault) if fault else court.judge(sentence, before))
    return verdicts


def _with_figure(sentence: str, marker: Marker, known: Known, evidence: Evidence) -> str:
    """A sentence without marks with those of the figure it tells, if it tells one."""
    verdict = Court(known, evidence, sentence, ()).judge(sentence)
    if verdict.figure is None or verdict.result is None:
        return sentence
    result = evidence.results[verdict.result]
    return with_marks(sentence, marker.of_figure(_standing_on(verdict.figure, result)))


def _standing_on(figure: Figure, result: Result) -> Figure:
    """The figure, or for a count the cells of what was counted."""
    if figure.op != "count":
        return figure
    firsts = [line.facts[0].key if line.facts else (line.form.form_id, "project_name") for line in result.lines]
    cells = [Figure("cell", figure.value, keys=(key,)) for key in firsts]
    return Figure("count", figure.value, tuple(cells), figure.keys)


def _rest(kept: Sequence[Verdict], composed: Answer, evidence: Evidence) -> dict[str, object]:
    """What an answer says beside its words: of the composed one where the claims tell that, else of what they stand on."""
    names = tuple(dict.fromkeys(name for one in kept for name in _named(one, evidence)))
    # Of cells alone nobody can tell that they are all that the planner found.
    whole = any(one.result == 0 and one.sweeps for one in kept) or set(composed.projects) <= set(names)
    if not composed.abstained and whole and all(one.result in (0, None) for one in kept):
        return {}
    own = [one for one in kept if one.result not in (0, None) or (one.result == 0 and composed.abstained)]
    sweeping = next((one for one in reversed(own) if one.sweeps), None)
    if sweeping is not None and sweeping.result is not None:
        result = evidence.results[sweeping.result]
        figure = sweeping.figure
        rest = {"value": round(figure.value, 6) if figure else None, "unit": result.unit if figure else None}
        beside = tuple(name for name in projects(result.related) if name not in projects(result.lines))
        query = result.query.model_dump(mode="json", exclude_defaults=True)
        return {"projects": projects(result.lines), "related": beside, "plan": query, "abstained": False, "notes": (), **rest}
    return {"projects": names, "related": (), "value": None, "unit": None, "abstained": False, "notes": ()}


def _named(verdict: Verdict, evidence: Evidence) -> list[str]:
    """Projects that a sentence names, in their order there."""
    heads = {line.form.name for line in evidence.union.related}
    found = sorted((at, -len(name), name) for name in heads if (at := verdict.sentence.find(name)) >= 0)
    return [name for i, (at, _, name) in enumerate(found) if not any(a <= at < a + len(b) for a, _, b in found[:i])]


def _joined(sentences: Sequence[str], language: str) -> str:
    """A few sentences as a paragraph, more of them as lines of their own."""
    between = "\n\n" if len(sentences) > _PARAGRAPH else " " if language == "en" else ""
    return between.join(sentences)


def _renumbered(answer: Answer) -> Answer:
    """Marks from 1, in the order in which they come up."""
    order = {n: i for i, n in enumerate(dict.fromkeys(marks(answer.answer)), 1)}
    text = MARK.sub(lambda m: "".join(f"[{order[n]}]" for n in marks(m[0])), answer.answer)
    kept = sorted((cite for cite in answer.citations if cite.n in order), key=lambda cite: order[cite.n])
    return answer.model_copy(update={"answer": text, "citations": tuple(cite.model_copy(update={"n": order[cite.n]}) for cite in kept)})
