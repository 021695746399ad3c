"""What counts as an answer: the schema to the letter, and nothing around it but a thought and one fence."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.answers import check_answer, unwrapped
from schema.transcript import CellsTranscript, CellTranscript, RowsTranscript
from tests.agents.models.conftest import GOOD, GOOD_TEXT, wrong

ROW = dict.fromkeys(("level1", "level2", "name", "target", "actual", "weight", "score", "deviation"))


@pytest.mark.parametrize(
    "text",
    [
        GOOD_TEXT,
        f"\n  {GOOD_TEXT}\n",
        json.dumps(json.loads(GOOD_TEXT), ensure_ascii=True, indent=2),
        f"```json\n{GOOD_TEXT}\n```",
        f"```\n{GOOD_TEXT}\n```\n",
        f"<think>\n先看表头 {{}}\n</think>\n\n{GOOD_TEXT}",
    ],
    ids=["bare", "blanks", "escaped", "json fence", "fence", "thought"],
)
def test_good_answers(text: str) -> None:
    assert check_answer(text, CellsTranscript).value == GOOD


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "整个回答：不是完整的 JSON"),
        ("好的，结果如下：", "整个回答：不是完整的 JSON"),
        (GOOD_TEXT[:-1], "整个回答：不是完整的 JSON"),
        (GOOD_TEXT + "完毕", "整个回答：不是完整的 JSON"),
        (f"```json\n```json\n{GOOD_TEXT}\n```\n```", "整个回答：不是完整的 JSON"),
        ("[]", "整个回答：应为对象"),
        ("{}", "cells：缺少这个键"),
        (wrong(more=1), "more：多出的键"),
        (wrong(cells=None), "cells：应为列表"),
        (wrong(cells=[{"cell": 1, "printed": None}]), "cells.0.cell：应为字符串或 null"),
        (wrong(cells=[{"cell": "a", "printed": 1.5}]), "cells.0.printed：应为字符串或 null"),
        ('{"cells":[],"cells":[]}', "cells：键重复"),
        ('{"cells":[{"cell":"a","cell":"b","printed":null}]}', "cell：键重复"),
        ('{"cells":NaN}', "cells：应为列表"),
        ("[" * 100_000, "整个回答：不是完整的 JSON"),
        (wrong(cells=[{}, {}]), "cells.0.cell：缺少这个键；cells.0.printed：缺少这个键；cells.1.cell：缺少这个键；共 4 处"),
    ],
)
def test_faults_are_told_with_their_place(text: str, fault: str) -> None:
    checked = check_answer(text, CellsTranscript)
    assert (checked.value, checked.fault) == (None, fault)


def test_an_enumeration_is_closed() -> None:
    assert check_answer(json.dumps({"rows": [{**ROW, "level1": "产出指标"}]}), RowsTranscript).value is not None
    assert check_answer(json.dumps({"rows": [{**ROW, "level1": "产出类"}]}), RowsTranscript).fault == "rows.0.level1：不在可选的值之内"


def test_faults_do_not_repeat_what_was_answered() -> None:
    assert "机密" not in check_answer(json.dumps({"rows": [{**ROW, "level1": "机密"}]}), RowsTranscript).fault


@given(st.lists(st.tuples(st.text(), st.none() | st.text())))
def test_what_fits_comes_back_as_it_was(cells: list[tuple[str, str | None]]) -> None:
    value = CellsTranscript(cells=[CellTranscript(cell=cell, printed=printed) for cell, printed in cells])
    assert check_answer(value.model_dump_json(), CellsTranscript).value == value


@given(st.text())
def test_no_text_breaks_the_check(text: str) -> None:
    assert check_answer(text, CellsTranscript).value is None
    assert unwrapped(unwrapped(text)) is not None
