"""`jihe ask` and `jihe chat`: questions over all forms, answered with citations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown, TableElement
from rich.table import Table
from rich.text import Text

from schema.errors import UsageError
from ui.cli.citations import FORMS_SHOWN, print_citations
from ui.cli.console import complain, err, out, print_json, seconds_told
from ui.cli.home import HomeOption, chosen_home

if TYPE_CHECKING:
    from agents.answer.answer import Answer
    from agents.answer.ask import Asker
    from agents.answer.query import Query

EMPTY = "这里还没有自评表，没有可以回答的依据。请先用 jihe ingest 导入文件。"
BATCH_HELP = "一次问多个问题：JSONL 文件，每行有 id 和 question。"
_ENDS = frozenset({"退出", "再见", "exit", "quit", "q", ":q"})


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("ask")(ask)
    app.command("chat")(chat)


def ask(
    ctx: typer.Context,
    question: Annotated[str | None, typer.Argument(help="问题，中文或英文。", metavar="[QUESTION]")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
    batch: Annotated[Path | None, typer.Option("--batch", help=BATCH_HELP, metavar="QUESTIONS.jsonl")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="--batch 的回答写到这里。", metavar="ANSWERS.jsonl")] = None,
    home: HomeOption = None,
) -> None:
    """就已保存的表提问，回答注明出处。

    数字由程序从表中取出并计算，每句话都可以按方括号里的编号找到文件、页和单元格；表里没有的，会说没有。
    """
    if (question is None) == (batch is None):
        raise UsageError("请写一个问题，或用 --batch 给出问题文件（两者只能选一个）。")
    if batch is not None:
        questions = list(_read_questions(batch))
        if output is None:
            raise UsageError("--batch 需要用 -o 指定回答写到哪个文件。")
        with _open(ctx, home) as asker:
            _write_answers(questions, output, asker)
        return
    from agents.answer.ask import as_json as told  # noqa: PLC0415 - the planner's tables take a moment to load

    with _open(ctx, home) as asker:
        answer = asker.turn(question or "").answer
        if asker.notice:
            complain(asker.notice)
    if as_json:
        print_json(told(answer))
    else:
        print_answer(answer)


def chat(ctx: typer.Context, home: HomeOption = None) -> None:
    """连续提问：后面的问题可以接着前面的问，如“那闵行呢？”“为什么？”。

    空行、“退出”或 Ctrl-D 结束。
    """
    with _open(ctx, home) as asker:
        previous: Query | None = None
        for line in _typed():
            try:
                turn = asker.turn(line, previous)
            except UsageError as e:
                complain(str(e))
                continue
            previous = turn.query
            print_answer(turn.answer)
            if asker.notice:
                complain(asker.notice)


def print_answer(answer: Answer, forms: int = FORMS_SHOWN) -> None:
    """An answer on the terminal: its text, then where it stands, of so many forms at the most."""
    console = out()
    if console.is_terminal:
        console.print(_Markdown(answer.answer))
    else:
        # In a pipe the text stays as it is: nothing is wrapped or padded.
        console.print(Text(answer.answer), soft_wrap=True)
    print_citations(console, answer.citations, forms)
    checked = "数字与名称已逐一核对" if answer.verified else "核对未通过，只列出原文"
    console.print(Text(f"（{checked}，{seconds_told(answer.seconds)}）", style="dim"))


class _FoldedTable(TableElement):
    """A table of Markdown whose cells are wrapped: Chinese has no spaces, and rich would cut it, the mark of its citation with it."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Its rows, laid out."""
        for part in super().__rich_console__(console, options):
            if isinstance(part, Table):
                for column in part.columns:
                    column.overflow = "fold"
            yield part


class _Markdown(Markdown):
    elements: ClassVar = {**Markdown.elements, "table_open": _FoldedTable}


def _open(ctx: typer.Context, home: Path | None) -> Asker:
    from agents.answer.ask import Asker  # noqa: PLC0415 - the planner's tables take a moment to load

    asker = Asker.open(chosen_home(ctx, home))
    if not asker.held:
        asker.close()
        raise UsageError(EMPTY)
    return asker


def _read_questions(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise UsageError(f"{path}：读不出来（{e}）。请检查路径，文件应为 UTF-8 的 JSONL。") from e
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except json.JSONDecodeError as e:
            raise UsageError(f"{path} 第 {number} 行不是 JSON（{e.msg}）。每行应为含 id 和 question 的对象。") from e
        if not isinstance(one, dict) or "question" not in one:
            raise UsageError(f"{path} 第 {number} 行没有 question。每行应为含 id 和 question 的对象。")
        yield one


def _write_answers(questions: list[dict[str, Any]], output: Path, asker: Asker) -> None:
    from agents.answer.ask import ask_each  # noqa: PLC0415 - the planner's tables take a moment to load

    answered = unverified = 0
    notices: dict[str, None] = {}
    try:
        with output.open("w", encoding="utf-8") as file:
            for one in ask_each(iter(questions), asker):
                file.write(json.dumps(one, ensure_ascii=False) + "\n")
                answered += 1
                unverified += not one["verified"]
                if asker.notice:
                    notices[asker.notice] = None
    except OSError as e:
        raise UsageError(f"{output}：写不进去（{e.strerror or e}）。请检查路径和权限。") from e
    for notice in notices:
        complain(notice)
    rest = f"，其中 {unverified} 个只列出原文" if unverified else ""
    err().print(f"已回答 {answered} 个问题{rest}，写到 {output}。")


def _typed() -> Iterator[str]:
    """Lines as they are typed, until an empty one, a word of farewell or the end."""
    while True:
        try:
            line = input("问：").strip()
        except EOFError:
            return
        if not line or line.lower() in _ENDS:
            return
        yield line
