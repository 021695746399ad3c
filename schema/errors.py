"""The one exception tree of jihe.

JiheError
├── UsageError            the call cannot be carried out as asked: unknown form, cell, option value
│   └── CellChanged           someone else changed the cell since it was looked at
├── CanonicalError        a JSON file is not a list of canonical forms
├── DocumentError         one document cannot be read; the rest of a batch goes on
│   ├── MissingDocument       no such file or folder
│   ├── UnreadableDocument    exists, but the system refuses to open it
│   ├── UnsupportedDocument   of a kind jihe does not read
│   │   └── ColumnsKept           a text dump with its columns side by side: layout cannot read it, a model may
│   ├── DamagedDocument       empty, truncated or broken
│   ├── EncryptedDocument     needs a password
│   ├── ScannedDocument       pictures of pages without a text layer
│   ├── TooCostly             reading it takes more time, memory or room than it may
│   └── NoFormFound           readable, but holds no self-evaluation form
└── StoreError            the home or its database cannot be used
    ├── StoreBusy             another process holds it
    ├── VectorsGone           the server of the vectors cannot be asked; words still can
    └── StoreVersion          written by another version of jihe

Every message says what is wrong and what to do about it, in Chinese, since users see it as it stands.
"""

from __future__ import annotations


class JiheError(Exception):
    """Base of every error that jihe raises on purpose."""


class UsageError(JiheError):
    """The call cannot be carried out as asked."""


class CellChanged(UsageError):
    """Someone else changed the cell since it was looked at."""


class CanonicalError(JiheError):
    """A JSON file is not a list of canonical forms."""


class StoreError(JiheError):
    """The home or its database cannot be used."""


class StoreBusy(StoreError):
    """Another process holds the database."""


class VectorsGone(StoreError):
    """The server that keeps vectors cannot be asked just now."""


class StoreVersion(StoreError):
    """The database was written by a version of jihe that this one does not know."""


class DocumentError(JiheError):
    """One document cannot be read.

    Args:
        file: the path as the user gave it.
        reason: what is wrong.
        advice: what the user can do.
    """

    def __init__(self, file: str, reason: str, advice: str) -> None:
        super().__init__(file, reason, advice)
        self.file = file
        self.reason = reason
        self.advice = advice

    @property
    def told(self) -> str:
        """What is wrong and what to do, without the file's name."""
        return f"{self.reason}。{self.advice.removesuffix('。')}。"

    def __str__(self) -> str:
        return f"{self.file}：{self.told}"


class MissingDocument(DocumentError):
    """No such file or folder."""


class UnreadableDocument(DocumentError):
    """The system refuses to open the file or folder."""


class UnsupportedDocument(DocumentError):
    """The file is of a kind that jihe does not read."""


class ColumnsKept(UnsupportedDocument):
    """A text dump that prints the columns of its pages side by side."""


class DamagedDocument(DocumentError):
    """The file is empty, truncated or broken."""


class EncryptedDocument(DocumentError):
    """The file needs a password."""


class ScannedDocument(DocumentError):
    """The pages are pictures without a text layer."""


class TooCostly(DocumentError):
    """Reading it takes more time, memory or room than one document may."""


class NoFormFound(DocumentError):
    """The document is readable, but holds no self-evaluation form."""
