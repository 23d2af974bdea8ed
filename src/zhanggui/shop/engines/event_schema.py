"""JSON schemas of events, each complete in itself, for the description of the API."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.shop.types import Event

MAX_BATCH = 5_000


def one_schema() -> dict[str, Any]:
    """One event."""
    (schema,), parts = msgspec.json.schema_components([Event], schema_hook=_anything, ref_template="{name}")
    inlined: dict[str, Any] = _inline(schema, parts)
    return inlined


def batch_schema() -> dict[str, Any]:
    """An array of events."""
    return {"type": "array", "items": one_schema(), "maxItems": MAX_BATCH}


def line_schema() -> dict[str, Any]:
    """Events as JSON lines."""
    return {"type": "string", "description": f"One event a line, at most {MAX_BATCH}."}


def _anything(_: type) -> dict[str, Any]:
    return {"description": "Any value."}


def _inline(node: Any, parts: dict[str, Any]) -> Any:
    if isinstance(node, dict):
        if "$ref" in node:
            return _inline(parts[node["$ref"]], parts)
        return {name: _inline(value, parts) for name, value in node.items() if name != "title"}
    if isinstance(node, list):
        return [_inline(one, parts) for one in node]
    return node
