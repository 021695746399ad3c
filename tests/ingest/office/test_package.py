"""Hostile and broken packages: one clear message each, nothing unpacked beyond the limits."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.kinds import kind_of
from ingest.office.package import open_package, refuse_encrypted
from ingest.settings import DEFAULT
from schema.errors import DamagedDocument, EncryptedDocument, UnsupportedDocument


def _archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.xml", content)
    return path


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = _archive(tmp_path / "弹.docx", document=b"0" * 50_000_000)
    with pytest.raises(UnsupportedDocument, match="压缩炸弹"), open_package(path, "弹.docx", DEFAULT):
        pass


def test_reading_stops_at_the_limit_whatever_the_directory_says(tmp_path: Path) -> None:
    path = _archive(tmp_path / "大.docx", a=b"0" * 600_000, b=b"1" * 600_000)
    with open_package(path, "大.docx", replace(DEFAULT, unpacked=1_300_000, ratio=10**6)) as package:
        package.read("a.xml")
        with pytest.raises(UnsupportedDocument, match="解开后太大"):
            package.read("b.xml")
            package.read("b.xml")


@pytest.mark.parametrize(
    "content", [b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', b'<a><!ENTITY x SYSTEM "file:///etc/passwd"></a>', b"<a><b></a>"]
)
def test_entities_and_broken_xml_are_refused(content: bytes, tmp_path: Path) -> None:
    with open_package(_archive(tmp_path / "恶.docx", a=content), "恶.docx", DEFAULT) as package, pytest.raises(DamagedDocument):
        package.xml("a.xml")


def test_old_names_are_told_by_what_they_hold(tmp_path: Path) -> None:
    for name, content, kind in (
        ("导出.xls", b"<html><table><tr><td>1</td></tr></table></html>", "legacy"),
        ("导出.xls", b'<?xml version="1.0"?><Workbook/>', "legacy"),
        ("表.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "legacy"),
        ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    ):
        assert kind_of(tmp_path / name, name, content) == kind
    with zipfile.ZipFile(tmp_path / "表.xlsb", "w") as archive:
        archive.writestr("xl/workbook.bin", b"")
    assert kind_of(tmp_path / "表.xlsb", "表.xlsb", (tmp_path / "表.xlsb").read_bytes()) == "legacy"


def test_a_torn_archive_is_told(tmp_path: Path) -> None:
    path = _archive(tmp_path / "断.docx", a=bytes(range(256)) * 400)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DamagedDocument, match="打不开"), open_package(path, "断.docx", DEFAULT):
        pass


def test_a_missing_part_is_told(tmp_path: Path) -> None:
    with (
        open_package(_archive(tmp_path / "缺.docx", a=b"<a/>"), "缺.docx", DEFAULT) as package,
        pytest.raises(DamagedDocument, match=r"b\.xml"),
    ):
        package.read("b.xml")


def test_an_encrypted_container_is_told(tmp_path: Path) -> None:
    path = tmp_path / "密.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    with pytest.raises(EncryptedDocument, match="有密码"):
        refuse_encrypted(path, "密.xlsx")
