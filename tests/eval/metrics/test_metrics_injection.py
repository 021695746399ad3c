"""Fault injection: each fault is repaired, marked or silent by what became of its cells; every class has its row; answers may be lost."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

import data
from agents.extract.llm.asked import Asked, compose, numbered
from eval.metrics.bootstrap import unseen
from eval.metrics.injection import CLASSES, Injection, Tally, injection_figures, tally
from eval.simulate.__main__ import main
from eval.simulate.answers import GoldAnswers, two_decimals
from eval.simulate.endpoint import FaultyAnswers
from eval.simulate.faults import CUT, ENDED, FAULTS, HEAD, Planted
from eval.simulate.measure import Measured
from eval.simulate.run import Setting, read_materials, run
from eval.simulate.sheet import ROW
from schema.canonical import read_forms
from schema.cells import ROW_CELLS, CellValue, set_cell
from schema.evidence import ReviewMark
from schema.form import Form
from schema.transcript import RowTranscript
from tests.eval.simulate.printed import table_lines
from tests.factories import make_form

FORM = make_form(form_id="f")
SAMPLES = read_forms(data.samples() / "gold" / "baoshan-2020.json")


def planted(cell: str, row: int | None = None, fault: str = "digit-changed", harmless: bool = False) -> Planted:
    return Planted(fault, row, cell, "6.8", "6.9", harmless)


def marked(form: Form, *cells: str) -> Form:
    return form.model_copy(update={"review": tuple(ReviewMark(cell=cell, reason="看不清") for cell in cells)})


def became(read: Form | None, fault: Planted) -> tuple[str, str]:
    """The group of a fault and what became of it."""
    measured = Measured()
    measured.add(FORM, read, [fault])
    ((name, group, outcome),) = measured.outcomes
    assert name == fault.fault
    return group, outcome


@pytest.mark.parametrize(
    ("cell", "row", "address", "wrong", "group"),
    [
        ("funding.total.outturn", None, "funding.total.outturn", Decimal("6.9"), "number"),
        ("score", 2, "indicators[2].score", Decimal(9), "number"),
        ("target", 2, "indicators[2].target", "≥80.00(%)", "label"),
        ("deviation", 2, "indicators[2].deviation", "受客观因素影响。", "deviation"),
        ("expected_goal", None, "expected_goal", "写的是别的", "text"),
        ("grade", None, "grade", "良", "label"),
        ("title", None, "title", "别的标题", "label"),
    ],
)
def test_a_fault_of_a_cell(cell: str, row: int | None, address: str, wrong: CellValue, group: str) -> None:
    fault, believed = planted(cell, row), set_cell(FORM, address, wrong)
    assert became(FORM, fault) == (group, "repaired")
    assert became(believed, fault) == (group, "silent")
    assert became(marked(believed, address), fault) == (group, "marked")
    # Right and marked is left to a person all the same.
    assert became(marked(FORM, address), fault) == (group, "marked")
    assert became(None, fault) == (group, "marked")


def test_a_text_that_is_nearly_right_is_wrong() -> None:
    long = make_form(form_id="f", expected_goal="全年完成热线接听，" * 40)
    measured = Measured()
    measured.add(long, set_cell(long, "expected_goal", f"{long.expected_goal}提升"), [])
    assert measured.silent == {"text": 1}


def test_a_fault_of_a_row() -> None:
    fault = planted(ROW, 1, "row-dropped")
    without = FORM.model_copy(update={"indicators": FORM.indicators[:1] + FORM.indicators[2:]})
    assert became(FORM, fault) == ("row", "repaired")
    assert became(without, fault) == ("row", "silent")
    assert became(marked(without, "indicators"), fault) == ("row", "marked")


def test_a_row_told_twice_is_silent_where_both_are_believed() -> None:
    row = FORM.indicators[1]
    again = RowTranscript(**{name: None if (value := getattr(row, name)) is None else str(value) for name in ROW_CELLS})
    fault = Planted("row-doubled", 1, ROW, None, again.model_dump_json(), harmless=False)
    twice = FORM.model_copy(update={"indicators": (*FORM.indicators[:2], *FORM.indicators[1:])})
    assert became(FORM, fault) == ("row", "repaired")
    assert became(twice, fault) == ("row", "silent")
    assert became(marked(twice, "indicators[1]", "indicators[2]"), fault) == ("row", "marked")


def test_a_row_too_many_is_silent_in_its_numbers() -> None:
    measured = Measured()
    measured.add(FORM, FORM.model_copy(update={"indicators": (*FORM.indicators, FORM.indicators[-1])}), [])
    assert measured.silent == {"number": 2}


def test_a_row_whose_name_is_in_doubt_is_compared_where_it_stands() -> None:
    """A name told wrongly and marked is no further error of the cells beside it; unmarked it is."""
    read = set_cell(FORM, "indicators[1].name", "Service completion rate")
    fault = planted("name", 1, "name-translated")
    assert became(marked(read, "indicators[1].name"), fault) == ("label", "marked")
    measured = Measured()
    measured.add(FORM, marked(read, "indicators[1].name"), [fault])
    assert measured.silent == {}
    # Elsewhere it is a row too many and one that is missing, and that is counted as well.
    assert measured.apart == {"number": 4, "label": 5, "deviation": 1}
    assert became(read, fault) == ("label", "silent")


def test_a_lost_head_is_a_fault_of_all_its_cells() -> None:
    fault = planted(HEAD, None, CUT)
    assert became(FORM, fault) == ("head", "repaired")
    assert became(set_cell(FORM, "grade", None), fault) == ("head", "silent")
    assert became(set_cell(FORM, "indicators[0].score", None), fault) == ("head", "repaired")


def test_every_class_has_its_row_and_runs_add_up() -> None:
    first, second = Measured(), Measured()
    first.add(FORM, set_cell(FORM, "grade", "良"), [planted("grade"), planted("fiscal_year")])
    second.add(FORM, FORM, [planted("grade"), planted("score", 1, "text-normalised", harmless=True)])
    kept = [tally("digital", Setting(0.1, seed=1), first, 3), tally("dump", Setting(0.3, seed=2), second, 4)]
    assert [Tally.model_validate_json(one.model_dump_json()) for one in kept] == kept
    told = injection_figures(kept)
    rows = {row.fault: row for row in told.faults}
    assert tuple(rows) == CLASSES
    assert set(rows) == {*(fault.name for fault in FAULTS), CUT, ENDED}
    digit = rows["digit-changed"]
    assert digit.all.model_dump() == {"planted": 3, "repaired": 2, "marked": 0, "silent": 1}
    assert {group: counts.silent for group, counts in digit.groups.items()} == {"label": 1, "number": 0}
    assert rows["text-normalised"].harmless
    assert rows["row-dropped"].all.planted == 0
    assert (told.planted, told.repaired, told.faults_silent, told.silent["label"], told.silent_numbers) == (4, 3, 1, 1, 0)
    assert told.silent_below is None
    (passed,) = told.examples
    assert (passed.name, passed.share, passed.seed, passed.group, passed.form) == ("digital", 0.1, 1, "label", "f")
    assert (passed.cell, passed.fault, passed.want, passed.got) == ("grade", "digit-changed", "优", "良")
    assert [(one.name, one.seed, one.planted, one.requests) for one in told.runs] == [("digital", 1, 2, 3), ("dump", 2, 2, 4)]
    assert Injection.model_validate_json(told.model_dump_json()) == told


def test_of_what_passed_numbers_come_first_and_what_was_told_before_what_was_not() -> None:
    measured = Measured()
    read = set_cell(set_cell(set_cell(FORM, "expected_goal", "别的"), "grade", "良"), "total_score", Decimal(1))
    measured.add(FORM, set_cell(read, "total_weight", Decimal(2)), [planted("total_weight"), planted("expected_goal")])
    told = injection_figures([tally("digital", Setting(), measured)])
    assert [(one.cell, one.fault) for one in told.examples] == [
        ("total_weight", "digit-changed"), ("total_score", ""), ("grade", ""), ("expected_goal", "digit-changed"),
    ]  # fmt: skip


def question(form: Form, task: str) -> str:
    return compose(Asked(task, numbered(table_lines(form)), None, None, len(form.indicators)))  # type: ignore[arg-type]


def test_lost_answers_follow_from_the_seed() -> None:
    def replies(seed: int) -> list[tuple[str, bool]]:
        answers = FaultyAnswers(GoldAnswers(SAMPLES, two_decimals), seed, 0.0, 0.0, cuts=0.5)
        return [tuple(answers.reply(question(form, task))) for form in SAMPLES for task in ("head", "rows")]  # type: ignore[misc]

    assert replies(1) == replies(1)
    assert any(replies(seed) != replies(1) for seed in (2, 3))


def test_an_answer_breaks_off_once_and_is_then_whole() -> None:
    answers = FaultyAnswers(GoldAnswers(SAMPLES, two_decimals), 1, 0.0, 0.0, cuts=1.0)
    asked = question(SAMPLES[0], "head")
    first, again = answers.reply(asked), answers.reply(asked)
    assert first.cut
    assert not again.cut
    assert again.text.startswith(first.text)
    json.loads(again.text)
    assert [p.cell for p in answers.told[SAMPLES[0].form_id]] == [HEAD]


def test_an_answer_that_ends_early_is_whole_and_lacks_its_last_rows() -> None:
    answers = FaultyAnswers(GoldAnswers(SAMPLES, two_decimals), 1, 0.0, 0.0, cuts=1.0)
    form = SAMPLES[0]
    rows = json.loads(answers.reply_text(question(form, "rows")))["rows"]
    lost = [p.row for p in answers.told[form.form_id] if p.fault == ENDED]
    assert 0 < len(lost) <= len(form.indicators) // 2
    assert [row["name"] for row in rows] == [row.name for row in form.indicators[: lost[0]]]
    assert lost == list(range(len(rows), len(form.indicators)))


def test_without_cuts_no_answer_is_lost() -> None:
    answers = FaultyAnswers(GoldAnswers(SAMPLES, two_decimals), 1, 0.0, 1.0)
    asked = question(SAMPLES[0], "rows")
    assert [answers.reply(asked).cut for _ in range(4)] == [False] * 4
    assert answers.told[SAMPLES[0].form_id] == ()


def test_no_number_passes_over_http() -> None:
    materials = read_materials([data.samples() / "pdf" / "baoshan-2020.pdf"])
    setting = Setting(0.2, 0.5, seed=3, cuts=0.3)
    ran = run(materials, SAMPLES, setting)
    told = injection_figures([tally("digital", setting, ran.measured, ran.requests, ran.ledger_agrees)])
    assert told.planted > 40
    assert told.silent_below == unseen(len(SAMPLES))
    assert told.silent_numbers == 0
    assert sum(row.all.planted for row in told.faults if row.fault in (CUT, ENDED)) > 0
    assert told.runs[0].agrees


def test_the_command_tells_tables(capsys: pytest.CaptureFixture[str]) -> None:
    pdf = str(data.samples() / "pdf" / "baoshan-2020.pdf")
    gold = [pdf, "--gold", str(data.samples() / "gold"), "--share", "0.02"]
    assert main(gold) == 0
    told = capsys.readouterr()
    assert "| row-dropped | " in told.out
    assert "digital" in told.err
