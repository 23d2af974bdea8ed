"""A map and the columns of a file, into a plan; batches of raw cells, into batches of values."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from zhanggui.kernel.errors import did_you_mean
from zhanggui.shop.types import TextLicence
from zhanggui.shop.types.imports import ImportKind, Reject

from . import choices, cleaning
from .cleaning import BadCell, clean_text
from .dates import to_moment
from .errors import BadMap
from .fields import FIELDS, NAMES_OF_PRODUCTS, OPEN_PREFIXES, Field, field_of
from .mapping import ImportMap, matches, propose_command, propose_request, zone_of
from .naming import column_key
from .readers.source import Batch

Parse = Callable[[object], object]
_MEMO = 200_000
"""Cells remembered per column: prices, dates and names come again and again."""

# Fields of an order that Shopify and its like write on the first line of the order alone.
_LINE_FIELDS = frozenset(
    ["order_id", "line_id", "product_id", "variant_id", "title", "quantity", "unit_price", "amount", "discount"]
)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a map leaves open."""

    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    language: str = "zh"
    licence: TextLicence = TextLicence.OWN


@dataclass(slots=True)
class Column:
    """One field and the columns that fill it, with what was already converted."""

    name: str
    field: Field
    sources: tuple[str, ...]
    parse: Parse
    constant: object = None
    memo: dict[object, object] = dataclasses.field(default_factory=dict)

    def convert(self, batch: Batch) -> list[object]:
        """Values, `BadCell` where a cell cannot be taken, None where there is none."""
        present = [batch.columns[source] for source in self.sources if source in batch.columns]
        if not present:
            return [self.constant] * len(batch.lines)
        values = self._parsed(present[0])
        for raw in present[1:]:
            if None in values:
                values = [b if a is None else a for a, b in zip(values, self._parsed(raw), strict=True)]
        if self.constant is not None and None in values:
            values = [self.constant if value is None else value for value in values]
        return values

    def _parsed(self, raw: Sequence[object]) -> list[object]:
        memo, parse = self.memo, self.parse
        if len(memo) > _MEMO:
            memo.clear()
        values = []
        for cell in raw:
            try:
                values.append(memo[cell])
            except KeyError:
                value = memo[cell] = parse(cell)
                values.append(value)
        return values


@dataclass(slots=True)
class Converted:
    """Rows that can be taken, by field, and the rows that cannot."""

    lines: list[int]
    columns: dict[str, list[object]]
    rejects: list[Reject]
    excluded: int = 0
    rejected_amount: Decimal = Decimal(0)  # of an order file: quantity × unit price of rejected rows that tell both


@dataclass(slots=True)
class Plan:
    """How the columns of one file become fields."""

    map: ImportMap
    columns: list[Column]
    last: dict[str, object] = dataclasses.field(default_factory=dict)  # the order that the last row belonged to

    def convert(self, batch: Batch, file: str) -> Converted:
        """Values of a batch; rows with a bad or missing cell are rejected whole."""
        values = {column.name: column.convert(batch) for column in self.columns}
        if self.map.kind is ImportKind.ORDERS:
            self._fill_down(values)
        bad: dict[int, Reject] = {}
        for column in self.columns:
            self._find_bad(column, values[column.name], batch, file, bad)
        out = self._excluded(values)
        if not bad and not out:
            return Converted(batch.lines, values, [])
        keep = [n for n in range(len(batch.lines)) if n not in bad and n not in out]
        kept = {name: [cells[n] for n in keep] for name, cells in values.items()}
        lines = [batch.lines[n] for n in keep]
        return Converted(lines, kept, [bad[n] for n in sorted(bad)], len(out - set(bad)), _amount(values, bad))

    def _find_bad(self, column: Column, values: list[object], batch: Batch, file: str, bad: dict[int, Reject]) -> None:
        kinds = set(map(type, values))
        is_missing = column.field.is_required and type(None) in kinds
        if BadCell not in kinds and not is_missing:
            return
        for n, value in enumerate(values):
            if n in bad or not (isinstance(value, BadCell) or (is_missing and value is None)):
                continue
            source, raw = column.sources[0] if column.sources else column.name, None
            for name in column.sources:
                if batch.columns.get(name, [None] * (n + 1))[n] not in {None, ""}:
                    source, raw = name, batch.columns[name][n]
                    break
            reason = value if isinstance(value, BadCell) else BadCell("nothing where a value is needed", "Fill it in.")
            bad[n] = Reject(
                file=file,
                line=batch.lines[n],
                column=source,
                value=("" if raw is None else str(raw))[:200],
                reason=reason.reason,
                cure=reason.cure,
            )

    def _excluded(self, values: dict[str, list[object]]) -> set[int]:
        out: set[int] = set()
        for name, patterns in self.map.exclude.items():
            cells = values.get(name, [])
            hits = {cell for cell in set(cells) if isinstance(cell, str) and matches(cell, patterns)}
            out |= {n for n, cell in enumerate(cells) if cell in hits} if hits else set()
        return out

    def _fill_down(self, values: dict[str, list[object]]) -> None:
        """An order's later lines take its own fields from the line before, where they leave them empty."""
        ids = values["order_id"]
        for name, cells in values.items():
            if name in _LINE_FIELDS or None not in cells:
                continue
            before_id, before = self.last.get("order_id"), self.last.get(name)
            for n, cell in enumerate(cells):
                if cell is None and ids[n] == before_id:
                    cells[n] = before
                before_id, before = ids[n], cells[n]
        self.last = {name: cells[-1] for name, cells in values.items() if cells}


def _amount(values: dict[str, list[object]], rows: Iterable[int]) -> Decimal:
    prices, quantities = values.get("unit_price"), values.get("quantity")
    if prices is None or quantities is None:
        return Decimal(0)
    pairs = [(prices[n], quantities[n]) for n in rows]
    return sum((Decimal(p) * q for p, q in pairs if isinstance(p, str) and isinstance(q, int)), Decimal(0))


def make_plan(found: ImportMap, columns: Iterable[str], defaults: Defaults, *, is_open: bool, file: str) -> Plan:
    """The plan of a file by its map.

    Args:
        found: the map.
        columns: of the file, as its header names them.
        defaults: for what the map leaves open.
        is_open: later rows may bring more columns, so absent ones are no mistake.
        file: its name, for messages.

    Raises:
        BadMap: a required field has no column.
    """
    by_key = {column_key(name): name for name in columns}
    sources: dict[str, list[str]] = {}
    for name, target in found.columns.items():
        if target and (column_key(name) in by_key or is_open):
            sources.setdefault(target, []).append(by_key.get(column_key(name), name))
    wanted = [*FIELDS[found.kind], *(name for name in sources if name.startswith(OPEN_PREFIXES))]
    plan = [_column(found, name, tuple(sources.get(name, ())), defaults) for name in wanted]
    missing = _missing(found, plan)
    if missing:
        expected = [name for name, target in found.columns.items() if target == missing[0]]
        near = did_you_mean(expected[0], by_key.values()) if expected else ""
        cure = f'Write "{missing[0]}" beside the right column of a map'
        raise BadMap(
            f"{file} has no column for {', '.join(missing)} of {found.kind}; "
            f"it has: {', '.join(by_key.values())[:600]}.",
            hint=near or f"{cure}: {propose_command(found.kind)}",
            api_hint=near or f"{cure}: {propose_request(found.kind)}",
        )
    return Plan(found, [each for each in plan if each.sources or each.constant is not None or each.field.is_required])


def _missing(found: ImportMap, plan: Sequence[Column]) -> list[str]:
    """Fields that nothing fills and without which no row can be taken; of a line any of three names the product."""
    filled = {each.name for each in plan if each.sources or each.constant is not None}
    missing = [each.name for each in plan if each.field.is_required and each.name not in filled]
    if found.kind in {ImportKind.ORDERS, ImportKind.RETURNS} and filled.isdisjoint(NAMES_OF_PRODUCTS):
        missing.append(NAMES_OF_PRODUCTS[0])
    return missing


def _column(found: ImportMap, name: str, sources: tuple[str, ...], defaults: Defaults) -> Column:
    its_field = field_of(found.kind, name)
    assert its_field is not None  # the map was checked
    parse = _parser(found, name, its_field, defaults)
    words = found.values.get(name)
    if words:
        parse = partial(_by_words, words=words, parse=parse)
    column = Column(name, its_field, sources, parse)
    if name in found.constants:
        column.constant = parse(found.constants[name])
        if isinstance(column.constant, BadCell):
            raise BadMap(f"[constants] {name}: {column.constant.reason}.", hint=column.constant.cure)
    return column


def _by_words(raw: object, *, words: dict[str, str], parse: Parse) -> object:
    return parse(words.get(clean_text(raw), raw))


def _parser(found: ImportMap, name: str, its_field: Field, defaults: Defaults) -> Parse:
    known = choices.CHOICES.get((found.kind, name))
    if known is not None:
        return partial(choices.to_choice, known=known)
    if name == "age_band":
        return choices.to_age_band
    comma = found.decimal_comma
    parsers: dict[str, Parse] = {
        "id": cleaning.to_id,
        "short": cleaning.to_short,
        "text": cleaning.to_text,
        "list": cleaning.to_text,
        "decimal": partial(cleaning.to_decimal, comma=comma),
        "price": partial(cleaning.to_price, comma=comma),
        "count": partial(cleaning.to_count, comma=comma),
        "moment": partial(to_moment, zone=zone_of(found.time_zone or defaults.time_zone), formats=found.date_formats),
        "currency": choices.to_currency,
        "language": choices.to_language,
        "region": choices.to_region,
    }
    return parsers[its_field.type]
