"""Which column is which: as named by the caller, else guessed from the words that exports use."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.errors import did_you_mean
from zhanggui.recommend.errors import UnknownColumn

from .column_words import ROLES, column_of
from .files import File
from .moments import are_moments


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Columns by role; empty where there is none."""

    user: str = ""
    item: str = ""
    time: str = ""
    value: str = ""
    event: str = ""
    basket: str = ""
    session: str = ""
    items: str = ""
    prefix: str = ""
    next: str = ""


def find_columns(file: File, named: Columns) -> Columns:
    """Take the columns that were named, and guess the others.

    Raises:
        UnknownColumn: a named column is not there, or neither pairs nor lists can be made of what is.
    """
    found: dict[str, str] = {}
    for role in Columns.__struct_fields__:
        name = getattr(named, role)
        if name and name not in file.columns:
            seen = ", ".join(file.columns)
            hint = did_you_mean(name, file.columns, otherwise=f"It has: {seen}.")
            raise UnknownColumn(f"{file.name} has no column {name!r}.", hint=hint)
        found[role] = name
    taken = {name for name in found.values() if name}
    for role in ROLES:
        if not found[role]:
            found[role] = column_of(role, [name for name in file.columns if name not in taken])
            taken.add(found[role])
    if not any(found[role] for role in ("user", "item", "session", "items", "prefix")):
        found |= _by_place(file)
    return _usable(file, Columns(**found))


def find_item(file: File) -> str:
    """The column of products in a file about products.

    Raises:
        UnknownColumn: none looks like one.
    """
    found = column_of("item", file.columns)
    if not found:
        hint = "Call it `item`."
        raise UnknownColumn(f"No column of {file.name} looks like the product: {', '.join(file.columns)}.", hint=hint)
    return found


def _by_place(file: File) -> dict[str, str]:
    """A file without a header: the user, the first column that holds no moments, and the first that does."""
    if len(file.columns) < 2 or file.columns[0] != "column1":
        return {}
    user, *others = file.columns
    late = [name for name in others if are_moments(file.column(name))]
    items = [name for name in others if name not in late[:1]]
    return {"user": user, "item": items[0], "time": late[0] if late else ""} if items else {}


def _usable(file: File, found: Columns) -> Columns:
    pairs = (found.user or found.session or found.basket) and found.item
    if pairs or found.items or (found.prefix and found.next):
        return found
    missing = "the product" if found.user or found.session else "the person"
    hint = "Name them: --user COLUMN --item COLUMN (and --time COLUMN)."
    raise UnknownColumn(f"No column of {file.name} looks like {missing}: it has {', '.join(file.columns)}.", hint=hint)
