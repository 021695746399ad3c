"""Two runs side by side: what changed, what can be told from so few forms, and what cannot be compared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from eval.runs.cells import field_label, told_apart
from eval.runs.compare import compare_runs
from eval.runs.folder import Runs
from tests.eval.runs.resulting import gold, make_run, result

D = Decimal


def test_the_same_run_twice_differs_in_nothing(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    results = [result(form, {"total_score": D(1)}) for form in gold()]
    first, second = make_run(1, {"digital": results}, runs), make_run(2, {"digital": results}, runs)
    told = compare_runs(runs, first, second)
    (one,) = told.sets
    assert one.forms == 3 and one.fields == () and one.new_silent == () and one.left_out == ()
    assert {figure.verdict for figure in one.figures if figure.first is not None} == {"same"}
    assert told.settings == () and told.notes == ()


def test_new_silent_errors_come_numbers_first_and_marked_ones_are_none(tmp_path: Path) -> None:
    runs, forms = Runs(tmp_path), gold()
    before = [result(forms[0]), result(forms[1]), result(forms[2], {"grade": "差"}, ["grade"])]
    after = [
        result(forms[0], {"department": "别处", "funding.total.outturn": D(7)}),
        result(forms[1], {"total_score": D(9)}, ["total_score"]),
        # Wrong before as well, but then it was marked.
        result(forms[2], {"grade": "差"}),
    ]
    (one,) = compare_runs(runs, make_run(1, {"digital": before}, runs), make_run(2, {"digital": after}, runs)).sets
    assert [change.cell for change in one.new_silent] == ["funding.total.outturn", "department", "grade"]
    assert {(field.field, field.broken, field.silent, field.mended) for field in one.fields} == {
        ("funding.total.outturn", 1, 1, 0), ("department", 1, 1, 0), ("total_score", 1, 0, 0),
    }  # fmt: skip
    outturn = one.new_silent[0]
    assert (outturn.want, outturn.first, outturn.second) == ("6.8", "6.8", "7")


def test_values_kept_as_text_are_the_values(tmp_path: Path) -> None:
    """Decimals come back from a run's folder as text; that alone is no difference."""
    runs = Runs(tmp_path)
    kept = make_run(1, {"digital": [result(form) for form in gold()]}, runs)
    assert all(form.exact for form in runs.results(kept, "digital"))


def test_forms_of_one_run_only_and_other_gold_are_left_out_and_said(tmp_path: Path) -> None:
    runs, forms = Runs(tmp_path), gold(4)
    regraded = result(forms[2].model_copy(update={"grade": "良"}))
    first = make_run(1, {"digital": [result(form) for form in forms[:3]], "light": [result(forms[0])]}, runs)
    second = make_run(2, {"digital": [result(forms[0]), result(forms[1]), regraded, result(forms[3])]}, runs, dataset_sha256="1" * 64)
    told = compare_runs(runs, first, second)
    (one,) = told.sets
    assert one.forms == 2 and one.left_out == ("002-1", "003-1")
    assert [note.partition("：")[0] for note in told.notes] == ["两次评测之间数据集改过", f"只有 {first.id} 读了 light。", "digital"]


def test_another_dataset_another_model_and_lost_results_are_said(tmp_path: Path) -> None:
    runs, results = Runs(tmp_path), [result(form) for form in gold()]
    first = make_run(1, {"digital": results}, runs)
    second = make_run(2, {"digital": results}, runs, dataset="other", extractor="llm", model="big")
    told = compare_runs(runs, first, second)
    assert {(one.name, one.first, one.second) for one in told.settings} >= {("extractor", "layout", "llm"), ("model", None, "big")}
    assert "数据集不同" in told.notes[0] and told.sets[0].forms == 3
    (runs.of(first) / "digital" / "results.json").unlink()
    told = compare_runs(runs, first, second)
    assert told.sets == () and "没有可以逐格比较的集合" in told.notes[-1]


def test_a_row_that_one_run_lost_is_broken_in_all_its_cells(tmp_path: Path) -> None:
    runs, form = Runs(tmp_path), gold(1)[0]
    whole = result(form)
    row = [replace(cell, got=None, likeness=0.0) if (cell.gold_cell or "").startswith("indicators[1].") else cell for cell in whole.cells]
    lost = replace(whole, cells=tuple(row), rows_paired=5, rows_read=5)
    (one,) = compare_runs(runs, make_run(1, {"d": [whole]}, runs), make_run(2, {"d": [lost]}, runs)).sets
    printed = ("level1", "level2", "name", "target", "actual", "weight", "score")
    assert {field.field for field in one.fields} == {f"indicators[].{name}" for name in printed}


def test_forms_of_one_name_are_told_apart_in_order() -> None:
    form = result(gold(1)[0])
    named = told_apart([form, form, form])
    assert [one.form for one in named] == ["000-1", "000-1#2", "000-1#3"]
    assert {cell.form for cell in named[1].cells} == {"000-1#2"}


def test_fields_are_called_as_people_call_them() -> None:
    assert field_label("indicators[].score") == "指标行·得分"
    assert field_label("funding.total.outturn") == "年度资金总额·全年执行数"
    assert field_label("total_score") == "总得分"
