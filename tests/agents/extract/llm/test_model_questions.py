"""What is asked about a form: how many rows it prints, which of them go into one question, and how much text all questions send."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from agents.extract.llm.asked import read_back
from agents.extract.llm.points import row_points
from agents.extract.llm.printed import Printed
from agents.extract.llm.questions import ROWS_AT_ONCE, cells_question, head_question, row_questions, rows_again
from agents.models.tokens import estimate_tokens
from agents.prompts import prompt
from schema.form import Form
from schema.transcript import RowTranscript
from tests.agents.extract.llm.tables import LABELS, ROWS, SHAPES, dumped, listed, row, ruled

MOST = 1.6
"""Tokens of all first questions about a form by those of its text."""


def many(count: int) -> list[RowTranscript]:
    """Rows with names of their own, in groups of three under a label."""
    levels = ["数量指标", "质量指标", "时效指标", "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标", "服务对象满意度指标"]
    return [
        row("产出指标", levels[i // 3 % len(levels)], f"第{i + 1}处园路维护", f"≥{i + 3}公里", f"{i + 4}公里", "2", "2")
        for i in range(count)
    ]


def test_every_sample_tells_how_many_rows_it_prints(samples: Sequence[tuple[str, Form, Printed]]) -> None:
    counted = {name: (len(row_points(printed)), len(form.indicators)) for name, form, printed in samples}
    assert {name: counts for name, counts in counted.items() if counts[0] != counts[1]} == {}


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("count", [1, 2, 15, 16, 31])
def test_made_up_forms_tell_it_too(make: Callable[..., Printed], count: int) -> None:
    assert len(row_points(make(many(count)))) == count


ODD_ROWS = {
    "figures as targets": row("产出指标", "数量指标", "种树", "36", "38", "10", "10"),
    "points with their unit": row("产出指标", "数量指标", "种树", "≥36棵", "38棵", "10分", "10分"),
    "whole points only": row("产出指标", "数量指标", "种树", "≥36棵", "38棵", "100", "0"),
    "percentages as values": row("产出指标", "质量指标", "成活率", "95%", "96%", "10", "10"),
    "a number in the deviation": row("产出指标", "数量指标", "种树", "≥36棵", "30棵", "10", "8", "少种 6 棵"),
}


@pytest.mark.parametrize("make", [ruled, dumped], ids=["ruled", "dumped"])
@pytest.mark.parametrize("odd", ODD_ROWS.values(), ids=ODD_ROWS)
def test_rows_that_could_be_miscounted(make: Callable[..., Printed], odd: RowTranscript) -> None:
    rows = [*ROWS[:2], odd, *ROWS[2:]]
    assert len(row_points(make(rows))) == len(rows)


def test_a_text_without_labels_tells_nothing() -> None:
    assert row_points(Printed("甲 10 10\n乙 20 20\n")) == []


@pytest.mark.parametrize("make", [ruled, dumped, listed], ids=["ruled", "rows", "cells"])
@pytest.mark.parametrize("count", [1, 14, 15, 16, 30, 31, 46])
def test_groups_tile_the_table(make: Callable[..., Printed], count: int) -> None:
    rows = many(count)
    asked = [read_back(question.user) for question in row_questions(make(rows), "甲")]
    parts = [(part.first, part.last) for part in asked]
    assert parts[0][0] == 1
    assert parts[-1][1] == count
    assert [first for first, _ in parts[1:]] == [(last or 0) + 1 for _, last in parts[:-1]]
    assert all(0 < (last or 0) - (first or 0) + 1 <= ROWS_AT_ONCE for first, last in parts)
    assert len(parts) == -(-count // ROWS_AT_ONCE)
    assert {part.total for part in asked} == {count}
    for part in asked:
        text = "\n".join(line for _, line in part.lines)
        wanted = [rows[i].name or "" for i in range((part.first or 0) - 1, part.last or 0)]
        assert [name for name in wanted if name not in text] == []
        assert all(label in text for label in LABELS), "every group has the header"


def test_groups_of_samples_tile_their_tables(samples: Sequence[tuple[str, Form, Printed]]) -> None:
    for name, form, printed in samples:
        asked = [read_back(question.user) for question in row_questions(printed, name)]
        rows = [n for part in asked for n in range(part.first or 0, (part.last or 0) + 1)]
        assert rows == list(range(1, len(form.indicators) + 1)), name
        assert max((part.last or 0) - (part.first or 0) + 1 for part in asked) <= ROWS_AT_ONCE


def test_a_later_group_is_told_which_labels_hold_on() -> None:
    rows = [row("产出指标", "数量指标", f"第{i + 1}处园路", "≥1公里", "1公里", "2", "2") for i in range(17)]
    first, second = row_questions(ruled(rows), "甲")
    assert "承接上文" not in first.user
    assert "承接上文的标签：产出指标、数量指标" in second.user


def test_every_line_of_a_form_is_asked_about_once(samples: Sequence[tuple[str, Form, Printed]]) -> None:
    """No line is left out; only the header of the table and the edge of a group of rows are sent twice."""
    for name, _, printed in samples:
        lines = [
            number
            for question in (head_question(printed, name), *row_questions(printed, name))
            for number, _ in read_back(question.user).lines
        ]
        assert {number for number, _ in printed.lines} == set(lines), name
        assert len(lines) - len(set(lines)) <= 0.1 * len(lines) + 20, name


def test_questions_send_hardly_more_than_a_ruled_form(ruled_samples: Sequence[tuple[str, Form, Printed]]) -> None:
    assert _too_long(ruled_samples) == {}


def test_questions_send_hardly_more_than_a_dump(dump_samples: Sequence[tuple[str, Form, Printed]]) -> None:
    assert _too_long(dump_samples) == {}


def _too_long(samples: Sequence[tuple[str, Form, Printed]]) -> dict[str, float]:
    """Forms whose questions are longer than they should be; what marks cells of a table is no text of it."""
    ratios = {
        name: sum(estimate_tokens(question.user) for question in (head_question(printed, name), *row_questions(printed, name)))
        / estimate_tokens(printed.text.replace("|", ""))
        for name, _, printed in samples
    }
    return {name: round(ratio, 3) for name, ratio in ratios.items() if ratio > MOST}


def test_the_users_part_is_the_document_and_one_line(samples: Sequence[tuple[str, Form, Printed]]) -> None:
    """What is the same for all forms stands in the system's part, which providers cache."""
    for name, _, printed in samples[:8]:
        for question in (head_question(printed, name), *row_questions(printed, name)):
            assert question.system in (prompt("head"), prompt("rows"))
            task = question.user.rpartition(">\n")[2]
            assert re.fullmatch(r"任务：转录(表头、资金、目标和总分|指标行)。.*", task)
            assert estimate_tokens(task) < 80


def test_the_length_of_an_answer_is_bounded(samples: Sequence[tuple[str, Form, Printed]]) -> None:
    for name, _, printed in samples:
        for question in (head_question(printed, name), *row_questions(printed, name)):
            assert 1024 <= question.max_tokens <= 8192
            assert question.max_tokens >= min(8192, 1.3 * estimate_tokens(question.user))


def test_cells_are_asked_with_their_lines_only() -> None:
    printed = ruled()
    question = cells_question(printed, "甲", {"14.score": "“9”这里印的是“10”", "total_score": "没有找到"}, {14, 15})
    asked = read_back(question.user)
    assert [number for number, _ in asked.lines] == ["14", "15"]
    assert [cell for cell, _ in asked.cells] == ["14.score", "total_score"]
    assert "“9”这里印的是“10”" in question.user


def test_rows_are_asked_again_with_the_header() -> None:
    printed = ruled()
    asked = read_back(rows_again(printed, "甲", 14, 14).user)
    texts = [text for _, text in asked.lines]
    assert texts[0].startswith("一级指标|二级指标")
    assert len(texts) == 2
    assert asked.first is None
