"""`jihe mcp`: a home offered to other assistants, read-only."""

from __future__ import annotations

import os
import signal
import sys
from typing import Annotated, NoReturn

import typer

from schema.errors import UsageError
from ui.cli import INTERRUPTED
from ui.cli.ask import BudgetOption, ModeName
from ui.cli.console import complain, err
from ui.cli.home import HomeOption, chosen_home

DEFAULT_PORT = 8765
TOKEN_VARIABLE = "JIHE_MCP_TOKEN"
_MODE_HELP = "judge_deviations 用不用模型：auto 设了就用，offline 不用，llm 必须有。"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp")(mcp)


def mcp(
    ctx: typer.Context,
    http: Annotated[bool, typer.Option("--http", help="用 HTTP（只在本机 127.0.0.1），不用标准输入输出。")] = False,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help=f"HTTP 的端口（默认 {DEFAULT_PORT}，0 表示任取一个）。", metavar="N")
    ] = None,
    mode: Annotated[ModeName, typer.Option("--mode", help=_MODE_HELP, metavar="auto|offline|llm")] = "auto",
    budget: BudgetOption = None,
    home: HomeOption = None,
) -> None:
    """供其他智能助手（MCP 客户端）查询和提问，只读。

    平时由客户端按配置启动，配置写法见 docs/mcp.md。用 HTTP 时设 JIHE_MCP_TOKEN，客户端要带上同样的令牌才能连接。
    """
    if port is not None and not http:
        raise UsageError("--port 要和 --http 一起用。")
    place = chosen_home(ctx, home)
    # A second of imports that no other command needs.
    from agents.answer.agent.assistant import help_from_env  # noqa: PLC0415
    from ui.mcp import transports  # noqa: PLC0415
    from ui.mcp.reads import Reads  # noqa: PLC0415
    from ui.mcp.server import make_server  # noqa: PLC0415

    reads = Reads(place, os.environ, help_from_env(os.environ, mode, budget))
    try:
        if not http:
            if sys.stdin.isatty():
                err().print("MCP 服务已启动（标准输入输出），等待客户端。它平时由客户端启动，见 docs/mcp.md；按 Ctrl-D 结束。")
            signal.signal(signal.SIGINT, _leave)
            transports.serve_stdio(make_server(reads), reads.stop)
            return
        token = transports.usable_token(os.environ.get(TOKEN_VARIABLE))
        listening = transports.listen(DEFAULT_PORT if port is None else port)
        guard = "要带令牌" if token else f"本机的程序都能连接，设 {TOKEN_VARIABLE} 可加令牌"
        err().print(f"MCP 服务：{transports.address(listening)}（{guard}）。按 Ctrl-C 结束。")
        transports.serve_http(make_server(reads), listening, reads.stop, token)
    finally:
        reads.close()


def _leave(*_: object) -> NoReturn:
    """End at once on Ctrl-C. A thread waits for the next line of stdin and cannot be woken; and who only reads has nothing to finish."""
    complain("已中断。")
    os._exit(INTERRUPTED)
