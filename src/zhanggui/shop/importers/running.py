"""One import from its files to the store: read and convert, spool, build, store slice by slice."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.kernel.db import Database
from zhanggui.shop.engines.event_admission import person_refusal
from zhanggui.shop.types import Event, PutReport
from zhanggui.shop.types.imports import ImportKind, OnStep, Reject

from .building.built import Built, Columns, Frame
from .building.facts import add_fact, licensed
from .building.goods import build_labels, build_offers, build_products, build_rival_prices
from .building.order_book import LineClass, OrderBook
from .building.orders import build_orders, complete_lines
from .building.persons import build_customers, build_events, build_questions, build_returns, build_reviews
from .conversion import Column, Converted, Defaults, Plan
from .fields import FIELDS
from .inputs import FactFile, TableFile
from .mapping import assumed_currency, assumed_licence
from .naming import column_key
from .rejects import RejectsFile
from .spool import Ints, Spool
from .storing import Storing

SLICE_ROWS = 5_000
FIRST_PRODUCTS = 50
FIRST_ORDERS = 20
_IN_FLIGHT = 2
"""Slices that may wait for the writer while the next one is built."""

Build = Callable[[Columns, list[int], Frame], Built]
_BUILDERS: dict[ImportKind, Build] = {
    ImportKind.PRODUCTS: build_products,
    ImportKind.OFFERS: build_offers,
    ImportKind.LABELS: build_labels,
    ImportKind.RIVAL_PRICES: build_rival_prices,
    ImportKind.CUSTOMERS: build_customers,
    ImportKind.RETURNS: build_returns,
    ImportKind.REVIEWS: build_reviews,
    ImportKind.QUESTIONS: build_questions,
    ImportKind.EVENTS: build_events,
}
_GROUPS = {ImportKind.PRODUCTS: "product_id", ImportKind.RETURNS: "return_id"}


@dataclass(slots=True, kw_only=True)
class ImportRun:
    """State of one import."""

    db: Database
    storing: Storing
    defaults: Defaults
    folder: Path
    rejects: RejectsFile
    on_step: OnStep
    pseudonym: Callable[[str, str], str]
    is_dry: bool = False
    turn: int = 0  # of the next slice that is stored
    rows_read: int = 0
    excluded: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    rejected_amount: Decimal = Decimal(0)
    books: dict[LineClass, tuple[int, Decimal]] = field(default_factory=dict)  # lines and amount over all order books
    totals: dict[str, PutReport] = field(default_factory=dict)
    figures: dict[str, int | str] = field(default_factory=dict)
    first_products: dict[str, None] = field(default_factory=dict)  # ids, in the order of the rows
    first_orders: dict[str, None] = field(default_factory=dict)
    _writing: deque[Future[dict[str, PutReport]]] = field(default_factory=deque)

    def reject(self, reject: Reject) -> None:
        """Refuse a row while it is read."""
        self.rows_read += 1
        self.rejects.add(reject)

    def skip(self, name: str) -> None:
        """Count an event that the shop has no use for."""
        self.rows_read += 1
        self.skipped[name or "(unnamed)"] += 1

    def take(self, files: Iterable[FactFile | TableFile]) -> None:
        """Import files in their order; tables of one map are taken together."""
        for is_table, some in groupby(files, key=lambda each: each.map if isinstance(each, TableFile) else None):
            if is_table is None:
                for file in some:
                    self._take_facts(file)  # type: ignore[arg-type]  # grouped by their type
            else:
                self._take_tables(list(some))  # type: ignore[arg-type]
        self._wait(0)
        self._tell_books()
        self.figures |= {f"skipped_{name}": count for name, count in self.skipped.items()}
        if self.excluded:
            self.figures["rows_excluded"] = self.excluded

    # Facts

    def _take_facts(self, file: FactFile) -> None:
        built, count = Built(), 0
        for line, record in file.records():
            self.rows_read += 1
            fact = self._fact(file, line, record)
            if fact is None:
                continue
            add_fact(built, licensed(fact, self.defaults.licence))
            count += 1
            if count % SLICE_ROWS == 0:
                self._store(built)
                built = Built()
                self.on_step(self.rows_read, None)
        self._store(built)
        self.on_step(self.rows_read, self.rows_read)

    def _fact(self, file: FactFile, line: int, record: Any) -> Any:
        if file.fact is None:
            return record
        try:
            fact = msgspec.json.decode(record, type=file.fact)
        except (msgspec.ValidationError, msgspec.DecodeError, RecursionError) as error:
            where, _, path = str(error).partition(" - at `$.")
            reason = "nested too deep" if isinstance(error, RecursionError) else where
            self._refuse_fact(file, line, record, reason, path.rstrip("`"))
            return None
        refusal = person_refusal(fact) if isinstance(fact, Event) else None
        if refusal is not None:
            self._refuse_fact(file, line, record, refusal[1])
            return None
        return fact

    def _refuse_fact(self, file: FactFile, line: int, record: bytes, reason: str, column: str = "") -> None:
        value = record[:200].decode("utf-8", "replace")
        cure = "Mend the record, then import the file again."
        self.rejects.add(Reject(file=file.path.name, line=line, column=column, value=value, reason=reason, cure=cure))

    # Tables

    def _take_tables(self, files: list[TableFile]) -> None:
        plan = Plan(files[0].map, list({c.name: c for file in files for c in file.plan.columns}.values()))
        if plan.map.kind in {ImportKind.ORDERS, ImportKind.RETURNS}:
            plan = Plan(plan.map, _with_line_columns(plan))
        spool = Spool(self.folder, plan)
        try:
            for place, file in enumerate(files):
                self._read(place, file, spool)
            spool.finish()
            if spool.rows:
                frame = Frame(files[0].map, self.defaults, tuple(file.path.name for file in files))
                self._tell_assumed(files)
                self._store_spool(spool, frame)
        finally:
            self._wait(0)
            spool.close()

    def _tell_assumed(self, files: list[TableFile]) -> None:
        present = {column_key(name) for file in files for name in file.source.columns}
        assumed = assumed_currency(files[0].map, present, self.defaults.currency)
        if assumed:
            self.figures["currency_assumed"] = assumed
        licence = assumed_licence(files[0].map, present, self.defaults.licence)
        if licence:
            self.figures["licence_assumed"] = licence.value

    def _read(self, place: int, file: TableFile, spool: Spool) -> None:
        has_lines = file.map.kind in {ImportKind.ORDERS, ImportKind.RETURNS}
        for batch in file.source.batches():
            self.rows_read += len(batch.lines)
            converted = file.plan.convert(batch, file.path.name)
            self.excluded += converted.excluded
            self.rejected_amount += converted.rejected_amount
            for reject in converted.rejects:
                self.rejects.add(reject)
            if has_lines:
                converted = self._completed(converted, file)
            spool.add(place, converted.lines, converted.columns)
            self.on_step(self.rows_read, None)

    def _completed(self, converted: Converted, file: TableFile) -> Converted:
        bad = complete_lines(converted.columns, len(converted.lines), self.pseudonym)
        if not bad:
            return converted
        for row, why in bad.items():
            line, name = converted.lines[row], file.path.name
            self.rejects.add(Reject(file=name, line=line, column=why.field, reason=why.reason, cure=why.cure))
        keep = [n for n in range(len(converted.lines)) if n not in bad]
        columns = {name: [cells[n] for n in keep] for name, cells in converted.columns.items()}
        return Converted([converted.lines[n] for n in keep], columns, [])

    def _store_spool(self, spool: Spool, frame: Frame) -> None:
        kind = frame.map.kind
        if kind is ImportKind.ORDERS:
            self._store_orders(spool, frame)
            return
        groups = _groups(kind, spool)
        for done, (_, columns, bounds) in _counted(spool.slices(groups, SLICE_ROWS)):
            self._store(_BUILDERS[kind](columns, bounds, frame))
            self.on_step(done, spool.rows)

    def _store_orders(self, spool: Spool, frame: Frame) -> None:
        book = OrderBook(spool, frame)
        for kind, (lines, amount) in book.figures().items():
            before = self.books.get(kind, (0, Decimal(0)))
            self.books[kind] = (before[0] + lines, before[1] + amount)
        self._store_derived(book, frame)
        for done, (places, columns, bounds) in _counted(spool.slices(book.groups, SLICE_ROWS)):
            self._store(build_orders(columns, bounds, book.classes[places].tolist(), frame))
            self.on_step(done, spool.rows)

    def _tell_books(self) -> None:
        if not self.books:
            return
        for kind, (lines, amount) in sorted(self.books.items()):
            self.figures[f"lines_{kind.name.lower()}"] = lines
            self.figures[f"amount_{kind.name.lower()}"] = f"{amount:f}"
        if self.rejected_amount:
            self.figures["amount_rejected"] = f"{self.rejected_amount:f}"
        total = sum((amount for _, amount in self.books.values()), self.rejected_amount)
        self.figures["amount_all_lines"] = f"{total:f}"

    def _store_derived(self, book: OrderBook, frame: Frame) -> None:
        """Products and offers come before the orders that name them, so that their numbers follow their appearance."""
        rules = frame.map.derive
        offers = {offer.product_id: offer for offer in book.offers()} if rules.offers != "never" else {}
        for some in _in_slices(book.products() if rules.products != "never" else ()):
            built = Built()
            (built.products if rules.products == "always" else built.absent_products).extend(some)
            priced = [offers[product.id] for product in some if product.id in offers]
            (built.offers if rules.offers == "always" else built.absent_offers).extend(priced)
            self._store(built)

    # The store

    def _store(self, built: Built) -> None:
        for reject in built.rejects:
            self.rejects.add(reject)
        if self.is_dry:
            return
        self._note_first(built)
        turn, self.turn = self.turn, self.turn + 1
        self._writing.append(self.db.submit(lambda db: self.storing.store(db, built, turn)))
        self._wait(_IN_FLIGHT)

    def _note_first(self, built: Built) -> None:
        offers, labels, rivals = built.offers, built.labels, built.rival_prices
        named = (fact.product_id for facts in (offers, labels, rivals) for fact in facts)
        for id_ in (*(fact.id for fact in built.products), *named):
            if len(self.first_products) >= FIRST_PRODUCTS:
                break
            self.first_products.setdefault(id_)
        left = FIRST_ORDERS - len(self.first_orders)
        self.first_orders.update(dict.fromkeys(order.id for order in built.orders[:left]))

    def _wait(self, left: int) -> None:
        while len(self._writing) > left:
            for name, report in self._writing.popleft().result().items():
                self.totals[name] = self.totals.get(name, PutReport()) + report


def _groups(kind: ImportKind, spool: Spool) -> Ints | None:
    """Which rows make one fact, as numbers that rise; None where each row is one."""
    if kind is ImportKind.EVENTS:  # purchases of one order; all else stands alone
        return spool.firsts("order_id") if "order_id" in spool.names else None
    return spool.codes(_GROUPS[kind])[0] if kind in _GROUPS else None


def _with_line_columns(plan: Plan) -> list[Any]:
    """The columns of a file of lines, with those that `complete_lines` may fill."""
    have = {column.name for column in plan.columns}
    extra = ("product_id", "unit_price", "customer_id")
    fields = FIELDS[plan.map.kind]
    return [*plan.columns, *(Column(name, fields[name], (), lambda _: None) for name in extra if name not in have)]


def _counted(slices: Iterator[tuple[Any, Columns, list[int]]]) -> Iterator[tuple[int, tuple[Any, Columns, list[int]]]]:
    done = 0
    for each in slices:
        done += each[2][-1]
        yield done, each


def _in_slices(facts: Iterable[Any]) -> Iterator[list[Any]]:
    some: list[Any] = []
    for fact in facts:
        some.append(fact)
        if len(some) == SLICE_ROWS:
            yield some
            some = []
    if some:
        yield some
