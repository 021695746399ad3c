"""Labels mended by the vocabulary, and what is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.page import Line, Table
from ingest.scan.labels import mend_labels
from tests.agents.extract.grids import table


def row(*texts: str, doubtful: str = "") -> Table:
    """A row of cells whose characters were read surely but for those named."""
    plain = table(1, [list(texts)])
    return replace(plain, cells=tuple(replace(cell, lines=tuple(_read(line, doubtful) for line in cell.lines)) for cell in plain.cells))


def _read(line: Line, doubtful: str) -> Line:
    return Line(tuple(glyph._replace(confidence=0.4 if glyph.text in doubtful else 0.99) for glyph in line.glyphs))


@pytest.mark.parametrize(
    ("text", "doubtful", "wanted"),
    [
        ("年初页算数", "页", "年初预算数"),
        ("上年吉转资金", "", "上年结转资金"),
        ("其中：当年财攻拨款", "攻", "其中：当年财政拨款"),
        ("质最指标", "最", "质量指标"),
        ("产出指标C", "", "产出指标"),
        ("-产出指标", "", "产出指标"),
        ("年度资金总颜：", "颜", "年度资金总额："),
    ],
)
def test_a_doubtful_label_reads_as_the_one_known_label_it_is_like(text: str, doubtful: str, wanted: str) -> None:
    assert mend_labels(row(text, "1.00", doubtful=doubtful)).cells[0].text == wanted


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("质最指标", ""),
        ("某量指标", "某"),
        ("可持续影", ""),
        ("试验单位", "试验单位"),
        ("15.00", "5"),
        ("大厅日常运维达标率", "达"),
        ("质量指标", "质"),
    ],
)
def test_what_is_sure_or_like_several_labels_or_none_is_left(text: str, doubtful: str) -> None:
    assert mend_labels(row(text, "1.00", doubtful=doubtful)).cells[0].text == text


def test_a_lost_numeral_is_the_one_that_the_row_lacks() -> None:
    mended = mend_labels(row("一级指标", "二级指标", "级指标", "年度指标值"))
    assert [cell.text for cell in mended.cells] == ["一级指标", "二级指标", "三级指标", "年度指标值"]
    alone = mend_labels(row("级指标", "年度指标值"))
    assert alone.cells[0].text == "级指标"
