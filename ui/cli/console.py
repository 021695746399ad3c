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
from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

UNLIMITED = 100_000
LEAST_TEXT = 8
"""Columns a text keeps at the least when a table has to shrink: four Chinese characters."""
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


def print_table(table: Table, *optional: str, least: int = LEAST_TEXT) -> None:
    """Print a table; where the terminal is too narrow, the optional columns are left out, the first named first, and named below it.

    `least` is the width every text column keeps. Numbers are never cut: rich would crop what may not wrap, and 15425.64 would read 15425.6.
    """
    console = out()
    columns = list(table.columns)
    left_out = []
    for name in optional:
        if _needed(columns, least) <= console.width:
            break
        left_out.append(name)
        columns = [column for column in columns if column.header != name]
    console.print(_with_columns(table, columns, least if _needed(columns, least) <= console.width else None))
    if left_out:
        console.print(Text(f"窗口较窄，没有列出：{'、'.join(left_out)}。加宽窗口即可看到。", style="dim"))


def _needed(columns: list[Column], least: int) -> int:
    """The width a table of these columns needs, borders and gaps included."""
    return sum(_least(column, least) + 2 for column in columns) + 1


def _least(column: Column, least: int) -> int:
    widest = max(cell_len(line) for cell in (column.header, *column.cells) for line in str(cell).split("\n"))
    return widest if column.no_wrap else min(widest, least)


def _with_columns(table: Table, columns: list[Column], least: int | None) -> Table:
    shrunk = Table(box=table.box, pad_edge=table.pad_edge, padding=table.padding, header_style=table.header_style)
    for column in columns:
        # Where even this does not fit, numbers wrap rather than lose their ends.
        width, whole = (None, False) if least is None else (_least(column, least), column.no_wrap)
        shrunk.add_column(column.header, justify=column.justify, no_wrap=whole, overflow=column.overflow, min_width=width)
    for cells in zip(*(column.cells for column in columns), strict=True):
        shrunk.add_row(*cells)
    return shrunk


def shown(value: Decimal | int | str | None) -> str:
    """A value as people read it; nothing for an empty one."""
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def seconds_told(seconds: float) -> str:
    """A time as people read it."""
    return f"{seconds:.1f} 秒" if seconds >= 0.95 else f"{seconds * 1000:.0f} 毫秒"


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() else UNLIMITED
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
