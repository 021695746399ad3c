"""`jihe check`: what the deterministic checker found."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from schema.canonical import read_forms
from schema.checks import RULES, Finding, check_all, load_profile
from store.export.labels import SEVERITIES, cell_label
from ui.cli.console import STYLES, out, print_json
from ui.cli.home import HomeOption, open_store

KEYS = {"form_id", "project_name", "rule", "severity", "cell", "message"}
DEFAULT_PROFILE = "shanghai"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    ctx: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="规范 JSON 文件；不写则核对已保存的表。", metavar="[FORMS.json…]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON 列表。")] = False,
    profile: Annotated[str, typer.Option(help="核对口径。")] = DEFAULT_PROFILE,
    home: HomeOption = None,
) -> None:
    """核对表内和同单位各表之间的数字与说明。

    有错误级问题时退出码为 1。--json 输出 form_id、project_name、rule、severity、cell、message 的列表。
    """
    findings, count = _of_files(files, profile) if files else _stored(ctx, home, profile)
    if as_json:
        print_json([finding.model_dump(mode="json", include=KEYS) for finding in findings])
    else:
        _print(findings, count)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


def _of_files(files: Sequence[Path], profile: str) -> tuple[Sequence[Finding], int]:
    forms = [form for file in files for form in read_forms(file)]
    return check_all(forms, load_profile(profile)), len(forms)


def _stored(ctx: typer.Context, home: Path | None, profile: str) -> tuple[Sequence[Finding], int]:
    with open_store(ctx, home) as store:
        if profile == store.profile.name:
            return store.findings(), store.counts().forms
        forms = list(store.iter_forms())
    return check_all(forms, load_profile(profile)), len(forms)


def _print(findings: Sequence[Finding], count: int) -> None:
    console = out()
    for (form_id, name), found in groupby(findings, key=lambda finding: (finding.form_id, finding.project_name)):
        console.print(Text(f"{form_id}  {name or '（未读出项目名称）'}", style="bold"))
        for finding in found:
            level = (SEVERITIES[finding.severity], STYLES[finding.severity])
            title = RULES[finding.rule].title if finding.rule in RULES else finding.rule
            place = (f"（{cell_label(finding.cell)}  {finding.cell}  {finding.rule}）", "dim")
            console.print(Text.assemble("  ", level, f" {title}：{finding.message}", place))
    numbers = "，".join(f"{label} {sum(f.severity == severity for f in findings)}" for severity, label in SEVERITIES.items())
    console.print(f"核对 {count} 张表：{numbers}。")
