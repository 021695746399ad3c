"""The bytes of a text file as text."""

from __future__ import annotations

import codecs
from pathlib import Path

from ingest.settings import Settings
from schema.errors import DamagedDocument, UnreadableDocument, UnsupportedDocument

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BYTES = 4
"""Bytes that a character takes at most in any of the encodings."""
_CONTROL = {*range(9), *range(14, 32), 0x7F}
_RUBBISH = 0.01
"""Share of control characters from which a file is no text."""
_SAMPLE = 4000


def read_text(path: Path, name: str, settings: Settings) -> str:
    """The text of a file in UTF-8, UTF-16 or GB18030, with or without a mark of its order of bytes.

    Raises:
        UnreadableDocument: the system refuses it.
        UnsupportedDocument: it is longer than the limit.
        DamagedDocument: it is no text in any of the encodings.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(settings.characters * _BYTES + 1)
    except OSError as e:
        raise UnreadableDocument(name, f"读不出来（{e.strerror}）", "请检查读取权限，或先复制到本地") from e
    text = decode(raw, name)
    if len(text) > settings.characters:
        raise UnsupportedDocument(name, f"文本超过 {settings.characters:,} 个字符", "请分成几个文件再读")
    return text


def decode(raw: bytes, name: str) -> str:
    """The text of these bytes; the encodings are tried from the one that is hardest to match by chance.

    Raises:
        DamagedDocument: no encoding makes text of them.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, errors="replace")
    for encoding in ("utf-8", *_utf16(raw), "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    raise DamagedDocument(name, "不是文本，或编码认不出来", "请用记事本打开，另存为 UTF-8 编码的文本文件")


def _utf16(raw: bytes) -> list[str]:
    """The UTF-16 that the white space and digits of a text betray: every second byte of them is zero."""
    even, odd = raw[:_SAMPLE:2].count(0), raw[1:_SAMPLE:2].count(0)
    if max(even, odd) == 0 or len(raw) % 2:
        return []
    return ["utf-16-be"] if even > odd else ["utf-16-le"]


def _is_text(text: str) -> bool:
    sample = text[:_SAMPLE]
    return sum(ord(ch) in _CONTROL for ch in sample) <= _RUBBISH * len(sample)
