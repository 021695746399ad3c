"""Planted faults of answers: each kind is planted and changes what it says, nothing else changes, and the same seed plants the same."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import data
from eval.simulate.answers import GoldAnswers, two_decimals
from eval.simulate.faults import FAULTS, SWAPPED, Injected, Planted, inject
from eval.simulate.sheet import ROW, Answered, Sheet, differs, flatten, is_number, read_number
from eval.synthesis.forms import make_forms
from schema.canonical import read_forms
from schema.cells import FUNDING_ROWS, ROW_CELLS
from schema.form import Form
from schema.text import fold
from schema.transcript import HeadTranscript, RowsTranscript, RowTranscript, head_of, rows_of, wire_schema
from schema.values import parse
from tests.eval.simulate.walking import walk
from tests.factories import make_form

SHARES = (0.02, 0.1, 0.3)
HARMLESS = {fault.name for fault in FAULTS if fault.harmless}


def answered(forms: list[Form]) -> list[Answered]:
    return [Answered(head_of(form), rows_of(form)) for form in forms]


SAMPLES = answered(
    list(GoldAnswers([form for p in sorted((data.samples() / "gold").glob("*.json")) for form in read_forms(p)], two_decimals).forms)
)
MADE_UP = answered([*make_forms(40, seed=3), make_form(rows=0), make_form(rows=1), make_form(rows=2), Form(form_id="empty")])


@lru_cache(maxsize=1000)
def injected(index: int, seed: int = 1, share: float = 0.3) -> tuple[Answered, Injected]:
    others = SAMPLES[:index] + SAMPLES[index + 1 :]
    return SAMPLES[index], inject(SAMPLES[index], others, random.Random(f"{seed}:{index}"), share)


def undo(told: Injected) -> Answered:
    """What was there before, from what is told and the list of faults alone."""
    kinds = {p.row: p for p in told.planted if p.cell == ROW and p.row is not None}
    gone = {row: p.right for row, p in kinds.items() if p.fault == "row-dropped"}
    count = len(set(told.origins)) + len(gone)
    rows: dict[int, RowTranscript] = {row: RowTranscript.model_validate_json(right or "") for row, right in gone.items()}
    order = []
    for i in range(count):
        fault = kinds[i].fault if i in kinds else kinds[i - 1].fault if i - 1 in kinds and kinds[i - 1].fault == SWAPPED else ""
        order += {"row-dropped": [], "row-doubled": [i, i], SWAPPED: [i + 1 if i in kinds else i - 1]}.get(fault, [i])
    assert order == list(told.origins)
    for i, row in zip(order, told.rows.rows, strict=True):
        assert rows.setdefault(i, row) == row
    cells = flatten(Answered(told.head, RowsTranscript(rows=[rows[i] for i in range(count)])))
    for p in told.planted:
        if p.cell != ROW:
            assert cells[p.row, p.cell] == p.wrong
            cells[p.row, p.cell] = p.right
    head = told.head.model_dump()
    for (row, address), text in cells.items():
        if row is None:
            *path, last = address.split(".")
            node = head
            for part in path:
                node = node[part]
            node[last] = text
    rebuilt = [RowTranscript.model_validate({name: cells[i, name] for name in ROW_CELLS}) for i in range(count)]
    return Answered(HeadTranscript.model_validate(head), RowsTranscript(rows=rebuilt))


def assert_sound(right: Answered, told: Injected, share: float) -> None:
    """Everything that holds for every injection."""
    assert undo(told) == right
    places = [(p.row, p.cell) for p in told.planted]
    assert len(places) == len(set(places))
    whole = {row for p in told.planted if p.cell == ROW and p.row is not None for row in (p.row, p.row + (p.fault == SWAPPED))}
    assert not [p for p in told.planted if p.row in whole and p.cell != ROW]
    size = Sheet(flatten(right), len(right.rows.rows)).size
    assert len(told.planted) <= max(1, round(share * size))
    for p in told.planted:
        assert p.right != p.wrong
        assert p.harmless == (p.fault in HARMLESS)
        if p.cell != ROW:
            assert differs(p.cell, p.right, p.wrong) != p.harmless
    for model, text in ((HeadTranscript, told.head), (RowsTranscript, told.rows)):
        assert model.model_validate_json(text.model_dump_json()) == text


@pytest.mark.parametrize("share", SHARES)
def test_share_of_cells_and_completeness(share: float) -> None:
    planted = cells = 0
    for i in range(len(SAMPLES)):
        right, told = injected(i, share=share)
        assert_sound(right, told, share)
        planted += len(told.planted)
        cells += Sheet(flatten(right), len(right.rows.rows)).size
    assert planted / cells == pytest.approx(share, rel=0.1)


def test_every_kind_is_planted_in_the_samples() -> None:
    kinds = Counter(p.fault for i in range(len(SAMPLES)) for p in injected(i)[1].planted)
    assert set(kinds) == {fault.name for fault in FAULTS}
    assert min(kinds.values()) >= 5


def test_every_kind_is_met_at_the_smallest_share() -> None:
    kinds = {p.fault for seed in range(12) for i in range(len(SAMPLES)) for p in injected(i, seed, 0.02)[1].planted}
    # Rows of the funding table differ in more cells than so small a share allows in most forms.
    assert {fault.name for fault in FAULTS} - kinds <= {"funding-rows-exchanged"}


def test_answers_with_faults_could_come_from_a_bound_engine() -> None:
    for i in range(0, len(SAMPLES), 3):
        _, told = injected(i)
        assert walk(wire_schema(HeadTranscript), told.head.model_dump_json()) is None
        assert walk(wire_schema(RowsTranscript), told.rows.model_dump_json()) is None


def test_same_seed_same_faults() -> None:
    assert injected(4, 7) == injected(4, 7)
    assert injected(4, 7)[1].planted != injected(4, 8)[1].planted


def test_no_share_no_faults() -> None:
    right, told = injected(2, share=0.0)
    assert (told.head, told.rows, told.planted) == (right.head, right.rows, ())
    assert told.origins == tuple(range(len(right.rows.rows)))


@settings(max_examples=80)
@given(st.integers(0, len(MADE_UP) - 1), st.integers(0, 10**6), st.sampled_from((0.0, *SHARES, 1.0)), st.booleans())
def test_made_up_forms(index: int, seed: int, share: float, alone: bool) -> None:
    others = [] if alone else MADE_UP[:index] + MADE_UP[index + 1 :]
    assert_sound(MADE_UP[index], inject(MADE_UP[index], others, random.Random(seed), share), share)


def planted_in_samples(fault: str) -> list[tuple[Answered, Planted]]:
    found = []
    for seed in range(3):
        for i in range(len(SAMPLES)):
            right, told = injected(i, seed)
            found += [(right, p) for p in told.planted if p.fault == fault]
    assert found
    return found


def text_at(right: Answered, row: int | None, cell: str) -> str | None:
    return flatten(right).get((row, cell))


def test_a_shifted_column_runs_to_the_end_of_the_table() -> None:
    for i in range(len(SAMPLES)):
        right, told = injected(i)
        cells, count = flatten(right), len(right.rows.rows)
        for name in {p.cell for p in told.planted if p.fault == "column-shifted"}:
            shifted = {p.row: p.wrong for p in told.planted if p.fault == "column-shifted" and p.cell == name}
            for row, wrong in shifted.items():
                near = [cells.get(((row or 0) + step, name)) for step in (-1, 1)]
                assert wrong is None or wrong in near
            last = max(row for row in shifted if row is not None)
            assert all(not differs(name, cells[row, name], cells[last, name]) for row in range(last, count)) or last == count - 1


def test_exchanged_cells_hold_each_others_text() -> None:
    for fault, partner in (
        ("target-actual-exchanged", {"target": "actual", "actual": "target"}),
        ("weight-score-exchanged", {"weight": "score", "score": "weight", "total_weight": "total_score", "total_score": "total_weight"}),
        ("units-exchanged", {"department": "implementing_unit", "implementing_unit": "department"}),
        ("goals-exchanged", {"expected_goal": "actual_result", "actual_result": "expected_goal"}),
    ):
        for right, p in planted_in_samples(fault):
            assert p.wrong == text_at(right, p.row, partner[p.cell])
    for right, p in planted_in_samples("funding-rows-exchanged"):
        _, row, column = p.cell.split(".")
        assert p.wrong in [text_at(right, None, f"funding.{other}.{column}") for other in FUNDING_ROWS if other != row]


def test_figures_change_as_their_kind_says() -> None:
    for _, p in planted_in_samples("digit-changed"):
        assert p.right is not None
        assert p.wrong is not None
        assert len(p.right) == len(p.wrong)
        assert sum(a != b for a, b in zip(p.right, p.wrong, strict=True)) == 1
    for _, p in planted_in_samples("decimal-moved"):
        if is_number(p.cell):
            right, wrong = read_number(p.right), read_number(p.wrong)
            assert right is not None
            assert wrong in (right * 10, right / 10)
    for right, p in planted_in_samples("total-corrected"):
        if p.cell.endswith("execution_rate"):
            row = p.cell.rpartition(".")[0]
            spent, budget = (read_number(text_at(right, None, f"{row}.{column}")) for column in ("outturn", "adjusted_budget"))
            wrong = read_number(p.wrong)
            assert spent is not None
            assert budget
            assert wrong is not None
            assert abs(spent / budget * 100 - wrong) <= Decimal("0.5")


def test_values_come_from_where_their_kind_says() -> None:
    for right, p in planted_in_samples("value-of-neighbour") + planted_in_samples("deviation-of-neighbour"):
        assert p.row is not None
        assert p.wrong is None or p.wrong in [text_at(right, p.row + step, p.cell) for step in (-1, 1)]
    for right, p in planted_in_samples("value-of-other-form"):
        everywhere = {text for other in SAMPLES if other is not right for (_, name), text in flatten(other).items() if name == p.cell}
        assert p.wrong in everywhere
    for right, p in planted_in_samples("level-carried-on"):
        assert p.row
        assert p.wrong in [text_at(right, row, p.cell) for row in range(p.row)]


def test_wordings_change_as_their_kind_says() -> None:
    for _, p in planted_in_samples("name-translated"):
        assert (p.wrong or "").isascii()
    for _, p in planted_in_samples("text-truncated"):
        assert (p.right or "").startswith((p.wrong or "").rstrip(".…"))
        assert len((p.wrong or "").rstrip(".…")) < len(p.right or "")
    for _, p in planted_in_samples("deviation-invented"):
        assert p.right is None
        assert p.wrong
    for _, p in planted_in_samples("text-normalised"):
        if is_number(p.cell):
            assert read_number(p.right) == read_number(p.wrong)
        else:
            assert fold(p.right) == fold(p.wrong) or parse(p.right) == parse(p.wrong)
    for _, p in planted_in_samples("cell-emptied"):
        assert p.right
        assert p.wrong is None
