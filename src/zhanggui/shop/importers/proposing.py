"""What an unknown file looks like, and the map that would import it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from zhanggui.shop.types.imports import ColumnProfile, ImportKind

from .cleaning import BadCell, clean_code, clean_text, to_decimal
from .dates import to_moment
from .fields import FIELDS, NAMES_OF_PRODUCTS, PRODUCT_STAND_INS
from .mapping import ImportMap
from .naming import column_key, likeness

_UTC = ZoneInfo("UTC")
_SLASHED = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{2,4})(\s+\d{1,2}:\d{2}(:\d{2})?)?$")
PROFILE_ROWS = 2_000


def column_profile(name: str, cells: Sequence[object]) -> ColumnProfile:
    """Type, share of filled cells and examples of a column, from its first rows."""
    texts = [text for text in map(clean_text, cells) if text]
    return ColumnProfile(
        name=name,
        type=_type_of(texts),
        filled=round(len(texts) / max(len(cells), 1), 4),
        examples=tuple(text[:80] for text, _ in Counter(texts).most_common(3)),
    )


def _type_of(texts: list[str]) -> str:
    if not texts:
        return "empty"
    some = texts[:200]
    if sum(_is_date(text) for text in some) > 0.9 * len(some):
        return "date"
    numbers = sum(not isinstance(to_decimal(text), BadCell) for text in some)
    if numbers > 0.9 * len(some):
        is_code = all(clean_code(text).isdecimal() and len(clean_code(text)) >= 5 for text in some)
        return "id" if is_code else "number"
    is_id = len(set(texts)) > 0.5 * len(texts) and max(map(len, texts)) <= 40 and not any(" " in text for text in some)
    return "id" if is_id and all(text.isascii() for text in some) else "text"


def _is_date(text: str) -> bool:
    return len(text) >= 6 and (bool(_SLASHED.match(text)) or isinstance(to_moment(text, _UTC), int))


def date_format(columns: Sequence[tuple[ColumnProfile, Sequence[object]]]) -> str:
    """The pattern of dates that start with the day or the month, when some date tells which; else nothing."""
    found = [_SLASHED.match(clean_text(cell)) for profile, cells in columns if profile.type == "date" for cell in cells]
    dates = [match for match in found if match]
    if not dates:
        return ""
    firsts, seconds = max(int(m.group(1)) for m in dates), max(int(m.group(3)) for m in dates)
    if firsts <= 12 and seconds <= 12:
        return ""
    sign, year = dates[0].group(2), "%Y" if len(dates[0].group(4)) == 4 else "%y"
    parts = ("%d", "%m") if firsts > 12 else ("%m", "%d")
    clock = "" if not dates[0].group(5) else " %H:%M:%S" if dates[0].group(6) else " %H:%M"
    return sign.join((*parts, year)) + clock


_DATES = frozenset({"moment"})
_NUMBERS = frozenset({"decimal", "price", "count"})


def guess_columns(kind: ImportKind, columns: Sequence[ColumnProfile]) -> dict[str, str]:
    """Fields by column, by the names that fields go by; a column whose cells cannot be the field's type is passed over.

    The earlier a name stands among a field's names, the better it fits; each field is given once.
    """
    ranked: list[tuple[int, int, str, str]] = []
    for place, column in enumerate(columns):
        for name, field in FIELDS[kind].items():
            rank = likeness(column.name, name, field.names) if _may_be(column.type, field.type) else None
            if rank is not None:
                ranked.append((rank, place, column.name, name))
    found: dict[str, str] = {}
    for _, _, column_name, name in sorted(ranked):
        if column_name not in found and name not in found.values():
            found[column_name] = name
    _name_products(kind, columns, found)
    return {column.name: found.get(column.name, "") for column in columns}


def _name_products(kind: ImportKind, columns: Sequence[ColumnProfile], found: dict[str, str]) -> None:
    """Where rows must name their product and no column seems to, one that may stand in does."""
    field = FIELDS[kind].get("product_id")
    if field is None or "product_id" in found.values() or not (field.is_required or "title" not in FIELDS[kind]):
        return
    by_key = {column_key(column.name): column.name for column in columns}
    stand_in = next((by_key[key] for key in map(column_key, PRODUCT_STAND_INS) if key in by_key), None)
    if stand_in is not None:
        found[stand_in] = "product_id"


def _may_be(seen: str, wanted: str) -> bool:
    if seen == "empty":
        return True
    if wanted in _DATES:
        return seen in {"date", "id", "number"}
    return seen in {"number", "id"} if wanted in _NUMBERS else True


def guess_kind(columns: Sequence[ColumnProfile]) -> ImportKind | None:
    """The kind whose required fields are all there and which explains the most columns.

    Rows that name an order and what it holds are lines of orders, also where a required field is missing: taken for
    products they would say of each product what only one order said.
    """
    best: tuple[float, ImportKind] | None = None
    for kind, fields in FIELDS.items():
        filled = {name for name in guess_columns(kind, columns).values() if name}
        if any(field.is_required and name not in filled for name, field in fields.items()):
            continue
        required = sum(field.is_required for field in fields.values())
        score = len(filled) + 0.5 * required
        if best is None or score > best[0]:
            best = (score, kind)
    if (best is None or best[1] not in _NAMING_ORDERS) and _holds_order_lines(columns):
        return ImportKind.ORDERS
    return best[1] if best else None


_NAMING_ORDERS = frozenset({kind for kind, fields in FIELDS.items() if "order_id" in fields})


def _holds_order_lines(columns: Sequence[ColumnProfile]) -> bool:
    guess = guess_columns(ImportKind.ORDERS, columns)
    filled = {field for name, field in guess.items() if column_key(name) not in _ANYBODYS}
    return "order_id" in filled and not filled.isdisjoint(NAMES_OF_PRODUCTS) and not filled.isdisjoint(_PRICED)


_ANYBODYS = frozenset({"name", "order"})
"""Columns of other kinds go by these too."""
_PRICED = frozenset({"unit_price", "amount"})


def proposed_map(kind: ImportKind, columns: Sequence[ColumnProfile], pattern: str) -> ImportMap:
    """A map to accept or edit. Lines of orders that do not say how many were bought are one piece each."""
    guess = guess_columns(kind, columns)
    is_by_piece = kind is ImportKind.ORDERS and "quantity" not in guess.values() and _holds_order_lines(columns)
    constants: dict[str, str | int | float] = {"quantity": 1} if is_by_piece else {}
    formats = (pattern,) if pattern else ()
    return ImportMap(kind=kind, columns=guess, constants=constants, date_formats=formats)
