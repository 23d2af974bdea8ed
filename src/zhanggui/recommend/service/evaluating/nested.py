"""Objects that hold the rows that are meant in a list: a session its events, an order its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .column_words import column_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """That a row was made of every entry of a list.

    Attributes:
        name: of the list.
        objects: that held one.
    """

    name: str
    objects: int


def unpack(rows: Sequence[Row]) -> tuple[list[Row], Unpacked | None]:
    """(a row for each entry of the list that names products, what was done); the rows as they are without such a list.

    It is decided once for all rows. Where an object and its entries have a key in common, the moment, the kind of
    event and the product of the entry are meant; any other key of an entry, such as its `id`, gets the list before it.
    """
    outer, inner = _keys(rows)
    name = _meant(outer, inner)
    if not name:
        return list(rows), None
    keys = inner[name]
    renamed = {key: f"{name}.{key}" for key in keys if key in outer and not _is_nearer(key)}
    if not column_of("item", keys):
        renamed["id"] = "item_id"
    unpacked = [one for row in rows for one in _entries(row, name, renamed)]
    return unpacked, Unpacked(name=name, objects=len(rows))


def _keys(rows: Sequence[Row]) -> tuple[list[str], dict[str, list[str]]]:
    """(keys that are not of such lists, keys of the entries of each list of objects)."""
    outer: dict[str, None] = {}
    inner: dict[str, dict[str, None]] = {}
    for row in rows:
        outer.update(dict.fromkeys(row))
        for name, value in row.items():
            if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
                inner.setdefault(name, {}).update(dict.fromkeys(key for one in value for key in one))
    return [name for name in outer if name not in inner], {name: list(keys) for name, keys in inner.items()}


def _meant(outer: Sequence[str], inner: dict[str, list[str]]) -> str:
    """The list whose entries name products: of products by its own name, or where the objects name none themselves."""
    called = [name for name in inner if column_of("items", [name])]
    found = [name for name in called if column_of("item", inner[name]) or "id" in inner[name]]
    if not found and not column_of("item", outer):
        found = [name for name, keys in inner.items() if column_of("item", keys)]
    return next(iter(found), "")


def _is_nearer(key: str) -> bool:
    return bool(column_of("time", [key]) or column_of("event", [key]) or column_of("item", [key]))


def _entries(row: Row, name: str, renamed: dict[str, str]) -> list[Row]:
    """An object without entries stays one row, which is counted as one without a product."""
    rest = {key: value for key, value in row.items() if key != name}
    entries = row.get(name)
    if not isinstance(entries, list) or not entries:
        return [rest]
    known: list[Row] = [one if isinstance(one, dict) else {} for one in entries]
    return [rest | {renamed.get(key, key): value for key, value in one.items()} for one in known]
