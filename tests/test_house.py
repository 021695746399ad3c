"""The house itself: no name of ours is taken by a dependency, every file has its line, sizes hold, public names are documented."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schema", "ingest", "store", "agents", "eval", "ui", "data")
LISTING = "## Every file\nThe lines are the first lines of the modules; `JIHE_REWRITE=1 make test` writes them anew.\n"
MOST_LINES, MOST_FUNCTION_LINES = 500, 80


def _modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"), key=lambda path: (path.parent, path.name))


def test_no_dependency_brings_a_module_of_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for name in PACKAGES:
        assert {owner.lower() for owner in owners.get(name, [])} <= {"jihe"}, name


def test_every_file_has_its_line_in_the_architecture() -> None:
    page = ROOT / "docs" / "architecture.md"
    written = page.read_text(encoding="utf-8")
    intro = written.partition(LISTING)[0] + LISTING
    wanted = intro + "\n" + "\n".join(_listing()) + "\n"
    if os.environ.get("JIHE_REWRITE"):
        page.write_text(wanted, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == wanted


def _listing() -> Iterator[str]:
    """A line per module that holds anything, under the name of its folder."""
    folder = None
    for path in _modules():
        summary = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
        if path.parent != folder:
            folder = path.parent
            yield f"\n### {folder.relative_to(ROOT)}/"
        yield f"- `{path.name}`: {summary}"


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(ROOT))) for path in _modules()])
def test_sizes_and_docstrings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MOST_FUNCTION_LINES, node.name
    for node in _public(ast.parse(text)):
        assert ast.get_docstring(node), f"{getattr(node, 'name', path)} has no docstring"


def test_dependencies_are_documented_and_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[<>=\[ ]", line)[0].lower() for line in wanted}
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = {line.split("==")[0].lower() for line in pins.splitlines() if "==" in line}
    assert {name for name in names if name not in page} == set()
    assert names - pinned == set()
    assert "://" not in pins


def test_nothing_left_to_do_is_hidden_in_comments() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError")
    assert [path for path in tracked if path != "tests/test_house.py" and marks.search((ROOT / path).read_text(encoding="utf-8"))] == []


def _public(tree: ast.Module) -> Iterator[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """The module, and its public classes, functions and methods."""
    if tree.body:
        yield tree
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (m for m in node.body if isinstance(m, ast.FunctionDef) and not m.name.startswith("_"))
