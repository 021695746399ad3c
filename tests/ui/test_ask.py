"""`jihe ask` and `jihe chat`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from agents.answer.answer import Answer
from store import Store
from ui.cli import ask
from ui.cli.app import make_app

KEYS = {
    "question", "answer", "abstained", "projects", "related", "value", "unit", "citations", "plan", "mode", "verified", "seconds",
}  # fmt: skip
Jihe = Callable[..., Result]


@pytest.fixture
def jihe() -> Jihe:
    """Run a command, with something typed where it asks."""
    app = make_app()
    if not any(command.name == "ask" for command in app.registered_commands):
        ask.register(app)

    def run(*arguments: object, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed, catch_exceptions=False)

    return run


@pytest.mark.usefixtures("filled")
def test_an_answer_comes_with_file_and_page(jihe: Jihe) -> None:
    result = jihe("ask", "政务服务热线运维的执行率是多少？")
    assert result.exit_code == 0
    assert "**政务服务热线运维**（2024年度）的执行率为 100%[1]。" in result.output
    assert "[1] 政务服务热线运维，自评表.pdf 第1页，年度资金总额·执行率(%)：100" in result.output
    assert "已逐一核对" in result.output


@pytest.mark.usefixtures("filled")
def test_json_has_the_keys_of_the_design(jihe: Jihe) -> None:
    told = json.loads(jihe("ask", "政务服务热线运维的总得分是多少？", "--json").stdout)
    assert set(told) == KEYS
    assert (told["value"], told["unit"], told["verified"], told["mode"]) == (100, "分", True, "offline")
    assert told["projects"] == ["政务服务热线运维"]
    assert set(told["citations"][0]) == {"n", "project_name", "fiscal_year", "file", "page", "cell", "quote"}


@pytest.mark.usefixtures("filled")
def test_a_batch_answers_every_line(jihe: Jihe, tmp_path: Path) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    asked = ["一共有多少个项目？", "", "😀😀", "火星" * 5000, "'; DROP TABLE forms; --", "总得分最低的项目是哪个？"]
    lines = [json.dumps({"id": str(i), "question": question}, ensure_ascii=False) for i, question in enumerate(asked)]
    questions.write_text("\n".join(lines), encoding="utf-8")
    assert jihe("ask", "--batch", questions, "-o", answers).exit_code == 0
    told = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in told] == [str(i) for i in range(len(asked))]
    assert all(set(one) == KEYS | {"id"} and one["answer"] for one in told)
    assert told[0]["value"] == 2
    assert [one["abstained"] for one in told[1:4]] == [True, True, True]
    assert told[5]["projects"] == ["公共数据平台（2024年度运维及安全保障服务项目）"]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("question", ["", "   ", "😀", "字" * 10_000, "？？？"])
def test_what_is_no_question_is_said_in_one_line(jihe: Jihe, question: str) -> None:
    result = jihe("ask", question)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_without_forms_there_is_nothing_to_ask(jihe: Jihe, tmp_path: Path) -> None:
    missing = jihe("ask", "执行率最低的项目？")
    assert missing.exit_code == 2
    assert "jihe ingest" in missing.stderr
    Store.open(tmp_path / "home").close()
    empty = jihe("ask", "执行率最低的项目？")
    assert empty.exit_code == 2
    assert "jihe ingest" in empty.stderr


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("问题", "--batch", "q.jsonl"),
        ("--batch", "没有.jsonl", "-o", "a.jsonl"),
        ("--batch", __file__, "-o", "a.jsonl"),
    ],
)
def test_a_wrong_call_is_said_in_one_line(jihe: Jihe, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = jihe("ask", *arguments)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.usefixtures("filled")
def test_a_chat_goes_on_from_the_question_before(jihe: Jihe) -> None:
    result = jihe("chat", typed="政务服务热线运维的总得分是多少？\n\n")
    assert result.exit_code == 0
    assert "总得分为 100 分[1]" in result.output
    followed = jihe("chat", typed="政务服务热线运维的总得分是多少？\n那公共数据平台呢？\n😀\n退出\n")
    assert "总得分为 90 分[1]" in followed.output
    assert "看不出要问什么" in followed.output


def test_on_a_terminal_tables_are_wrapped_and_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(ask, "out", lambda: Console(file=shown, force_terminal=True, width=60, color_system=None))
    words = "受机构改革影响延期三个月验收前已全部上线后续将加强统筹协调"
    table = f"| 项目 | 说明 |\n| --- | --- |\n| **信息化项目建设**[1] | “{words}”[2] |"
    ask.print_answer(Answer(question="问", answer=f"有 1 个[1]。\n\n{table}", verified=True))
    told = shown.getvalue()
    assert "…" not in told
    assert "[2]" in told
    assert words in "".join(told.split())
