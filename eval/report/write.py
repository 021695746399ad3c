"""A report's files beside its run: `report.html`, `report.md` and the pieces of pages that the latter links."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from eval.report.gather import CROPS as MOST_CROPS
from eval.report.gather import Report, gather
from eval.report.html import to_html
from eval.report.markdown import CROPS, crop_name, to_markdown
from eval.runs.folder import Runs
from eval.runs.listing import REPORT
from eval.runs.record import RunRecord
from schema.errors import StoreError
from store.export.atomic import replacing

MARKDOWN = "report.md"


@dataclass(frozen=True)
class Written:
    """The files of a report."""

    html: Path
    markdown: Path


def write_report(
    runs: Runs,
    run: RunRecord,
    against: RunRecord | None = None,
    *,
    folder: Path | None = None,
    crops: int = MOST_CROPS,
    first: Collection[tuple[str, str, str]] = (),
) -> Written:
    """Gather and write the report of a run.

    Args:
        against: an earlier run to compare with.
        folder: where to; default the run's own.
        crops: errors to show with a piece of the page, at most.
        first: set, form and cell of errors to show before all others.

    Raises:
        StoreError: the folder cannot be written.
    """
    return write_files(gather(runs, run, against, crops, first), folder or runs.of(run))


def write_files(report: Report, folder: Path) -> Written:
    """Write what was gathered.

    Raises:
        StoreError: the folder cannot be written.
    """
    out = Written(folder / REPORT, folder / MARKDOWN)
    pictures = folder / CROPS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(pictures, ignore_errors=True)
        for number, shown in enumerate(report.errors, 1):
            if shown.crop is not None:
                pictures.mkdir(exist_ok=True)
                (pictures / crop_name(number)).write_bytes(shown.crop.picture)
    except OSError as e:
        raise StoreError(f"{folder}：写不了（{e.strerror or e}）。请检查磁盘空间和写权限。") from e
    for path, text in ((out.markdown, to_markdown(report)), (out.html, to_html(report))):
        with replacing(path) as part:
            part.write_text(text, encoding="utf-8")
    return out
