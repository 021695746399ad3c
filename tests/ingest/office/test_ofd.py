"""Characters and places of an OFD; what it hides or breaks."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.office.ofd import open_ofd
from ingest.page import Page
from ingest.settings import DEFAULT, Settings
from schema.errors import DamagedDocument, DocumentError, UnsupportedDocument

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def _write(path: Path, objects: str, *, template: str = "") -> Path:
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    shared = f'<ofd:CommonData>{area}<ofd:TemplatePage ID="9" BaseLoc="T.xml"/></ofd:CommonData>'
    layer = "<ofd:Page {}>{}<ofd:Content><ofd:Layer>{}</ofd:Layer></ofd:Content></ofd:Page>"
    used = '<ofd:Template TemplateID="9"/>' if template else ""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("OFD.xml", f"<ofd:OFD {_SPACE}><ofd:DocBody><ofd:DocRoot>/Doc/D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>")
        pages = '<ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages>'
        archive.writestr("Doc/D.xml", f"<ofd:Document {_SPACE}>{shared}{pages}</ofd:Document>")
        archive.writestr("Doc/P.xml", layer.format(_SPACE, used, objects))
        archive.writestr("Doc/T.xml", layer.format(_SPACE, "", template))
    return path


def _text(text: str, *, at: str = "20 20", extra: str = "", delta: str = "g 40 6") -> str:
    code = f'<ofd:TextCode X="0" Y="5" DeltaX="{delta}">{text}</ofd:TextCode>'
    return f'<ofd:TextObject Boundary="{at} 100 8" Size="5" {extra}>{code}</ofd:TextObject>'


def _page(path: Path, settings: Settings = DEFAULT) -> Page:
    with open_ofd(path, path.name, settings) as document:
        (page,) = document.pages()
    assert isinstance(page, Page)
    return page


def test_text_stands_where_it_prints_templates_first(tmp_path: Path) -> None:
    page = _page(_write(tmp_path / "a.ofd", _text("正文"), template=_text("模板", at="20 10")))
    assert [line.text for line in page.lines] == ["模板", "正文"]
    x0, _, _, y1 = page.lines[1].box
    assert abs(x0 - 20 * 72 / 25.4) < 3
    assert abs(y1 - 25 * 72 / 25.4) < 6


def test_characters_that_the_font_lacks_stay_what_they_are(tmp_path: Path) -> None:
    page = _page(_write(tmp_path / "a.ofd", _text("㐀≥\U00020000龥\U0001f600\U00020000")))
    assert page.lines[0].text == "㐀≥\U00020000龥\U0001f600\U00020000"


def test_a_matrix_moves_text_and_hidden_objects_do_not_print(tmp_path: Path) -> None:
    moved = _text("移", extra='CTM="1 0 0 1 30 0"')
    page = _page(_write(tmp_path / "a.ofd", moved + _text("藏", extra='Visible="false"', at="20 60")))
    assert [line.text for line in page.lines] == ["移"]
    assert abs(page.lines[0].box[0] - 50 * 72 / 25.4) < 3


@pytest.mark.parametrize(
    "objects",
    [
        _text("甲乙", delta="x"),
        _text("甲乙", delta="g 9"),
        '<ofd:PathObject Boundary="0 0 9 9"><ofd:AbbreviatedData>M 1 L</ofd:AbbreviatedData></ofd:PathObject>',
        _text("甲", at="x y"),
        "<ofd:TextObject",
    ],
)
def test_what_is_broken_is_told(objects: str, tmp_path: Path) -> None:
    with pytest.raises(DamagedDocument):
        _page(_write(tmp_path / "a.ofd", objects))


def test_lengths_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedDocument, match="文字太多"):
        _page(_write(tmp_path / "a.ofd", _text("长" * 300)), Settings(characters=100))
    for size in ("1e308", "nan", "-5", "inf"):
        odd = _text("甲").replace('Size="5"', f'Size="{size}"')
        try:
            _page(_write(tmp_path / "b.ofd", odd))
        except DocumentError as e:
            assert e.reason
