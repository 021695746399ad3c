"""Errors as reports tell them: what comes first, which characters were misread, how sure the reader was."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from eval.metrics.compare import CellResult, FormResult, compare
from eval.report.errors import WrongCell, chosen_errors, confusions, fields_of, wrong_of
from eval.report.readings import confidence_classes, joined, match
from schema.evidence import Evidence
from tests.eval.runs.resulting import gold, result

D = Decimal


def _texts(*pairs: tuple[str, str]) -> FormResult:
    cells = (CellResult("f", "expected_goal", "expected_goal", "text", want, got, False, 0.5, 1, len(want)) for want, got in pairs)
    return FormResult("f", True, tuple(cells))


def test_characters_taken_for_others_are_counted_words_out_of_place_are_not() -> None:
    moved = ("行政中心知名度", "行政中心知名度有效提高")
    told = confusions([_texts(("办理业务量", "办埋业务量"), ("受理业务", "受埋业务"), moved, ("有效提高", "有效提"))])
    assert [(one.want, one.got, one.count) for one in told] == [("理", "埋", 2), ("高", "∅", 1)]
    assert told[0].example_want == "办理业务量" and told[0].example_got == "办埋业务量"


def test_texts_that_are_not_one_text_misread_say_nothing_of_characters() -> None:
    assert confusions([_texts(("全年执行良好", "资金到位情况")), FormResult("f", True, ())]) == []


def test_widths_and_look_alikes_are_no_confusions() -> None:
    assert confusions([_texts(("９５％（含）", "95%(含)"))]) == []


def test_errors_nobody_is_told_of_come_before_marked_ones_and_numbers_before_the_rest() -> None:
    wrong = {"total_score": D(1), "grade": "差", "expected_goal": "别的", "total_weight": D(2)}
    forms = [result(form, wrong, ["total_weight"]) for form in gold()]
    told = wrong_of("d", forms)
    assert [cell.cell for cell in told[::3]] == ["total_score", "total_weight", "grade", "expected_goal"]
    assert [(one.field, one.wrong, one.silent, one.cells) for one in fields_of("d", forms)] == [
        ("total_score", 3, 3, 3), ("total_weight", 3, 0, 3), ("grade", 3, 3, 3), ("expected_goal", 3, 3, 3),
    ]  # fmt: skip


def test_of_errors_that_weigh_alike_each_field_has_its_turn() -> None:
    def error(field: str, form: str, *, marked: bool = False) -> WrongCell:
        return WrongCell(set="d", form=form, cell=field, gold_cell=field, field=field, group="number", want="1", got="2", marked=marked)

    errors = [*(error("a", str(n)) for n in range(9)), error("b", "0"), error("c", "0", marked=True)]
    assert [(one.field, one.form) for one in chosen_errors(errors, 4)] == [("a", "0"), ("b", "0"), ("a", "1"), ("a", "2")]
    assert chosen_errors(errors, 99)[-1].field == "c" and len(chosen_errors(errors, 99)) == 11


def test_results_are_matched_with_the_forms_they_are_about_whatever_their_order() -> None:
    forms = gold(5)
    results = [compare(form, form) for form in forms]
    read = [*forms[3:], *forms[:3]]
    assert [form.project_name for form in match(results, read) if form] == [form.project_name for form in forms]
    lost = replace(results[0], found=False)
    assert match([lost, results[1]], forms)[0] is None
    assert match(results, []) == [None] * 5


def test_confidence_is_held_against_what_is_wrong() -> None:
    form = gold(1)[0]
    sure = {cell.cell: Evidence(match="exact", read_by="ocr", confidence=1) for cell in compare(form, form).cells}
    read = form.model_copy(update={"evidence": sure | {"total_score": Evidence(match="exact", read_by="ocr", confidence=0.85)}})
    wrong = result(form, {"total_score": D(1)})
    classes = confidence_classes([wrong], [read])
    assert [(one.low, one.wrong, one.silent) for one in classes] == [(1.0, 0, 0), (0.8, 1, 1)]
    assert joined([*classes, *classes])[1].cells == 2
    assert confidence_classes([wrong], [None]) == []
