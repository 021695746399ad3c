"""Reports as files: complete, self-contained, deterministic, and nothing in a form is taken for markup."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

from eval.metrics.bootstrap import interval
from eval.metrics.compare import FormResult
from eval.report.gather import gather
from eval.report.html import to_html
from eval.report.markdown import comparison_markdown, plain, to_markdown
from eval.report.others import other_tables
from eval.report.sections import headline
from eval.report.write import write_report
from eval.runs.compare import compare_runs
from eval.runs.folder import Runs
from eval.runs.record import RunRecord
from schema.record import Record
from tests.eval.runs.breaking import BREAKS, run_over, small_dataset
from tests.eval.runs.resulting import gold, make_run, result

D = Decimal
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> |`[a](javascript:x) {{7*7}} ${7*7}\n# no heading \u202e"


class _Links(HTMLParser):
    """Everything in a page that a browser would fetch or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data", "action")]


def test_the_page_asks_nobody_for_anything(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    run = make_run(1, {"d": [result(form, {"total_score": D(1)}) for form in gold()]}, runs)
    page = to_html(gather(runs, run))
    links = _Links(page)
    assert all(address.startswith(("#", "data:image/jpeg;base64,")) for address in links.fetched)
    assert links.tags.isdisjoint({"script", "link", "iframe", "object", "form", "base"}) and links.handlers == []
    assert "url(" not in page and "@import" not in page and "default-src 'none'" in page
    assert re.findall(r"https?://", page) == []


def test_what_forms_hold_is_text(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    form = gold(1)[0].model_copy(update={"form_id": HOSTILE, "department": HOSTILE})
    run = make_run(1, {"d": [result(form, {"department": HOSTILE + "x", "project_name": None})]}, runs)
    report = gather(runs, run)
    links = _Links(to_html(report))
    assert "script" not in links.tags and links.handlers == [] and not any("javascript" in address for address in links.fetched)
    text = to_markdown(report)
    assert "<script>" not in text and "<img" not in text and "[a](javascript" not in text
    assert not any(line.startswith("# no heading") for line in text.splitlines())


def test_texts_stay_in_their_cell_of_a_markdown_table() -> None:
    assert plain("a|b\n*c*") == "a\\|b \\*c\\*"


def test_the_same_run_gives_the_same_report(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    run = make_run(1, {"d": [result(form, {"grade": "差"}) for form in gold()]}, runs)
    assert to_html(gather(runs, run)) == to_html(gather(runs, run))
    assert to_markdown(gather(runs, run)) == to_markdown(gather(runs, run))


def test_a_report_says_versions_seed_intervals_and_what_it_does_not_show(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    run = make_run(1, {"d": [result(form, {"grade": "差"}) for form in gold()[:1]] + [result(form) for form in gold()[1:]]}, runs, seed=7)
    report = gather(runs, run)
    for text in (to_html(report), to_markdown(report)):
        assert "种子 7" in text and "numpy 2" in text and "abc" in text
        assert "95% 区间" in text and "这些数说明不了什么" in text and "63.2%" in text
    assert headline(report) == "3 张表里 2 张每一格都对；读错而没有标出的有 1 格，其中数字 0 格。"


def test_a_run_whose_cells_are_gone_is_still_reported(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    run = make_run(1, {"d": [result(form) for form in gold()]}, runs)
    shutil.rmtree(runs.of(run) / "d")
    report = gather(runs, run)
    assert "读不出这次评测的逐格结果" in to_markdown(report) and "100.00%" in to_html(report)


def test_forms_that_were_not_found_are_named(tmp_path: Path) -> None:
    runs, forms = Runs(tmp_path), gold()
    lost = FormResult("002-1", found=False, cells=result(forms[2], {"grade": "差"}).cells, rows_gold=6)
    run = make_run(1, {"d": [result(forms[0]), result(forms[1]), lost]}, runs)
    assert "没有读到 002-1" in to_html(gather(runs, run))


def test_files_are_written_and_old_pieces_of_pages_go(tmp_path: Path) -> None:
    dataset, runs = small_dataset(tmp_path / "set"), Runs(tmp_path / "home")
    bad = run_over(dataset, runs, BREAKS["digit"])
    written = write_report(runs, bad)
    linked = re.findall(r"\]\((crops/\d\d\.jpg)\)", written.markdown.read_text(encoding="utf-8"))
    assert linked and all((written.markdown.parent / name).is_file() for name in linked)
    assert written.html.stat().st_size < 2_000_000
    # The document changed since: no piece of it is shown, and the report says so.
    document = next((tmp_path / "set" / "pdf").iterdir())
    document.write_bytes(document.read_bytes() + b"\n%")
    again = write_report(runs, bad, crops=3)
    text = again.markdown.read_text(encoding="utf-8")
    assert "crops/" not in text and not (again.markdown.parent / "crops").exists() and "没有截图" in text


def test_a_comparison_stands_alone_as_markdown(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    first = make_run(1, {"d": [result(form) for form in gold()]}, runs)
    second = make_run(2, {"d": [result(form, {"total_score": D(3)}) for form in gold()]}, runs)
    text = comparison_markdown(compare_runs(runs, first, second))
    assert "变错 3 格" in text and "总得分" in text and text.index("没有标出的错误") < text.index("逐字段的差别")


class _Row(Record):
    planted: int
    share: float | None = None
    told: tuple[str, ...] = ()


class _Figures(Record):
    forms: int
    groups: dict[str, _Row]
    rules: tuple[_Row, ...] = ()


class _More(RunRecord):
    invented: _Figures | None = None


def test_figures_that_no_table_knows_are_told_all_the_same() -> None:
    run = make_run(1, {"d": [result(form) for form in gold()]})
    figures = _Figures(forms=2, groups={"number": _Row(planted=5, share=0.5)}, rules=(_Row(planted=1, told=("a", "b")), _Row(planted=2)))
    more = _More(**dict(run), invented=figures)
    told = other_tables(more)
    assert [table.title for table in told] == [f"invented{part}" for part in ("", " · 各类", " · 各规则")]
    assert told[1].rows == (("数字", "5", "50.00%", "—"),) and told[2].rows[0] == ("1", "—", "a、b")
    assert other_tables(run) == []


class _Fault(Record):
    fault: str
    all: _Row
    groups: dict[str, _Row]


class _Injected(Record):
    faults: tuple[_Fault, ...]


class _Faulty(RunRecord):
    invented: _Injected | None = None


def test_parts_of_a_figure_stand_below_it() -> None:
    run = make_run(1, {"d": [result(form) for form in gold()]})
    fault = _Fault(fault="dropped", all=_Row(planted=3), groups={"number": _Row(planted=2)})
    (table,) = other_tables(_Faulty(**dict(run), invented=_Injected(faults=(fault, fault))))
    assert table.columns[:2] == ("错误种类", "埋入")
    assert [row[:2] for row in table.rows] == [("dropped", "3"), ("└ 数字", "2")] * 2


def test_intervals_are_those_of_the_seed(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    run = make_run(1, {"d": [result(gold(1)[0], {"grade": "差"})]}, runs, seed=3)
    (one,) = gather(runs, run).sets
    assert {told.seed for told in one.intervals.values()} == {3}
    assert interval({}, seed=3).value is None
