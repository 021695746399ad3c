"""Documents in object storage and elsewhere, named by URLs that fsspec understands: s3://bucket/folder/*.pdf.

Keys and passwords come from the environment of the storage's own library. URLs that hold some are refused, so that none is stored or shown.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ingest.kinds import READABLE, SUFFIXES
from schema.errors import DocumentError, MissingDocument, TooCostly, UnreadableDocument, UsageError

CHUNK = 2**20
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://")
"""Of two letters at least: C:// is a drive of Windows."""
_PASSWORD = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://[^/@]*:[^@]*@")
_SIGNED = re.compile(
    r"[?&;](?:sig|se|key|secret|token|access|password|auth|credential|signature|x-(?:amz|goog|oss)-)[^=/]*=", re.IGNORECASE
)
_PACKAGES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "az": "adlfs", "oss": "ossfs", "http": "aiohttp"}
_PACKAGES |= {"https": "aiohttp", "sftp": "paramiko", "ssh": "paramiko", "smb": "smbprotocol"}
_MAGIC = re.compile(r"[*?\[]")


def is_url(argument: str) -> bool:
    """Whether this is a URL and no path."""
    return _URL.match(argument) is not None


def checked(url: str) -> str:
    """The URL, where nothing in it has to be kept secret.

    Raises:
        UsageError: it holds a password or a signature; the message shows neither. Or it leads into an archive.
    """
    scheme = url.partition("://")[0]
    if _PASSWORD.match(url) or _SIGNED.search(url):
        raise UsageError(f"{scheme}:// 地址里不要写密码、密钥或签名：地址会保存下来。请用环境变量设置（见 docs/cluster.md）。")
    if "::" in url:
        raise UsageError(f"地址 {url} 里不能用“::”：压缩包不打开。请先解压，再给出里面的文件。")
    return url


def local_path(url: str) -> str | None:
    """The path that a file:// URL means; None of others."""
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("file", "local"):
        return None
    path = rest.removeprefix("localhost")
    # What browsers and desktops copy has its characters escaped; what people write has not.
    return path if Path(path).exists() or "%" not in path else unquote(path)


def expand(url: str) -> Iterator[str | DocumentError]:
    """The documents that a URL, a folder's URL or a pattern means, in order; or why there are none.

    Raises:
        UsageError: as `checked`; or what reads URLs of this kind is not installed.
    """
    checked(url)
    try:
        files, path = _opened(url)
        names = _names(files, path)
    except (UsageError, DocumentError):
        raise
    except Exception as e:  # noqa: BLE001 - each storage has errors of its own
        yield _unreachable(url, e)
        return
    if names is None:
        yield MissingDocument(url, "没有这个文件或文件夹", "请检查地址；带通配符的地址要加引号")
    elif not names:
        yield MissingDocument(url, f"里面没有可读的文件（{READABLE}）", "请换一个文件夹，或直接给出文件名")
    else:
        yield from (str(files.unstrip_protocol(name)) for name in names)


def fetch(url: str, target: Path, most: int) -> int:
    """Copy a document to a file; how many bytes it has. Nothing is left of one that did not arrive.

    Raises:
        DocumentError: it is gone, cannot be had, does not fit, or is larger than `most` bytes.
        UsageError: as `expand`.
    """
    size = 0
    arrived = False
    try:
        files, path = _opened(url)
        with files.open(path, "rb") as source, target.open("wb") as copy:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > most:
                    raise TooCostly(url, f"文件超过 {most // 2**20} MB，不取", "请把它拆成几个小文件，或先下载到本地再读")
                copy.write(chunk)
        arrived = True
    except (UsageError, DocumentError):
        raise
    except FileNotFoundError as e:
        raise MissingDocument(url, "没有这个文件", "请检查地址") from e
    except Exception as e:
        raise _unreachable(url, e) from e
    finally:
        if not arrived:
            with suppress(OSError):
                target.unlink()
    return size


def _opened(url: str) -> tuple[Any, str]:
    """The file system and the path in it. Loaded when first needed: few calls name URLs."""
    scheme = url.partition("://")[0].lower()
    try:
        files, path = importlib.import_module("fsspec.core").url_to_fs(url)
    except ImportError as e:
        package = _PACKAGES.get(scheme, scheme + "fs")
        raise UsageError(f"要读 {scheme}:// 的文件，需要先安装 {package}：pip install {package}。") from e
    except ValueError as e:
        raise UsageError(f"不认识 {scheme}:// 开头的地址。能用的有 s3://、gs://、abfs://、https:// 等（见 docs/cluster.md）。") from e
    return files, str(path)


def _names(files: Any, path: str) -> list[str] | None:
    """The documents of a path or pattern, in order; None where there is nothing at all."""
    # Storage takes any character in names: one that exists is no pattern.
    if files.isfile(path):
        return [path]
    if files.isdir(path):
        return _within(files, path)
    # With details, or each match would be asked after one by one.
    matches = files.glob(path, detail=True) if _MAGIC.search(path) else {}
    if not matches:
        return None
    found = [(name, matches[name]["type"] == "directory") for name in sorted(matches)]
    return [name for match, folder in found for name in (_within(files, match) if folder else [match] if not _is_hidden(match) else [])]


def _within(files: Any, folder: str) -> list[str]:
    return sorted(name for name in files.find(folder) if _is_document(str(name).rpartition("/")[2]))


def _is_document(name: str) -> bool:
    return Path(name).suffix.lower() in SUFFIXES and not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    return name.rpartition("/")[2].startswith((".", "~$"))


def _unreachable(url: str, error: Exception) -> DocumentError:
    # What a storage's library says may name keys; its kind is enough to look it up.
    return UnreadableDocument(url, f"取不到（{type(error).__name__}）", "请检查地址、网络和访问权限（见 docs/cluster.md）")
