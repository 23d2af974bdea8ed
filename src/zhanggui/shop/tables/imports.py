"""What imports leave behind: the record of each, ids of imported events for good, entries of the books."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import BigKey, shop_metadata
from zhanggui.kernel.ids import hash64
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty, Reason
from zhanggui.shop.engines.event_admission import extra_of
from zhanggui.shop.types import EVENT_NUMBERS, Event, EventName, LegalBasis, PutReport
from zhanggui.shop.types.imports import BookEntry, ImportRecord, ImportReport

from .bulk import Row, content_hash, delete_among, encode, known_ids, put_rows, select_among, take_numbers
from .events import StoredRow, append_rows
from .links import Login, note_logins
from .noted import Noted, Part
from .orders import orders
from .people import CUSTOMER, VISITOR, customers, person_numbers
from .products import products, reserve_product_numbers

imports = sa.Table(
    "imports",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("files", sa.LargeBinary, nullable=False),  # JSON list of names
    sa.Column("basis", sa.String(16), nullable=False),
    sa.Column("notice", sa.String(512), nullable=False),
    sa.Column("report", sa.LargeBinary, nullable=False),  # JSON of the ImportReport
)

# Old events come in by file at any time, so their ids are kept for good, and not 30 days as those of live ones.
import_event_ids = sa.Table(
    "import_event_ids",
    shop_metadata,
    sa.Column("hash", BigKey, primary_key=True, autoincrement=False),
)

book_entries = Personal(
    sa.Table(
        "book_entries",
        shop_metadata,
        sa.Column("number", BigKey, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(256), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("order_id", sa.String(256), index=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.BigInteger, nullable=False),
        sa.Column("fact", sa.LargeBinary, nullable=False),
    )
)

_ENTRY_COLUMNS = book_entries.columns


def note_import(
    db: sa.Connection,
    report: ImportReport,
    files: Sequence[str],
    basis: LegalBasis | None,
    at_ms: int,
    *,
    by: str = "",
    map_text: str = "",
    products: Sequence[str] = (),
    orders: Sequence[str] = (),
) -> None:
    """Remember what an import did, who asked for it, by which map, and the first products and orders of its file."""
    held = basis or LegalBasis(kind="public-data")
    told = msgspec.structs.asdict(report)
    record = ImportRecord(**told, by=by, map=map_text, products=tuple(products), orders=tuple(orders))
    noted = encode(record)
    row: Row = (report.id, at_ms, encode(list(files)), held.kind if basis else "", held.notice, noted)
    put_rows(db, imports, ("id", "at_ms", "files", "basis", "notice", "report"), [row])


def import_report(db: sa.Connection, id_: str) -> ImportReport | None:
    """The report of an import."""
    rows = select_among(db, imports, ("report",), "id", [id_])
    return msgspec.json.decode(rows[0][0], type=ImportReport) if rows else None


def import_reports(db: sa.Connection, limit: int) -> list[ImportReport]:
    """Reports, newest first."""
    rows = db.execute(sa.select(imports.c.report).order_by(imports.c.id.desc()).limit(limit))
    return [msgspec.json.decode(row[0], type=ImportReport) for row in rows]


def import_records(db: sa.Connection, limit: int) -> list[ImportRecord]:
    """What is remembered of imports, newest first."""
    rows = db.execute(sa.select(imports).order_by(imports.c.id.desc()).limit(limit))
    return [_record(row) for row in rows]


def import_record(db: sa.Connection, id_: str) -> ImportRecord | None:
    """What is remembered of one import."""
    row = db.execute(sa.select(imports).where(imports.c.id == id_)).one_or_none()
    return None if row is None else _record(row)


def _record(row: sa.Row[Any]) -> ImportRecord:
    noted = msgspec.json.decode(row.report, type=ImportRecord)
    files = msgspec.json.decode(row.files, type=tuple[str, ...])
    return msgspec.structs.replace(noted, at_ms=row.at_ms, files=files, basis=row.basis)


def store_entries(db: sa.Connection, facts: Sequence[BookEntry]) -> PutReport:
    """Create or change entries by id; of equal ids in one batch the last counts."""
    latest = {fact.id: fact for fact in facts}
    hashes = {id_: content_hash(fact) for id_, fact in latest.items()}
    known = known_ids(db, book_entries.for_(Duty.UPKEEP), ("number", "hash"), "entry", latest)
    missing = [id_ for id_ in latest if id_ not in known]
    numbers = {id_: row[1] for id_, row in known.items() if row[2] != hashes[id_]}
    if missing:
        numbers |= zip(missing, take_numbers(db, "entry", len(missing)), strict=True)
    rows: list[Row] = []
    for id_, number in numbers.items():
        fact = latest[id_]
        rows.append((number, id_, fact.kind.value, fact.order_id, to_ms(fact.at), hashes[id_], encode(fact)))
    put_rows(db, book_entries, _ENTRY_COLUMNS, rows, keys=("number",))
    return PutReport(len(missing), len(rows) - len(missing), len(facts) - len(rows))


def entries_page(db: sa.Connection, *, after: int, limit: int, purpose: Reason) -> list[tuple[int, BookEntry]]:
    """Entries with their numbers, in the order in which they came."""
    c = book_entries.for_(purpose).c
    rows = db.execute(sa.select(c.number, c.fact).where(c.number > after).order_by(c.number).limit(limit))
    return [(row[0], msgspec.json.decode(row[1], type=BookEntry)) for row in rows]


def store_events(db: sa.Connection, facts: Sequence[Event], now_ms: int, noted: Noted | None = None) -> PutReport:
    """Append events of any age whose ids never came by file before; logins among them link whom they name.

    None is one that `person_refusal` refuses.
    """
    by_hash = {hash64(fact.id): fact for fact in reversed(facts)}
    known = {row[0] for row in select_among(db, import_event_ids, ("hash",), "hash", list(by_hash))}
    fresh = [(hash_, fact) for hash_, fact in reversed(by_hash.items()) if hash_ not in known]
    put_rows(db, import_event_ids, ("hash",), sorted((hash_,) for hash_, _ in fresh))
    _append_events(db, [fact for _, fact in fresh], now_ms)
    if noted is not None:
        noted.owners += [(Part.EVENTS, 0)] * len(fresh)
        noted.event_ids += [hash_ for hash_, _ in fresh]
    return PutReport(len(fresh), 0, len(facts) - len(fresh))


def _append_events(db: sa.Connection, facts: Sequence[Event], now_ms: int) -> None:
    customers = person_numbers(db, CUSTOMER, {fact.customer_id for fact in facts if fact.customer_id}, create=True)
    visitor_ids = {fact.visitor_id for fact in facts if fact.visitor_id and _is_visitors(fact)}
    visitors = person_numbers(db, VISITOR, visitor_ids, create=True)
    items = reserve_product_numbers(db, {fact.product_id for fact in facts if fact.product_id}, now_ms)
    rows: list[StoredRow] = []
    logins: list[Login] = []
    for fact in facts:
        person = visitors[fact.visitor_id or ""] if _is_visitors(fact) else customers[fact.customer_id or ""]
        at_ms = now_ms if fact.at is None else to_ms(fact.at)
        product = items[fact.product_id] if fact.product_id else 0
        kind = EVENT_NUMBERS[fact.name]
        rows.append((person, product, kind, at_ms, fact.quantity, fact.value_minor, extra_of(fact)))
        if fact.name is EventName.IDENTIFY:
            logins.append((person, customers[fact.customer_id or ""], at_ms))
    append_rows(db, rows)
    if logins:
        note_logins(db, sorted(logins, key=lambda login: login[2]), is_late=True)


def _is_visitors(fact: Event) -> bool:
    """A login is what a visitor did; all else is the customer's where one is named."""
    return fact.name is EventName.IDENTIFY or not fact.customer_id


def imported_ids_in_order(db: sa.Connection, limit: int) -> Iterator[list[int]]:
    """Hashes of the ids of all events that came by file, in order, `limit` at a time."""
    hash_ = import_event_ids.c.hash
    chosen, page = sa.select(hash_).order_by(hash_).limit(limit), list[int]()
    while page := list(db.execute(chosen.where(hash_ > page[-1]) if page else chosen).scalars()):
        yield page


def drop_imported_ids(db: sa.Connection, hashes: Collection[int]) -> None:
    """Forget ids of events that came by file: the file may bring them again."""
    delete_among(db, import_event_ids, "hash", hashes)


def add_imported_ids(db: sa.Connection, hashes: Sequence[int]) -> int:
    """Remember ids as those of events that came by file; returns how many were not remembered."""
    known = {row[0] for row in select_among(db, import_event_ids, ("hash",), "hash", set(hashes))}
    fresh = set(hashes) - known
    put_rows(db, import_event_ids, ("hash",), [(hash_,) for hash_ in sorted(fresh)])
    return len(fresh)


def known_customers(db: sa.Connection, ids: Collection[str]) -> set[str]:
    """Those of `ids` that are customers already, and not only numbers."""
    numbers = person_numbers(db, CUSTOMER, ids, create=False)
    there = {
        row[0] for row in select_among(db, customers.for_(Duty.UPKEEP), ("person",), "person", list(numbers.values()))
    }
    return {id_ for id_, number in numbers.items() if number in there}


def known_products(db: sa.Connection, ids: Collection[str]) -> set[str]:
    """Those of `ids` that have come as products, and are not only reserved."""
    return {row[0] for row in select_among(db, products, ("id", "fact IS NULL"), "id", ids) if not row[1]}


def known_orders(db: sa.Connection, ids: Collection[str]) -> set[str]:
    """Those of `ids` that are orders already."""
    return {row[0] for row in select_among(db, orders.for_(Duty.UPKEEP), ("id",), "id", ids)}
