"""`jihe reindex`: the index made anew."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer

from agents.embed import embedder_from_env
from store.index import Index
from ui.cli.console import out, seconds_told
from ui.cli.home import HomeOption, open_store
from ui.cli.indexing import IndexProgress


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reindex")(reindex)


def reindex(
    ctx: typer.Context,
    missing: Annotated[bool, typer.Option("--missing", help="只补缺的，不全部重建。")] = False,
    home: HomeOption = None,
) -> None:
    """重建查找用的索引。

    索引由已存的表得出，平时自动补齐；换了向量模型、索引损坏或想一次补齐时运行。已存的表不受影响。
    """
    began = time.monotonic()
    with open_store(ctx, home) as store, Index.open(store, embedder_from_env(os.environ, store.home)) as index:
        with IndexProgress() as shown:
            if missing:
                index.catch_up(shown)
            else:
                index.rebuild(shown)
        state = index.state()
    done = "已补齐" if missing else "已重建"
    out().print(f"{done}：{state.chunks} 段，向量 {state.embedding or '（没有）'}，用时 {seconds_told(time.monotonic() - began)}。")
