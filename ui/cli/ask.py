"""`jihe ask` and `jihe chat`: questions over all forms, answered with citations."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

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
    from agents.answer.agent.events import Event
    from agents.answer.agent.threads import Threads
    from agents.answer.answer import Answer
    from agents.answer.ask import Asker
    from agents.answer.query import Query

EMPTY = "这里还没有自评表，没有可以回答的依据。请先用 jihe ingest 导入文件。"
# rich wraps at spaces only, and cuts what stands between two of them where it is longer than a column of 80: some twenty characters.
MODE_HELP = "auto 看不懂的才问模型，offline 从不问，llm 必须有模型，措辞也由它。"
BUDGET_HELP = "这次最多花多少，如 200000、20万、5元；用完就只按规则回答。"
THREAD_HELP = "对话名，下次用同名接着谈；不写不保存。"
BATCH_HELP = "一次问多个，JSONL 文件，每行有 id 和 question。"
ModeName = Literal["auto", "offline", "llm"]
ModeOption = Annotated[ModeName, typer.Option("--mode", help=MODE_HELP, metavar="auto|offline|llm")]
BudgetOption = Annotated[str | None, typer.Option("--budget", help=BUDGET_HELP, metavar="TOKENS|MONEY")]
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
    mode: ModeOption = "auto",
    budget: BudgetOption = None,
    home: HomeOption = None,
) -> None:
    """就已保存的表提问，回答注明出处。

    数字由程序从表中取出并计算，每句话都可以按方括号里的编号找到文件、页和单元格；表里没有的，会说没有。
    设了语言模型时（见 docs/models.md），看不懂的问题请模型查表作答；它的每句话同样逐一核对，站不住的不显示。
    """
    if (question is None) == (batch is None):
        raise UsageError("请写一个问题，或用 --batch 给出问题文件（两者只能选一个）。")
    if batch is not None:
        questions = list(_read_questions(batch))
        if output is None:
            raise UsageError("--batch 需要用 -o 指定回答写到哪个文件。")
        with _open(ctx, home, mode, budget) as asker:
            _write_answers(questions, output, asker)
        return
    from agents.answer.ask import as_json as told  # noqa: PLC0415 - the planner's tables take a moment to load

    with _open(ctx, home, mode, budget) as asker:
        with _cancelling(asker):
            last = _followed(asker.events(question or ""))
        if asker.notice:
            complain(asker.notice)
    answer = _answer_of(last)
    if as_json:
        print_json(told(answer))
    else:
        print_answer(answer)


def chat(
    ctx: typer.Context,
    *,
    thread: Annotated[str | None, typer.Option("--thread", help=THREAD_HELP, metavar="NAME")] = None,
    mode: ModeOption = "auto",
    budget: BudgetOption = None,
    home: HomeOption = None,
) -> None:
    """连续提问：后面的问题可以接着前面的问，如“那闵行呢？”“为什么？”。

    空行、“退出”或 Ctrl-D 结束；正在回答时按 Ctrl-C 只取消这一个回答。
    用 --thread 保存的对话，没答完的问题下次接着答；同名的对话一次只能开一个。
    """
    from agents.answer.agent.threads import Threads, checked_name  # noqa: PLC0415 - the planner's tables take a moment to load

    name = checked_name(thread) if thread is not None else None
    with _open(ctx, home, mode, budget) as asker:
        if name is None:
            _talk(asker, _Alone(asker))
            return
        with Threads.open(chosen_home(ctx, home)) as threads, threads.held(name):
            _talk(asker, _Remembered(asker, threads, name))


class _Alone:
    """A conversation that is forgotten at its end."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._previous: Query | None = None

    def broken_off(self) -> str | None:
        return None

    def ask(self, line: str) -> Iterator[Event]:
        for event in self._asker.events(line, self._previous):
            if event.kind == "final":
                self._previous = event.query
            yield event


class _Remembered:
    """A conversation that is kept under a name."""

    def __init__(self, asker: Asker, threads: Threads, name: str) -> None:
        self._asker, self._threads, self._name = asker, threads, name

    def broken_off(self) -> str | None:
        past = self._threads.turns(self._name)
        if past and past[-1].answer is None:
            return past[-1].question
        if past:
            err().print(f"接着对话“{self._name}”，此前问过 {len(past)} 个问题。", markup=False)
        return None

    def ask(self, line: str) -> Iterator[Event]:
        return self._asker.in_thread(self._threads, self._name, line)


def _talk(asker: Asker, conversation: _Alone | _Remembered) -> None:
    left = conversation.broken_off()
    if left is not None:
        err().print(f"上次的问题“{left}”没有答完，接着回答。", markup=False)
    for line in chain([left] if left is not None else [], _typed()):
        events = conversation.ask(line)
        try:
            with _cancelling(asker):
                last = _followed(events)
        except UsageError as e:
            complain(str(e))
            continue
        except KeyboardInterrupt:
            complain("已取消这个回答。")
            continue
        print_answer(_answer_of(last))
        if asker.notice:
            complain(asker.notice)


@contextmanager
def _cancelling(asker: Asker) -> Iterator[None]:
    """Ctrl-C is told to the model's side, too: a tool that asks the model runs in a thread, which Python would wait for."""
    before, assistant = signal.getsignal(signal.SIGINT), asker.assistant
    if assistant is None or before is not signal.default_int_handler:
        yield
        return

    def pressed(number: int, frame: FrameType | None) -> None:
        assistant.cancel()
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, pressed)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _followed(events: Iterator[Event]) -> Event | None:
    """The last of some events; what is done meanwhile is told on stderr."""
    last = None
    try:
        for last in events:
            if last.kind in ("note", "tool", "done"):
                err().print(last.text, style="dim", markup=False)
    finally:
        # Whatever breaks this off ends the request under way, too.
        close = getattr(events, "close", None)
        if close is not None:
            close()
    if last is not None and last.text:
        complain(f"{last.text.rstrip('。')}；以下是不用模型的回答。")
    return last


def _answer_of(last: Event | None) -> Answer:
    if last is None or last.answer is None:
        raise UsageError("没有得到回答。请再问一次。")
    return last.answer


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
    used = f"，模型 {answer.model}，{answer.tokens} token" if answer.model else ""
    cost = f"，{answer.cost}" if answer.cost else ""
    console.print(Text(f"（{checked}，{seconds_told(answer.seconds)}{used}{cost}）", style="dim"))


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


def _open(ctx: typer.Context, home: Path | None, mode: ModeName, budget: str | None) -> Asker:
    from agents.answer.agent.assistant import assistant_from_env  # noqa: PLC0415 - the planner's tables take a moment to load
    from agents.answer.ask import Asker  # noqa: PLC0415 - the same

    place = chosen_home(ctx, home)
    asker = Asker.open(place)
    try:
        asker.assistant = assistant_from_env(place, os.environ, mode, budget)
    except BaseException:
        asker.close()
        raise
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
