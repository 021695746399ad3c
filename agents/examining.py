"""What `jihe doctor --deep` reads through: every form, every original, the whole index. Nothing is mended."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from agents.embed import embedder_from_env
from ingest.files import fingerprint
from ingest.urls import is_url
from schema.errors import DocumentError, JiheError, StoreBusy
from store.health import Probe
from store.index import Index
from store.records import DocumentSummary
from store.store import Store

Progress = Callable[[str, int, int], None]
"""Told what is looked at, how much of it is done, and how much there is."""
_TOLD = 3
_AGAIN = "请重新导入原件，或从备份恢复。"


def examine_all(store: Store, environ: Mapping[str, str], progress: Progress = lambda *_: None) -> list[Probe]:
    """Read a whole home through.

    Args:
        environ: the embedding, as for `agents.embed.embedder_from_env`.
    """
    return [_forms(store, progress), _originals(store.documents(), progress), _index(store, environ, progress)]


def _forms(store: Store, progress: Progress) -> Probe:
    """Whether every form can be made out of what is stored."""
    held, read = store.counts().forms, 0
    try:
        for _ in store.iter_forms():
            read += 1
            progress("表", read, held)
    except (JiheError, ValueError, TypeError, ArithmeticError) as e:
        # Forms come in batches: it is one of those after the last that was read.
        why = str(e) if isinstance(e, JiheError) else type(e).__name__
        return Probe("表的内容", f"读出 {read} 张（共 {held} 张）后读不下去（{why}）", False, _AGAIN)
    return Probe("表的内容", f"{read} 张，全部读得出来", read == held, f"应有 {held} 张。{_AGAIN}")


def _originals(documents: list[DocumentSummary], progress: Progress) -> Probe:
    """Whether the originals lie where they were read, and are what was read: evidence is looked up in them, but for imported JSON."""
    read = [one for one in documents if one.sha256 and one.status == "done" and one.kind != "canonical"]
    own = [(one, [file for file in one.files if not is_url(file)]) for one in read]
    here = [(one, files) for one, files in own if files]
    gone, changed = [], []
    for number, (one, files) in enumerate(here, 1):
        there = [Path(file) for file in files if Path(file).exists()]
        if not there:
            gone.append(files[0])
        elif not any(_is(path, one.sha256) for path in there):
            changed.append(str(there[0]))
        progress("原件", number, len(here))
    told = [_listed(f"{len(found)} 个{what}", found) for what, found in (("不在原处", gone), ("内容变了", changed)) if found]
    sound = f"{len(here)} 个，都在原处，与读取时相同"
    return Probe("原件", "；".join(told) or sound, not told, "表照常可用，但看不到页面。请把原件放回原处，或在新的位置重新导入。")


def _is(path: Path, sha256: str | None) -> bool:
    try:
        if path.is_dir():
            return fingerprint(path).sha256 == sha256
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except (DocumentError, OSError):
        return False


def _listed(what: str, files: list[str]) -> str:
    return f"{what}：{'、'.join(files[:_TOLD])}{' 等' if len(files) > _TOLD else ''}"


def _index(store: Store, environ: Mapping[str, str], progress: Progress) -> Probe:
    """Whether full text and vectors hold what they should."""
    try:
        with Index.open(store, embedder_from_env(environ, store.home)) as index:
            state = index.state()
            progress("索引", 0, state.chunks)
            found = index.faults()
    except StoreBusy:
        return Probe("索引", "另一个 jihe 进程正在写，这次没有检查")
    except JiheError as e:
        return Probe("索引", "读不了", False, str(e))
    waiting = f"，待更新 {state.waiting_forms} 张表、{state.waiting_vectors} 个向量" if state.waiting_forms or state.waiting_vectors else ""
    if found.none:
        return Probe("索引", f"{found.chunks} 段，全文和向量齐全{waiting}")
    told = f"{found.chunks} 段，全文 {found.texts} 段，缺向量 {found.vectors_missing}，多余向量 {found.vectors_left}{waiting}"
    return Probe("索引", told, False, "提问可能漏掉内容。请运行 jihe reindex 重建。")
