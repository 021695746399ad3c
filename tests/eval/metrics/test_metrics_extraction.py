"""Forms against gold: what is the same is exact, what differs is found where it is, in its group, and counted as marked or silent."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.compare import LABEL_CELLS, NUMBER_CELLS, ROW_GROUPS, FormResult, compare
from eval.metrics.extraction import Extraction, compare_all, figures
from eval.metrics.pairing import likeness, pair_forms, pair_rows
from eval.synthesis.forms import make_forms
from schema.canonical import read_forms
from schema.cells import ROW_CELLS, TEXT_CELLS, CellValue, cell_kind, get_cell, row_cell, set_cell
from schema.evidence import ReviewMark
from schema.form import Form
from tests.factories import make_form, make_indicator

HERE = Path(__file__).parent
FORMS = list(make_forms(14, seed=21))
forms = st.sampled_from(FORMS)


def told(gold: list[Form], read: list[Form]) -> Extraction:
    return figures(compare_all(gold, read))


def marked(form: Form, *cells: str) -> Form:
    return form.model_copy(update={"review": tuple(ReviewMark(cell=cell, reason="看不清") for cell in cells)})


def changed(form: Form, cell: str) -> Form:
    """The form with another value in one cell, so that its row is still the same row."""
    value = get_cell(form, cell)
    other: CellValue
    if cell_kind(cell) == "year":
        other = (value if isinstance(value, int) else 2020) + 1
    elif cell_kind(cell) == "number":
        other = (value if isinstance(value, Decimal) else Decimal(0)) + 1
    else:
        text = str(value or "")
        other = "写的是别的" if cell.endswith((*TEXT_CELLS, "deviation")) else f"{text}误"
    return set_cell(form, cell, other)


def cells_of(form: Form) -> list[str]:
    rows = [row_cell(i, name) for i in range(len(form.indicators)) for name in ROW_CELLS]
    return [*LABEL_CELLS, *NUMBER_CELLS, *TEXT_CELLS, *rows]


def group_of(cell: str) -> str:
    name = cell.rpartition(".")[2]
    return (
        ROW_GROUPS[name]
        if cell.startswith("indicators")
        else "label"
        if cell in LABEL_CELLS
        else "text"
        if cell in TEXT_CELLS
        else "number"
    )


def wrong_cells(result: FormResult) -> list[tuple[str, str]]:
    return [(cell.cell, cell.group) for cell in result.cells if not cell.right]


@settings(max_examples=14)
@given(forms)
def test_a_form_against_itself_is_exact(form: Form) -> None:
    result = compare(form, form)
    assert result.exact
    assert wrong_cells(result) == []
    figured = told([form], [form])
    assert (figured.forms_exact, figured.silent, figured.silent_texts, figured.rows_recall, figured.rows_precision) == (1, 0, 0, 1, 1)
    for group in figured.groups.values():
        assert group.right == group.cells
        assert {group.precision, group.recall, group.f1} <= {1, None}
        assert group.character_error_rate in (0, None)


@settings(max_examples=40)
@given(forms, st.data(), st.booleans())
def test_one_changed_cell_is_found_in_its_group(form: Form, data: st.DataObject, warned: bool) -> None:
    cell = data.draw(st.sampled_from(cells_of(form)))
    read = changed(form, cell)
    read = marked(read, cell) if warned else read
    result = compare(form, read)
    group = group_of(cell)
    assert wrong_cells(result) == [(cell, group)]
    assert not result.exact
    after = told([form], [read])
    assert {name: figured.cells - figured.right for name, figured in after.groups.items()} == {name: name == group for name in after.groups}
    assert after.calibration.wrong == 1
    assert after.calibration.wrong_marked == after.calibration.marked == warned
    assert after.silent == (not warned and group != "text")
    assert after.silent_numbers == (not warned and group == "number")
    assert after.silent_texts == (not warned and group == "text")
    assert after.forms_exact == 0


@settings(max_examples=15)
@given(forms, st.data(), st.sampled_from(["", "row", "place"]))
def test_a_dropped_row_is_wrong_in_every_cell(form: Form, data: st.DataObject, warning: str) -> None:
    i = data.draw(st.integers(0, len(form.indicators) - 1))
    rest = form.indicators[:i] + form.indicators[i + 1 :]
    read = form.model_copy(update={"indicators": rest})
    read = marked(read, "indicators" if warning == "row" else f"indicators[{len(rest)}]") if warning else read
    figured = told([form], [read])
    assert figured.rows_precision == 1
    assert figured.rows_recall == pytest.approx(len(rest) / len(form.indicators), abs=1e-6)
    assert [figured.groups[name].cells - figured.groups[name].right for name in ("label", "number")] == [5, 2]
    assert (figured.silent, figured.silent_numbers) == ((0, 0) if warning else (7, 2))
    lost = {cell for cell, _ in wrong_cells(compare(form, read))}
    assert lost == {row_cell(i, name) for name in ROW_CELLS if name != "deviation"}


@settings(max_examples=15)
@given(forms, st.data(), st.booleans())
def test_a_doubled_row_is_one_too_many(form: Form, data: st.DataObject, warned: bool) -> None:
    i = data.draw(st.integers(0, len(form.indicators) - 1))
    read = form.model_copy(update={"indicators": (*form.indicators[: i + 1], *form.indicators[i:])})
    read = marked(read, f"indicators[{i}]", f"indicators[{i + 1}]") if warned else read
    figured = told([form], [read])
    assert figured.rows_recall == 1
    assert figured.rows_precision < 1
    assert (figured.silent_numbers, figured.forms_exact) == (0 if warned else 2, 0)
    assert figured.groups["label"].right == figured.groups["label"].cells


def test_swapped_rows_lose_one_of_them() -> None:
    rows = tuple(make_indicator(i, name=name) for i, name in enumerate(("热线接通率", "培训场次", "系统可用性", "巡检完成情况")))
    form = make_form(indicators=rows)
    read = form.model_copy(update={"indicators": (rows[0], rows[2], rows[1], rows[3])})
    figured = told([form], [read])
    assert (figured.rows_recall, figured.rows_precision) == (0.75, 0.75)
    assert figured.silent_numbers == 4


@settings(max_examples=5)
@given(st.permutations(FORMS[:6]), st.integers(0, 10**6))
def test_the_order_of_forms_and_of_reading_changes_nothing(mixed: list[Form], seed: int) -> None:
    rng = random.Random(seed)
    read = [changed(form, rng.choice(cells_of(form))) if rng.random() < 0.5 else form for form in FORMS[:6]]
    by_form = {form.form_id: one for form, one in zip(FORMS[:6], read, strict=True)}
    assert compare_all(FORMS[:6], [by_form[form.form_id] for form in mixed]) == compare_all(FORMS[:6], read)


def test_a_blank_is_right_only_as_a_blank() -> None:
    form = make_form()
    assert form.funding.other.outturn is None
    filled = changed(form, "funding.other.outturn")
    figured = told([form], [filled]).groups["number"]
    assert figured.blank is not None
    assert figured.blank < 1
    assert figured.recall == 1
    assert figured.precision is not None
    assert figured.precision < 1
    emptied = told([filled], [form]).groups["number"]
    assert (emptied.blank, emptied.precision) == (1, 1)
    assert emptied.recall is not None
    assert emptied.recall < 1
    # Nought is printed; it is no blank.
    assert told([filled], [set_cell(filled, "funding.other.outturn", Decimal(0))]).silent_numbers == 1


def test_a_form_that_was_not_found_is_wrong_as_a_whole_and_silent_in_nothing() -> None:
    form = make_form()
    figured = told([form], [])
    assert (figured.forms_found, figured.silent, figured.rows_recall, figured.rows_precision) == (0, 0, 0, 0)
    assert figured.groups["number"].right == figured.groups["label"].right == 0
    assert figured.groups["number"].cells == 27 + 2 * len(form.indicators)
    assert figured.groups["text"].cells == 0
    assert told([], [form]).forms_extra == 1


@pytest.mark.parametrize(
    ("container", "inside"),
    [("funding", "funding.carryover.score"), ("funding.total", "funding.total.score"), ("indicators[2]", "indicators[2].name")],
)
def test_a_mark_on_a_block_is_a_mark_on_its_cells(container: str, inside: str) -> None:
    form = make_form()
    assert told([form], [marked(changed(form, inside), container)]).silent == 0
    assert told([form], [marked(changed(form, "indicators[3].name"), container)]).silent == 1


@pytest.mark.parametrize(
    ("printed", "read"),
    [("≥90.00(%)", "＞＝90.00（％）"), (">=90.00(%)", "≥90.00(%)"), ("“一网通办”、热线", '"一网通办",热线'), ("第 一 期", "第一期")],
)
def test_spellings_of_one_text_are_the_same(printed: str, read: str) -> None:
    assert likeness(printed, read) == 1
    rows = (make_indicator(0, target=printed),)
    form = make_form(indicators=rows)
    assert compare(form, set_cell(form, "indicators[0].target", read)).exact


def test_a_misread_name_is_found_by_its_rows() -> None:
    gold = [make_form("热线运维", form_id="a"), make_form("热线运维（二期）", form_id="b", rows=4)]
    read = [gold[1], gold[0].model_copy(update={"project_name": "热钱运准"})]
    paired = pair_forms(gold, read)
    assert [other is not None and other.form_id for _, other in paired.pairs] == ["a", "b"]
    assert paired.extra == ()
    nameless = gold[0].model_copy(update={"project_name": None})
    assert pair_forms(gold[:1], [nameless]).pairs[0][1] is nameless


def test_rows_of_one_name_go_by_their_figures() -> None:
    rows = [make_indicator(0, name="巡检次数", target=target, weight=Decimal(weight)) for target, weight in (("≥4次", 5), ("≥12次", 10))]
    assert pair_rows(rows, rows[1:]) == {1: 0}
    assert pair_rows(rows, rows) == {0: 0, 1: 1}


def test_texts_that_are_nearly_the_same_are_right() -> None:
    form = make_form(expected_goal="全年完成热线接听，" * 20)
    near = set_cell(form, "expected_goal", f"{form.expected_goal}。")
    far = set_cell(form, "expected_goal", (form.expected_goal or "")[:120])
    assert compare(form, near).exact
    figured = told([form], [far])
    assert figured.silent_texts == 1
    assert figured.groups["text"].similarity is not None
    assert figured.groups["text"].similarity < 1
    assert figured.groups["text"].character_error_rate == pytest.approx(60 / (180 + len(form.actual_result or "")), abs=1e-3)


def test_figures_that_the_acceptance_scorer_printed_once() -> None:
    """`expected_*.json` are sample forms with faults of every kind: cells, rows, texts, marks, a form not read, one that is none.

    The figures are those of the acceptance scorer for the two files, but for `wrong`, which here counts texts (1) and the numbers of
    rows too many (6) as well: it said 39.
    """
    figured = told(read_forms(HERE / "expected_gold.json"), read_forms(HERE / "expected_read.json"))
    groups = figured.groups
    share: Callable[[str], float] = lambda name: round(groups[name].right / groups[name].cells, 4)  # noqa: E731
    assert (figured.forms, figured.forms_found, figured.forms_extra, figured.forms_exact) == (6, 5, 1, 1)
    assert (figured.rows_recall, round(figured.rows_precision, 4)) == (0.8, 0.9302)
    assert (share("number"), groups["number"].cells) == (0.7977, 262)
    assert (share("label"), groups["label"].cells) == (0.7929, 280)
    assert (round(groups["text"].similarity or 0, 4), share("deviation")) == (0.9667, 0.5)
    assert (figured.silent, figured.silent_numbers) == (24, 11)
    assert round(figured.calibration.marked_share, 4) == 0.0859
    assert figured.calibration.wrong == 39 + 1 + 6
