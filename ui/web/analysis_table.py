"""What every chart of the page 分析 is: words, notes, a table, a plot; and how numbers are written in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from gradio.components.plot import PlotData

from store.figures import Wanted
from ui.web.site import Visitor

MOST_BARS = 12


@dataclass(frozen=True)
class Row:
    """One row of a chart's table: texts as they are printed and shown, and where the row leads."""

    cells: tuple[str, ...]
    link: str = ""


@dataclass(frozen=True)
class Chart:
    """One chart. `plot` is None where there is nothing to draw; `notes` tell what is left out and how it was counted."""

    key: str
    words: str
    notes: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    plot: PlotData | None
    numbers: int
    """So many columns at the end of the table are numbers."""
    linked: int = 0
    """The column whose texts lead where their rows lead."""


def number(value: Decimal | int, places: int = 2) -> str:
    """A number for people: thousands apart, two places at the most."""
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(part: Decimal | int, whole: Decimal | int) -> str:
    """A part in percent of the whole."""
    return number(Decimal(part) * 100 / Decimal(whole), 1) if whole else "0"


def where(wanted: Wanted) -> dict[str, str]:
    """The selection as it stands in addresses."""
    given = {"year": wanted.year, "department": wanted.department, "unit": wanted.unit}
    return {name: str(value) for name, value in given.items() if value is not None}


def form_link(form_id: str) -> str:
    """The page of a form."""
    return f"/form?id={quote(form_id)}"


def headings_of(visitor: Visitor, *columns: str) -> tuple[str, ...]:
    """The names of columns."""
    return tuple(visitor.say(f"analysis.col.{column}") for column in columns)


def told(visitor: Visitor, *counts: tuple[str, int]) -> tuple[str, ...]:
    """A note for every count that is not 0."""
    return tuple(visitor.say(key, n=number(count)) for key, count in counts if count)


def cells(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    """The rows for a file."""
    return [row.cells for row in rows]
