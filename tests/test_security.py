"""docs/security.md and docs/operations.md name tests that exist, and each promise and each bad day names one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE, OPERATIONS = ((TESTS.parent / "docs" / name).read_text(encoding="utf-8") for name in ("security.md", "operations.md"))
_NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    named = _NAMED.findall(PAGE + OPERATIONS)
    assert len(named) > 50
    assert [f"{file}::{test}" for file, test in named if not (TESTS / file).is_file() or test not in _functions(TESTS / file)] == []


def test_every_promise_has_a_test() -> None:
    promised = PAGE.partition("## What is promised")[2].partition("## What is not promised")[0]
    rows = [line for line in promised.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    assert len(rows) > 25
    assert [row for row in rows if not _NAMED.search(row)] == []


def test_every_bad_day_has_a_test() -> None:
    rows = [line for line in OPERATIONS.partition("## Bad days")[2].splitlines() if line.startswith("| ") and not line.startswith("| what")]
    assert len(rows) > 12
    assert [row for row in rows if not _NAMED.search(row)] == []
