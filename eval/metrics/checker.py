"""Figures of the checker: faults of every rule planted in forms, one at a time, and what is raised on forms that are clean.

A planted fault is found where the rule newly speaks on the very cell. What else newly speaks counts as raised beyond, against the rule that
raised it, but for the rules of which the fault itself says that they may follow. What a form had before is no matter of the fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eval.faults import Fault, plant
from eval.metrics.extraction import share
from schema.checks import RULES, Profile, Severity, check_all, check_form
from schema.form import Form
from schema.record import Record

Place = tuple[str, str]
"""A rule and the cell on which it speaks."""
_MOST_EXAMPLES = 20


@dataclass(frozen=True)
class PlantedFault:
    """One fault and what the checker made of it.

    Attributes:
        seed: with which it was planted.
        found: whether its rule newly speaks on its cell.
        beyond: what newly speaks besides and does not follow from it.
        occupied: the form had this very finding before, so that nothing can be told from it.
    """

    form: str
    rule: str
    cell: str
    seed: int
    found: bool
    beyond: tuple[Place, ...] = ()
    occupied: bool = False


class RuleFigures(Record):
    """One rule. Shares are from 0 to 1; None where there is nothing to share.

    Attributes:
        planted: faults of it, but for `occupied` ones, where the form had the finding already; `found` of them on the right cell.
        beyond: how often it newly spoke where neither a fault of it was nor one that it follows from.
        precision: of what it newly said, `found` and `beyond`, the share found; recall: of the faults planted.
        false_alarms: findings of it on clean forms.
    """

    rule: str
    severity: Severity
    planted: int
    found: int
    occupied: int
    beyond: int
    precision: float | None
    recall: float | None
    false_alarms: int


class CheckerFigures(Record):
    """All rules.

    Attributes:
        forms: in which faults were planted, with each of `seeds`; `clean_forms` without any.
        missed: faults that were not found, and what was raised beyond, in words; the first of them.
    """

    forms: int
    seeds: tuple[int, ...]
    planted: int
    found: int
    beyond: int
    precision: float | None
    recall: float | None
    clean_forms: int
    false_alarms: int
    rules: tuple[RuleFigures, ...]
    missed: tuple[str, ...]


def plant_everywhere(forms: Iterable[Form], seeds: Sequence[int], profile: Profile) -> list[PlantedFault]:
    """A fault of every rule in every form that has a place for it, once with each seed."""
    return [planted for form in forms for planted in _planted(form, seeds, profile)]


def find_false_alarms(forms: Iterable[Form], profile: Profile) -> Counter[str]:
    """By rule, the findings on forms that are known to be clean, each looked at alone."""
    return Counter(finding.rule for form in forms for finding in check_form(form, profile))


def checker_figures(planted: Sequence[PlantedFault], alarms: Counter[str], clean_forms: int) -> CheckerFigures:
    """The figures of planted faults, and of false alarms on so many clean forms."""
    rules = tuple(_figures(rule, planted, alarms[rule]) for rule in RULES)
    found, beyond, told = (sum(getattr(rule, name) for rule in rules) for name in ("found", "beyond", "planted"))
    return CheckerFigures(
        forms=len({one.form for one in planted}),
        seeds=tuple(sorted({one.seed for one in planted})),
        planted=told,
        found=found,
        beyond=beyond,
        precision=share(found, found + beyond),
        recall=share(found, told),
        clean_forms=clean_forms,
        false_alarms=alarms.total(),
        rules=rules,
        missed=tuple(_told(planted))[:_MOST_EXAMPLES],
    )


def _planted(form: Form, seeds: Sequence[int], profile: Profile) -> Iterator[PlantedFault]:
    alone: Counter[Place] | None = None
    for rule in RULES:
        for seed in seeds:
            fault = plant(form, rule, seed)
            if fault is None:
                continue
            if fault.siblings:
                before = _places((*fault.siblings, form), form.form_id, profile)
            else:
                # Most faults need no other form; what this one has alone is the same for all of them.
                before = alone = alone if alone is not None else _places((form,), form.form_id, profile)
            yield _judged(form.form_id, fault, seed, before, _places((*fault.siblings, fault.form), form.form_id, profile))


def _judged(form: str, fault: Fault, seed: int, before: Counter[Place], after: Counter[Place]) -> PlantedFault:
    here = (fault.rule, fault.cell)
    new = after - before
    beyond = tuple(sorted(place for place in new if place != here and place[0] not in fault.follows))
    return PlantedFault(form, fault.rule, fault.cell, seed, here in new, beyond, occupied=here in before)


def _places(forms: Sequence[Form], form_id: str, profile: Profile) -> Counter[Place]:
    return Counter((finding.rule, finding.cell) for finding in check_all(forms, profile) if finding.form_id == form_id)


def _figures(rule: str, planted: Sequence[PlantedFault], alarms: int) -> RuleFigures:
    own = [one for one in planted if one.rule == rule]
    told = [one for one in own if not one.occupied]
    found = sum(one.found for one in told)
    beyond = sum(place[0] == rule for one in planted for place in one.beyond)
    return RuleFigures(
        rule=rule,
        severity=RULES[rule].severity,
        planted=len(told),
        found=found,
        occupied=len(own) - len(told),
        beyond=beyond,
        precision=share(found, found + beyond),
        recall=share(found, len(told)),
        false_alarms=alarms,
    )


def _told(planted: Iterable[PlantedFault]) -> Iterator[str]:
    for one in planted:
        if not one.found and not one.occupied:
            yield f"{one.form} {one.rule} on {one.cell} (seed {one.seed}): not found"
        for rule, cell in one.beyond:
            yield f"{one.form} {one.rule} on {one.cell} (seed {one.seed}): brought {rule} on {cell}"
