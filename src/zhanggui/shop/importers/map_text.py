"""A map as TOML, whole: what `decode_map` reads again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from .mapping import ImportMap, quoted


def map_text(found: ImportMap) -> str:
    """The TOML of a map; what has its default value is left out."""
    whole: dict[str, Any] = msgspec.to_builtins(found)
    default: dict[str, Any] = msgspec.to_builtins(ImportMap(kind=found.kind, columns={}))
    said = {name: value for name, value in whole.items() if value != default[name] or name == "kind"}
    lines = [_line(name, value) for name, value in said.items() if not isinstance(value, dict)]
    for name, value in said.items():
        if isinstance(value, dict):
            lines += _section(name, value)
    return "\n".join(lines) + "\n"


def _section(name: str, values: Mapping[str, Any]) -> list[str]:
    plain = [_line(key, value) for key, value in values.items() if not isinstance(value, dict)]
    nested = {key: value for key, value in values.items() if isinstance(value, dict)}
    lines = ["", f"[{name}]", *plain]
    for key, value in nested.items():
        lines += _section(f"{name}.{quoted(key)}", value)
    return lines


def _line(name: str, value: object) -> str:
    return f"{quoted(name)} = {quoted(value)}"
