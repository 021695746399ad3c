"""What the command line says when it is called wrongly: one line, in Chinese, with what may be written instead.

Typer's own errors are English and framed over several lines; here each is told again from what it carries.
"""

from __future__ import annotations

import re
from typing import Any

from typer import rich_utils
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

HELP_HELP = "显示这段说明。"
_CHOICES = re.compile(r"is not one of (?P<choices>.+?)\.?\Z")
_BOUND = re.compile(r"(?P<which>greater|less) than or equal to (?P<bound>[\d.]+)")
_EXTRA = re.compile(r"unexpected extra arguments? ?\(?s?\)? ?\((?P<words>.*)\)\Z")
_COMMAND = re.compile(r"No such command '(?P<name>.*?)'\.(?: Did you mean (?P<like>.*)\?)?", re.DOTALL)


class JiheCommand(TyperCommand):
    """A command whose help option speaks Chinese."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option, with its help."""
        return _in_chinese(super().get_help_option(ctx))


class ChineseGroup(TyperGroup):
    """A group whose help option speaks Chinese."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option, with its help."""
        return _in_chinese(super().get_help_option(ctx))


def use_chinese_titles() -> None:
    """Name the panels of the help in Chinese."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
    rich_utils.DEFAULT_STRING = "[默认 {}]"


def told(error: TyperException) -> str:
    """An error of Typer as one line; empty for one that has shown the help already."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return ""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "jihe"
    return f"{_reason(error, kind)}用 {command} --help 查看写法。"


def _reason(error: Any, kind: str) -> str:
    if kind == "NoSuchOption":
        return _no_option(error)
    if kind == "BadOptionUsage":
        return f"{error.option_name} 的写法不对：它后面{'要' if 'requires' in error.message else '不要'}写值。"
    if kind in ("MissingParameter", "BadParameter"):
        hint = error.param_hint or (error.param.get_error_hint() if error.param else "")
        name = (hint if isinstance(hint, str) else " / ".join(hint)).replace("'", "")
        return f"缺少 {name}。" if kind == "MissingParameter" else f"{name} 的值不对：{_wanted(error.message)}。"
    return _call(error.format_message())


def _no_option(error: Any) -> str:
    name = str(error.option_name)
    like = f"是不是 {'、'.join(sorted(error.possibilities))}？" if error.possibilities else ""
    # Of -表.pdf only the first letter is taken for an option.
    dashed = "" if name.startswith("--") else "以 - 开头的文件名请写成 ./-…。"
    return f"没有 {name} 这个选项。{like}{dashed}"


def _wanted(message: str) -> str:
    if m := _CHOICES.search(message):
        return f"可以写 {m['choices'].replace(chr(39), '').replace(', ', '、')}"
    if m := _BOUND.search(message):
        return f"不能{'小' if m['which'] == 'greater' else '大'}于 {m['bound']}"
    return "需要一个整数" if "integer" in message else message.rstrip(".")


def _call(message: str) -> str:
    if m := _EXTRA.search(message):
        return f"多写了 {m['words']}。含空格的名字要加引号。"
    if m := _COMMAND.match(message):
        like = f"是不是 {m['like'].replace(chr(39), '')}？" if m["like"] else ""
        return f"没有 {m['name']} 这个命令。{like}"
    return f"{message.rstrip('.')}。"


def _in_chinese(option: Any) -> Any:
    if option is not None:
        option.help = HELP_HELP
    return option
