"""Figures for plotly.js, which Gradio brings along: plain specifications, made of a few kinds of marks.

Texts of documents are escaped, since plotly takes a little HTML in labels; marks of direction are taken out, since they would turn what
stands beside them. What is not told or doubtful is hatched, so that colour is never the only sign.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gradio.components.plot import PlotData

from ui.web.theme import FONTS

INK, SOFT, LINE = "#1b2733", "#4c5a66", "#dfe5ea"
BLUE, ORANGE, GREEN, VIOLET, RED, AMBER, GREY = "#0f5c8c", "#d1731f", "#2a9d76", "#7a5ab5", "#b3261e", "#d99a00", "#9aa7b1"
SHADES = ("#0b3d5d", "#3d8dc2", "#a9cfea", "#e3b77c")
"""From good to bad, apart in lightness as well as in hue."""
_BAR_PIXELS, _AROUND_PIXELS = 30, 56
_LINE_CHARACTERS, _MOST_LINES = 13, 2
_LATIN = re.compile("[\u0000-\u024f\u2010-\u2027]*\\Z")
_UNSEEN = re.compile("[\u0000-\u001f\u007f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True)
class Bar:
    """One bar: its name, how long it is, what stands at its end and on hovering, where a click leads."""

    name: str
    length: Decimal
    text: str
    hover: str
    colour: str = BLUE
    hatch: str = ""
    link: str = ""


def plain_text(text: str, most: int = 80) -> str:
    """A text of a document as a label: one line, nothing in it that plotly would read."""
    seen = " ".join(_UNSEEN.sub(" ", text).split())
    return html.escape(seen if len(seen) <= most else seen[: most - 1] + "…", quote=False)


def wrapped(text: str) -> str:
    """A label on two lines at most."""
    seen = " ".join(_UNSEEN.sub(" ", text).split())
    # Latin letters are half as wide, and stay together as words.
    if _LATIN.match(seen):
        lines = textwrap.wrap(seen, 2 * _LINE_CHARACTERS)
    else:
        lines = [seen[at : at + _LINE_CHARACTERS] for at in range(0, len(seen), _LINE_CHARACTERS)]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1][:-1] + "…"]
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def bars(given: Sequence[Bar], axis: str) -> PlotData:
    """Bars from left to right, the first on top."""
    colours, hatches = [bar.colour for bar in given], [bar.hatch for bar in given]
    trace = {
        "type": "bar", "orientation": "h", "y": list(range(len(given))), "x": [float(bar.length) for bar in given],
        "text": [bar.text for bar in given], "textposition": "outside", "textangle": 0, "constraintext": "none",
        "textfont": {"color": INK}, "cliponaxis": False,
        "hovertext": [bar.hover for bar in given], "hoverinfo": "text", "customdata": [bar.link for bar in given],
        "marker": {"color": colours, "pattern": _hatched(hatches, colours)},
    }  # fmt: skip
    rows = {
        "tickvals": list(range(len(given))), "ticktext": [wrapped(bar.name) for bar in given], "autorange": "reversed", "automargin": True,
        "showgrid": False,
    }  # fmt: skip
    # The texts stand beyond the ends of the bars.
    room = 1.15 + 0.04 * max(len(bar.text) for bar in given)
    longest = float(max(bar.length for bar in given)) or 1.0
    layout = {"xaxis": _axis(axis, range=[0, longest * room]), "yaxis": _axis("", **rows), "bargap": 0.28}
    return _plot([trace], layout, _AROUND_PIXELS + _BAR_PIXELS * max(3, len(given)) + 12)


def spots(places: Sequence[tuple[float, float, int, str, str]], axes: tuple[str, str]) -> PlotData:
    """Points in a plane: across, up, how many are there, what hovering says, where a click leads."""
    trace = {
        "type": "scatter", "mode": "markers", "x": [place[0] for place in places], "y": [place[1] for place in places],
        "hovertext": [place[3] for place in places], "hoverinfo": "text", "customdata": [place[4] for place in places],
        "marker": {
            "size": [min(20.0, 8 + 1.5 * (place[2] - 1) ** 0.5) for place in places], "color": BLUE, "opacity": 0.45,
            "line": {"color": "#fff", "width": 1},
        },
    }  # fmt: skip
    return _plot([trace], {"xaxis": _axis(axes[0]), "yaxis": _axis(axes[1]), "hovermode": "closest"}, 400)


def boxes(years: Sequence[tuple[str, Sequence[Decimal]]], axis: str) -> PlotData:
    """Distributions side by side: name, and least, low, middle, high, most, mean."""
    least, low, middle, high, most, mean = ([float(numbers[at]) for _, numbers in years] for at in range(6))
    trace = {
        "type": "box", "x": [name for name, _ in years], "q1": low, "median": middle, "q3": high, "lowerfence": least,
        "upperfence": most, "mean": mean, "boxmean": True, "fillcolor": "#d3e7f5", "line": {"color": BLUE, "width": 1.5}, "width": 0.5,
        "hoverinfo": "y",
    }  # fmt: skip
    return _plot([trace], {"xaxis": _axis("", type="category", showgrid=False), "yaxis": _axis(axis)}, 360)


def stacks(years: Sequence[str], parts: Sequence[tuple[str, Sequence[int], str, str]], axis: str) -> PlotData:
    """Columns made of parts: name, how many in each year, colour, hatch."""
    dark = {SHADES[0], SHADES[1], INK}
    traces = [
        {
            "type": "bar", "name": plain_text(name), "x": list(years), "y": list(counts),
            "text": [f"{plain_text(name)} {count:,}" if count else "" for count in counts], "textposition": "inside", "textangle": 0,
            "insidetextfont": {"color": "#fff" if colour in dark else INK}, "hoverinfo": "x+text", "width": 0.6,
            "marker": {"color": colour, "line": {"color": "#fff", "width": 1}, "pattern": _hatched(hatch, colour)},
        }
        for name, counts, colour, hatch in parts
    ]  # fmt: skip
    layout = {
        "xaxis": _axis("", type="category", showgrid=False), "yaxis": _axis(axis, rangemode="tozero"), "barmode": "stack",
        "uniformtext": {"minsize": 11, "mode": "hide"}, "showlegend": True,
        "legend": {"orientation": "h", "y": 1.12, "x": 0, "traceorder": "normal"},
    }  # fmt: skip
    return _plot(traces, layout, 360)


def _hatched(shape: str | list[str], colour: str | list[str]) -> dict[str, Any]:
    return {"shape": shape, "fgcolor": colour, "bgcolor": "#fff", "size": 6}


def _axis(title: str, **more: Any) -> dict[str, Any]:
    named = {"title": {"text": title, "standoff": 8, "font": {"size": 12, "color": SOFT}}} if title else {}
    line = {
        "gridcolor": LINE,
        "linecolor": LINE,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
        "separatethousands": True,
        "exponentformat": "none",
    }
    return named | line | more


def _plot(traces: list[dict[str, Any]], layout: dict[str, Any], height: int) -> PlotData:
    shared = {
        "height": height, "font": {"family": ", ".join(FONTS), "size": 13, "color": INK}, "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "margin": {"l": 8, "r": 16, "t": 8, "b": 40}, "showlegend": False, "dragmode": False,
        "hoverlabel": {"bgcolor": "#fff", "bordercolor": LINE, "font": {"color": INK, "size": 13}, "align": "left"},
        "separators": ".,", "uniformtext": {"minsize": 11, "mode": "show"},
    }  # fmt: skip
    config = {"displayModeBar": False, "displaylogo": False, "typesetMath": False, "staticPlot": False}
    return PlotData(type="plotly", plot=json.dumps({"data": traces, "layout": shared | layout, "config": config}, ensure_ascii=False))
