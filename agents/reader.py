"""One document to its forms: every page accounted for, every form with its source. Runs in worker processes; opens no store."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from agents.extract.layout import read_form
from agents.material import Material, candidates_of, dump_candidates
from agents.progress import Watch
from agents.repair.doubts import mark_doubts, mark_rows
from agents.repair.search import repair
from ingest.blocks import find_blocks, looks_like_form
from ingest.documents import Slow, SourceKind, Unread, open_document
from ingest.files import fingerprint
from ingest.kinds import Kind
from ingest.page import Block, Page
from ingest.settings import DEFAULT, Settings
from schema.errors import ColumnsKept, DamagedDocument, DocumentError, NoFormFound, ScannedDocument
from schema.evidence import ReviewMark, Source
from schema.form import Form
from schema.identity import with_ids
from schema.reading import DocumentReading, PageReport

_NO_OCR = "没有做 OCR（--ocr never）"


def read_document(path: Path, settings: Settings = DEFAULT, watch: Watch | None = None) -> DocumentReading:
    """Read a document from its bytes to its forms; `watch` is told after every page how far it is.

    Raises:
        DocumentError: nothing can be read from it; the subclass says why, the message what to do.
    """
    material = read_material(path, settings, watch)
    if material.error is not None:
        raise material.error
    return material.reading


def read_material(path: Path, settings: Settings = DEFAULT, watch: Watch | None = None) -> Material:
    """The same, with the texts of its forms where the settings ask for them: then what holds no form for layout is no error yet.

    Raises:
        DocumentError: nothing can be read from it, by a model neither.
    """
    started = time.perf_counter()
    name = str(path)
    identity = fingerprint(path)
    read = _Read(DocumentReading(file=name, sha256=identity.sha256, size=identity.size, kind="digital", pages=(), forms=(), seconds=0.0))
    try:
        read.take_pages(path, identity.kind, settings, watch)
    except ColumnsKept as e:
        if not settings.texts:
            raise
        reading = read.reading.model_copy(update={"kind": "text", "pages": (PageReport(page=1, status="other", method="text"),)})
        return Material(reading, e, tuple(dump_candidates(path, settings, ())))
    forms = read.forms(watch)
    seconds = time.perf_counter() - started
    reading = read.told(forms, seconds)
    error = read.nothing_read(forms)
    if not settings.texts:
        return Material(reading, error)
    if read.kind == "text":
        return Material(reading, error, tuple(dump_candidates(path, settings, [form for _, form in forms])))
    return Material(reading, error, tuple(candidates_of(forms, read.pages, read.kind)))


@dataclass
class _Read:
    """What was read of a document so far; `reading` names it."""

    reading: DocumentReading
    pages: list[Page] = field(default_factory=list)
    reports: dict[int, PageReport] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    kind: SourceKind = "digital"
    repaired: bool = False

    def take_pages(self, path: Path, kind: Kind, settings: Settings, watch: Watch | None) -> None:
        """Read its pages."""
        with open_document(path, self.reading.file, kind, settings) as document:
            if watch is not None and isinstance(document, Slow):
                document.moved = partial(watch, document.page_count, 0)
            for count, page in enumerate(document.pages(), 1):
                if watch is not None:
                    watch(document.page_count, count)
                if isinstance(page, Unread):
                    self.reports[page.number] = PageReport(page=page.number, status="failed", reason=page.reason)
                else:
                    self.pages.append(page)
            self.repaired, self.kind = document.repaired, document.kind

    def forms(self, watch: Watch | None) -> list[tuple[Block, Form]]:
        """The forms on its pages, each with its block. A page whose text layer cannot be trusted gives none."""
        self.blocks = find_blocks([page for page in self.pages if not page.untrusted])
        forms, count = [], len(self.pages) + len(self.reports)
        for block in self.blocks:
            if (form := _read(block, self.pages, self.kind)) is not None:
                forms.append((block, form))
            if watch is not None:
                # All pages are read; but whoever waits for hundreds of forms has to hear that something moves.
                watch(count, count)
        used = {page for block, _ in forms for page in block.pages}
        self.reports |= {page.number: _report(page, page.number in used, self.repaired) for page in self.pages}
        return forms

    def nothing_read(self, forms: Sequence[object]) -> DocumentError | None:
        """Why no form was read; None where one was."""
        return None if forms else _nothing_read(self.reading.file, self.pages, self.reports)

    def told(self, forms: Sequence[tuple[Block, Form]], seconds: float) -> DocumentReading:
        """The reading of the whole document."""
        reading, kind = self.reading, self.kind
        unread = ((page.number, _unread(page, self.reports[page.number], self.blocks)) for page in self.pages)
        reports = self.reports | {number: report for number, report in unread if report is not None}
        source = Source(
            file=reading.file, sha256=reading.sha256, pages=(), kind=kind, method="layout", seconds=round(seconds / max(1, len(forms)), 4)
        )
        located = [_located(form, source.model_copy(update={"pages": block.pages}), reports) for block, form in forms]
        pages = tuple(reports[number] for number in sorted(reports))
        found = with_ids(located, reading.sha256)
        return reading.model_copy(update={"kind": kind, "pages": pages, "forms": found, "seconds": round(seconds, 4)})


def _read(block: Block, pages: Sequence[Page], kind: SourceKind) -> Form | None:
    """The form of a block; what was read by OCR verified, read again where it is doubtful, and marked where it stays so."""
    form = read_form(block)
    if form is not None and kind == "text":
        return mark_rows(form)
    if form is None or all(evidence.read_by != "ocr" for evidence in form.evidence.values()):
        return form
    pictures = {page.number: page.picture for page in pages if page.picture is not None and page.number in block.pages}
    return mark_doubts(repair(form, pictures))


def _report(page: Page, used: bool, repaired: bool) -> PageReport:
    report = PageReport(page=page.number, status="done", method=page.method, seconds=round(page.seconds, 4), notes=page.notes)
    if page.damage:
        return report.model_copy(update={"status": "failed", "reason": f"页面内容已损坏（{page.damage}），可能没有读全"})
    if page.untrusted:
        return report.model_copy(update={"status": "failed", "reason": f"{page.untrusted}；{_NO_OCR}"})
    if used:
        return report.model_copy(update={"reason": "文件有损伤，修复后读出" if repaired else None})
    return report.model_copy(update={"status": "empty" if page.blank else "other"})


def _unread(page: Page, report: PageReport, blocks: Sequence[Block]) -> PageReport | None:
    """What to say of a page that no form was read from although it is headed like one."""
    if report.status != "other":
        return None
    if any(page.number in block.pages for block in blocks):
        return report.model_copy(update={"reason": "空白模板，没有填写"})
    if not looks_like_form(page):
        return None
    return report.model_copy(update={"status": "failed", "reason": "有自评表的栏目，但没有读出表格（可能没有表格线）"})


def _nothing_read(name: str, pages: Sequence[Page], reports: dict[int, PageReport]) -> DocumentError:
    distrusted = next((page.untrusted for page in pages if page.untrusted), None)
    if distrusted:
        return ScannedDocument(name, f"{distrusted}；{_NO_OCR}", "请去掉 --ocr never 再读一次")
    broken = [report for report in reports.values() if report.status == "failed"]
    if broken:
        return DamagedDocument(name, f"第 {broken[0].page} 页{broken[0].reason or '读不出来'}", "请重新下载或重新导出后再试")
    return NoFormFound(name, "里面没有项目支出绩效自评表", "请确认文件；自评表应有“三级指标”和“年度指标值、实际完成值、分值、得分”等栏")


def _located(form: Form, source: Source, reports: dict[int, PageReport]) -> Form:
    """The form with its source, and a warning where a page of it, between its pages, or after it could not be read."""
    last = source.pages[-1]
    open_ended = form.total_score is None
    near = [*source.pages, *([last + 1] if open_ended else []), *range(source.pages[0], last)]
    lost = sorted({page for page in near if page in reports and reports[page].status == "failed"})
    skipped = [page for page in range(source.pages[0], last) if page not in source.pages and reports[page].status == "other"]
    marks = [
        ReviewMark(cell="indicators", reason=f"第 {'、'.join(map(str, pages))} 页{what}，这张表可能缺行")
        for pages, what in ((lost, "没有读全或读不出来"), (skipped, "在表的中间，却没有读出表格"))
        if pages
    ]
    return form.model_copy(update={"source": source, "review": (*form.review, *marks)})
