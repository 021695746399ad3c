"""The text of a question to a model: the document fenced as data, then the task in one line; and the way back from the text, for endpoints
that answer from known forms.

A document is numbered lines, `ID|cell|cell|…` where a table has been found and `ID|text` elsewhere. Its fence carries a mark made of its
own content, so that no text inside can close it, and the same document always gives the same question (caches rely on that).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Task = Literal["head", "rows", "cells"]

_FENCE = re.compile(r"<文档 (?P<mark>[0-9a-f]{8})>\n(?P<text>.*?)\n</文档 (?P=mark)>\n(?P<task>.*)\Z", re.DOTALL)
_ROWS = re.compile(r"任务：转录指标行。(?:本段是第 (?P<first>\d+) 至 (?P<last>\d+) 行，)?")
_TOTAL = re.compile(r"全表共 (?P<total>\d+) 行指标")
_CELL = re.compile(r"^- (?P<cell>\S+?)（", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """What a question asks for.

    Attributes:
        lines: the document: id and text of each line.
        first, last: which indicator rows of the form stand in it (from 1, both ends in), as far as the page tells.
        total: how many indicator rows the form has, as far as the page tells.
        cells: what is asked for again: `ID.field` for a cell of the indicator whose row has that line id, else an address of the head.
        over: the level labels that hold on from above the first row.
    """

    task: Task
    lines: tuple[tuple[str, str], ...]
    first: int | None = None
    last: int | None = None
    total: int | None = None
    cells: tuple[tuple[str, str], ...] = ()
    over: tuple[str, ...] = ()


def compose(asked: Asked) -> str:
    """The user's part of a question. `cells` are pairs of cell and what is wrong with the last answer, in Chinese."""
    text = "\n".join(f"{number}|{line}" for number, line in asked.lines)
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"<文档 {mark}>\n{text}\n</文档 {mark}>\n{_task(asked)}"


def read_back(text: str) -> Asked:
    """What a composed question asks for; reasons of cells come back as printed.

    Raises:
        ValueError: the text is no question of ours.
    """
    match = _FENCE.search(text)
    if match is None:
        raise ValueError("no document in the question")
    lines = tuple((number, line) for number, _, line in (part.partition("|") for part in match["text"].split("\n")))
    task = match["task"]
    rows, total = _ROWS.match(task), _TOTAL.search(task)
    count = int(total["total"]) if total else None
    if rows:
        first, last = rows["first"], rows["last"]
        return Asked("rows", lines, int(first) if first else None, int(last) if last else None, count)
    cells = tuple((match["cell"], "") for match in _CELL.finditer(task))
    return Asked("cells" if cells else "head", lines, total=count, cells=cells)


def _task(asked: Asked) -> str:
    if asked.task == "rows":
        part = f"本段是第 {asked.first} 至 {asked.last} 行，" if asked.first is not None else ""
        total = f"全表共 {asked.total} 行指标。" if asked.total is not None else ""
        over = f"本段开头的行承接上文的标签：{'、'.join(asked.over)}。" if asked.over else ""
        return f"任务：转录指标行。{part}{total}{over}"
    if asked.task == "cells":
        return "任务：只重新转录下列单元格，上次的答案有疑问：\n" + "\n".join(
            f"- {cell}（{' '.join(why.split())}）" for cell, why in asked.cells
        )
    return "任务：转录表头、资金、目标和总分。"


def numbered(lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Lines with ids from 1; a line break inside one becomes a space, so that a line stays a line."""
    return tuple((str(i), line.replace("\n", " ")) for i, line in enumerate(lines, 1))
