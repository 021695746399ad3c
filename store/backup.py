"""A home as one file, taken while it is in use, and put back in an empty place.

The file is a zip archive: `manifest.json` (versions, counts, sha256 of every member), `tables/<name>.jsonl` (lines of store.transfer, out
of one state of the tables, from SQLite and PostgreSQL alike), `files/…` (what else the home holds). The index is made anew.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import ValidationError

from schema.errors import StoreError, StoreVersion, UsageError
from schema.record import Record
from store.columns import now
from store.database import Database, parse_url, sqlite_url
from store.export.atomic import replacing
from store.home import DATABASE_NAME, database_file, make_home
from store.home_files import copy_side_file, documents, is_kept, side_files
from store.migrate import HEAD, REVISIONS, bring_up_to_date
from store.store import Store
from store.transfer import Content, Meter, Tables, Told, encoded, make_room, verify

KIND, FORMAT = "jihe-backup", 1
MANIFEST, TABLES, FILES = "manifest.json", "tables/", "files/"
STAGE = ".restoring"
"""Where a home is put together before it is one."""
MOST_MANIFEST, MOST_LINE = 64 * 1024**2, 256 * 1024**2
"""Bytes that are read at once at the most, whatever an archive says."""
PIECE = 1024**2


class KeptFile(Record):
    """A file of the home in the archive."""

    name: str
    size: int
    sha256: str


class KeptTable(Record):
    """A table in the archive; see store.transfer.Content."""

    table: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


class Manifest(Record):
    """What an archive holds, and what made it."""

    kind: Literal["jihe-backup"]
    format: int
    jihe: str
    revision: str
    made_at: datetime
    home: str
    tables: tuple[KeptTable, ...]
    files: tuple[KeptFile, ...]

    @property
    def members(self) -> list[str]:
        """The names of all members."""
        return [MANIFEST, *(f"{TABLES}{one.table}.jsonl" for one in self.tables), *(FILES + one.name for one in self.files)]


def back_up(store: Store, target: Path, told: Told | None = None) -> Manifest:
    """Write a home into one file, which appears whole or not at all; others may go on reading and writing meanwhile.

    Raises:
        StoreError: the home cannot be read, or the file not be written.
    """
    with replacing(target, private=True) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        tables = _write_tables(archive, store.database, told)
        # Behind the tables: a document is put into the home before anything refers to it.
        manifest = Manifest(
            kind=KIND,
            format=FORMAT,
            jihe=importlib.metadata.version("jihe"),
            revision=HEAD,
            made_at=now(),
            home=str(store.home),
            tables=tables,
            files=tuple(_write_files(archive, store.home, told)),
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def read_manifest(archive: Path) -> Manifest:
    """What an archive says of itself; nothing else of it is looked at but the names of its members.

    Raises:
        StoreVersion: a newer jihe made it.
        StoreError: it is none of ours, damaged, or holds what it does not name.
    """
    with _opened(archive) as (_, manifest):
        return manifest


def restore(archive: Path, home: Path, url: str | None = None, told: Told | None = None) -> Manifest:
    """Put a home back, in an empty place only; it is there when everything was read back and compared, and not before.

    Args:
        home: the folder; missing or empty.
        url: an empty database on a server, in place of the file in the home.

    Raises:
        UsageError: home or database hold something.
        StoreVersion: a newer jihe made the archive.
        StoreError: the archive is damaged, or the place cannot be written; nothing is left in it then.
    """
    with _opened(archive) as (members, manifest):
        _refuse_used(home)
        make_home(home)
        stage = home / STAGE
        shutil.rmtree(stage, ignore_errors=True)
        make_home(stage)
        try:
            _unpack(members, manifest, stage, told)
            with closing(Database(parse_url(url) if url else sqlite_url(database_file(stage)))) as database:
                _load(members, manifest, database, (stage, home), told)
                bring_up_to_date(database, stage)
            _settle(stage, home)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    return manifest


def _write_tables(archive: zipfile.ZipFile, database: Database, told: Told | None) -> tuple[KeptTable, ...]:
    kept = []
    with database.read() as connection:
        tables = Tables(connection)
        for name in tables.names:
            meter = Meter(name, tables.columns(name), tables.count(name), told)
            with archive.open(f"{TABLES}{name}.jsonl", "w", force_zip64=True) as member:
                for line in meter.through(tables.lines(name)):
                    member.write(encoded(line))
            kept.append(KeptTable(**meter.content._asdict()))
    return tuple(kept)


def _write_files(archive: zipfile.ZipFile, home: Path, told: Told | None) -> Iterator[KeptFile]:
    with tempfile.TemporaryDirectory(prefix="jihe-backup-", dir=Path(str(archive.filename)).parent) as folder:
        for path in side_files(home):
            copy = Path(folder) / path.name
            copy_side_file(path, copy)
            yield _write_file(archive, path.name, copy)
            copy.unlink()
    for done, path in enumerate(documents(home), start=1):
        try:
            yield _write_file(archive, path.relative_to(home).as_posix(), path)
        except FileNotFoundError:
            # Removed meanwhile; so was whatever stood on it.
            continue
        if told:
            told("文件", done, 0)


def _write_file(archive: zipfile.ZipFile, name: str, path: Path) -> KeptFile:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(FILES + name, "w", force_zip64=True) as member:
        while piece := source.read(PIECE):
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return KeptFile(name=name, size=size, sha256=digest.hexdigest())


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The archive and what it says of itself; what is wrong with it, told."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _manifest(archive, path)
    except FileNotFoundError as e:
        raise UsageError(f"{path}：没有这个文件。请检查路径。") from e
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError) as e:
        raise StoreError(f"{path}：不是完整的 jihe 备份，或已损坏（{e}）。请用另一份备份；没有恢复任何内容。") from e


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        with archive.open(MANIFEST) as member:
            said = json.loads(member.read(MOST_MANIFEST))
        if said["kind"] != KIND:
            raise KeyError(KIND)
        newer = int(said["format"]) > FORMAT or str(said["revision"]) not in REVISIONS
    except (KeyError, ValueError, TypeError) as e:
        raise StoreError(f"{path}：不是 jihe 的备份，或已损坏。请检查文件是否选对，或用另一份备份。") from e
    if newer:
        raise StoreVersion(f"{path}：由更新版本的 jihe（{said.get('jihe')}）写成，本版本读不懂。请先升级 jihe。")
    try:
        manifest = Manifest.model_validate_json(json.dumps(said))
    except ValidationError as e:
        raise StoreError(f"{path}：备份清单已损坏。请用另一份备份。") from e
    names = archive.namelist()
    if sorted(names) != sorted(manifest.members) or not all(is_kept(one.name) for one in manifest.files):
        raise StoreError(f"{path}：备份里的成员与清单不符，或有不该有的路径，不予恢复。请用另一份备份。")
    return manifest


def _refuse_used(home: Path) -> None:
    if home.exists() and not home.is_dir():
        raise UsageError(f"{home}：不是文件夹。请用 --home 指定另一个位置。")
    present = [path.name for path in home.iterdir() if path.name != STAGE] if home.exists() else []
    if present:
        shown = "、".join(sorted(present)[:4])
        raise UsageError(f"{home}：不是空文件夹（有 {shown}），没有恢复。请用 --home 指定一个空的或还不存在的文件夹。")


def _unpack(members: zipfile.ZipFile, manifest: Manifest, stage: Path, told: Told | None) -> None:
    for done, one in enumerate(manifest.files, start=1):
        target = stage / one.name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with members.open(FILES + one.name) as source, target.open("xb") as written:
                size, sha256 = _pour(source, written, one.size)
        except OSError as e:
            raise StoreError(f"{target}：写不了（{e.strerror or e}），没有恢复任何内容。请检查磁盘空间和权限。") from e
        if (size, sha256) != (one.size, one.sha256):
            raise StoreError(f"备份里的 {one.name} 已损坏（与清单不符），没有恢复任何内容。请用另一份备份。")
        if told:
            told("文件", done, len(manifest.files))


def _pour(source: IO[bytes], target: IO[bytes], most: int) -> tuple[int, str]:
    """Copy bytes, no more than there should be; how many, and their sha256."""
    digest, size = hashlib.sha256(), 0
    while size <= most and (piece := source.read(PIECE)):
        digest.update(piece)
        size += len(piece)
        target.write(piece)
    return size, digest.hexdigest()


def _load(members: zipfile.ZipFile, manifest: Manifest, database: Database, folders: tuple[Path, Path], told: Told | None) -> None:
    stage, home = folders
    # As it was then; brought up to date when everything is in it.
    bring_up_to_date(database, stage, revisions=REVISIONS[: REVISIONS.index(manifest.revision) + 1])
    expected = [Content(one.table, one.columns, one.rows, one.sha256) for one in manifest.tables]
    with database.write() as connection:
        tables = Tables(connection)
        make_room(tables.counts(), database.name, replace=False)
        tables.clear()
        held = []
        for one in expected:
            meter = Meter(one.table, one.columns, one.rows, told)
            with members.open(f"{TABLES}{one.table}.jsonl") as member:
                held.append(tables.load(one.table, one.columns, meter.through(_read_lines(member, one))))
            if meter.content != one:
                raise StoreError(f"备份里的数据表 {one.table} 已损坏（与清单不符），没有恢复任何内容。请用另一份备份。")
        verify(tables, held, told)
        tables.rebase(manifest.home, str(home))
        tables.finish()
        if not database.is_sqlite:
            _settle(stage, home)


def _read_lines(member: IO[bytes], expected: Content) -> Iterator[str]:
    for _ in range(expected.rows + 1):
        line = member.readline(MOST_LINE)
        if not line:
            return
        yield line.decode("utf-8", "surrogatepass").removesuffix("\n")


def _settle(stage: Path, home: Path) -> None:
    """Move what was put together to where it belongs, the tables last: with them the home is one."""
    shutil.rmtree(stage / "copies", ignore_errors=True)
    for path in sorted(stage.iterdir(), key=lambda path: path.name == DATABASE_NAME):
        path.rename(home / path.name)
