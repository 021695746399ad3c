"""Where forms begin and end."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.blocks import find_blocks, is_title
from ingest.pdf import open_pdf, read_page
from schema.form import Form


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("项目支出绩效自评表", True),
        ("2023年度某某省省级部门预算项目绩效目标自评表（续）", True),
        ("（2024年度）", False),
        ("各单位应于三月底前报送项目支出绩效自评表和自评报告。", False),
    ],
)
def test_titles(text: str, expected: bool) -> None:
    assert is_title(text) is expected


def test_each_form_of_the_samples_is_a_block(sample_pdfs: list[Path], gold_forms: dict[str, list[Form]]) -> None:
    for path in sample_pdfs:
        with open_pdf(path, path.name) as document:
            blocks = find_blocks(read_page(document, i) for i in range(document.page_count))
        assert len(blocks) == len(gold_forms[path.stem])
        pages = [page for block in blocks for page in block.pages]
        assert pages == sorted(pages)
