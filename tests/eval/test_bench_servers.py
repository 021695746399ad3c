"""The benchmark of servers: its limits, its forms, and a small run on real servers."""

from __future__ import annotations

import json
import os
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from eval.bench import __main__ as command
from eval.bench import servers_report
from eval.bench.servers_child import pieces, write_pieces
from eval.bench.servers_pages import PageTimes
from eval.bench.servers_report import Size
from eval.bench.servers_use import cpu_seconds, megabytes, tree
from eval.synthesis.many import CITY_FORMS, many_forms, province_forms
from schema.canonical import read_forms
from schema.checks.siblings import unit_key
from tests.servers import skip_without_programs


def _size(forms: int, seconds: float, question: float = 0.1, page: float = 0.1) -> Size:
    imported = {"forms": forms, "indicators": 9, "findings": 9, "seconds": seconds, "settling": 0.1, "cpu": seconds, "peak_mb": 90.0}
    asked: dict[str, Any] = {"opened": 1.0, "peak_mb": 90.0}
    asked["asked"] = [{"kind": "list", "language": "zh", "first": 1.0, "seconds": [question], "cpu": [question]}]
    pages = tuple(PageTimes(name, 1.0, page, page) for name in ("list", "list by score, its end", "findings"))
    return Size(forms, imported, seconds / 2, forms * 20_000, None, None, asked, pages, {"web": 100.0}, None)


def test_limits_are_those_of_the_largest() -> None:
    good = servers_report.verdicts([_size(1000, 9.0, 5.0, 5.0), _size(100_000, 300.0)])
    assert [kept for _, kept in good] == [True] * len(good)
    assert good[0][0].startswith("import 333 forms/s")
    missed = [what for what, kept in servers_report.verdicts([_size(1000, 1.0), _size(100_000, 400.0, 3.0, 0.6)]) if not kept]
    assert [what.partition(":")[0] for what in missed] == [
        "import 250 forms/s (at least 300)",
        "questions",
        "questions",
        "list, first rows",
        "findings, first rows",
        "growth, processor of the import per form",
    ]


def test_a_small_run_is_not_held_to_the_rate() -> None:
    assert not any("forms/s" in what for what, _ in servers_report.verdicts([_size(50, 9.0)]))


def test_tables_have_a_column_for_each_size() -> None:
    lines = servers_report.table([_size(1000, 9.0), _size(2000, 9.0)])
    assert {line.count("|") for line in lines} == {4}
    assert servers_report.slowest(_size(1000, 9.0))[2].startswith("| list, zh | 0.10 |")


def test_a_province_has_the_same_forms_first_and_more_units_with_more_forms() -> None:
    assert list(province_forms(30)) == list(many_forms(30))
    forms = list(islice(province_forms(2 * CITY_FORMS), CITY_FORMS - 100, CITY_FORMS + 100))
    assert len({form.form_id for form in forms}) == 200
    assert not {unit_key(form) for form in forms[:100]} & {unit_key(form) for form in forms[100:]}


def test_files_of_sizes_are_shared(tmp_path: Path) -> None:
    write_pieces(tmp_path, [20, 30])
    assert [len(read_forms(file)) for file in pieces(tmp_path, 20) + pieces(tmp_path, 30)] == [20, 30]
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    write_pieces(tmp_path, [30])
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before


def test_what_a_process_uses() -> None:
    assert os.getpid() in tree(os.getppid())
    assert cpu_seconds(os.getpid()) > 0
    assert megabytes(os.getpid()) > 10


@pytest.mark.slow
@pytest.mark.files_only
def test_a_small_run_on_real_servers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    skip_without_programs()
    output = tmp_path / "figures.json"
    sizes = ["--forms", "20", "40", "--index", "20", "--move", "40", "--repeat", "1"]
    code = command.main(["servers", *sizes, "-o", str(output)])
    told = capsys.readouterr().out
    figures = json.loads(output.read_text(encoding="utf-8"))
    small, large = figures["sizes"]
    assert [size["imported"]["forms"] for size in (small, large)] == [20, 40]
    assert small["indexed"]["waiting"] == 0
    assert small["vectors"] > 0
    assert large["indexed"] is None
    assert large["moved"][1] > 0
    assert code == (0 if all(kept for _, kept in figures["verdicts"]) else 1)
    assert "| import, forms/s |" in told
