"""A report as one HTML page that asks nobody for anything: styles, charts and pieces of pages are in it, scripts are not."""

from __future__ import annotations

import base64
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from eval.report.gather import Report
from eval.report.sections import ERRORS, headline, sections
from eval.report.words import GROUPS, percent, said, shortened
from eval.runs.cells import field_label
from store.export.labels import cell_label


def to_html(report: Report) -> str:
    """The report; every text in it is escaped."""
    return _template().render(
        report=report, headline=headline(report), sections=sections(report), errors_title=ERRORS, field_label=field_label, groups=GROUPS
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("eval.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"jpeg": _jpeg, "percent": percent, "said": said, "shortened": shortened, "cell": cell_label, "px": _px}
    return environment.get_template("report.html")


def _jpeg(picture: bytes) -> Markup:
    """A picture as an address that holds it."""
    return Markup("data:image/jpeg;base64,") + base64.b64encode(picture).decode("ascii")


def _px(value: float) -> str:
    """A length of a drawing, no longer than it need be."""
    return f"{value:.1f}".removesuffix(".0")
