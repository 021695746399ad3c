"""A form read by a model from its first questions to its last: second looks, refused answers, and what faults are left at the end."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from agents.extract.llm.again import MOST_CELLS, Said, better, cells_again, doubtful_cells, look_up, lost_rows
from agents.extract.llm.asked import read_back
from agents.extract.llm.build import ground
from agents.extract.llm.printed import Printed, print_dump
from agents.extract.llm.read import ROUNDS, blank_head, read_printed
from agents.models.question import MEANINGS, Status
from eval.simulate.answers import GoldAnswers, two_decimals
from eval.simulate.endpoint import FaultyAnswers
from schema.cells import iter_cells
from schema.form import Form
from schema.transcript import CellsTranscript, CellTranscript
from tests.agents.extract.llm.asking import Model, from_texts
from tests.agents.extract.llm.comparing import silent_numbers, silent_texts
from tests.agents.extract.llm.tables import ROWS, SHAPES, changed, dumped, head, ruled

each_shape = pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
SHARES, RELAPSES, SEEDS = (0.02, 0.1, 0.3), (0.0, 1.0), (1, 2)
Samples = list[tuple[str, Form, Printed]]

# -- faults in all samples ------------------------------------------------------------------------------------------------------------


def silent(samples: Samples, answers: FaultyAnswers, part: slice = slice(None)) -> dict[str, object]:
    """The forms that end with a wrong number of which nobody is told."""
    out = {}
    for name, gold, printed in samples[part]:
        form = read_printed(printed, name, from_texts(answers)).form
        assert form is not None, name
        if wrong := silent_numbers(gold, form):
            out[name] = wrong
    return out


@pytest.fixture(scope="module")
def gold(ruled_samples: Samples) -> GoldAnswers:
    """Right answers about all samples."""
    return GoldAnswers([form for _, form, _ in ruled_samples], two_decimals)


@pytest.mark.parametrize("shape", ["ruled", "dump"])
@pytest.mark.parametrize("relapse", [pytest.param(0.0, id="mended", marks=pytest.mark.slow), pytest.param(1.0, id="insisted")])
@pytest.mark.parametrize("share", SHARES[::2])
def test_no_number_is_silently_wrong(share: float, relapse: float, shape: str, gold: GoldAnswers, request: pytest.FixtureRequest) -> None:
    """Some of the samples for each seed, few and many faults, most where they are hardest to tell; the rest is for `make test-all`."""
    samples: Samples = request.getfixturevalue(f"{shape}_samples")
    step, start = (6, 0) if relapse and shape == "dump" else (10, SHARES.index(share))
    found = {}
    for number, seed in enumerate(SEEDS):
        found |= silent(samples, FaultyAnswers(gold, seed, share, relapse), slice(start + step // 2 * number, None, step))
    assert found == {}


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["ruled", "dump"])
@pytest.mark.parametrize(("share", "relapse", "seed"), list(product(SHARES, RELAPSES, (*SEEDS, 3, 4))))
def test_no_number_is_silently_wrong_in_any_sample(
    share: float, relapse: float, seed: int, shape: str, gold: GoldAnswers, request: pytest.FixtureRequest
) -> None:
    assert silent(request.getfixturevalue(f"{shape}_samples"), FaultyAnswers(gold, seed, share, relapse)) == {}


@pytest.mark.parametrize("shape", ["ruled", "dump"])
def test_a_model_without_fault_gives_the_gold_form(shape: str, gold: GoldAnswers, request: pytest.FixtureRequest) -> None:
    wrong: dict[str, object] = {}
    for name, form, printed in request.getfixturevalue(f"{shape}_samples"):
        found = read_printed(printed, name, from_texts(gold)).form
        assert found is not None
        values = dict(iter_cells(found))
        numbers = silent_numbers(form, found)
        texts = silent_texts(form, found)
        marked = {mark.cell for mark in found.review}
        if numbers or texts or len(marked) > (0 if shape == "ruled" else 0.05 * len(values)):
            wrong[name] = (numbers, texts, sorted(marked))
    assert wrong == {}


# -- second looks ---------------------------------------------------------------------------------------------------------------------


@each_shape
def test_what_is_right_is_not_asked_again(make: Callable[[], Printed]) -> None:
    model = Model()
    reading = read_printed(make(), "甲", model)
    assert sorted(model.tasks) == ["head", "rows"]
    assert reading.rounds == 0
    assert reading.form is not None
    assert not reading.form.review


@each_shape
@pytest.mark.parametrize(
    ("model", "rounds"),
    [
        (Model(rows=tuple(changed(3, score="7.6"))), 1),
        (Model(rows=tuple(changed(1, target="≥36公里", actual="38公里"))), 1),
        (Model(rows=(*ROWS[:2], *ROWS[3:])), 1),
        (Model(head(department="柳溪公园管理处", total_score="90.65")), 1),
    ],
    ids=["a score", "two values", "a row", "the head"],
)
def test_a_second_look_mends_it(make: Callable[[], Printed], model: Model, rounds: int) -> None:
    fresh = Model(model._head, model._rows)
    reading = read_printed(make(), "甲", fresh)
    assert reading.form is not None
    assert {mark.cell: mark.reason for mark in reading.form.review} == {}
    assert rounds <= reading.rounds <= ROUNDS


@each_shape
def test_insisting_leaves_a_mark_and_ends(make: Callable[[], Printed]) -> None:
    model = Model(rows=tuple(changed(3, score="7.6")), again={"score": "7.6"})
    reading = read_printed(make(), "甲", model)
    assert reading.form is not None
    assert "indicators[3].score" in {mark.cell for mark in reading.form.review}
    assert reading.rounds <= ROUNDS
    assert len(model.asked) <= 2 + 2 * ROUNDS


def test_nothing_is_asked_twice_in_vain() -> None:
    """An answer that makes nothing better ends the asking."""
    model = Model(rows=tuple(changed(3, score="7.6")), again={"score": "7.6"})
    read_printed(ruled(), "甲", model)
    assert model.tasks[2:] == ["cells"]


def test_a_second_answer_counts_only_for_what_was_asked() -> None:
    printed = ruled()
    said, grounded = look_up(printed, Said(head(), tuple(changed(3, score="7.6"))))
    (again,) = doubtful_cells(grounded, "甲")
    own = next(iter(again.cells))
    answer = CellsTranscript(
        cells=[CellTranscript(cell=own, printed="7.5"), *(CellTranscript(cell=c, printed="99") for c in ("total_score", "1.name", ""))]
    )
    assert again.applied(said, answer) == Said(head(), ROWS)


@pytest.mark.parametrize("label", ["数量", "随便", "产出指标"])
def test_a_label_outside_of_the_list_is_no_answer(label: str) -> None:
    printed = ruled()
    said, grounded = look_up(printed, Said(head(), tuple(changed(2, level2="数量指标"))))
    (again,) = doubtful_cells(grounded, "甲")
    (cell,) = again.cells
    applied = again.applied(said, CellsTranscript(cells=[CellTranscript(cell=cell, printed=label)]))
    assert applied.rows[2].level2 in ("数量指标", label)


def test_cells_are_asked_in_parts() -> None:
    """Nothing but names is said: all other cells are asked for, not too many at once, each with the line that it is printed in."""
    bare = tuple(
        row.model_copy(update={"target": "9", "actual": "9", "weight": "9.9", "score": "9.9", "level1": None, "level2": None})
        for row in ROWS
    )
    _, grounded = look_up(ruled(), Said(blank_head(), bare))
    questions = list(doubtful_cells(grounded, "甲"))
    assert [len(question.cells) for question in questions[:-1]] == [MOST_CELLS] * (len(questions) - 1)
    for question in questions:
        asked = read_back(question.question.user)
        ids = {number for number, _ in asked.lines}
        assert asked.lines
        assert {cell.partition(".")[0] for cell, _ in asked.cells if cell[0].isdigit()} <= ids


def test_every_question_about_cells_shows_a_document() -> None:
    """Also for cells of parts that the form does not print."""
    lines = ["项目支出绩效自评表", "项目名称 柳溪公园园路维护", "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分"]
    text = "\n".join([*lines, "产出指标 数量指标 维护园路长度 ≥36公里 38公里 10 10", "总分 100 90.85", ""])
    _, grounded = look_up(print_dump(text)[0], Said(head(), ROWS[:1]))
    alone = {cell: verdict for cell, verdict in grounded.head.items() if not verdict.believed}
    assert "expected_goal" in alone
    empty = []
    for cell in alone:
        again = cells_again(grounded, {cell: "没有找到"}, "甲")
        if again is not None and read_back(again.question.user).lines in ((), (("", ""),)):
            empty.append(cell)
    assert empty == []


@each_shape
@pytest.mark.parametrize("gone", range(6))
def test_a_row_that_nobody_gave_is_asked_for_where_it_is_printed(make: Callable[[], Printed], gone: int) -> None:
    said = tuple(row for i, row in enumerate(ROWS) if i != gone)
    _, grounded = look_up(make(), Said(head(), said))
    (question,) = lost_rows(grounded, "甲")
    assert question.at == gone
    text = "\n".join(line for _, line in read_back(question.question.user).lines)
    assert ROWS[gone].name in text


def test_better_never_accepts_fewer_believed_cells() -> None:
    printed = dumped()
    states = [
        (head(), ROWS),
        (head(), changed(3, score="7.6")),
        (head(), ROWS[:4]),
        (head(grade=None), ROWS),
        (head(total_score="9"), changed(0, target=None)),
        (blank_head(), ROWS),
    ]
    grounded = [ground(printed, *state) for state in states]
    for old, new in product(grounded, repeat=2):
        assert not (better(old, new) and new.believed <= old.believed)


def test_better_breaks_no_sum_that_held() -> None:
    """A second answer that finds one cell more and loses a sum is refused."""
    rows = list(ROWS)
    printed = ruled()
    right = ground(printed, head(grade=None), rows)
    wrong = ground(printed, head(total_score=None), rows)
    assert wrong.believed <= right.believed or not better(right, wrong)
    assert better(wrong, ground(printed, head(), rows))


# -- answers that do not come ---------------------------------------------------------------------------------------------------------


@each_shape
@pytest.mark.parametrize("status", [status for status in MEANINGS if status != "ok"])
def test_no_answer_at_all_gives_no_form(make: Callable[[], Printed], status: Status) -> None:
    reading = read_printed(make(), "甲", Model(refuse=("head", "rows"), status=status))
    assert reading.form is None
    assert [outcome.status for outcome in reading.failed] == [status, status]


@each_shape
@pytest.mark.parametrize(("task", "cell"), [("head", "project_name"), ("rows", "indicators")])
def test_a_part_without_an_answer_leaves_marks(make: Callable[[], Printed], task: str, cell: str) -> None:
    model = Model(refuse=(task,))
    reading = read_printed(make(), "甲", model)
    assert reading.form is not None
    assert [outcome.status for outcome in reading.failed] == ["refused"]
    marks = [mark for mark in reading.form.review if mark.cell == cell]
    assert any("没有给出" in mark.reason for mark in marks)
    values = dict(iter_cells(reading.form))
    marked = {mark.cell for mark in reading.form.review}
    if task == "head":
        right = dict(iter_cells(read_printed(make(), "甲", Model()).form))
        assert [each for each, value in right.items() if value is not None and values.get(each) != value and each not in marked] == []


@each_shape
def test_a_second_look_that_is_refused_leaves_the_first(make: Callable[[], Printed]) -> None:
    reading = read_printed(make(), "甲", Model(rows=tuple(changed(3, score="7.6")), refuse=("cells",)))
    assert reading.form is not None
    assert len(reading.form.indicators) == 6
    assert "indicators[3].score" in {mark.cell for mark in reading.form.review}


def test_a_group_of_rows_without_an_answer_is_told(dump_samples: Samples, gold: GoldAnswers) -> None:
    """In a long table one of two groups is not answered: its rows are missed, those of the other stand."""
    name, form, printed = next(sample for sample in dump_samples if len(sample[1].indicators) > 15)
    ask = from_texts(gold)
    model = Model(refuse=("rows",))

    def part(question):  # type: ignore[no-untyped-def]
        asked = read_back(question.user)
        second = asked.task == "rows" and (asked.first is None or asked.first > 1)
        return model(question) if second else ask(question)

    reading = read_printed(printed, name, part)
    assert reading.form is not None
    assert 0 < len(reading.form.indicators) < len(form.indicators)
    assert "indicators" in {mark.cell for mark in reading.form.review}
    assert silent_numbers(form, reading.form) == []
