"""`jihe ui`: the web app."""

from __future__ import annotations

import getpass
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from schema.errors import UsageError
from ui.cli.console import err, out
from ui.cli.home import HomeOption, chosen_home
from ui.observing import metrics, of_store

if TYPE_CHECKING:
    from ui.web.accounts import Accounts

DEFAULT_PORT = 7860
HOST_HELP = "监听的地址。除本机以外的地址都要用 --auth 登录。"
AUTH_HELP = "用户文件，每行一个“用户名:密码散列”；有它才要登录。"
ADD_HELP = "往 --auth 的文件里添加用户（或改密码），然后结束。"
METRICS_HELP = "在本机的这个端口给 Prometheus 提供运行指标；不写就不提供。"
SHARE_HELP = "只能是 off：绩核不经任何外部服务公开页面。"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ui")(ui)


def ui(
    ctx: typer.Context,
    *,
    host: Annotated[str, typer.Option("--host", help=HOST_HELP, metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口，0 表示任取一个。", metavar="N")] = DEFAULT_PORT,
    auth: Annotated[Path | None, typer.Option("--auth", help=AUTH_HELP, metavar="FILE")] = None,
    add_user: Annotated[str | None, typer.Option("--add-user", help=ADD_HELP, metavar="NAME")] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="只看不改：不能导入，也不能更正。")] = False,
    metrics_port: Annotated[int | None, typer.Option("--metrics-port", min=0, max=65535, help=METRICS_HELP, metavar="N")] = None,
    share: Annotated[Literal["off"], typer.Option("--share", help=SHARE_HELP, metavar="off")] = "off",  # noqa: ARG001 - there is no other value
    home: HomeOption = None,
) -> None:
    """在浏览器里导入、核对、更正、提问和导出。

    默认只在本机可用。给别人用时先用 --auth 用户文件 --add-user 用户名 添加用户，再用 --host 和 --auth 启动；
    页面不从别处取任何东西，内网可用。
    """
    if add_user is not None:
        _add(auth, add_user)
        return
    # Some seconds of imports that no other command needs.
    from ui.web.accounts import Accounts  # noqa: PLC0415
    from ui.web.gate import is_loopback  # noqa: PLC0415

    if auth is None and not is_loopback(host):
        raise UsageError(
            f"在 {host} 上任何人都能连接。请用 --auth 指定用户文件；还没有的话先用 jihe ui --auth 文件 --add-user 用户名 建立。"
        )
    accounts = Accounts(auth) if auth is not None else None
    _serve(chosen_home(ctx, home), (host, port), accounts, read_only=read_only, metrics_port=metrics_port)


def _serve(home: Path, listen: tuple[str, int], accounts: Accounts | None, *, read_only: bool, metrics_port: int | None) -> None:
    from ui.web import serve  # noqa: PLC0415 - as above

    host = listen[0]
    address = serve.Address(*listen)
    bound = serve.listening(address)
    with bound, ExitStack() as stack:
        site = stack.enter_context(serve.open_site(home, read_only=read_only, accounts=accounts is not None))
        if metrics_port is not None:
            at = stack.enter_context(metrics(metrics_port, lambda: of_store(site.store)))
            err().print(f"运行指标在 http://127.0.0.1:{at}/metrics。")
        app = serve.make_server(site, address, accounts)
        shown = f"[{host}]" if ":" in host else host
        err().print(f"请在浏览器中打开 http://{shown}:{bound.getsockname()[1]}（数据在 {home}）。按 Ctrl-C 结束。")
        serve.serve(app, bound)


def _add(auth: Path | None, name: str) -> None:
    if auth is None:
        raise UsageError("--add-user 要和 --auth 一起用：用户写到哪个文件？")
    from ui.web.accounts import add_account  # noqa: PLC0415 - as above

    if sys.stdin.isatty():
        password = getpass.getpass("密码：")
        if getpass.getpass("再写一遍：") != password:
            raise UsageError("两次写的密码不一样。")
    else:
        password = sys.stdin.readline().rstrip("\n")
    add_account(auth, name, password)
    out().print(f"已把用户 {name} 写到 {auth}。")
