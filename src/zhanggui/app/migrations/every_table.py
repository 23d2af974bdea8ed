"""All tables of all rooms: modules named `tables` of the rooms, and the kernel's own."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Literal

import sqlalchemy as sa

import zhanggui
from zhanggui.kernel.db import control_metadata, shop_metadata

Store = Literal["shop", "control"]
_HAS_TABLES = re.compile(r"zhanggui\.(kernel\.\w+|kernel\.jobs\.\w+|\w+(\.\w+)*\.tables(\.\w+)*)")


def _names(path: list[str], prefix: str) -> Iterator[str]:
    for found in pkgutil.iter_modules(path, prefix):
        yield found.name
        if found.ispkg:
            yield from _names([f"{path[0]}/{found.name.rpartition('.')[2]}"], f"{found.name}.")


def metadata_of(store: Store) -> sa.MetaData:
    """The complete metadata of a kind of store."""
    for name in _names(list(zhanggui.__path__), "zhanggui."):
        if _HAS_TABLES.fullmatch(name):
            importlib.import_module(name)
    return shop_metadata if store == "shop" else control_metadata


def rooms_of(store: Store) -> dict[str, str]:
    """Which room each table belongs to: the first floor from below that knows it."""
    metadata = metadata_of(store)
    rooms: dict[str, str] = {}
    for room in ("kernel", "shop", "trust", "recommend", "app"):
        for module_name in [
            name for name in _names(list(zhanggui.__path__), "zhanggui.") if _HAS_TABLES.fullmatch(name)
        ]:
            if module_name.split(".")[1] == room:
                module = importlib.import_module(module_name)
                for thing in vars(module).values():
                    if isinstance(thing, sa.Table) and thing.metadata is metadata:
                        rooms.setdefault(thing.name, room)
    # The feed's tables are copied into the control store, so no module holds the copies.
    return rooms | {name: "kernel" for name in metadata.tables if name not in rooms}
