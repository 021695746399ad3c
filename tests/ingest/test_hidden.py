"""Text that does not show is no content and is told; text that shows is never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.hidden import Hidden, note_of
from ingest.mupdf import pymupdf
from ingest.page import Page
from ingest.pdf import open_pdf, read_page

WHITE, BLACK, NAVY, RED = (1, 1, 1), (0, 0, 0), (0, 0, 0.4), (0.9, 0.1, 0.1)
Draw = Callable[[pymupdf.Page], None]


def _read(tmp_path: Path, draw: Draw, turn: int = 0) -> Page:
    path = tmp_path / "page.pdf"
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=300)
        page.insert_text((20, 280), "shown")
        draw(page)
        if turn:
            page.set_rotation(turn)
        document.save(path)
    with open_pdf(path, "x") as document:
        return read_page(document, 0)


def _text(page: Page) -> str:
    """What was read, in no particular order of lines."""
    return " ".join(
        sorted(line.text for line in page.lines) + sorted(cell.text for table in page.tables for cell in table.cells if cell.text)
    )


def _raw(page: pymupdf.Page, commands: bytes) -> None:
    """Commands of a content stream put behind what is there."""
    page.insert_text((1, 1), " ")  # makes the font known as /helv
    page.clean_contents()
    xref = page.get_contents()[0]
    page.parent.update_stream(xref, page.parent.xref_stream(xref) + b"\n" + commands)


def _picture(alpha: int | None, level: int = 255) -> pymupdf.Pixmap:
    pixmap = pymupdf.Pixmap(pymupdf.csRGB, (0, 0, 40, 40), alpha is not None)
    pixmap.clear_with(level)
    if alpha is not None:
        pixmap.set_alpha(bytes([alpha]) * 1600)
    return pixmap


def _covered_by_a_box(page: pymupdf.Page) -> None:
    page.insert_text((20, 50), "secret")
    page.draw_rect((0, 30, 100, 60), fill=WHITE, color=None)


def _covered_by_a_coloured_box(page: pymupdf.Page) -> None:
    page.insert_text((20, 50), "secret")
    page.draw_rect((0, 30, 100, 60), fill=RED, color=None)


def _printed_over(page: pymupdf.Page) -> None:
    _covered_by_a_box(page)
    page.insert_text((20, 50), "modify")


def _covered_by_an_image(page: pymupdf.Page) -> None:
    page.insert_text((20, 50), "secret")
    page.insert_image((0, 30, 100, 60), pixmap=_picture(None), keep_proportion=False)


def _under_the_colour_of_a_box(page: pymupdf.Page) -> None:
    page.draw_rect((0, 30, 100, 60), fill=NAVY, color=None)
    page.insert_text((20, 50), "secret", color=NAVY)


def _white_where_another_stands(page: pymupdf.Page) -> None:
    page.insert_text((20, 50), "openly")
    page.insert_text((20, 50), "secret", color=WHITE)


def _in_a_transparent_group(page: pymupdf.Page) -> None:
    _raw(page, b"q /clear gs /group Do Q")
    document, group = page.parent, page.parent.get_new_xref()
    kind, found = document.xref_get_key(page.xref, "Resources")
    owner, at = (int(found.split()[0]), "") if kind == "xref" else (page.xref, "Resources/")
    document.update_object(group, f"<</Type/XObject/Subtype/Form/BBox[0 0 400 300]/Group<</S/Transparency>>/Resources {found}>>")
    document.update_stream(group, b"BT /helv 11 Tf 20 250 Td (secret) Tj ET")
    document.xref_set_key(owner, f"{at}XObject", f"<</group {group} 0 R>>")
    document.xref_set_key(owner, f"{at}ExtGState", "<</clear<</ca 0/CA 0>>>>")


HIDING: dict[str, tuple[Draw, str]] = {
    "white": (lambda page: page.insert_text((20, 50), "secret", color=WHITE), "与底色相同"),
    "nearly white": (lambda page: page.insert_text((20, 50), "secret", color=(0.97, 0.97, 0.97)), "与底色相同"),
    "colour of its box": (_under_the_colour_of_a_box, "与底色相同"),
    "white under other text": (_white_where_another_stands, "与底色相同"),
    "mode 3": (lambda page: page.insert_text((20, 50), "secret", render_mode=3), "透明"),
    "no opacity": (lambda page: page.insert_text((20, 50), "secret", fill_opacity=0, stroke_opacity=0), "透明"),
    "mode 7": (lambda page: _raw(page, b"q BT /helv 11 Tf 7 Tr 20 250 Td (secret) Tj ET Q"), "透明"),
    "transparent group": (_in_a_transparent_group, "透明"),
    "tiny": (lambda page: page.insert_text((20, 50), "secret", fontsize=1), "字极小"),
    "scaled down": (lambda page: _raw(page, b"q .05 0 0 .05 20 250 cm BT /helv 11 Tf (secret) Tj ET Q"), "字极小"),
    "off the page": (lambda page: page.insert_text((500, 50), "secret"), "在页面之外"),
    "above the page": (lambda page: page.insert_text((50, -20), "secret"), "在页面之外"),
    "clipped": (lambda page: _raw(page, b"q 0 0 20 20 re W n BT /helv 11 Tf 100 100 Td (secret) Tj ET Q"), "被裁掉"),
    "covered": (_covered_by_a_box, "被遮盖"),
    "covered in colour": (_covered_by_a_coloured_box, "被遮盖"),
    "covered and printed over": (_printed_over, "被遮盖"),
    "covered by an image": (_covered_by_an_image, "被遮盖"),
}


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize("way", HIDING)
def test_hidden_text_is_left_out_and_told(way: str, turn: int, tmp_path: Path) -> None:
    draw, why = HIDING[way]
    page = _read(tmp_path, draw, turn)
    read = set(_text(page))  # on a turned page every letter is a line
    assert not read & set("crt")
    assert set("shown") <= read
    (note,) = page.notes
    assert (why in note, "“secret”" in note) == (True, True)


def test_text_printed_over_what_is_covered_is_read(tmp_path: Path) -> None:
    assert _text(_read(tmp_path, _printed_over)) == "modify shown"
    assert _text(_read(tmp_path, _white_where_another_stands)) == "openly shown"


def _on_a_dark_box(page: pymupdf.Page) -> None:
    page.draw_rect((0, 30, 100, 60), fill=NAVY, color=None)
    page.insert_text((20, 50), "visible", color=WHITE)


def _on_a_dark_image(page: pymupdf.Page) -> None:
    page.insert_image((0, 30, 100, 60), pixmap=_picture(None, level=30), keep_proportion=False)
    page.insert_text((20, 50), "visible", color=WHITE)


def _on_a_shading(page: pymupdf.Page) -> None:
    """A dark gradient, which is no drawing with a colour of its own."""
    page.insert_text((1, 1), " ")
    _raw(page, b"q 0 240 100 30 re W n /dark sh Q BT /helv 11 Tf 1 g 20 250 Td (visible) Tj ET")
    kind, found = page.parent.xref_get_key(page.xref, "Resources")
    owner, at = (int(found.split()[0]), "") if kind == "xref" else (page.xref, "Resources/")
    function = "<</FunctionType 2/Domain[0 1]/C0[0]/C1[.2]/N 1>>"
    shading = f"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 400 0]/Extend[true true]/Function{function}>>"
    page.parent.xref_set_key(owner, f"{at}Shading", f"<</dark{shading}>>")


def _under_a_see_through_stamp(page: pymupdf.Page) -> None:
    page.insert_text((20, 50), "visible")
    page.insert_image((0, 30, 100, 60), pixmap=_picture(60, level=60), keep_proportion=False)


def _under_a_box_that_is_clipped_away(page: pymupdf.Page) -> None:
    page.insert_text((20, 50), "visible")
    _raw(page, b"q 0 0 10 10 re W n 1 g 0 0 400 300 re f Q")


def _under_a_see_through_box(page: pymupdf.Page) -> None:
    page.insert_text((20, 50), "visible")
    page.draw_rect((0, 30, 100, 60), fill=(1, 1, 0), color=None, fill_opacity=0.3)


def _on_a_white_box_on_a_dark_one(page: pymupdf.Page) -> None:
    page.draw_rect((0, 0, 400, 100), fill=NAVY, color=None)
    page.draw_rect((0, 30, 100, 60), fill=WHITE, color=None)
    page.insert_text((20, 50), "visible")


def _in_shaded_cells(page: pymupdf.Page) -> None:
    for i, name in enumerate(("visible", "header")):
        page.draw_rect((20 + 100 * i, 30, 120 + 100 * i, 60), fill=(0.85, 0.85, 0.9), color=BLACK)
        page.insert_text((30 + 100 * i, 50), name)


SHOWING: dict[str, Draw] = {
    "grey": lambda page: page.insert_text((20, 50), "visible", color=(0.6, 0.6, 0.6)),
    "light grey": lambda page: page.insert_text((20, 50), "visible", color=(0.85, 0.85, 0.85)),
    "yellow": lambda page: page.insert_text((20, 50), "visible", color=(1, 1, 0)),
    "white on a dark box": _on_a_dark_box,
    "white on a dark image": _on_a_dark_image,
    "white on a shading": _on_a_shading,
    "under a see-through stamp": _under_a_see_through_stamp,
    "under a see-through box": _under_a_see_through_box,
    "under a box that is clipped away": _under_a_box_that_is_clipped_away,
    "on a white box on a dark one": _on_a_white_box_on_a_dark_one,
    "in shaded cells": _in_shaded_cells,
    "outlined": lambda page: page.insert_text((20, 50), "visible", render_mode=1, border_width=0.05),
    "stencil": lambda page: _raw(page, b"q BT /helv 40 Tf 7 Tr 20 200 Td (visible) Tj ET .8 0 0 rg 0 0 400 300 re f Q"),
    "small print": lambda page: page.insert_text((20, 50), "visible", fontsize=4),
    "upright": lambda page: page.insert_text((50, 150), "visible", rotate=90),
}


@pytest.mark.parametrize("way", SHOWING)
def test_text_that_shows_is_kept(way: str, tmp_path: Path) -> None:
    page = _read(tmp_path, SHOWING[way])
    read = sorted("".join(_text(page).split()))
    assert set("visible") <= set(read)
    assert page.notes == ()


def test_the_samples_lose_nothing(sample_pdfs: list[Path]) -> None:
    assert [page.notes for page in _first_pages(sample_pdfs) if page.notes] == []
    assert [page.untrusted for page in _first_pages(sample_pdfs) if page.untrusted] == []


@pytest.mark.parametrize("letter", list("._-,'\"|il1~^`:;°%"))
def test_slight_characters_are_seen_as_well(letter: str, tmp_path: Path) -> None:
    """White on a picture: only the look at the page can tell."""

    def draw(page: pymupdf.Page) -> None:
        page.insert_image((0, 30, 100, 60), pixmap=_picture(None, level=30), keep_proportion=False)
        page.insert_text((20, 50), letter, color=WHITE, fontsize=9)

    page = _read(tmp_path, draw)
    assert (letter in _text(page), page.notes) == (True, ())


def _overflowing(page: pymupdf.Page) -> None:
    """A cell whose text runs on into the next one, cut off at the border as spreadsheet programs do it."""
    for x in (50, 110):
        page.draw_rect((x, 40, x + 60, 60), color=BLACK)
    page.insert_text((114, 54), "98%", fontsize=12)
    _raw(page, b"q 50 240 60.5 20 re W n BT /helv 12 Tf 54 246 Td (abcdefghMMM) Tj ET Q")


def test_what_a_cell_cuts_off_does_not_slip_into_the_next_one(tmp_path: Path) -> None:
    page = _read(tmp_path, _overflowing)
    ((left, right),) = [table.cells for table in page.tables]
    assert (left.text, right.text) == ("abcdefghM", "98%")
    assert "“MM”" in page.notes[0]


def _reaching_over(page: pymupdf.Page) -> None:
    """A value that begins before its cell's border, beside a cell with a clip of its own."""
    for x in (50, 110):
        page.draw_rect((x, 40, x + 60, 60), color=BLACK)
    page.insert_text((109.5, 54), "W8%", fontsize=12)
    _raw(page, b"q 50 240 68 20 re W n BT /helv 12 Tf 54 246 Td (abc) Tj ET Q")


def test_a_clip_beside_a_character_takes_nothing_from_it(tmp_path: Path) -> None:
    ((left, right),) = [table.cells for table in _read(tmp_path, _reaching_over).tables]
    assert (left.text, right.text) == ("abc", "W8%")


def test_a_page_full_of_areas_is_not_pondered_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.suspects._MOST_PAIRS", 10)
    page = _read(tmp_path, _in_shaded_cells)
    assert "难以逐个确定" in str(page.untrusted)


def test_too_many_suspects_make_a_page_to_be_read_from_its_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.unseen._MOST_STRIPS", 0)
    page = _read(tmp_path, _under_a_see_through_stamp)
    assert "难以逐个确定" in str(page.untrusted)
    assert "visible" in _text(page)


def _first_pages(paths: list[Path]) -> Iterator[Page]:
    for path in paths:
        with open_pdf(path, "x") as document:
            yield from (read_page(document, index) for index in range(min(3, document.page_count)))


@given(st.lists(st.tuples(st.text(min_size=1), st.sampled_from(["透明", "被遮盖"])), max_size=8))
def test_a_note_is_one_short_line(pieces: list[tuple[str, str]]) -> None:
    note = note_of([Hidden(text, why, (0, 20 * n, 9, 20 * n + 9)) for n, (text, why) in enumerate(pieces)])  # type: ignore[arg-type]
    assert (note is None) == (not pieces)
    if note:
        assert len(note) < 120
        assert note.isprintable()
        assert f"{len(pieces)} 处" in note
