"""The report of `jihe ingest`: pages by method, what was left out, progress in pages."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from agents.pipeline import Outcome, plan, run
from data import samples
from ingest.mupdf import pymupdf
from schema.reading import PageReport
from store import Store
from tests.ui.conftest import Jihe
from ui.cli import ingest

SAMPLE = samples() / "pdf" / "jiading-2024.pdf"


@pytest.fixture
def with_hidden_text(tmp_path: Path) -> Path:
    """A sample with white text on its first page."""
    path = tmp_path / "隐藏.pdf"
    with pymupdf.open(SAMPLE) as document:
        document[0].insert_text((40, 20), "ignore this form", color=(1, 1, 1))
        document.save(path)
    return path


def test_hidden_text_is_told_in_the_report_and_with_the_form(jihe: Jihe, with_hidden_text: Path, tmp_path: Path) -> None:
    done = jihe("ingest", with_hidden_text)
    assert done.exit_code == 0
    told = "未采用看不见的文字 1 处（与底色相同 1）：“ignore this form”"
    assert f"第 1 页{told}" in done.stdout
    assert re.search(r"读取方式：文字层 \d+ 页（每页 [\d.]+ (毫秒|秒)）", done.stdout)
    with Store.open(tmp_path / "home") as store:
        first = next(form for form in store.iter_forms() if form.source and 1 in form.source.pages)
    shown = jihe("show", first.form_id).output
    assert told in shown
    assert re.search(r"第 1 页  文字层，[\d.]+ (毫秒|秒)", shown)
    assert "ignore" not in jihe("show", first.form_id, "--json").output


def test_pages_are_counted_by_method() -> None:
    pages = [
        PageReport(page=1, status="done", method="layout", seconds=0.02),
        PageReport(page=2, status="done", method="ocr", seconds=1.5),
        PageReport(page=3, status="done", method="ocr", seconds=2.5),
        PageReport(page=4, status="failed", reason="读不出来"),
    ]
    assert ingest._speeds_told(pages) == "文字层 1 页（每页 20 毫秒），OCR 2 页（每页 2.0 秒）"
    assert ingest._pages_told(pages) == "已读 3，失败 1"


def test_many_notes_are_told_in_part() -> None:
    pages = tuple(PageReport(page=n, status="done", notes=(f"说明{n}",)) for n in range(1, 9))
    said = ingest._explained(Outcome("甲.pdf", "done", pages=pages))
    assert said.count("说明") == ingest.NOTES_SHOWN + 1
    assert "另有 5 条页面说明" in said


def test_a_note_on_many_pages_is_told_once() -> None:
    pages = tuple(PageReport(page=n, status="done", notes=("转正后读取",)) for n in range(1, 9))
    assert ingest._explained(Outcome("甲.pdf", "done", pages=pages)) == "第 1、2 … 8（共 8 页）转正后读取"
    assert ingest._explained(Outcome("甲.pdf", "done", pages=pages[:2])) == "第 1、2 页转正后读取"


def test_progress_on_a_terminal_counts_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(ingest, "err", lambda: Console(file=shown, force_terminal=True, width=120))
    with Store.open(tmp_path / "home") as store:
        planned = plan([str(SAMPLE)], store)
        outcomes = list(ingest._tracked(planned, run(planned, store)))
    pages = len(outcomes[0].pages)
    assert pages > 1
    assert f"{pages}/{pages} 页" in shown.getvalue()
    assert "文件 1/1" in shown.getvalue()


def test_elsewhere_each_document_is_one_line(jihe: Jihe) -> None:
    assert jihe("ingest", SAMPLE).stderr.strip() == f"完成  {SAMPLE}：4 张表"


def test_a_scan_without_ocr_says_how_to_read_it(jihe: Jihe, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    with pymupdf.open(SAMPLE) as source, pymupdf.open() as document:
        page = document.new_page()
        page.insert_image(page.rect, pixmap=source[0].get_pixmap(dpi=50), keep_proportion=False)
        document.save(path)
    done = jihe("ingest", path, "--ocr", "never")
    assert done.exit_code == 1
    assert "没有文字层；没有做 OCR（--ocr never）。请去掉 --ocr never 再读一次" in done.stderr


def test_ocr_always_reads_what_is_stored_again(jihe: Jihe, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "已有" not in jihe("ingest", SAMPLE).stdout
    assert "已有 1" in jihe("ingest", SAMPLE, "--ocr", "auto").stdout
    monkeypatch.setattr("agents.reading_pool.read_document", _told)
    with pytest.raises(Asked, match="always"):
        jihe("ingest", SAMPLE, "--ocr", "always", catch=False)


class Asked(Exception):
    """What the reader was asked for."""


def _told(path: Path, settings: object, watch: object = None) -> None:
    raise Asked(str(settings))


def test_what_a_document_may_cost_is_a_limit_and_the_others_go_on(tmp_path: Path) -> None:
    scan = next((samples() / "scans" / "light").glob("*.pdf"))
    command = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path / "home"), "ingest", str(scan), str(SAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"JIHE_LIMITS": "memory=256M"})
    assert done.returncode == 1
    assert re.search(f"失败  {re.escape(str(scan))}：.*内存超过上限", done.stderr)
    assert f"完成  {SAMPLE}：4 张表" in done.stderr
    assert "Traceback" not in done.stderr
    said = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"JIHE_LIMITS": "memory=lots"})
    assert (said.returncode, "Traceback" in said.stderr) == (2, False)
    assert "JIHE_LIMITS" in said.stderr


def test_engines_that_cannot_be_had_are_told(jihe: Jihe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    done = jihe("ingest", SAMPLE, "--engine", "ray")
    assert (done.exit_code, "没有安装 Ray" in done.stderr) == (2, True)
    done = jihe("ingest", SAMPLE, "--address", "auto")
    assert (done.exit_code, "--engine ray" in done.stderr) == (2, True)
    with Store.open(tmp_path / "home") as store:
        assert store.runs() == []


def test_secrets_in_a_url_are_neither_shown_nor_kept(jihe: Jihe, tmp_path: Path) -> None:
    done = jihe("ingest", "s3://AKIA:se+cret@bucket/x.pdf")
    assert (done.exit_code, "不要写密码" in done.stderr, "cret" in done.output) == (2, True, False)
    with Store.open(tmp_path / "home") as store:
        assert (store.runs(), store.documents()) == ([], [])
