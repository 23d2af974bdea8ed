"""Maps: a TOML file that says which column is which field, and how its cells are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from zhanggui.kernel.errors import did_you_mean
from zhanggui.shop.types.base import Currency, Language, TextLicence
from zhanggui.shop.types.imports import ImportKind

from .errors import BadMap
from .fields import FIELDS, OPEN_PREFIXES, field_of
from .naming import column_key

Glob = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""A pattern of file-name kind: `C*`, `POST`, `gift_*`; case counts."""
Globs = Annotated[tuple[Glob, ...], msgspec.Meta(max_length=200)]
Derived = Literal["never", "when-absent", "always"]


class OrderRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lines of an order file are no sales."""

    returns: Globs = ()  # order ids of cancelled invoices: they become returns
    bad_debts: Globs = ()  # order ids of book-keeping
    charges: Globs = ()  # product ids that are no products: postage, fees
    negative_quantity: Literal["reject", "return", "stock-adjustment"] = "reject"


class TitleRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a product's title is found among many spellings: the most frequent one that is no junk."""

    junk: Globs = ()  # compared in lower case


class DeriveRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which other facts an order file tells: always, or only of what the shop does not know yet."""

    products: Derived = "when-absent"
    offers: Derived = "never"  # the latest selling price above zero
    customers: Derived = "when-absent"


class ImportMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One map. Defaults of currency, time zone and language are the shop's."""

    kind: ImportKind
    name: str = ""
    title: str = ""
    columns: dict[str, str]  # column of the file → field; several columns may fill one field, the first filled wins
    constants: dict[str, str | int | float] = {}
    values: dict[str, dict[str, str]] = {}  # field → {cell: value}
    date_formats: tuple[str, ...] = ()  # strptime patterns, tried before the usual ones
    currency: Currency | None = None
    time_zone: str | None = None
    language: Language | None = None
    licence: TextLicence | None = None  # of texts of rows that name none
    decimal_comma: bool = False
    category_separator: str = ">"
    list_separator: str = ","
    exclude: dict[str, Globs] = {}  # field of type id → patterns of rows to leave out
    orders: OrderRules = OrderRules()
    titles: TitleRules = TitleRules()
    derive: DeriveRules = DeriveRules()


_UNKNOWN_KEY = re.compile(r"unknown field `([^`]+)`(?: - at `\$\.?([^`]*)`)?")
_SECTIONS: dict[str, type[msgspec.Struct]] = {
    "": ImportMap,
    "orders": OrderRules,
    "titles": TitleRules,
    "derive": DeriveRules,
}


def decode_map(text: str) -> ImportMap:
    """A map from its TOML text.

    Raises:
        BadMap: not TOML, an unknown key, field or zone, or a value of the wrong type.
    """
    try:
        found = msgspec.toml.decode(text, type=ImportMap)
    except msgspec.ValidationError as error:
        raise BadMap(f"The map cannot be used: {error}.", hint=_hint(str(error))) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadMap(
            f"The map is not TOML: {error}",
            hint="Start from: zhanggui import-profile SHOP FILE",
            api_hint="Start from: POST /v1/SHOP/imports/profile",
        ) from error
    check_map(found)
    return found


def _hint(message: str) -> str:
    unknown = _UNKNOWN_KEY.search(message)
    if unknown is None:
        return "docs/import.md lists what a map may hold."
    section = _SECTIONS.get(unknown.group(2) or "", ImportMap)
    known = section.__struct_fields__
    return did_you_mean(unknown.group(1), known, otherwise=f"Known here: {', '.join(known)}.")


def check_map(found: ImportMap) -> None:
    """Refuse fields that the kind does not have, and zones that do not exist.

    Raises:
        BadMap: with the nearest name that would do.
    """
    named: list[tuple[str, Iterable[str]]] = [
        ("columns", found.columns.values()),
        ("constants", found.constants),
        ("values", found.values),
        ("exclude", found.exclude),
    ]
    for section, names in named:
        for name in names:
            if name and field_of(found.kind, name) is None:
                known = [*FIELDS.get(found.kind, {}), *OPEN_PREFIXES]
                hint = did_you_mean(name, known, otherwise=f"{found.kind} has: {', '.join(known)}.")
                raise BadMap(f"[{section}] names the field {name!r}, which {found.kind} does not have.", hint=hint)
    if found.time_zone is not None:
        zone_of(found.time_zone)


def zone_of(name: str) -> ZoneInfo:
    """The time zone called `name`.

    Raises:
        BadMap: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadMap(f"There is no time zone {name!r}.", hint='Write it as "Asia/Shanghai".') from error


def matches(text: str, patterns: Iterable[str]) -> bool:
    """Whether any of the patterns fits the whole text."""
    return any(fnmatchcase(text, pattern) for pattern in patterns)


@cache
def ready_maps() -> tuple[ImportMap, ...]:
    """The maps that come with Zhanggui, by file name."""
    folder = resources.files("zhanggui.shop.importers").joinpath("maps")
    texts = sorted((entry.name, entry.read_text(encoding="utf-8")) for entry in folder.iterdir())
    return tuple(decode_map(text) for name, text in texts if name.endswith(".toml"))


def ready_map(kind: ImportKind, columns: Iterable[str]) -> ImportMap | None:
    """The ready map of `kind` that fits columns best: all required fields filled, and at least half of all it knows."""
    present = {column_key(name) for name in columns}
    best: tuple[int, ImportMap] | None = None
    for candidate in ready_maps():
        if kind not in {candidate.kind, ImportKind.SHOP} or missing_fields(candidate, present):
            continue
        mapped = {name: field for name, field in candidate.columns.items() if field}
        matched = [field for name, field in mapped.items() if column_key(name) in present]
        is_close = 2 * len(set(matched)) >= len(set(mapped.values()))
        if is_close and (best is None or len(matched) > best[0]):
            best = (len(matched), candidate)
    return best[1] if best else None


def named_map(name: str) -> ImportMap:
    """A ready map by its name.

    Raises:
        BadMap: there is none.
    """
    known = {each.name: each for each in ready_maps()}
    if name not in known:
        hint = did_you_mean(name, known, otherwise=f"There are: {', '.join(known)}.")
        raise BadMap(f"No ready map is called {name!r}.", hint=hint)
    return known[name]


def missing_fields(found: ImportMap, present: Iterable[str]) -> list[str]:
    """Required fields that neither a present column (by `column_key`) nor a constant fills."""
    filled = _filled(found, present)
    return [name for name, field in FIELDS[found.kind].items() if field.is_required and name not in filled]


def _filled(found: ImportMap, present: Iterable[str]) -> set[str]:
    keys = set(present)
    return {field for name, field in found.columns.items() if column_key(name) in keys} | set(found.constants)


def assumed_currency(found: ImportMap, present: Iterable[str], default: str) -> str:
    """The currency in which amounts are taken because no present column (by `column_key`) says it.

    Empty where one does, and where there are no amounts.
    """
    filled = _filled(found, present)
    is_open = "currency" in FIELDS.get(found.kind, {}) and "currency" not in filled
    return (found.currency or default) if is_open and not filled.isdisjoint(_AMOUNTS) else ""


def assumed_licence(found: ImportMap, present: Iterable[str], default: TextLicence) -> TextLicence | None:
    """The licence that texts are taken with as no present column (by `column_key`) says it; None where one does."""
    is_open = "licence" in FIELDS.get(found.kind, {}) and "licence" not in _filled(found, present)
    return (found.licence or default) if is_open else None


_AMOUNTS = frozenset({"unit_price", "amount", "price", "list_price", "cost", "value"})


def propose_command(kind: ImportKind) -> str:
    """The command that writes a map for a file of `kind`, to be read over and imported with."""
    of_kind = "" if kind is ImportKind.SHOP else f" --kind {kind}"
    return f"zhanggui import-profile SHOP FILE{of_kind} > map.toml, then import with --map map.toml"


def propose_request(kind: ImportKind) -> str:
    """The same over HTTP."""
    of_kind = "" if kind is ImportKind.SHOP else f", with kind={kind}"
    return f"POST the file to /v1/SHOP/imports/profile{of_kind}; send the map of its answer as `map` with the import."


def quoted(value: object) -> str:
    """Texts, numbers, truths and lists of them are written in TOML as in JSON, but for DEL."""
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
