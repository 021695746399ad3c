"""What is too long to be a form is left out of a dump, and that is told."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from agents.reader import read_document
from ingest.dump.tables import MOST_PIECES, read_dump
from schema.errors import DamagedDocument

_FORM = """项目支出绩效自评表
项目名称
热线运维
一级指标
二级指标
三级指标
年度指标值
实际完成值
分值
得分
偏差原因分析及改进措施
产出指标
数量指标
"""
_ROW = "巡检次数\n≥12次\n12次\n10\n10\n"


def test_a_table_of_thousands_of_rows_is_left_out_in_time(tmp_path: Path) -> None:
    text = _FORM + _ROW * MOST_PIECES
    started = time.process_time()
    tables, lines, lost = read_dump(text)
    assert time.process_time() - started < 5
    assert tables == ()
    assert len(lines) > MOST_PIECES
    assert lost is not None and str(MOST_PIECES) in lost
    path = tmp_path / "长.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(DamagedDocument, match="行起的表"):
        read_document(path)


def test_the_other_forms_of_the_dump_are_read() -> None:
    tables, _, lost = read_dump(_FORM + _ROW * 3 + "总分\n100\n90\n" + _FORM + _ROW * MOST_PIECES)
    assert len(tables) == 1
    assert lost is not None
    assert read_dump(_FORM + _ROW * 3)[2] is None
