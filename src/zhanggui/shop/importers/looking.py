"""A file before it is imported: what it holds, the map that would read it, and its first rows by a map."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from zhanggui.shop.types.drafts import Preview, PreviewRow
from zhanggui.shop.types.imports import ColumnProfile, ImportKind, ImportProfile, Reject

from .conversion import Defaults, make_plan
from .fields import FIELDS, NAMES_OF_PRODUCTS
from .inputs import FactFile, Opening, propose
from .map_text import map_text
from .mapping import ImportMap, assumed_currency, missing_fields
from .naming import column_key
from .readers.source import Batch, TableSource

PREVIEW_ROWS = 10


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look into a file found. Without a map, its facts speak for themselves, or nobody knows the kind yet."""

    format: str
    rows_seen: int
    columns: tuple[ColumnProfile, ...]
    kind: ImportKind | None
    map: ImportMap | None


def look_at(path: Path, kind: ImportKind | None, defaults: Defaults) -> Looked:
    """Look into a file.

    Args:
        path: of the file.
        kind: what its rows are; guessed without one.
        defaults: for what its map leaves open.

    Raises:
        BadFile, TooLarge: it cannot be read.
    """
    opening = _opening(kind, None, defaults)
    source = opening.source(path)
    if isinstance(source, FactFile):
        return Looked(source.format, 0, (), opening.kind, None)
    profiles, proposed, rows = propose(source, kind)
    found = opening.ready(source) or proposed
    if found is None:
        return Looked(source.format, rows, profiles, kind, None)
    by_key = {column_key(name): field for name, field in found.columns.items()}
    columns = {each.name: by_key.get(column_key(each.name), "") for each in profiles}
    profiles = tuple(msgspec.structs.replace(each, field=columns[each.name]) for each in profiles)
    return Looked(source.format, rows, profiles, found.kind, msgspec.structs.replace(found, columns=columns))


def profile_of(path: Path, kind: ImportKind | None, defaults: Defaults) -> ImportProfile:
    """The same for a reader: with what the map still needs, and its TOML to accept or edit.

    Raises:
        BadFile, TooLarge: it cannot be read.
    """
    looked = look_at(path, kind, defaults)
    speaks_for_itself = looked.map is None and not looked.columns
    remarks = {each.name: f"{each.type}: {', '.join(each.examples)}"[:120] for each in looked.columns}
    return ImportProfile(
        file=path.name,
        format=looked.format,
        rows_seen=looked.rows_seen,
        columns=looked.columns,
        kind=looked.kind,
        missing=_missing(looked.map) if looked.map else () if speaks_for_itself else ("kind",),
        ready_map=looked.map.name if looked.map else "facts" if speaks_for_itself else "",
        map=map_text(looked.map, remarks) if looked.map else "",
        assumed_currency=assumed_in(looked.map, defaults),
    )


def assumed_in(found: ImportMap | None, defaults: Defaults) -> str:
    """The currency in which amounts of a file, all of whose columns a map names, are taken as no column says it."""
    return "" if found is None else assumed_currency(found, map(column_key, found.columns), defaults.currency)


def preview_of(path: Path, kind: ImportKind | None, found: ImportMap | None, defaults: Defaults) -> Preview:
    """The first rows of a file by a map.

    Raises:
        BadFile: it cannot be read.
    """
    if kind is None or found is None:
        return Preview()
    missing = _missing(found)
    if missing:
        return Preview(missing=missing)
    source = _opening(kind, found, defaults).source(path)
    return Preview() if isinstance(source, FactFile) else _previewed(path, source, found, defaults)


def _previewed(path: Path, source: TableSource, found: ImportMap, defaults: Defaults) -> Preview:
    plan = make_plan(found, source.columns, defaults, is_open=source.has_more_columns, file=path.name)
    filled = [column for column in plan.columns if column.sources or column.constant is not None]
    batch = next(iter(source.batches()), Batch([], {}))
    head = Batch(batch.lines[:PREVIEW_ROWS], {name: cells[:PREVIEW_ROWS] for name, cells in batch.columns.items()})
    converted = plan.convert(head, path.name)
    rows = [
        PreviewRow(line=line, values=tuple(_shown(converted.columns[column.name][n]) for column in filled))
        for n, line in enumerate(converted.lines)
    ]
    rows += [PreviewRow(line=reject.line, reject=reject) for reject in converted.rejects]
    return Preview(
        fields=tuple(column.name for column in filled),
        types=tuple(column.field.type for column in filled),
        rows=tuple(sorted(rows, key=lambda row: row.line)),
    )


def _missing(found: ImportMap) -> tuple[str, ...]:
    """Required fields that nothing fills; of a line any of three names the product."""
    missing = missing_fields(found, map(column_key, found.columns)) if found.kind in FIELDS else []
    filled = {*found.columns.values(), *found.constants}
    if found.kind in {ImportKind.ORDERS, ImportKind.RETURNS} and filled.isdisjoint(NAMES_OF_PRODUCTS):
        missing.append(NAMES_OF_PRODUCTS[0])
    return tuple(missing)


def _shown(value: object) -> str | int | None:
    return value if isinstance(value, int) or value is None else str(value)


def _opening(kind: ImportKind | None, found: ImportMap | None, defaults: Defaults) -> Opening:
    return Opening(
        kind=kind or ImportKind.SHOP, map=found, defaults=defaults, accept=True, on_reject=_ignore, on_skip=_ignore
    )


def _ignore(_: Reject | str) -> None:
    """A look counts no rejects."""
