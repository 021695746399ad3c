"""Faults of a model's answers as a step of a run: whole rounds, kept setting by setting, every class with its row, in the reports."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import eval.simulate.run
from eval.dataset.manifest import Dataset, load_dataset
from eval.metrics.injection import CLASSES, injection_figures, tally
from eval.report.faults import fault_chart, fault_tables, told_of
from eval.report.gather import gather
from eval.report.html import to_html
from eval.report.markdown import to_markdown
from eval.report.words import FAULTS
from eval.runs.carry import Step, Wish, carry_out
from eval.runs.faults import FOLDER, MOST_ROUNDS, Faults, Play, faulted_set, round_of
from eval.runs.folder import Runs
from eval.simulate.faults import Planted
from eval.simulate.measure import Measured
from eval.simulate.run import Ran, Setting
from schema.cells import set_cell
from tests.eval.runs.breaking import small_dataset
from tests.factories import make_form


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return small_dataset(tmp_path / "set", forms=1)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[Setting]:
    """The settings that a model was played at."""
    settings: list[Setting] = []
    play = eval.simulate.run.run

    def counted(materials: object, gold: object, setting: Setting) -> Ran:
        settings.append(setting)
        return play(materials, gold, setting)  # type: ignore[arg-type]

    monkeypatch.setattr(eval.simulate.run, "run", counted)
    return settings


def _step(dataset: Dataset, folder: Path, least: int = 1, quick: bool = True) -> Faults:
    return Faults(dataset, folder / "shared", folder / "run", least, quick, None, 1)


def test_a_round_has_every_reading_and_further_ones_other_seeds(dataset: Dataset, tmp_path: Path, played: list[Setting]) -> None:
    assert len(round_of(1, quick=False)) == 2 * len(round_of(1, quick=True)) == 6
    assert len({play.file for play in (*round_of(1, quick=False), *round_of(2, quick=False))}) == 12
    told: list[tuple[str, int, int]] = []
    one = _step(dataset, tmp_path / "a").play(lambda *step: told.append(step))
    assert one is not None and [(run.name, run.alone, run.seed) for run in one.runs] == [
        ("digital", False, 1), ("digital", True, 1), ("dump", True, 1),
    ]  # fmt: skip
    assert [step[1:] for step in told] == [(0, 3), (1, 3), (2, 3)]
    assert told[0][0] == "模型埋错第 1 轮 digital，已 0 处" and told[2][0].startswith("模型埋错第 1 轮 dump，已 ")
    more = _step(dataset, tmp_path / "b", least=one.planted + 1).play(lambda *_: None)
    assert more is not None and [run.seed for run in more.runs] == [1, 1, 1, 2, 2, 2]
    assert more.runs[:3] == one.runs and more.planted > one.planted
    assert one.silent_numbers == more.silent_numbers == 0


def test_what_was_played_is_not_played_again(dataset: Dataset, tmp_path: Path, played: list[Setting]) -> None:
    whole = _step(dataset, tmp_path).play(lambda *_: None)
    assert len(played) == 3
    kept = sorted((tmp_path / "run" / FOLDER).iterdir())
    # Broken off before the second was written, and while the third was.
    kept[1].unlink()
    kept[2].write_text(kept[2].read_text()[:40])
    assert _step(dataset, tmp_path).play(lambda *_: None) == whole
    assert len(played) == 5
    assert _step(dataset, tmp_path).play(lambda *_: None) == whole
    assert len(played) == 5


def test_a_run_has_them_as_a_step_and_says_so(dataset: Dataset, tmp_path: Path, played: list[Setting]) -> None:
    runs, steps = Runs(tmp_path / "home"), list[Step]()
    wish = Wish(quick=True)
    run = carry_out(dataset, runs, wish, {}, steps.append)
    assert run.settings.faults == 1 and run.injection is not None and Runs(tmp_path / "home").get("last") == run
    assert [(step.done, step.total) for step in steps if step.set == "faults"] == [(0, 3), (1, 3), (2, 3)]
    assert tuple(row.fault for row in run.injection.faults) == CLASSES
    assert len(played) == 3
    again = _step(dataset, tmp_path).play(lambda *_: None)
    assert again == run.injection
    assert carry_out(dataset, runs, Wish(quick=True, reading_only=True), {}).injection is None
    assert len(played) == 6
    # What was played is in the reports.
    report = gather(runs, run)
    for text in (to_html(report), to_markdown(report)):
        assert told_of(run.injection)[1][:8] in text and "小数点移位" in text


def test_a_dataset_of_scans_and_dumps_only_has_none(dataset: Dataset, tmp_path: Path) -> None:
    only = dataset.manifest.model_copy(update={"sets": (dataset.manifest.sets[0].model_copy(update={"dumped": True}),)})
    scans = Dataset(dataset.root, only)
    assert faulted_set(scans) is None
    assert _step(scans, tmp_path).play(lambda *_: None) is None


def test_forms_of_one_name_are_told_apart_and_documents_that_cannot_be_read_left_out(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.runs.faults.round_of", lambda seed, *, quick: [Play("digital", False, 0.1, 0.0, seed)])
    for name in ("again", "broken"):
        shutil.copy(dataset.root / "gold" / "baoshan-2020.json", dataset.root / "gold" / f"{name}.json")
    shutil.copy(dataset.root / "pdf" / "baoshan-2020.pdf", dataset.root / "pdf" / "again.pdf")
    (dataset.root / "pdf" / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing")
    told = _step(load_dataset(dataset.root), tmp_path, quick=False).play(lambda *_: None)
    assert told is not None and {run.forms for run in told.runs} == {2}


def test_an_end_comes_even_where_no_fault_finds_a_place() -> None:
    assert MOST_ROUNDS * len(round_of(1, quick=False)) <= 300


def test_reports_have_a_row_for_every_class_a_chart_and_what_passed() -> None:
    form, measured = make_form(form_id="f"), Measured()
    measured.add(form, set_cell(form, "grade", "<b>良"), [Planted("level-wrong", None, "grade", "优", "<b>良", harmless=False)])
    figures = injection_figures([tally("dump", Setting(0.3, 0.5, alone=True), measured, 7)])
    classes, settings, worst = fault_tables(figures)
    assert {row[0].removesuffix("（不改变意思）") for row in classes.rows} == {*(FAULTS[name] for name in CLASSES), "全部"}
    assert classes.rows[-1][1] == str(figures.planted) and len(settings.rows) == len(figures.runs)
    assert worst.rows[0][0] == "标签" and worst.rows[0][2:5] == ("指标级次错", "优", "<b>良")
    chart = fault_chart(figures)
    assert sum(shape.kind == "text" for shape in chart.shapes) == 2 * sum(row.all.planted > 0 for row in figures.faults)
    assert "标签 1/" in told_of(figures)[1] and "没有一处" not in told_of(figures)[0]


@pytest.mark.slow
def test_over_five_thousand_faults_of_the_samples_pass_no_number(tmp_path: Path) -> None:
    step = Faults(load_dataset(), tmp_path / "shared", tmp_path / "run", 1, False, None, 1)
    told = step.play(lambda *_: None)
    assert told is not None and told.planted >= 5000
    assert told.silent == dict.fromkeys(told.silent, 0)
    assert all(run.agrees for run in told.runs)
    assert all(row.all.planted for row in told.faults)
