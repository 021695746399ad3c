"""Which schemas OpenAI's strict mode takes, as far as its guide and users' errors tell. Not its own validator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ALLOWED = frozenset({"type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs", "title",
                     "description"})  # fmt: skip
"""What all strict endpoints are known to take. OpenAI takes bounds, patterns and some formats, too, which others ignore or refuse."""
MOST_PROPERTIES, MOST_VALUES, MOST_LETTERS, DEEPEST = 5000, 500, 120_000, 10


def strict_faults(schema: Mapping[str, Any]) -> list[str]:
    """What keeps a schema out of the strict subset, each with its place; empty when nothing does."""
    faults = [] if schema.get("type") == "object" else ["$: the root has to be an object"]
    nodes = list(_nodes(schema, "$", 0, schema))
    for place, _, node in nodes:
        faults += [f"{place}: {fault}" for fault in _node_faults(node)]
    values = sum(len(node.get("enum", ())) for _, _, node in nodes)
    names = [name for _, _, node in nodes for name in node.get("properties", ())]
    letters = sum(map(len, names)) + sum(len(str(value)) for _, _, node in nodes for value in node.get("enum", ()))
    limits = (
        ("properties", len(names), MOST_PROPERTIES),
        ("enum values", values, MOST_VALUES),
        ("letters", letters, MOST_LETTERS),
        ("levels", max(depth for _, depth, _ in nodes), DEEPEST),
    )
    return faults + [f"$: {count} {what}, at most {most}" for what, count, most in limits if count > most]


def _node_faults(node: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(node.keys() - ALLOWED):
        yield f"{key!r} is not permitted"
    if not node.keys() & {"type", "anyOf", "enum", "const", "$ref"}:
        yield "anything would do: a type is missing"
    if "$ref" in node and len(node) > 1:
        yield "$ref has company"
    if node.get("type") == "array" and "items" not in node:
        yield "an array without items"
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False:
            yield "additionalProperties has to be false"
        if missing := sorted(set(node.get("properties", ())) - set(node.get("required", ()))):
            yield f"not required: {', '.join(missing)}"


def _nodes(node: Any, place: str, depth: int, root: Mapping[str, Any]) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Every schema within a schema, with its place and depth, definitions where they are used; recursive ones are not followed for ever."""
    if not isinstance(node, Mapping) or depth > DEEPEST + 1:
        return
    yield place, depth, node
    if "$ref" in node:
        yield from _nodes(root["$defs"][str(node["$ref"]).rpartition("/")[2]], place, depth, root)
    for name, inner in node.get("properties", {}).items():
        yield from _nodes(inner, f"{place}.{name}", depth + 1, root)
    for i, inner in enumerate(node.get("anyOf", ())):
        yield from _nodes(inner, f"{place}|{i}", depth, root)
    if "items" in node:
        yield from _nodes(node["items"], f"{place}[]", depth + 1, root)
