"""Text files in every encoding that Chinese programs write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.dump.decode import decode, read_text
from ingest.settings import DEFAULT
from schema.errors import DamagedDocument, UnreadableDocument, UnsupportedDocument

TEXT = "财政项目支出绩效自评表\r\n（2024年度） ≥85.00(%)\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings_are_told_apart(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "甲.txt") == TEXT


def test_rubbish_is_no_text() -> None:
    with pytest.raises(DamagedDocument, match="不是文本"):
        decode(bytes(range(256)) * 20, "甲.txt")


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "长.txt"
    path.write_text("一" * 50, "utf-8")
    with pytest.raises(UnsupportedDocument, match="超过 40 个字符"):
        read_text(path, "长.txt", replace(DEFAULT, characters=40))


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"无\.txt"):
        read_text(tmp_path / "无.txt", "无.txt", DEFAULT)
