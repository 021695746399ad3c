"""The text of an answer to the record it should be, or to what is wrong with it. Whatever an endpoint promises, this decides."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Generic

from pydantic import ValidationError

from agents.models.question import T

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
"""Some local servers leave the model's thoughts before the answer; they are no part of it."""
_FENCE = re.compile(r"\A```[a-zA-Z]*[ \t]*\n(.*)\n[ \t]*```\Z", re.DOTALL)


class DoubledKey(ValueError):
    """An object of the answer has a key twice; pydantic would take the last one without a word."""


@dataclass(frozen=True)
class Checked(Generic[T]):
    """An answer that was looked at: either a value or a fault."""

    value: T | None = None
    fault: str = ""


def check_answer(text: str, model: type[T]) -> Checked[T]:
    """The record that a text is, strictly: no missing or further keys, no other types, no key twice, nothing around it but one fence."""
    bare = unwrapped(text)
    try:
        value = model.model_validate_json(bare)
        # Only now: what fits the schema is not nested deeper than it, so this cannot run out of stack.
        json.loads(bare, object_pairs_hook=_refuse_doubled)
    except ValidationError as e:
        return Checked(fault=_told(e))
    except DoubledKey as e:
        return Checked(fault=str(e))
    return Checked(value)


def unwrapped(text: str) -> str:
    """A text without a thought before it, blanks around it and one fence around that."""
    bare = _THOUGHT.sub("", text).strip()
    match = _FENCE.match(bare)
    return match[1].strip() if match else bare


def _refuse_doubled(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise DoubledKey(f"{next(name for name in names if names.count(name) > 1)}：键重复")
    return found


def _told(error: ValidationError) -> str:
    """The first faults with their places, without the contents: they are long, and may be anybody's data."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    parts = [f"{'.'.join(map(str, fault['loc'])) or '整个回答'}：{_FAULTS.get(fault['type'], fault['msg'])}" for fault in faults[:3]]
    more = f"；共 {len(faults)} 处" if len(faults) > len(parts) else ""
    return "；".join(parts) + more


_FAULTS = {
    "json_invalid": "不是完整的 JSON",
    "missing": "缺少这个键",
    "extra_forbidden": "多出的键",
    "literal_error": "不在可选的值之内",
    "string_type": "应为字符串或 null",
    "list_type": "应为列表",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
}
