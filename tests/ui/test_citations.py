"""Citations on the terminal: few in full, many by form."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console

from agents.answer.answer import Citation
from ui.cli.citations import CELLS_SHOWN, FORMS_SHOWN, IN_FULL, print_citations


def _cite(n: int, cell: str, form: str = "甲", page: int | None = 2, **changes: object) -> Citation:
    place = {"file": f"/家/{form}.pdf", "page": page, "cell": cell, "form_id": form}
    told = {"n": n, "project_name": f"{form}项目", "fiscal_year": 2024, "quote": "印着的字"}
    return Citation.model_validate(place | told | changes)


def _printed(cites: Sequence[Citation], most: int = FORMS_SHOWN) -> str:
    shown = io.StringIO()
    print_citations(Console(file=shown, width=100_000), cites, most)
    return shown.getvalue()


def test_few_are_shown_with_what_is_printed() -> None:
    told = _printed([_cite(1, "total_score"), _cite(2, "indicators[3].score", page=None, file=None, quote="字" * 100)])
    assert "[1] 甲项目，甲.pdf 第2页，总得分：印着的字\n" in told
    assert f"[2] 甲项目，导入的表，第 4 行得分：{'字' * 60}…\n" in told


def test_many_are_one_line_per_form_by_page_and_row() -> None:
    cells = ["indicators[4].deviation", "indicators[4].score", "project_name", "indicators[5].name"]
    cites = [_cite(n, cell) for n, cell in enumerate(cells, 1)]
    cites += [_cite(5, "total_score", page=3), _cite(6, "grade", "乙", page=None)]
    assert len(cites) > IN_FULL
    assert _printed(cites).splitlines() == [
        "出处",
        "  甲项目，甲.pdf 第2页：[3]项目名称，第 5 行 [1]偏差原因分析及改进措施 [2]得分，第 6 行 [4]三级指标；第3页：[5]总得分",
        "  乙项目，乙.pdf [6]评分等级",
    ]


def test_what_is_left_out_is_counted() -> None:
    cites = [_cite(n, f"indicators[{n}].score") for n in range(1, CELLS_SHOWN + 3)]
    cites += [_cite(50 + n, "total_score", f"丙{n}") for n in range(4)]
    told = _printed(cites, 2)
    assert len(told.splitlines()) == 4
    assert "其余 5 处出处见 jihe ask --json" in told
