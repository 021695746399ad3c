"""docs/cli.md holds the help of every command as it is; JIHE_REWRITE=1 writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import typer

from tests.ui.conftest import Jihe
from ui.cli.app import EXIT_CODES, make_app

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
REWRITE = "JIHE_REWRITE"
WIDTH = 100
HEAD = f"""# jihe 命令

各命令的 `--help`，由 `{REWRITE}=1 pytest tests/ui/test_docs.py` 写成，测试核对它与程序一致。

{EXIT_CODES}
"""


def _names() -> list[str]:
    group = typer.main.get_command(make_app())
    return list(group.commands)  # type: ignore[attr-defined]  # a group has them


def _page(jihe: Jihe) -> str:
    parts = [HEAD]
    for words in ([], *[[name] for name in _names()]):
        lines = [line.rstrip() for line in jihe(*words, "--help").output.strip().splitlines()]
        body = "\n".join(lines)
        parts.append(f"## {' '.join(['jihe', *words])}\n\n```text\n{body}\n```\n")
    return "\n".join(parts)


def test_the_page_holds_the_help_of_every_command(jihe: Jihe, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    monkeypatch.setenv("TERMINAL_WIDTH", str(WIDTH))
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", WIDTH)
    monkeypatch.setattr("typer.rich_utils.FORCE_TERMINAL", None)
    page = _page(jihe)
    assert "\x1b[" not in page
    if os.environ.get(REWRITE):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, f"docs/cli.md is out of date: run {REWRITE}=1 pytest tests/ui/test_docs.py"


def test_the_flag_is_off_in_ci() -> None:
    assert not (os.environ.get("CI") and os.environ.get(REWRITE))
