"""The home: the folder that holds the database, its copies and, later, the index."""

from __future__ import annotations

import os
from pathlib import Path

from schema.errors import StoreError

HOME_VARIABLE = "JIHE_HOME"
URL_VARIABLE = "JIHE_DATABASE_URL"
DEFAULT_HOME = ".jihe"
DATABASE_NAME = "jihe.db"
COPIES = "copies"


def resolve_home(option: Path | None = None) -> Path:
    """The home folder: the option, else JIHE_HOME, else `.jihe` in the current folder."""
    chosen = option or Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME)
    return chosen.expanduser().absolute()


def resolve_url(url: str | None = None) -> str | None:
    """The database to use instead of the one in the home: the argument, else JIHE_DATABASE_URL, else none."""
    return url or os.environ.get(URL_VARIABLE) or None


def database_file(home: Path) -> Path:
    """Where the home's own database lies."""
    return home / DATABASE_NAME


def make_home(home: Path) -> None:
    """Make the folder where it is missing.

    Raises:
        StoreError: it cannot be made, or something else stands at its path.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
    except FileExistsError as e:
        raise StoreError(f"{home}：不是文件夹。请用 --home 指定另一个位置。") from e
    except OSError as e:
        raise StoreError(f"{home}：建不了数据文件夹（{e.strerror or e}）。请检查权限和磁盘，或用 --home 指定另一个位置。") from e
