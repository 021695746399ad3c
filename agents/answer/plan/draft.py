"""What was understood of a question so far: a plan in the making."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agents.answer.names.corpus import Corpus, Span
from agents.answer.plan.text import Text
from agents.answer.plan.values import Said, Value
from agents.answer.query import Condition, Function, Language, Measure, Pick


@dataclass(slots=True)
class Draft:
    """A question at work.

    Attributes:
        projects, units, years: what it names, in order; projects one span per mention, ambiguous ones with all they may mean.
        out: projects, units and years that it leaves out.
        rows: names of indicators it may mean, one span per mention.
        said: measures of forms it names; `fields` those of indicators.
        flags: how it asks, see schema of names in plan_signals.
        guessed: those of the conditions whose measure nothing but their unit tells.
        cause: what it says that something was caused by, in its own words; part of the topic.
        unknown: what it names or asks for that is nowhere.
    """

    text: Text
    corpus: Corpus
    projects: list[Span] = field(default_factory=list)
    units: list[Span] = field(default_factory=list)
    years: list[Span] = field(default_factory=list)
    out: list[Span] = field(default_factory=list)
    rows: list[Span] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    fields: list[Said] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    guessed: list[Condition] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    together: bool = False
    grades: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    functions: list[Function] = field(default_factory=list)
    group: str | None = None
    limit: int | None = None
    nth: int | None = None
    rising: bool | None = None
    pick: Pick | None = None
    topic: str | None = None
    cause: str | None = None
    summary: str | None = None
    unknown: list[str] = field(default_factory=list)
    certain: bool = True
    language: Language = "zh"

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures in order, each once."""
        return tuple(dict.fromkeys(one.measure for one in self.said if one.measure))

    def scope_forms(self) -> list[str] | None:
        """The forms that names settle so far; None where none does."""
        units = {unit for span in self.units for unit in span.names}
        years = {span.year for span in self.years if span.year}
        if not (self.projects or units or years):
            return None
        within = set(self.corpus.within(units, years))
        forms = [form for span in self.projects for form in span.forms]
        return [form for form in dict.fromkeys(forms) if form in within] or forms if self.projects else sorted(within)


def language_of(text: Text) -> Language:
    """English where Latin words outweigh Chinese characters, names in either language aside."""
    rest = text.rest
    latin = len(re.findall(r"[a-z]+(?:'[a-z]+)?", rest))
    han = len(re.findall(r"[\u4e00-\u9fff]", rest))
    return "en" if latin >= 2 and 2 * latin >= han else "zh"
