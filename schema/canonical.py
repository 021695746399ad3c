"""Canonical JSON in and out: what `jihe export` writes, `jihe import` and `jihe check` read, and what the gold files are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from schema.errors import CanonicalError
from schema.form import Form
from schema.record import told_fault

LABELLING_KEYS = frozenset({"notes"})
"""Keys that gold files carry for people and that are not part of a form."""


def to_json(form: Form) -> dict[str, Any]:
    """One form as JSON-ready data. A place without a page has no page key; an empty cell no evidence."""
    return form.model_dump(mode="json")


def dump_forms(forms: Iterable[Form]) -> str:
    """The forms as a JSON list, Chinese unescaped."""
    return json.dumps([to_json(form) for form in forms], ensure_ascii=False, indent=1)


def read_forms(path: Path) -> list[Form]:
    """The canonical forms of a file: a list, or one form alone.

    Raises:
        CanonicalError: the file cannot be read, is not JSON, or a form in it is not canonical; the message names file, form and cell.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as e:
        raise CanonicalError(f"{path}：没有这个文件。请检查路径。") from e
    except IsADirectoryError as e:
        raise CanonicalError(f"{path}：是文件夹。请写出其中的 JSON 文件。") from e
    except UnicodeDecodeError as e:
        raise CanonicalError(f"{path}：不是 UTF-8 编码。请另存为 UTF-8 编码的 JSON 文件。") from e
    except OSError as e:
        raise CanonicalError(f"{path}：读不出来（{e.strerror or e}）。请检查路径和读取权限。") from e
    return load_forms(text, str(path))


def load_forms(text: str, name: str) -> list[Form]:
    """The canonical forms of a JSON text; `name` is what messages call it.

    Raises:
        CanonicalError: as for read_forms.
    """
    try:
        data = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as e:
        place = f"第 {e.lineno} 行第 {e.colno} 个字符处有误" if text.strip() else "文件是空的"
        raise CanonicalError(f"{name}：不是 JSON（{place}）。规范格式见 jihe export --to json 的输出。") from e
    except (ValueError, RecursionError) as e:
        raise CanonicalError(f"{name}：不是 JSON（{e}）。规范格式见 jihe export --to json 的输出。") from e
    forms = data if isinstance(data, list) else [data]
    return [_load(form, i, name) for i, form in enumerate(forms)]


def _load(data: Any, index: int, name: str) -> Form:
    if not isinstance(data, dict):
        raise CanonicalError(f"{name}：第 {index + 1} 项不是一张表（应为 JSON 对象）。")
    # Confidence, boxes and seconds are the only floats of a form; numbers of the form itself stay Decimal.
    known = {key: value for key, value in data.items() if key not in LABELLING_KEYS}
    try:
        return Form.model_validate(known)
    except ValidationError as e:
        label = data.get("form_id") or f"第 {index + 1} 张"
        raise CanonicalError(f"{name}：表 {label} 的 {_address(e.errors()[0]['loc'])} 不合规范（{told_fault(e)}）。请改正后再试。") from e


def _address(place: Iterable[str | int]) -> str:
    """Where a value stands, written as cells are: indicators[3].weight."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} 不是可用的数字")
