"""A document on its way to a worker of another machine: where it lies, or its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.files import fingerprint, page_images
from schema.errors import DocumentError, UnreadableDocument


@dataclass(frozen=True)
class Parcel:
    """A document to read.

    Attributes:
        number: its place in the plan.
        path: where it lies for whoever sends it.
        sha256: of its bytes; a file at the same path of another machine may be another one.
    """

    number: int
    path: str
    sha256: str

    def here(self) -> bool:
        """Whether these bytes lie at this path here."""
        try:
            return fingerprint(Path(self.path)).sha256 == self.sha256
        except (DocumentError, OSError):
            return False


@dataclass(frozen=True)
class Bytes:
    """The bytes of a document: of a file, or of the page images in a folder.

    Attributes:
        files: names and bytes.
        folder: the name of the folder, where it is one.
    """

    files: tuple[tuple[str, bytes], ...]
    folder: str | None = None

    def unpack(self, target: Path) -> Path:
        """Lay the document down in a folder; where it is then.

        Raises:
            OSError: there is no room.
        """
        if self.folder is not None:
            target = target / self.folder
            target.mkdir()
        for name, raw in self.files:
            (target / name).write_bytes(raw)
        return target if self.folder is not None else target / self.files[0][0]


def packed(path: Path) -> Bytes:
    """A document as it travels.

    Raises:
        DocumentError: it cannot be read any more.
    """
    try:
        if path.is_dir():
            return Bytes(tuple((page.name, page.read_bytes()) for page in page_images(path)), path.name or "pages")
        return Bytes(((path.name, path.read_bytes()),))
    except OSError as e:
        raise UnreadableDocument(str(path), f"读不出来（{e.strerror}）", "请检查读取权限，或先复制到本地") from e
