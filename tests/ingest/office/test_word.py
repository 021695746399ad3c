"""What a Word file prints, and where it stands."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.kinds import kind_of
from ingest.office.document import open_office
from ingest.page import Page
from ingest.settings import DEFAULT, Settings
from schema.errors import DamagedDocument, NoFormFound, UnsupportedDocument
from schema.evidence import LinePlace, TablePlace

_USUAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MERGED, _WIDE = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="{}"/>'
_MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def _write(path: Path, body: str, *, space: str = _USUAL, part: str = "word/document.xml", **others: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, f'<w:document xmlns:w="{space}" {_MATH}><w:body>{body}</w:body></w:document>')
        for name, content in others.items():
            archive.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{space}">{content}</w:{name}>')
    return path


def _page(path: Path, settings: Settings = DEFAULT) -> Page:
    with open_office(path, path.name, "docx", settings) as document:
        (page,) = document.pages()
    assert isinstance(page, Page)
    return page


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _paragraph(content: str, style: str = "") -> str:
    return f"<w:p><w:pPr>{style}</w:pPr>{content}</w:p>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (_run("甲") + "<w:r><w:br/></w:r>" + _run("乙"), "甲乙"),
        ("<w:ins>" + _run("增") + "</w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del>", "增"),
        ("<w:moveFrom>" + _run("旧") + "</w:moveFrom><w:moveTo>" + _run("新") + "</w:moveTo>", "新"),
        ('<w:fldSimple w:instr="PAGE">' + _run("7") + "</w:fldSimple>", "7"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + _run("95%"), "≥95%"),
        (_run("\uf0a3") + _run("10"), "≤10"),
        ("<m:oMath><m:r><m:t>≥</m:t></m:r></m:oMath>" + _run("5"), "≥5"),
        ("<m:oMath><m:f><m:fPr/><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>", "1/2"),
        ("<w:ruby><w:rt>" + _run("pin") + "</w:rt><w:rubyBase>" + _run("字") + "</w:rubyBase></w:ruby>", "字"),
        ("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + _run("单击输入") + "</w:sdtContent></w:sdt>", ""),
        (
            '<w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="优"/><w:listEntry w:val="良"/></w:ddList>'
            "</w:ffData></w:fldChar></w:r>",
            "良",
        ),
        (_run("白", '<w:color w:val="FFFFFF"/>') + _run("黑"), "黑"),
        (_run("白字蓝底", '<w:color w:val="FFFFFF"/><w:shd w:fill="0000FF"/>'), "白字蓝底"),
        (_run("小", '<w:sz w:val="2"/>') + _run("大"), "大"),
        (_run("藏", "<w:vanish/>") + _run("显", '<w:vanish w:val="0"/>'), "显"),
    ],
)
def test_a_cell_prints_what_word_shows(content: str, text: str, tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr>{_cell(_paragraph(content))}</w:tr></w:tbl>"
    page = _page(_write(tmp_path / "a.docx", table))
    assert page.tables[0].cells[0].text == text


def test_styles_hide_and_the_shade_of_a_table_shows_white(tmp_path: Path) -> None:
    styles = (
        '<w:style w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="Note"><w:basedOn w:val="Base"/></w:style>'
        '<w:style w:styleId="Dark"><w:tcPr><w:shd w:fill="1F3864"/></w:tcPr></w:style>'
    )
    white = _paragraph(_run("表头", '<w:color w:val="FFFFFF"/>'))
    hidden = _paragraph(_run("说明"), '<w:pStyle w:val="Note"/>')
    table = f'<w:tbl><w:tblPr><w:tblStyle w:val="Dark"/></w:tblPr><w:tr>{_cell(white)}{_cell(hidden)}</w:tr></w:tbl>'
    page = _page(_write(tmp_path / "a.docx", table, styles=styles))
    assert [cell.text for cell in page.tables[0].cells] == ["表头", ""]
    assert page.notes == ("有看不见的文字，没有读入：“说明”",)


def test_merged_cells_stand_where_they_print(tmp_path: Path) -> None:
    a, b, c = (_paragraph(_run(text)) for text in "甲乙丙")
    rows = (
        f"<w:tr>{_cell(a, _MERGED)}{_cell(b, _WIDE.format(2))}</w:tr>"
        f"<w:tr>{_cell('<w:p/>', '<w:vMerge/>')}{_cell(c)}{_cell('<w:p/>')}</w:tr>"
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{_cell(c)}</w:tr>'
        f"<w:tr><w:trPr><w:del/></w:trPr>{_cell(c)}</w:tr>"
        f"<w:tr><w:trPr><w:hidden/></w:trPr>{_cell(c)}</w:tr>"
    )
    page = _page(_write(tmp_path / "a.docx", f"<w:p/><w:tbl>{rows}</w:tbl>"))
    shape = [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in page.tables[0].cells]
    assert shape == [("甲", 0, 0, 2, 1), ("乙", 0, 1, 1, 2), ("丙", 1, 1, 1, 1), ("", 1, 2, 1, 1), ("丙", 2, 1, 1, 1)]
    origin = page.tables[0].cells[4].lines[0].origin
    assert isinstance(origin, TablePlace)
    assert (origin.table, origin.row, origin.column) == (1, 3, 2)
    assert "“丙”" in page.notes[0]


def test_lines_around_tables_keep_their_order_and_their_paragraph(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr>{_cell(_paragraph(_run('格')))}</w:tr></w:tbl>"
    pair = _paragraph(_run("填报人：甲") + "<w:r><w:tab/></w:r>" + _run("联系电话：1"))
    page = _page(_write(tmp_path / "a.docx", _paragraph(_run("项目支出绩效自评表")) + table + table + pair))
    assert [line.text.strip() for line in page.lines] == ["项目支出绩效自评表", "填报人：甲", "联系电话：1"]
    tops = [line.glyphs[0].y0 for line in page.lines]
    assert tops[0] < page.tables[0].box[1] <= page.tables[1].box[1] < tops[1] == tops[2]
    origin = page.lines[2].origin
    assert isinstance(origin, LinePlace)
    assert (origin.line, origin.span) == ((2, 2), (6, 12))


def test_unknown_symbols_and_pictures_in_cells_are_told(tmp_path: Path) -> None:
    symbol = _paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FF"/></w:r>')
    picture = _paragraph("<w:r><w:drawing/></w:r>")
    page = _page(_write(tmp_path / "a.docx", f"<w:tbl><w:tr>{_cell(symbol)}{_cell(picture)}</w:tr></w:tbl>"))
    assert [("符号" in str(cell.doubt), "图片" in str(cell.doubt)) for cell in page.tables[0].cells] == [(True, False), (False, True)]


def test_strict_files_numbered_parts_and_titles_in_headers_are_read(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr>{_cell(_paragraph(_run('格')))}</w:tr></w:tbl>"
    title = _paragraph(_run("项目支出绩效自评表"))
    path = _write(tmp_path / "a.docx", table, space=_STRICT, part="word/document2.xml", header1=title)
    assert kind_of(path, path.name, path.read_bytes()[:4096]) == "docx"
    page = _page(path)
    assert page.tables[0].cells[0].text == "格"
    assert [line.text for line in page.lines] == ["项目支出绩效自评表"]


@pytest.mark.parametrize(
    ("body", "message"), [("<w:p><w:r><w:drawing/></w:r></w:p>", "只有图片"), ("<w:altChunk/>", "网页"), ("<w:tbl>", "内部损坏")]
)
def test_files_without_text_say_what_to_do(body: str, message: str, tmp_path: Path) -> None:
    with pytest.raises((UnsupportedDocument, DamagedDocument, NoFormFound), match=message):
        _page(_write(tmp_path / "a.docx", body))


def test_depth_and_length_are_bounded(tmp_path: Path) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 70 + _paragraph(_run("底")) + "</w:tc></w:tr></w:tbl>" * 70
    assert _page(_write(tmp_path / "深.docx", deep)).tables[0].cells[0].text == "底"
    wide = f"<w:tbl>{f'<w:tr>{_cell(chr(32), _WIDE.format(99999))}</w:tr>' * 5}</w:tbl>"
    with pytest.raises(UnsupportedDocument, match="单元格太多"):
        _page(_write(tmp_path / "宽.docx", wide))
    with pytest.raises(UnsupportedDocument, match="文字太多"):
        _page(_write(tmp_path / "长.docx", _paragraph(_run("长" * 100))), replace(DEFAULT, characters=50))


@pytest.mark.parametrize("number", ["²", "９" * 30, "-1", "1e9", ""])
def test_numbers_that_are_none_are_left_aside(number: str, tmp_path: Path) -> None:
    """² is a digit to Python, and no number."""
    cells = _cell(_paragraph(_run("甲", f'<w:sz w:val="{number}"/>')), _WIDE.format(number)) + _cell(_paragraph(_run("乙")))
    grid = f'<w:tblGrid><w:gridCol w:w="{number}"/></w:tblGrid>'
    page = _page(_write(tmp_path / "a.docx", f"<w:tbl>{grid}<w:tr>{cells}</w:tr></w:tbl>"))
    assert [cell.text for cell in page.tables[0].cells] == ["甲", "乙"]
