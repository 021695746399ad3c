"""What leaves the store as a file: canonical JSON for programs and scorers, a workbook for people, flat tables for analysis.

Every export is streamed and appears whole or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Literal, get_args

from schema.checks import Finding
from store.export.atomic import replacing
from store.export.parquet import write_parquet
from store.export.text_files import write_csv, write_json, write_jsonl
from store.store import Store

Format = Literal["json", "jsonl", "csv", "xlsx", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)


def export(store: Store, to: Format, path: Path) -> int:
    """Write all forms of the store as they stand to a file; the number of forms.

    Raises:
        StoreError: the file cannot be written; what was there before is untouched.
    """
    forms = store.iter_forms()
    with replacing(path) as part:
        if to == "xlsx":
            # Imported here: openpyxl is slow to load and only this format needs it.
            from store.export.workbook import write_workbook  # noqa: PLC0415

            return write_workbook(forms, _findings_by_form(store), _files(store), part)
        writers = {"json": write_json, "jsonl": write_jsonl, "csv": write_csv, "parquet": write_parquet}
        return writers[to](forms, part)


def _findings_by_form(store: Store) -> dict[str, list[Finding]]:
    by_form: dict[str, list[Finding]] = defaultdict(list)
    for finding in store.findings():
        by_form[finding.form_id].append(finding)
    return by_form


def _files(store: Store) -> dict[str, Path]:
    """Where each document lies: the first of its paths that still exists, else the first."""
    found = {}
    for document in store.documents():
        paths = [Path(file) for file in document.files]
        if document.sha256 and paths:
            found[document.sha256] = next((path for path in paths if path.exists()), paths[0])
    return found
