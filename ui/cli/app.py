"""The `jihe` command: its groups, its errors and its exit codes.

Each module of this package registers its commands on the application; a new one is added to `_COMMANDS`. A call imports the module of its
own command only: all of them together take longer to import than most commands to run.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from agents.telemetry import set_up
from schema.errors import CanonicalError, JiheError, UsageError
from ui.cli import INTERRUPTED, INTERRUPTED_TOLD
from ui.cli.console import complain, out
from ui.cli.home import HOME_HELP
from ui.cli.usage import ChineseGroup, JiheCommand, told, use_chinese_titles

EXIT_CODES = "退出码：0 成功；1 有文件或操作失败，或 check 发现错误级问题；2 命令写法不对、没有这张表、JSON 不合规范；130 被 Ctrl-C 中断。"
_COMMANDS = {
    "demo": "demo", "ingest": "ingest", "page": "page", "forms": "forms", "show": "forms", "check": "check", "import": "exchange",
    "export": "exchange", "remove": "exchange", "correct": "correct", "ask": "ask", "chat": "ask", "mcp": "mcp", "ui": "ui",
    "eval": "evaluation", "reindex": "reindex", "migrate": "moving", "backup": "moving", "restore": "moving", "doctor": "doctor",
}  # fmt: skip
"""Commands and groups, and the module of this package that registers each."""


class JiheGroup(ChineseGroup):
    """Commands whose errors reach the user as one line."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error of jihe becomes its message on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as e:
            complain(INTERRUPTED_TOLD)
            raise typer.Exit(INTERRUPTED) from e
        except JiheError as e:
            complain(str(e))
            raise typer.Exit(2 if isinstance(e, UsageError | CanonicalError) else 1) from e

    def main(self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any) -> Any:  # type: ignore[override]
        """Run the application; a call that is written wrongly becomes one line on stderr, too."""
        try:
            code = super().main(args, standalone_mode=False, **extra)
        except TyperException as e:
            if message := told(e):
                complain(message)
            code = 2
        if not standalone_mode:
            return code
        sys.exit(code if isinstance(code, int) else 0)


def make_app(words: Sequence[str] = ()) -> typer.Typer:
    """The application with all its commands; or, where the words of a call are given and name one, with those of its module."""
    use_chinese_titles()
    app = typer.Typer(
        name="jihe",
        cls=JiheGroup,
        help="绩核：读取项目支出绩效自评表，逐格定位、核对并保存。",
        epilog=f"--home 写在命令前后都可以。{EXIT_CODES}",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name in _modules(words):
        importlib.import_module(f"ui.cli.{name}").register(app)
    groups = [group.typer_instance for group in app.registered_groups if group.typer_instance is not None]
    for command in chain(app.registered_commands, *(group.registered_commands for group in groups)):
        command.cls = JiheCommand
    return app


def main() -> None:
    """Entry point of the `jihe` command."""
    make_app(sys.argv[1:])()


def _modules(words: Sequence[str]) -> Sequence[str]:
    """The modules a call needs: all of them where help is asked for, or no command is named that there is."""
    ahead = iter(words)
    for word in ahead:
        if word == "--home":
            next(ahead, None)
        elif not word.startswith("-"):
            return [_COMMANDS[word]] if word in _COMMANDS else list(dict.fromkeys(_COMMANDS.values()))
    return list(dict.fromkeys(_COMMANDS.values()))


def _print_version(wanted: bool) -> None:
    if wanted:
        out().print(f"jihe {importlib.metadata.version('jihe')}")
        raise typer.Exit


def _options(
    ctx: typer.Context,
    home: Annotated[Path | None, typer.Option("--home", help=HOME_HELP, metavar="DIR")] = None,
    version: Annotated[bool, typer.Option("--version", help="显示版本。", is_eager=True, callback=_print_version)] = False,  # noqa: ARG001
) -> None:
    ctx.obj = home
    set_up(os.environ)
