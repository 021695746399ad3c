"""The zip package of an office file, opened without trust: bounded when unpacked, its XML without entities."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from ingest.settings import Settings
from schema.errors import DamagedDocument, EncryptedDocument, UnreadableDocument, UnsupportedDocument

_SMALL = 1_000_000
"""Bytes up to which a file may unpack to any multiple of its size."""
_CHUNK = 1 << 20
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
"""Files saved as strict Open XML have a namespace of their own."""
_FLAG_ENCRYPTED = 0x1
_WORD_PART = re.compile(r"word/document\d*\.xml")
_BROKEN = (KeyError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
"""What reading a member of a broken archive raises."""
SAVE_AGAIN = "请用原来的软件打开，另存一份后再试"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


class Package:
    """An opened zip package whose members can be read."""

    def __init__(self, archive: zipfile.ZipFile, name: str, settings: Settings) -> None:
        self._archive, self._name, self._left = archive, name, settings.unpacked
        self.members = frozenset(archive.namelist())

    @property
    def main_part(self) -> str:
        """The part that holds a Word file's text; some writers number it."""
        return min((member for member in self.members if _WORD_PART.fullmatch(member)), default="word/document.xml")

    def read(self, member: str) -> bytes:
        """A member's bytes.

        Raises:
            DamagedDocument: it is not there, or broken.
            UnsupportedDocument: what was read so far is over the limit.
        """
        parts: list[bytes] = []
        try:
            with self._archive.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    # Sizes in the directory may lie.
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise UnsupportedDocument(self._name, "解开后太大", "请拆成几个文件再读")
                    parts.append(chunk)
        except _BROKEN as e:
            raise DamagedDocument(self._name, f"文件内部损坏（{member}）", SAVE_AGAIN) from e
        return b"".join(parts)

    def xml(self, member: str) -> etree._Element:
        """A member as XML. Document types are refused, so nothing can be expanded or fetched.

        Raises:
            DamagedDocument: it is no XML.
        """
        raw = self.read(member).replace(_STRICT, _USUAL)
        if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
            raise DamagedDocument(self._name, "文件里有不该有的实体定义", SAVE_AGAIN)
        try:
            return etree.fromstring(raw, _PARSER)
        except etree.XMLSyntaxError as e:
            raise DamagedDocument(self._name, f"文件内部损坏（{member}）", SAVE_AGAIN) from e


@contextmanager
def open_package(path: Path, name: str, settings: Settings) -> Iterator[Package]:
    """The opened package.

    Raises:
        UnsupportedDocument: it says that it unpacks to more than the limits allow.
        EncryptedDocument: its members need a password.
        DamagedDocument, UnreadableDocument: it cannot be opened.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, path, name, settings)
            yield Package(archive, name, settings)
    except zipfile.BadZipFile as e:
        raise DamagedDocument(name, "文件不完整，打不开", SAVE_AGAIN) from e
    except OSError as e:
        raise UnreadableDocument(name, f"读不出来（{e.strerror}）", "请检查读取权限，或先复制到本地") from e


def _check(archive: zipfile.ZipFile, path: Path, name: str, settings: Settings) -> None:
    members = archive.infolist()
    total, size = sum(member.file_size for member in members), path.stat().st_size
    if total > settings.unpacked or total > max(_SMALL, settings.ratio * size):
        raise UnsupportedDocument(name, f"解开后有 {total:,} 字节，超过限度，像是压缩炸弹", "请确认文件来源，或另存为 PDF")
    if any(member.flag_bits & _FLAG_ENCRYPTED for member in members):
        raise EncryptedDocument(name, "文件有密码", "请去掉密码后另存一份")


def refuse_encrypted(path: Path, name: str) -> None:
    """Tell a file in the old container that holds an encrypted package.

    Raises:
        EncryptedDocument: it does.
    """
    try:
        with path.open("rb") as stream:
            held = b""
            while chunk := stream.read(_CHUNK):
                if _ENCRYPTED in held + chunk:
                    raise EncryptedDocument(name, "文件有密码", "请在 Office 里去掉密码后另存一份")
                held = chunk[-len(_ENCRYPTED) :]
    except OSError as e:
        raise UnreadableDocument(name, f"读不出来（{e.strerror}）", "请检查读取权限，或先复制到本地") from e
