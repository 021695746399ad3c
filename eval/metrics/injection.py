"""Figures of fault injection: what becomes of a model's faults, by class, where a model is played by the gold forms (eval.simulate).

What is played is not how often a model is wrong, but what is believed of it when it is. Every class has its row, those that were never told
as well: a class without a row would look like a class without a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from eval.metrics.bootstrap import unseen
from eval.metrics.compare import GROUPS
from eval.metrics.extraction import share
from eval.simulate.faults import CUT, ENDED, FAULTS
from schema.record import Record

if TYPE_CHECKING:
    # Playing a model takes LangChain, which takes two seconds to load; reading what a run has kept must not wait for it.
    from eval.simulate.measure import Measured
    from eval.simulate.run import Setting

CLASSES = (*(fault.name for fault in FAULTS), CUT, ENDED)
"""Every class of fault."""
MOST_EXAMPLES = 40
_HARMLESS = frozenset(fault.name for fault in FAULTS if fault.harmless)
_WORST = ("number", "label", "deviation", "text")
"""What is worst where it passes, first."""


class FaultCounts(Record):
    """Faults told, and what became of them: each is repaired (right, unmarked), marked for review, or silent (wrong, unmarked)."""

    planted: int
    repaired: int
    marked: int
    silent: int


class FaultRow(Record):
    """One class of faults.

    Attributes:
        harmless: it is spelled otherwise and still says what is printed, so that believing it is no error.
        groups: by what the faults were of: number, label, text, deviation (cells of these groups), row, head.
    """

    fault: str
    harmless: bool
    all: FaultCounts
    groups: dict[str, FaultCounts]


class InjectionSetting(Record):
    """How a model was played in one run.

    Attributes:
        name: what was read: digital, dump.
        share: share of printed cells told wrongly; `relapse` how probably a fault is told again; `cuts` share of answers broken off.
        alone: whether what layout read was left out.
        silent: wrong cells that are not marked, by group.
        agrees: whether the ledger holds the tokens that were counted.
    """

    name: str
    share: float
    relapse: float
    cuts: float
    seed: int
    alone: bool
    forms: int
    planted: int
    silent: dict[str, int]
    requests: int
    agrees: bool


class PassedCell(Record):
    """A cell that came out wrong and unmarked.

    Attributes:
        name, share, relapse, seed: of the run (InjectionSetting).
        fault: what was told of it; empty where nothing wrong was.
        want, got: what is printed, and what came out.
    """

    name: str
    share: float
    relapse: float
    seed: int
    group: str
    form: str
    cell: str
    fault: str
    want: str
    got: str


class Tally(Record):
    """What one run came to, in a shape that can be kept.

    Attributes:
        cells, silent, apart, marked, right_said, accepted: as of eval.simulate.measure.Measured.
        outcomes: class of fault, what it was of, what became of it, how often.
        passed: of the silent cells the worst.
    """

    setting: InjectionSetting
    cells: dict[str, int]
    silent: dict[str, int]
    apart: dict[str, int]
    marked: int
    right_said: int
    accepted: int
    outcomes: tuple[tuple[str, str, str, int], ...]
    passed: tuple[PassedCell, ...]


class Injection(Record):
    """The figures of any number of runs together.

    Attributes:
        cells, silent: cells compared, and wrong ones that are not marked, by group.
        silent_apart: the same where a row whose name came out wrong and marked counts as a row too many and one that is missing, as in
            eval.metrics.compare; in `silent` such a row is compared with the one printed in its place.
        marked: share of the cells that are marked.
        accepted: share of the cells told rightly that came out right and unmarked.
        silent_below: where no fault was silent, the largest share of forms in which one may yet be (at 95 %); None where some was. It goes
            by forms: thousands of faults in the same few forms are no thousands of observations.
        examples: what passed silently, the worst of it first: numbers before labels before texts.
    """

    runs: tuple[InjectionSetting, ...]
    planted: int
    repaired: int
    faults_marked: int
    faults_silent: int
    cells: dict[str, int]
    silent: dict[str, int]
    silent_apart: dict[str, int]
    marked: float | None
    accepted: float | None
    silent_below: float | None
    faults: tuple[FaultRow, ...]
    examples: tuple[PassedCell, ...]

    @property
    def silent_numbers(self) -> int:
        """Numbers that are wrong and not marked: none may be."""
        return self.silent["number"]


def tally(name: str, setting: Setting, measured: Measured, requests: int = 0, agrees: bool = True) -> Tally:
    """What a run that was carried out (eval.simulate.run.run) came to; `name` says what was read."""
    told = {"name": name, "share": setting.share, "relapse": setting.relapse, "seed": setting.seed}
    return Tally(
        setting=InjectionSetting(
            **told,
            cuts=setting.cuts,
            alone=setting.alone,
            forms=measured.forms,
            planted=measured.planted,
            silent=_grouped(measured.silent),
            requests=requests,
            agrees=agrees,
        ),
        **{of: _grouped(getattr(measured, of)) for of in ("cells", "silent", "apart")},
        marked=measured.marked,
        right_said=measured.right_said,
        accepted=measured.accepted,
        outcomes=tuple(sorted((*key, count) for key, count in measured.outcomes.items())),
        passed=_worst(PassedCell(**told, **one._asdict()) for one in measured.passed),
    )


def injection_figures(runs: Sequence[Tally]) -> Injection:
    """The figures of runs together."""
    cells, silent, apart = (
        {group: sum(getattr(one, name)[group] for one in runs) for group in GROUPS} for name in ("cells", "silent", "apart")
    )
    rows = tuple(_row(name, runs) for name in CLASSES)
    counted = _added(row.all for row in rows)
    return Injection(
        runs=tuple(one.setting for one in runs),
        planted=counted.planted,
        repaired=counted.repaired,
        faults_marked=counted.marked,
        faults_silent=counted.silent,
        cells=cells,
        silent=silent,
        silent_apart=apart,
        marked=share(sum(one.marked for one in runs), sum(cells.values())),
        accepted=share(sum(one.accepted for one in runs), sum(one.right_said for one in runs)),
        silent_below=unseen(max(one.setting.forms for one in runs)) if counted.planted and not counted.silent else None,
        faults=rows,
        examples=_worst(cell for one in runs for cell in one.passed),
    )


def _worst(passed: Iterable[PassedCell]) -> tuple[PassedCell, ...]:
    return tuple(sorted(passed, key=lambda one: (_WORST.index(one.group), not one.fault))[:MOST_EXAMPLES])


def _grouped(counts: Mapping[str, int]) -> dict[str, int]:
    return {group: counts.get(group, 0) for group in GROUPS}


def _row(fault: str, every: Sequence[Tally]) -> FaultRow:
    groups = sorted({group for one in every for name, group, *_ in one.outcomes if name == fault})
    counted: dict[str, FaultCounts] = {group: _added(_counts(one, fault, group) for one in every) for group in groups}
    return FaultRow(fault=fault, harmless=fault in _HARMLESS, all=_added(counted.values()), groups=counted)


def _counts(told: Tally, fault: str, group: str) -> FaultCounts:
    found = {outcome: count for name, of, outcome, count in told.outcomes if (name, of) == (fault, group)}
    return FaultCounts(
        planted=sum(found.values()), repaired=found.get("repaired", 0), marked=found.get("marked", 0), silent=found.get("silent", 0)
    )


def _added(counts: Iterable[FaultCounts]) -> FaultCounts:
    held = list(counts)
    return FaultCounts(**{name: sum(getattr(one, name) for one in held) for name in FaultCounts.model_fields})
