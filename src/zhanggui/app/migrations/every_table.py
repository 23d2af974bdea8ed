"""All tables of all rooms: modules named `tables` of the rooms, and the kernel's own."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from types import ModuleType
from typing import Literal

import sqlalchemy as sa

import zhanggui
from zhanggui.kernel.db import control_metadata, shop_metadata
from zhanggui.kernel.model_cards import CardTable
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty

Store = Literal["shop", "control"]
STORES: tuple[Store, ...] = ("shop", "control")
_HAS_TABLES = re.compile(r"zhanggui\.(kernel\.\w+|kernel\.(jobs|cipher)\.\w+|\w+(\.\w+)*\.tables(\.\w+)*)")


def _names(path: list[str], prefix: str) -> Iterator[str]:
    for folder in path:
        for found in pkgutil.iter_modules([folder], prefix):
            yield found.name
            if found.ispkg:
                yield from _names([f"{folder}/{found.name.rpartition('.')[2]}"], f"{found.name}.")


def metadata_of(store: Store) -> sa.MetaData:
    """The complete metadata of a kind of store."""
    _modules()
    return shop_metadata if store == "shop" else control_metadata


def rooms_of(store: Store) -> dict[str, str]:
    """Which room each table belongs to: the one whose module makes it.

    Raises:
        LookupError: a table is made where no module of tables is, so that no revision would carry it.
    """
    metadata = metadata_of(store)
    made = [(table, module.__name__.split(".")[1]) for module in _modules() for table in _made_in(module)]
    # The feed's tables are copied into the control store: a copy belongs where its original does.
    rooms = {table.name: room for table, room in sorted(made, key=lambda one: one[0].metadata is metadata)}
    if lost := sorted(set(metadata.tables) - set(rooms)):
        raise LookupError(f"no module named `tables` makes {', '.join(lost)}: move it into its room's")
    return {name: rooms[name] for name in metadata.tables}


def rooms_in_order() -> list[str]:
    """The rooms that have tables; each comes after those that its foreign keys point into."""
    below: dict[str, set[str]] = {}
    for store in STORES:
        rooms, metadata = rooms_of(store), metadata_of(store)
        for name in sorted(rooms):
            pointed = {rooms[key.target_fullname.split(".")[0]] for key in metadata.tables[name].foreign_keys}
            below.setdefault(rooms[name], set()).update(pointed - {rooms[name]})
    return list(TopologicalSorter(below).static_order())


def _modules() -> list[ModuleType]:
    names = _names(list(zhanggui.__path__), "zhanggui.")
    return [importlib.import_module(name) for name in names if _HAS_TABLES.fullmatch(name)]


def _made_in(module: ModuleType) -> list[sa.Table]:
    statements = ast.parse(inspect.getsource(module)).body
    imported = {
        alias.asname or alias.name for one in statements if isinstance(one, ast.ImportFrom) for alias in one.names
    }
    made = [thing for name, thing in vars(module).items() if name not in imported]
    return [table for thing in made if (table := _table_of(thing)) is not None]


def _table_of(thing: object) -> sa.Table | None:
    match thing:
        case Personal():
            return thing.for_(Duty.UPKEEP)
        case CardTable():
            return thing.table
        case sa.Table():
            return thing
    return None
