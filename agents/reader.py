"""One document to its forms: every page accounted for, every form with its source. Runs in worker processes; opens no store."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from agents.extract.layout import read_form
from agents.progress import Watch
from agents.repair.doubts import mark_doubts, mark_rows
from agents.repair.search import repair
from ingest.blocks import find_blocks, looks_like_form
from ingest.documents import SourceKind, Unread, open_document
from ingest.files import fingerprint
from ingest.page import Block, Page
from ingest.settings import DEFAULT, Settings
from schema.errors import DamagedDocument, NoFormFound, ScannedDocument
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
    started = time.perf_counter()
    name = str(path)
    identity = fingerprint(path)
    pages: list[Page] = []
    reports: dict[int, PageReport] = {}
    with open_document(path, name, identity.kind, settings) as document:
        for count, page in enumerate(document.pages(), 1):
            if watch is not None:
                watch(document.page_count, count)
            if isinstance(page, Unread):
                reports[page.number] = PageReport(page=page.number, status="failed", reason=page.reason)
            else:
                pages.append(page)
        repaired, kind = document.repaired, document.kind
    # A page whose text layer cannot be trusted gives no values; whoever wants its picture read does not say never.
    blocks = find_blocks([page for page in pages if not page.untrusted])
    forms: list[tuple[Block, Form]] = [(block, form) for block in blocks if (form := _read(block, pages, kind)) is not None]
    used = {page for block, _ in forms for page in block.pages}
    reports |= {page.number: _report(page, page.number in used, repaired) for page in pages}
    _insist_on_forms(name, pages, reports, bool(forms))
    reports |= {page.number: unread for page in pages if (unread := _unread(page, reports[page.number], blocks)) is not None}
    seconds = time.perf_counter() - started
    share = round(seconds / len(forms), 4)
    located = [
        _located(form, Source(file=name, sha256=identity.sha256, pages=block.pages, kind=kind, method="layout", seconds=share), reports)
        for block, form in forms
    ]
    return DocumentReading(
        file=name,
        sha256=identity.sha256,
        size=identity.size,
        kind=kind,
        pages=tuple(reports[number] for number in sorted(reports)),
        forms=with_ids(located, identity.sha256),
        seconds=round(seconds, 4),
    )


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


def _insist_on_forms(name: str, pages: Sequence[Page], reports: dict[int, PageReport], found: bool) -> None:
    if found:
        return
    distrusted = next((page.untrusted for page in pages if page.untrusted), None)
    if distrusted:
        raise ScannedDocument(name, f"{distrusted}；{_NO_OCR}", "请去掉 --ocr never 再读一次")
    broken = [report for report in reports.values() if report.status == "failed"]
    if broken:
        raise DamagedDocument(name, f"第 {broken[0].page} 页{broken[0].reason or '读不出来'}", "请重新下载或重新导出后再试")
    raise NoFormFound(name, "里面没有项目支出绩效自评表", "请确认文件；自评表应有“三级指标”和“年度指标值、实际完成值、分值、得分”等栏")


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
