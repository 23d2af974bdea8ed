"""A map as TOML, whole: what `decode_map` reads again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from .mapping import ImportMap, quoted

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def map_text(found: ImportMap, remarks: Mapping[str, str] | None = None) -> str:
    """The TOML of a map; what has its default value is left out, columns that nothing is made of are `""`.

    Args:
        found: the map.
        remarks: by column, a remark to stand beside it.
    """
    whole: dict[str, Any] = msgspec.to_builtins(found)
    default: dict[str, Any] = msgspec.to_builtins(ImportMap(kind=found.kind, columns={}))
    said = {name: value for name, value in whole.items() if value != default[name] or name == "kind"}
    lines = [_line(name, value) for name, value in said.items() if not isinstance(value, dict)]
    for name, value in said.items():
        if isinstance(value, dict):
            lines += _section(name, value, (remarks or {}) if name == "columns" else {})
    return "\n".join(lines) + "\n"


def _section(name: str, values: Mapping[str, Any], remarks: Mapping[str, str]) -> list[str]:
    plain = {key: value for key, value in values.items() if not isinstance(value, dict)}
    lines = ["", f"[{name}]"] if plain else []
    lines += [_line(key, value) + (f"  # {remarks[key]}" if remarks.get(key) else "") for key, value in plain.items()]
    for key, value in values.items():
        if isinstance(value, dict):
            lines += _section(f"{name}.{_key(key)}", value, {})
    return lines


def _line(name: str, value: object) -> str:
    return f"{_key(name)} = {quoted(value)}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)
