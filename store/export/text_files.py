"""Exports that are text: canonical JSON, JSON lines, CSV. All are streamed, a form at a time."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from schema.form import Form
from store.export.columns import Value, flat_columns, flat_rows

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?%?\Z")


def write_json(forms: Iterable[Form], path: Path) -> int:
    """The canonical form list of the design, as `schema.canonical.dump_forms` lays it out; the number of forms."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write("[")
        for form in forms:
            out.write(",\n " if count else "\n ")
            # The record's own serialiser, not json.dumps: with indentation that one is a hundred times slower.
            out.write(form.model_dump_json(indent=1).replace("\n", "\n "))
            count += 1
        out.write("\n]\n" if count else "]\n")
    return count


def write_jsonl(forms: Iterable[Form], path: Path) -> int:
    """One canonical form per line; the number of forms."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for form in forms:
            out.write(form.model_dump_json() + "\n")
            count += 1
    return count


def write_csv(forms: Iterable[Form], path: Path) -> int:
    """One row per indicator (store.export.columns) under Chinese headings, marked as UTF-8 for Excel; the number of forms.

    A text that a spreadsheet would take for a formula (=0.00(%) is a usual target) gets an apostrophe in front; the other formats are
    verbatim.
    """
    columns = flat_columns()
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([column.label for column in columns])
        for form in forms:
            writer.writerows([_csv_cell(column.get(form, index)) for column in columns] for index in flat_rows(form))
            count += 1
    return count


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text
