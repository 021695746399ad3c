"""Printing: tables and text on stdout, complaints on stderr.

On a terminal, tables fit its width and have colours. In a pipe they are as wide as their contents, without colours, so that nothing is
cut or wrapped before another program sees it.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import Any, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

UNLIMITED = 100_000
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan", "review": "magenta"}


def out() -> Console:
    """The console for results."""
    return _console(sys.stdout)


def err() -> Console:
    """The console for messages and progress."""
    return _console(sys.stderr)


def complain(message: str) -> None:
    """One line on stderr."""
    err().print(Text(" ".join(message.split())), style="red", soft_wrap=True)


def print_json(data: Any) -> None:
    """Data as JSON on stdout, Chinese unescaped."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def make_table(*headings: str, right: tuple[str, ...] = (), fixed: tuple[str, ...] = ()) -> Table:
    """An empty table; columns in `right` are numbers, those in `fixed` never wrap."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(
            heading, justify="right" if heading in right else "left", no_wrap=heading in fixed or heading in right, overflow="fold"
        )
    return table


def shown(value: Decimal | int | str | None) -> str:
    """A value as people read it; nothing for an empty one."""
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() else UNLIMITED
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
