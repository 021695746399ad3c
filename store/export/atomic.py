"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schema.errors import StoreError


def _umask() -> int:
    # It can only be read by setting it, which other threads would feel; so once, at the start.
    umask = os.umask(0)
    os.umask(umask)
    return umask


_OPEN = 0o666 & ~_umask()


@contextmanager
def replacing(target: Path, *, private: bool = False) -> Iterator[Path]:
    """A temporary path beside `target`, put in its place when the block ends well and removed when it does not.

    Args:
        private: the file is readable by its owner only.

    Raises:
        StoreError: the file cannot be written; what was there before is untouched.
    """
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    except OSError as e:
        raise StoreError(f"{target}：写不了（{e.strerror or e}）。请检查文件夹是否存在、是否有写权限。") from e
    os.close(handle)
    part = Path(name)
    try:
        yield part
        # mkstemp lets nobody else read; an export is as open as any file the user makes.
        if not private:
            part.chmod(_OPEN)
        part.replace(target)
    except OSError as e:
        raise StoreError(f"{target}：写不了（{e.strerror or e}），原有文件未动。请检查磁盘空间，或关闭正在使用它的程序。") from e
    finally:
        part.unlink(missing_ok=True)
