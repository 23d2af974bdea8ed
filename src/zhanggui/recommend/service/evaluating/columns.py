"""Which column is which: as named by the caller, else guessed from the words of exports and from what is there."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from zhanggui.kernel.errors import did_you_mean
from zhanggui.recommend.errors import BadLog, UnknownColumn

from .column_words import (
    ROLES,
    Role,
    column_of,
    columns_of,
    is_vague,
    numbers_among,
    places_among,
    timely,
    values_among,
)
from .event_words import event_of
from .files import File
from .moments import are_moments, to_moments

_LOOKED_AT = 1000
_SHOWN = re.compile(r"\S+-[01]( \S+-[01])*")
_TOLD = 60
_MOST_WORDS = 50
_LEAST_BASKETS = 0.5
"""Of rows: a column of orders that fewer have tells which events were purchases, not which went together."""
_BEHAVIOUR: Final[tuple[Role, ...]] = ("user", "item", "session", "items", "prefix")


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
    for role in ROLES:
        if not found[role]:
            names = columns_of(role, _free(file, found))
            found[role] = next((name for name in names if _holds(file, role, name)), "")
    if not any(found[role] for role in _BEHAVIOUR):
        found |= _by_place(file, found)
    found |= _by_what_is_left(file, found)
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


def _free(file: File, found: dict[str, str]) -> list[str]:
    taken = set(found.values())
    return [name for name in file.columns if name not in taken]


def _holds(file: File, role: Role, name: str) -> bool:
    """Whether a column that is called like a role holds it: an empty one, or text that is no time, does not."""
    column = file.column(name)
    share: float = 1.0 - column.null_count / max(1, len(column))
    if role == "time" and share > 0 and not _is_read_as_time(column, name):
        return timely(file.columns) == [name]  # the only one that can be meant: the reader says what is wrong with it
    if role == "event":
        return _explains_itself(column, may_be_anything=is_vague(name))
    return share >= _LEAST_BASKETS if role == "basket" else share > 0


def _explains_itself(column: Any, *, may_be_anything: bool) -> bool:
    """Whether words of events stand there; codes are read only where the caller says what they weigh."""
    if not _is_flat(column):
        return False
    words = _words(column)
    known = [event_of(word) is not None for word in words]
    return all(known) and len(words) > 1 if may_be_anything else any(known) or len(words) == 1


def _is_read_as_time(column: Any, name: str) -> bool:
    try:
        to_moments(column.drop_null().slice(0, _LOOKED_AT), name)
    except BadLog as error:
        return "told apart" in str(error)  # a time it is: the reader says what to do
    return True


def _by_what_is_left(file: File, found: dict[str, str]) -> dict[str, str]:
    """A time by a name that speaks of one, places of baskets, and a product by the only number that is left."""
    more: dict[str, str] = {}
    has_rows = bool(found["item"] or found["user"] or found["session"]) and not found["items"]
    if not found["time"] and has_rows:
        times = [name for name in timely(_free(file, found)) if are_moments(file.column(name).drop_null())]
        places = places_among(_free(file, found)) if found["basket"] or found["session"] else []
        more["time"] = next((name for name in (*times, *places) if _is_read_as_time(file.column(name), name)), "")
    if not found["item"] and found["user"] and not found["items"] and not found["prefix"]:
        free = _free(file, found | more)
        others = [name for name in free if not values_among([name])]
        more["item"] = next(iter(numbers_among(others)), others[0] if len(others) == 1 else "")
    return more


def _by_place(file: File, found: dict[str, str]) -> dict[str, str]:
    """A file without a header: the user, then a product, by what the columns hold.

    The first that holds moments is the time, and one of known words the event. A first column that is another in
    every row numbers the rows where enough others are left, and numbers with decimals are no ids.
    """
    if len(file.columns) < 2 or file.columns[0] != "column1":
        return {}
    _refuse_impressions(file)
    free = _free(file, found)
    late = [name for name in free[1:] if are_moments(file.column(name))][:1]
    acts = [
        name for name in free[1:] if name not in late and _explains_itself(file.column(name), may_be_anything=True)
    ][:1]
    ids = [name for name in free if name not in (*late, *acts) and not _are_decimals(file.column(name))]
    if len(ids) > 2 and len(file.column(ids[0]).unique()) == file.rows > 2:
        ids = ids[1:]
    if len(ids) < 2 and not acts:  # beside a kind of event, decimals are its price or its weight
        ids = [name for name in free if name not in late]
    if len(ids) < 2:
        return {}
    guessed = {"time": "".join(late), "event": "".join(acts)}
    return {"user": ids[0], "item": ids[1], **{role: name for role, name in guessed.items() if not found[role]}}


def _refuse_impressions(file: File) -> None:
    """Lists of what was shown, `N3-1 N4-0` in MIND: read as one id each, every row would be another product.

    Raises:
        BadLog: a column holds them.
    """
    import pyarrow as pa

    for name in file.columns:
        column = file.column(name)
        if not pa.types.is_string(column.type):
            continue
        shown = column.slice(0, _LOOKED_AT).drop_null().to_pylist()
        longest = max(shown, key=len, default="")
        if " " in longest and all(_SHOWN.fullmatch(text) for text in shown):
            words = f"{file.name} holds lists of what was shown and clicked: {longest[:_TOLD]!r}."
            hint = "Write a row for each click (1), and for each earlier one of a history: user, item, time."
            raise BadLog(words, hint=hint)


def _is_flat(column: Any) -> bool:
    import pyarrow as pa

    return not pa.types.is_nested(column.type)


def _words(column: Any) -> list[str]:
    return [str(word) for word in column.unique().slice(0, _MOST_WORDS).to_pylist() if word is not None]


def _are_decimals(column: Any) -> bool:
    texts = [str(text).strip() for text in column.slice(0, _LOOKED_AT).to_pylist() if text is not None]
    parts = [text.lstrip("-").partition(".") for text in texts]
    numbers = [whole.isdecimal() and (rest.isdecimal() or not point) for whole, point, rest in parts]
    return bool(texts) and all(numbers) and any(rest.strip("0") for _, _, rest in parts)


def _usable(file: File, found: Columns) -> Columns:
    pairs = (found.user or found.session or found.basket) and found.item
    if pairs or found.items or (found.prefix and found.next):
        return found
    missing = "the product" if found.user or found.session else "the person"
    hint = "Name them: --user COLUMN --item COLUMN (and --time COLUMN)."
    raise UnknownColumn(f"No column of {file.name} looks like {missing}: it has {', '.join(file.columns)}.", hint=hint)
