"""Figures of fault injection: what becomes of a model's faults, by class, where a model is played by the gold forms (eval.simulate).

What is played is not how often a model is wrong, but what is believed of it when it is. Every class has its row, those that were never told
as well: a class without a row would look like a class without a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.metrics.bootstrap import unseen
from eval.metrics.compare import GROUPS
from eval.metrics.extraction import share
from eval.simulate.faults import CUT, ENDED, FAULTS
from eval.simulate.measure import Measured
from eval.simulate.run import Setting
from schema.record import Record

CLASSES = (*(fault.name for fault in FAULTS), CUT, ENDED)
"""Every class of fault."""
_BY_GROUP = ("cells", "silent", "apart")
_MOST_EXAMPLES = 40


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
    silent_numbers: int
    requests: int
    agrees: bool


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
        examples: what passed silently, the first of it.
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
    examples: tuple[str, ...]

    @property
    def silent_numbers(self) -> int:
        """Numbers that are wrong and not marked: none may be."""
        return self.silent["number"]


@dataclass(frozen=True)
class Played:
    """One run: what was read, how the model was played, what was counted."""

    name: str
    setting: Setting
    measured: Measured
    requests: int = 0
    agrees: bool = True


def injection_figures(runs: Sequence[Played]) -> Injection:
    """The figures of runs that were carried out (eval.simulate.run.run)."""
    every = [run.measured for run in runs]
    cells, silent, apart = ({group: sum(getattr(one, name)[group] for one in every) for group in GROUPS} for name in _BY_GROUP)
    rows = tuple(_row(name, every) for name in CLASSES)
    counted = _added(row.all for row in rows)
    return Injection(
        runs=tuple(_setting(run) for run in runs),
        planted=counted.planted,
        repaired=counted.repaired,
        faults_marked=counted.marked,
        faults_silent=counted.silent,
        cells=cells,
        silent=silent,
        silent_apart=apart,
        marked=share(sum(one.marked for one in every), sum(cells.values())),
        accepted=share(sum(one.accepted for one in every), sum(one.right_said for one in every)),
        silent_below=unseen(max(one.forms for one in every)) if counted.planted and not counted.silent else None,
        faults=rows,
        examples=tuple(f"{run.name} {run.setting.share:g} {run.setting.seed}: {text}" for run in runs for text in run.measured.examples)[
            :_MOST_EXAMPLES
        ],
    )


def _row(fault: str, every: Sequence[Measured]) -> FaultRow:
    groups = sorted({group for one in every for name, group, _ in one.outcomes if name == fault})
    counted: dict[str, FaultCounts] = {group: _added(_counts(one, fault, group) for one in every) for group in groups}
    return FaultRow(fault=fault, harmless=fault in _HARMLESS, all=_added(counted.values()), groups=counted)


_HARMLESS = frozenset(fault.name for fault in FAULTS if fault.harmless)


def _counts(measured: Measured, fault: str, group: str) -> FaultCounts:
    found = {outcome: count for (name, of, outcome), count in measured.outcomes.items() if (name, of) == (fault, group)}
    return FaultCounts(
        planted=sum(found.values()), repaired=found.get("repaired", 0), marked=found.get("marked", 0), silent=found.get("silent", 0)
    )


def _added(counts: Iterable[FaultCounts]) -> FaultCounts:
    held = list(counts)
    return FaultCounts(**{name: sum(getattr(one, name) for one in held) for name in FaultCounts.model_fields})


def _setting(run: Played) -> InjectionSetting:
    return InjectionSetting(
        name=run.name,
        share=run.setting.share,
        relapse=run.setting.relapse,
        cuts=run.setting.cuts,
        seed=run.setting.seed,
        alone=run.setting.alone,
        forms=run.measured.forms,
        planted=run.measured.planted,
        silent_numbers=run.measured.silent["number"],
        requests=run.requests,
        agrees=run.agrees,
    )
