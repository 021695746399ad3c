"""Whatever befalls the bytes of an office file, it is read or told in one line."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.reader import read_document
from eval.synthesis.forms import make_forms
from eval.synthesis.layouts import LAYOUTS
from eval.synthesis.office import as_docx, as_xlsx
from schema.errors import DocumentError

_FILES = {
    "docx": (as_docx(list(make_forms(1, seed=1)), LAYOUTS["plain"]), "word/document.xml"),
    "xlsx": (as_xlsx(list(make_forms(1, seed=1)), LAYOUTS["plain"]), "xl/worksheets/sheet1.xml"),
}
_INTO = st.sampled_from([b"", b"<", b'"', b"9999999999", b"-1", b"\0", b"<w:tbl>", b"</c>", b"\xff"])


def _damaged(content: bytes, at: float, cut: int, into: bytes) -> bytes:
    place = round(at * len(content))
    return content[:place] + into + content[place + cut :]


def _with_part(raw: bytes, part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.namelist():
            archive.writestr(member, content if member == part else source.read(member))
    return out.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(_FILES)), st.booleans(), st.floats(0, 1), st.integers(0, 200), _INTO)
def test_damage_is_read_or_told(kind: str, inside: bool, at: float, cut: int, into: bytes) -> None:
    raw, part = _FILES[kind]
    if inside:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            content = _damaged(archive.read(part), at, cut, into)
        raw = _with_part(raw, part, content)
    else:
        raw = _damaged(raw, at, cut, into)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"表.{kind}"
        path.write_bytes(raw)
        try:
            reading = read_document(path)
        except DocumentError as e:
            assert e.reason
            assert "\n" not in str(e)
        else:
            assert reading.forms
