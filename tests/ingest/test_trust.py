"""Which pages have to be read from their picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mupdf import pymupdf
from ingest.pdf import open_pdf, read_page
from ingest.trust import PageFacts, judge

FORM = "项目支出绩效自评表一级指标二级指标三级指标年度指标值实际完成值分值得分偏差原因分析及改进措施100.00≥98.5%，（个）" * 4


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (PageFacts(FORM), None),
        (PageFacts(""), None),
        (PageFacts("第1页"), None),
        (PageFacts(FORM, picture=1.0), None),
        (PageFacts("项目名称", picture=0.1), None),
        (PageFacts("", picture=0.4), "没有文字层"),
        (PageFacts("扫描全能王第3页", picture=0.9), "零星 8 个字"),
        (PageFacts("数量指标98%10" * 8, picture=0.9, filled=40), None),
        (PageFacts("", hidden=800, picture=0.95), "看不见的字"),
        (PageFacts("CamScanner", hidden=300, picture=0.95), "看不见的字"),
        (PageFacts(FORM, hidden=10, picture=0.2), None),
        (PageFacts("第1页", outlines=300), "用线条画出来"),
        (PageFacts(FORM, outlines=80), None),
        (PageFacts("\ufffd" * 30 + FORM[:200]), "乱码"),
        (PageFacts("\ue123\ue456\ue789" * 10 + FORM[:300]), "乱码"),
        (PageFacts("ÏîÄ¿Ö§³ö¼¨Ð§×ÔÆÀ±í" * 5), "乱码"),
        (PageFacts("鐩綍椤圭洰鏀嚭缁╂晥鑷瘎琛" * 5 + "髐髒髕髖髗髙" * 10), "生僻字"),
        (PageFacts("!\"#$%&'()*" * 20), "乱码"),
        (PageFacts("\uf0b7" * 3 + FORM), None),
        (PageFacts(FORM, misread=0.5), "不一致"),
    ],
)
def test_what_is_known_of_a_page_decides(facts: PageFacts, said: str | None) -> None:
    reason = judge(facts)
    assert (reason is None) == (said is None), reason
    assert said is None or said in str(reason)


@given(st.text(), st.integers(0, 2000), st.floats(0, 1), st.integers(0, 2000))
def test_any_facts_give_a_line_or_nothing(shown: str, hidden: int, picture: float, outlines: int) -> None:
    reason = judge(PageFacts("".join(shown.split()), hidden, picture, 0, outlines))
    assert reason is None or (reason.isprintable() and len(reason) < 60)


@given(st.lists(st.sampled_from("一级指标年度完成值分得项目资金预算0123456789.%≥≤（）、，。万元"), min_size=1, max_size=400))
def test_plain_chinese_print_is_trusted(letters: list[str]) -> None:
    assert judge(PageFacts("".join(letters))) is None


def _scan_of(sample: Path) -> pymupdf.Pixmap:
    with pymupdf.open(sample) as document:
        return document[0].get_pixmap(dpi=50)


@pytest.mark.parametrize("layer", ["none", "invisible", "under the image", "stamp"])
def test_a_scan_is_not_trusted_whatever_text_it_carries(layer: str, sample_pdfs: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    with pymupdf.open() as document:
        page = document.new_page()
        where = [(40, 60 + 20 * i) for i in range(20)]
        if layer == "under the image":
            for at in where:
                page.insert_text(at, FORM[:20], fontname="china-s")
        page.insert_image(page.rect, pixmap=_scan_of(sample_pdfs[0]), keep_proportion=False)
        if layer == "invisible":
            for at in where:
                page.insert_text(at, FORM[:20], fontname="china-s", render_mode=3)
        if layer == "stamp":
            page.insert_text((40, 800), "CamScanner", color=(1, 0, 0))
        document.save(path)
    with open_pdf(path, "x") as document:
        read = read_page(document, 0)
    assert read.untrusted
    assert read.pictures == (layer != "stamp")


def test_text_drawn_as_paths_is_not_trusted(sample_pdfs: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "paths.pdf"
    with pymupdf.open(sample_pdfs[0]) as source, pymupdf.open("svg", source[0].get_svg_image(text_as_path=True).encode()) as drawn:
        path.write_bytes(drawn.convert_to_pdf())
    with open_pdf(path, "x") as document:
        read = read_page(document, 0)
    assert "用线条画出来" in str(read.untrusted)
    assert not read.pictures
