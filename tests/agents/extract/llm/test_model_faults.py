"""Every kind of fault of a model's rows on one small table: what is wrong is not believed, what is right in other rows still is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from agents.extract.llm.build import build, ground
from agents.extract.llm.printed import Printed
from agents.extract.llm.rows import Rows, ground_rows
from schema.form import Form
from schema.transcript import OTHER_LABEL, RowTranscript
from tests.agents.extract.llm.tables import ROWS, SHAPES, changed, head

each_shape = pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)


@dataclass(frozen=True)
class Case:
    """What a model says instead of the six rows.

    Attributes:
        rows: the rows it gives.
        origins: for each of them the row (from 0) that it is.
        wrong: which cells of which rows (by origin) are said wrongly.
        gone: rows (by origin) that nobody gives.
    """

    rows: Sequence[RowTranscript]
    origins: Sequence[int]
    wrong: frozenset[tuple[int, str]] = frozenset()
    gone: frozenset[int] = frozenset()


def cells(number: int, **said: str | None) -> Case:
    """Some cells of one row are said wrongly."""
    return Case(changed(number, **said), range(6), frozenset((number, name) for name in said))


def column(name: str, start: int, end: int, step: int) -> Case:
    """A column stands a row too low or too high, between two rows."""
    values = {i: getattr(ROWS[i + step], name) for i in range(start, end)}
    rows = [said.model_copy(update={name: values[i]}) if i in values else said for i, said in enumerate(ROWS)]
    return Case(rows, range(6), frozenset((i, name) for i, value in values.items() if value != getattr(ROWS[i], name)))


def picked(*origins: int) -> Case:
    """The rows in another order, or not each of them once."""
    return Case([ROWS[i] for i in origins], origins, gone=frozenset(set(range(6)) - set(origins)))


CASES = {
    "row dropped": picked(0, 1, 3, 4, 5),
    "first row dropped": picked(1, 2, 3, 4, 5),
    "last row dropped": picked(0, 1, 2, 3, 4),
    "two rows dropped": picked(0, 3, 4, 5),
    "row doubled": picked(0, 1, 2, 2, 3, 4, 5),
    "row doubled at the end": picked(0, 1, 2, 3, 4, 5, 1),
    "two rows swapped": picked(0, 2, 1, 3, 4, 5),
    "last row first": picked(5, 0, 1, 2, 3, 4),
    "halves exchanged": picked(3, 4, 5, 0, 1, 2),
    "rows from the last to the first": picked(5, 4, 3, 2, 1, 0),
    "weights a row too low": column("weight", 2, 6, -1),
    "scores a row too high": column("score", 1, 5, 1),
    "targets a row too high": column("target", 0, 5, 1),
    "actuals a row too low": column("actual", 1, 6, -1),
    "digit of a score changed": cells(3, score="7.6"),
    "point of a weight moved": cells(2, weight="1.2"),
    "digit of a target changed": cells(1, target="≥1,300株"),
    "comparator of a target turned": cells(4, target="≤5万人次"),
    "unit of an actual changed": cells(4, actual="6人次"),
    "weight of the row above": cells(2, weight="15"),
    "score of the row below": cells(2, score="7.5"),
    "target of the row below": cells(1, target="≥95.00(%)"),
    "actual of the row above": cells(2, actual="1,100株"),
    "name of the row below": cells(1, name="苗木成活率"),
    "target and actual exchanged": cells(1, target="1,100株", actual="≥1,200株"),
    "weight and score exchanged": cells(3, weight="7.5", score="13"),
    "weight emptied": cells(2, weight=None),
    "score emptied": cells(3, score=None),
    "target emptied": cells(0, target=None),
    "actual emptied": cells(4, actual=None),
    "deviation emptied": cells(1, deviation=None),
    "name emptied": cells(2, name=None),
    "level emptied": cells(2, level2=None),
    "deviation invented": cells(2, deviation="受客观因素影响，进度略有滞后。"),
    "deviation of the row above": cells(2, deviation="受汛期影响推迟，将提前备苗。"),
    "deviation moved to the row below": Case(
        changed(2, changed(1, deviation=None), deviation=ROWS[1].deviation), range(6), frozenset({(1, "deviation"), (2, "deviation")})
    ),
    "deviation put into other words": cells(5, deviation="厕所不足，下年增设。"),
    "deviation cut": cells(3, deviation="批复较晚"),
    "deviations exchanged": Case(
        changed(3, changed(1, deviation=ROWS[3].deviation), deviation=ROWS[1].deviation),
        range(6),
        frozenset({(1, "deviation"), (3, "deviation")}),
    ),
    "level-2 label wrong": cells(3, level2="质量指标"),
    "level-1 label wrong": cells(4, level1="成本指标"),
    "level-2 label carried on": cells(2, level2="数量指标"),
    "level-1 label carried on": cells(4, level1="产出指标"),
    "label not in the list": cells(0, level2="产出数量指标"),
    "name translated": cells(1, name="Number of saplings"),
    "name cut": cells(4, name="接待游客"),
    "name with more": cells(4, name="全年接待游客人次"),
    "row of another form": Case(
        changed(3, name="宣传活动场次", target="≥4场", actual="5场", weight="6", score="6"),
        range(6),
        frozenset((3, name) for name in ("name", "target", "actual", "weight", "score")),
    ),
}  # fmt: skip


def believed_wrong(rows: Rows, case: Case) -> set[tuple[int, str]]:
    """Cells that are believed although they are not what the row prints."""
    out = set()
    for found in rows.rows:
        origin = case.origins[found.number]
        for name, verdict in found.cells.items():
            right = getattr(ROWS[origin], name)
            told = getattr(found.said, name)
            if verdict.believed and told not in (right, OTHER_LABEL):
                out.add((origin, name))
    return out


@each_shape
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_wrong_is_never_believed_and_nothing_else_is_doubted(make: Callable[[], Printed], case: Case) -> None:
    """Looking the answer up takes most of the time, so that all is judged on it at once."""
    grounded = ground(make(), head(), case.rows)
    assert believed_wrong(grounded.rows, case) == set()
    origins = [case.origins[found.number] for found in grounded.rows.rows]
    assert origins == sorted(set(origins)), "rows stand in printed order, each once"
    assert_missed(build(grounded), case)
    assert doubted_far_off(grounded.rows, case) == {}
    if make is SHAPES["ruled"] and case.wrong:
        assert_only_faults_are_doubted(grounded.rows, case)


def assert_missed(form: Form, case: Case) -> None:
    """Rows that nobody gave are missed."""
    short = len(form.indicators) < len(ROWS)
    assert short >= bool(case.gone)
    assert any(mark.cell == "indicators" for mark in form.review) == short


def doubted_far_off(rows: Rows, case: Case) -> dict[tuple[int, str], str]:
    """Cells that are doubted in rows far from the fault; rows that touch it may be, in a text without columns."""
    touched = {origin for origin, _ in case.wrong} | set(case.gone) | {o for o in case.origins if case.origins.count(o) > 1}
    if list(case.origins) != sorted(case.origins):
        touched |= set(case.origins)
    near = {origin + step for origin in touched for step in (-1, 0, 1)}
    return {
        (case.origins[found.number], name): verdict.why
        for found in rows.rows
        if case.origins[found.number] not in near
        for name, verdict in found.cells.items()
        if not verdict.believed
    }


def assert_only_faults_are_doubted(rows: Rows, case: Case) -> None:
    """In a ruled table only rows with a fault are doubted."""
    doubted = {(case.origins[found.number], name) for found in rows.rows for name, verdict in found.cells.items() if not verdict.believed}
    assert {number for number, _ in doubted} <= {number for number, _ in case.wrong}
    emptied = any(getattr(said, name) is None for number, name in case.wrong for said in [case.rows[number]])
    assert emptied or doubted <= case.wrong


@each_shape
@pytest.mark.parametrize("number", range(6))
def test_what_is_right_is_believed_with_its_places(make: Callable[[], Printed], number: int) -> None:
    found = ground_rows(make(), ROWS).rows[number]
    assert found.said == ROWS[number]
    for name, verdict in found.cells.items():
        right = getattr(ROWS[number], name)
        assert verdict.status == ("blank" if right is None else "exact")
        assert "".join(piece.text for piece in verdict.pieces) == (right or "")


@each_shape
@pytest.mark.parametrize("order", [(0, 2, 1, 3, 4, 5), (5, 0, 1, 2, 3, 4), (3, 4, 5, 0, 1, 2)], ids=["two", "last first", "halves"])
def test_rows_in_another_order_are_put_back(make: Callable[[], Printed], order: Sequence[int]) -> None:
    rows = ground_rows(make(), [ROWS[i] for i in order])
    assert [found.said for found in rows.rows] == list(ROWS)
    assert not rows.ghosts
    assert not rows.missing
