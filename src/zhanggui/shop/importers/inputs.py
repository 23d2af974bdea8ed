"""Which files hold facts and which hold tables, and by which map each table is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.shop.errors import BadFile
from zhanggui.shop.types import PastEvent
from zhanggui.shop.types.imports import ColumnProfile, ImportKind, Reject

from .building.facts import FACTS, is_fact
from .conversion import Defaults, Plan, make_plan
from .errors import BadMap
from .fields import FIELDS
from .mapping import ImportMap, missing_fields, named_map, propose_command, propose_request, ready_map
from .naming import column_key
from .proposing import PROFILE_ROWS, column_profile, date_format, guess_kind, proposed_map
from .readers.encoding import find_encoding
from .readers.ga4 import COLUMNS as GA4_COLUMNS
from .readers.ga4 import flat_events, is_ga4
from .readers.merchant import MerchantTable
from .readers.opening import open_source
from .readers.own import OwnTable, own_table
from .readers.parquet import Parquet
from .readers.source import JsonSource, OnReject, RecordTable, TableSource, flatten
from .readers.tau import is_tau, tau_facts

_DECODE = msgspec.json.Decoder(dict[str, Any])
GA4_MAP = ImportMap(kind=ImportKind.EVENTS, name="ga4", columns={name: name for name in GA4_COLUMNS}, time_zone="UTC")

FactRecords = Callable[[], Iterator[tuple[int, Any]]]


@dataclass(frozen=True, slots=True)
class FactFile:
    """A file of facts: `records` gives each with its line, decoded, or as bytes that are still to be."""

    path: Path
    format: str
    fact: type[Any] | None  # None: already facts
    records: FactRecords


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file of rows with the map that reads it."""

    path: Path
    source: TableSource
    map: ImportMap
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How files are opened in one import."""

    kind: ImportKind
    map: ImportMap | None
    defaults: Defaults
    accept: bool
    on_reject: OnReject
    on_skip: Callable[[str], None]  # told the name of each event that the shop has no use for

    def open(self, path: Path) -> FactFile | TableFile:
        """Look into a file.

        Raises:
            BadFile: it cannot be read.
            BadMap: no map fits it.
        """
        source = self.source(path)
        if isinstance(source, FactFile):
            return source
        found = self._map_for(path, source)
        plan = make_plan(found, source.columns, self.defaults, is_open=source.has_more_columns, file=path.name)
        return TableFile(path, source, found, plan)

    def source(self, path: Path) -> FactFile | TableSource:
        """The facts or the table that a file holds.

        Raises:
            BadFile: it cannot be read.
        """
        source = open_source(path, self.on_reject)
        if isinstance(source, JsonSource):
            opened = self._json(path, source)
            if isinstance(opened, FactFile):
                return opened
            source = opened
        own = None if self.map else own_table(source, self._facts(), self.on_reject)
        if own is not None:
            return self._own(path, own)
        if isinstance(source, Parquet) and {"event_name", "event_params"} <= set(source.columns):
            source = self._ga4(source.format, source.records)
        return source

    def _json(self, path: Path, source: JsonSource) -> FactFile | TableSource:
        first = next(iter(source.records()), None)
        if first is None:
            raise BadFile(f"{path.name} has no records.", hint="Export it again.")
        if self.kind is ImportKind.SHOP and source.format.startswith("JSON,"):
            encoding = find_encoding(path)
            if is_tau(path, encoding):
                return FactFile(path, "tau-retail db.json", None, lambda: tau_facts(path, encoding))
        kind = self._kind_of_facts(first[1])
        if kind is not None and self.map is None:
            return FactFile(path, f"{kind} facts, {source.format}", FACTS[kind], source.records)
        return self._records_table(source, path.name)

    def _records_table(self, source: JsonSource, file: str) -> TableSource:
        first = next(_decoded(source, file, _ignore), None)

        def records() -> Iterator[tuple[int, dict[str, Any]]]:
            return _decoded(source, file, self.on_reject)

        def rows() -> Iterator[tuple[int, dict[str, object]]]:
            return ((line, flatten(record)) for line, record in records())

        if first is not None and is_ga4(first[1]):
            return self._ga4(f"GA4 export, {source.format}", records)
        some = islice(_decoded(source, file, _ignore), PROFILE_ROWS)
        columns = dict.fromkeys(name for _, record in some for name in flatten(record))
        return RecordTable(source.format, rows, tuple(columns))

    def _facts(self) -> list[type[Any]]:
        """The facts that a file of this kind may hold, and what only a restore can take."""
        kinds = FACTS if self.kind is ImportKind.SHOP else {self.kind} & set(FACTS)
        return [*(FACTS[kind] for kind in kinds), PastEvent]

    def _own(self, path: Path, own: OwnTable) -> FactFile:
        if own.fact is PastEvent:
            # The history names no ids of its own, so only a restore can tell what is there already.
            raise BadFile(
                f"{path.name} is an export of the history, which an import would count twice.",
                hint="Take the folder that it was exported to: zhanggui restore SHOP FOLDER",
            )
        return FactFile(path, f"our own export, {own.format}", own.fact, own.records)

    def _kind_of_facts(self, record: bytes) -> ImportKind | None:
        kinds = FACTS if self.kind is ImportKind.SHOP else (self.kind,)
        return next((kind for kind in kinds if is_fact(kind, record)), None)

    def _ga4(self, format_: str, records: Callable[[], Iterator[tuple[int, dict[str, Any]]]]) -> TableSource:
        return RecordTable(format_, lambda: flat_events(records(), self.on_skip), tuple(GA4_COLUMNS))

    def _map_for(self, path: Path, source: TableSource) -> ImportMap:
        if self.map is not None:
            if self.kind not in {self.map.kind, ImportKind.SHOP}:
                raise BadMap(f"The map is for {self.map.kind}, not for {self.kind}.", hint="Name the kind of the map.")
            return self.map
        found = self.ready(source)
        if found is None and self.accept:
            # What is rejected while a map is looked for is rejected again when the rows are read: it counts once.
            looked = replace(self, on_reject=_ignore, on_skip=_ignore).source(path)
            if not isinstance(looked, FactFile):
                found = propose(looked, None if self.kind is ImportKind.SHOP else self.kind)[1]
        if found is None:
            raise BadMap(
                f"No ready map fits {path.name}; its columns are: {', '.join(source.columns)[:600]}.",
                hint=f"Take the proposed one unseen (--accept), or read it over: {propose_command(self.kind)}",
                api_hint=f"Take the proposed one unseen (accept=true), or read it over: {propose_request(self.kind)}",
            )
        return found

    def ready(self, source: TableSource) -> ImportMap | None:
        """The map that comes with Zhanggui, or with the file itself, and fits."""
        if source.columns == tuple(GA4_COLUMNS):
            return GA4_MAP
        if isinstance(source, MerchantTable) or source.format.startswith("Google Merchant"):
            return named_map("google-merchant")
        return ready_map(self.kind, source.columns) or _own_names(self.kind, source.columns)


def _own_names(kind: ImportKind, columns: tuple[str, ...]) -> ImportMap | None:
    """The map of a file whose columns are named as our fields are."""
    if kind not in FIELDS:
        return None
    own = {name: name for name in columns if name in FIELDS[kind]}
    found = ImportMap(kind=kind, columns=own)
    return found if len(own) == len(columns) and not missing_fields(found, map(column_key, columns)) else None


def _ignore(_: object) -> None:
    """Records looked at for their columns are read again, and rejected then."""


def _decoded(source: JsonSource, file: str, on_reject: OnReject) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, record in source.records():
        try:
            yield line, _DECODE.decode(record)
        except (msgspec.DecodeError, RecursionError) as error:
            reason = "nested too deep" if isinstance(error, RecursionError) else f"not a JSON object: {error}"
            value = record[:200].decode("utf-8", "replace")
            on_reject(Reject(file=file, line=line, value=value, reason=reason, cure="One flat object a record."))


def propose(source: TableSource, kind: ImportKind | None) -> tuple[tuple[ColumnProfile, ...], ImportMap | None, int]:
    """Profiles of the columns, the map proposed (None when no kind fits), and how many rows were looked at."""
    batch = next(iter(source.batches()), None)
    cells: Mapping[str, list[object]] = batch.columns if batch else {name: [] for name in source.columns}
    some = {name: values[:PROFILE_ROWS] for name, values in cells.items()}
    profiles = [column_profile(name, values) for name, values in some.items()]
    kind = kind or guess_kind(profiles)
    rows = min(len(batch.lines), PROFILE_ROWS) if batch else 0
    if kind is None or kind not in FIELDS:
        return tuple(profiles), None, rows
    pattern = date_format(list(zip(profiles, some.values(), strict=True)))
    found = proposed_map(kind, profiles, pattern)
    return tuple(msgspec.structs.replace(each, field=found.columns[each.name]) for each in profiles), found, rows
