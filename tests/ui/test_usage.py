"""A call that is written wrongly is told in one Chinese line, and tables keep their numbers whole at any width."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from data import samples
from store import Store
from tests.ui.conftest import Jihe
from ui.cli import console
from ui.cli.console import make_table, print_table

SAMPLE = "jiading-2024.pdf"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("foo",), "没有 foo 这个命令"),
        (("form",), "是不是 forms？"),
        (("--nohome", "forms"), "没有 --nohome 这个选项。是不是 --home？"),
        (("--home",), "--home 的写法不对"),
        (("forms", "--year", "abc"), "--year 的值不对：需要一个整数"),
        (("forms", "--severity", "bad"), "可以写 error、warning、info"),
        (("forms", "a", "b"), "多写了 b。含空格的名字要加引号"),
        (("forms", "--rule", "score-sm"), "没有 score-sm 这条规则。是不是 score-sum"),
        (("ingest",), "缺少 PATH…"),
        (("ingest", "x.pdf", "--workers", "0"), "不能小于 1"),
        (("ingest", "-表.pdf"), "以 - 开头的文件名请写成 ./-…"),
        (("export",), "缺少 --output / -o"),
        (("export", "-o", "x.json", "--to", "doc"), "可以写 json、jsonl、csv、xlsx、parquet"),
        (("correct", "热线", "grade", "--undoo"), "没有 --undoo 这个选项"),
        (("correct", "热线", "total_score", "1,2,3"), "需要一个数字"),
        (("correct", "热线", "fiscal_year", "20240"), "需要一个年份"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_call_is_one_line_that_says_what_to_do(jihe: Jihe, filled: Path, words: tuple[str, ...], message: str) -> None:
    done = jihe(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_an_empty_name_removes_nothing(jihe: Jihe, tmp_path: Path) -> None:
    jihe("ingest", samples() / "pdf" / SAMPLE)
    with Store.open(tmp_path / "home") as store:
        sha256 = str(store.documents()[0].sha256)
    for reference in ("", sha256[:2]):
        done = jihe("remove", reference)
        assert (done.exit_code, "没有导入过" in done.stderr) == (2, True)
    assert jihe("remove", sha256[:12]).exit_code == 0


def test_an_interrupt_is_one_line(jihe: Jihe, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "forms", _interrupted)
    done = jihe("forms")
    assert (done.exit_code, done.stderr.strip()) == (130, "已中断。")


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_a_narrow_terminal_loses_columns_but_no_digits(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(console, "out", lambda: Console(file=shown, width=width, highlight=False))
    table = make_table("表号", "项目名称", "年度", "预算", "得分", "原件", right=("年度", "预算", "得分"), fixed=("表号",))
    table.add_row("c99e0f491455", "信息化项目建设和运行维护" * 3, "2024", "15425.64", "91.95", "很长的文件名.pdf 第1页（电子）")
    print_table(table, "原件", "预算", least=16)
    lines = shown.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    for whole in ("c99e0f491455", "2024", "91.95"):
        assert any(whole in line for line in lines), whole
    assert any("15425.64" in line for line in lines) or any("没有列出" in line and "预算" in line for line in lines)
    assert ("没有列出" in shown.getvalue()) == (width < 80)


def test_even_the_narrowest_terminal_shows_every_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(console, "out", lambda: Console(file=shown, width=24, highlight=False))
    table = make_table("表号", "预算", "得分", right=("预算", "得分"))
    table.add_row("c99e0f491455", "15425.64", "91.95")
    print_table(table)
    assert sorted("".join(shown.getvalue().split())[-25:]) == sorted("c99e0f49145515425.6491.95")


def test_the_home_before_the_demo_is_used(jihe: Jihe, tmp_path: Path) -> None:
    home = tmp_path / "示例 home"
    assert jihe("--home", home, "demo").exit_code == 0
    with Store.open(home) as store:
        assert store.counts().forms > 0


def test_a_page_is_drawn_only_from_the_document_the_form_was_read_from(jihe: Jihe, tmp_path: Path) -> None:
    pdf, other = samples() / "pdf" / SAMPLE, next(p for p in sorted((samples() / "pdf").glob("*.pdf")) if p.name != SAMPLE)
    jihe("ingest", pdf)
    with Store.open(tmp_path / "home") as store:
        form = store.forms()[0]
    words = ("--form", form.form_id, "--cell", "project_name", "-o", tmp_path / "x.png")
    assert jihe("page", pdf, form.page or 1, *words).exit_code == 0
    wrong = jihe("page", other, "1", *words)
    assert (wrong.exit_code, "不是从" in wrong.stderr) == (2, True)
    missing = jihe("page", tmp_path / "no.pdf", "1", "-o", tmp_path / "y.png")
    assert (missing.exit_code, "没有这个文件" in missing.stderr) == (1, True)
    assert jihe("page", pdf, "1", "-o", "/nowhere/y.png").exit_code == 1


def _interrupted(*_: object) -> list[object]:
    raise KeyboardInterrupt
