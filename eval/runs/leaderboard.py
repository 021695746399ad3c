"""All finished runs of a dataset in a table, best first. Only runs over the same documents stand in one table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from eval.runs.gate import FALLING, figures_of
from eval.runs.record import RunRecord, SetRun
from schema.errors import UsageError
from schema.record import Record

BY = "number.f1"
COSTS = ("seconds_per_page", "cost", "tokens")
"""Figures beside those of the gate; less is better."""
_SUMS = frozenset({"forms_found", "forms_exact", "forms_extra", "silent", "silent_numbers", "silent_texts", "cost", "tokens"})
"""Figures that add up over sets; the others are averaged, each set counting as much as it has pages or forms."""


class SetLine(Record):
    """The figures of one set of a run, by name: those of the gate, seconds_per_page, cost, tokens.

    None where there are none: cost and tokens where answers came from the cache, cost where the endpoint has no price.
    """

    set: str
    condition: str
    forms: int
    pages: int
    figures: dict[str, float | None]


class RunLine(Record):
    """One run.

    Attributes:
        overall: its figures over all sets.
        currency: of the cost; empty where nothing was paid.
    """

    id: str
    extractor: str
    model: str | None
    started_at: datetime
    version: str
    commit: str | None
    sets: tuple[SetLine, ...]
    overall: dict[str, float | None]
    currency: str = ""


class Board(Record):
    """Runs over the same documents.

    Attributes:
        by: the figure that orders them; `dataset_sha256`, `sets`, `quick`, `limit` say what they read.
        forms: how many gold forms.
    """

    dataset: str
    dataset_sha256: str
    sets: tuple[str, ...]
    quick: bool
    limit: int | None
    forms: int
    by: str
    runs: tuple[RunLine, ...]


def leaderboard(runs: Iterable[RunRecord], dataset: str | None = None, by: str = BY, only: str | None = None) -> tuple[Board, ...]:
    """The finished runs of a dataset, a table for each choice of documents, the one with the latest run first.

    Args:
        dataset: its name; None for all datasets.
        by: the figure by which a table is ordered.
        only: the set to look at; runs that read others besides are then comparable.

    Raises:
        UsageError: there is no such figure.
    """
    tables: dict[tuple[object, ...], list[RunRecord]] = defaultdict(list)
    for run in sorted(runs, key=lambda run: run.started_at, reverse=True):
        wanted = run.finished_at is not None and dataset in (None, run.settings.dataset)
        if wanted and (only is None or only in {one.name for one in run.sets}):
            asked = run.settings
            # The digest of one set alone is not known; one dataset's is the next best thing.
            tables[(asked.dataset, asked.dataset_sha256, only or asked.sets, asked.quick, asked.limit)].append(run)
    return tuple(_board(held, by, only) for held in tables.values())


def run_line(run: RunRecord, only: str | None = None) -> RunLine:
    """A run as a line: its figures by set and over all of them."""
    sets = [one for one in run.sets if only in (None, one.name)]
    lines = tuple(
        SetLine(set=one.name, condition=one.condition, forms=one.extraction.forms, pages=one.pages, figures=_figures(one)) for one in sets
    )
    return RunLine(
        id=run.id,
        extractor=run.settings.extractor,
        model=run.settings.model,
        started_at=run.started_at,
        version=run.stamp.version,
        commit=run.stamp.commit,
        sets=lines,
        overall=dict(_overall(lines)),
        currency=next((one.currency for one in sets if one.currency), ""),
    )


def _board(held: Sequence[RunRecord], by: str, only: str | None) -> Board:
    lines = [run_line(run, only) for run in held]
    known = lines[0].overall.keys()
    if by not in known:
        raise UsageError(f"没有 {by} 这个指标，可用的有 {'、'.join(known)}。")
    falling = by in FALLING or by in COSTS

    def place(line: RunLine) -> tuple[bool, float]:
        value = line.overall[by]
        return value is None, (value or 0.0) * (1 if falling else -1)

    asked = held[0].settings
    return Board(
        dataset=asked.dataset,
        dataset_sha256=asked.dataset_sha256,
        sets=(only,) if only is not None else asked.sets,
        quick=asked.quick,
        limit=asked.limit,
        forms=sum(one.forms for one in lines[0].sets),
        by=by,
        runs=tuple(sorted(lines, key=place)),
    )


def _figures(run: SetRun) -> dict[str, float | None]:
    # Answers from the cache were paid for by an earlier run: what reading like that costs cannot be told from this one.
    tokens, cost = (None, None) if run.cached else (float(run.prompt_tokens + run.completion_tokens), run.cost)
    return {**figures_of(run), "seconds_per_page": run.seconds_per_page, "cost": cost, "tokens": tokens}


def _overall(lines: Sequence[SetLine]) -> Iterator[tuple[str, float | None]]:
    names = dict.fromkeys(name for line in lines for name in line.figures)
    for name in names:
        values = [(line, value) for line in lines if (value := line.figures.get(name)) is not None]
        if not values or len(values) < len(lines):
            yield name, None
        elif name in _SUMS:
            yield name, sum(value for _, value in values)
        else:
            yield name, _mean({id(line): line.pages if name == "seconds_per_page" else line.forms for line in lines}, values)


def _mean(weights: Mapping[int, int], values: Sequence[tuple[SetLine, float]]) -> float | None:
    whole = sum(weights[id(line)] for line, _ in values)
    return round(sum(value * weights[id(line)] for line, value in values) / whole, 6) if whole else None
