"""Orders and returns. What they say about a shopper goes into the history in the same transaction, once.

A new line of an order is a `purchase`; one that is taken out or cancelled is a `refund`; returns are the mirror image.
A line that changed is taken out as it was and put in as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.db import BigKey, shop_metadata
from zhanggui.kernel.ids import MAX_ID_LENGTH, hash64
from zhanggui.kernel.personal import Columns, Personal
from zhanggui.kernel.privacy import Duty
from zhanggui.shop.engines.event_admission import Extra, write_extra
from zhanggui.shop.types import EVENT_NUMBERS, EventName, LegalBasis, Order, OrderState, PutReport, Return
from zhanggui.shop.types.base import MAX_MINOR

from .bulk import Row, content_hash, delete_among, encode, known_ids, put_rows, select_among, take_numbers
from .events import StoredRow, append_rows
from .lines import LINE_COLUMNS, line_rows, lines_of, moved, order_lines, return_lines, taken_out
from .noted import Noted, Part
from .order_days import touch_days
from .people import CUSTOMER, VISITOR, person_numbers
from .products import reserve_product_numbers
from .stock import settle_allocations

F = TypeVar("F", Order, Return)
_PURCHASE = EVENT_NUMBERS[EventName.PURCHASE]
_REFUND = EVENT_NUMBERS[EventName.REFUND]

orders = Personal(
    sa.Table(
        "orders",
        shop_metadata,
        sa.Column("number", BigKey, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(256), nullable=False, unique=True),
        sa.Column("person", sa.BigInteger, nullable=False),  # whose history it is: customer, else visitor, else a guest
        sa.Column("customer", sa.BigInteger),
        sa.Column("visitor", sa.BigInteger),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("market", sa.String(512), nullable=False),
        sa.Column("channel", sa.String(512), nullable=False),
        sa.Column("province", sa.String(512), nullable=False),
        sa.Column("city_tier", sa.SmallInteger),
        sa.Column("shipments", sa.LargeBinary),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("notice", sa.String(512), nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False, server_default="0"),  # what its lines come to
        sa.Column("hash", sa.BigInteger, nullable=False),
        sa.Index("ix_orders_person_number", "person", "number"),
        # The lists of the console are answered from these two alone.
        sa.Index("ix_orders_at", "at_ms", "state", "province", "total_minor"),
        sa.Index("ix_orders_customer", "customer", "at_ms", "state", "total_minor"),
    )
)

returns = Personal(
    sa.Table(
        "returns",
        shop_metadata,
        sa.Column("number", BigKey, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(256), nullable=False, unique=True),
        sa.Column("person", sa.BigInteger, nullable=False, index=True),
        sa.Column("customer", sa.BigInteger),
        sa.Column("order_id", sa.String(256), index=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False, index=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("notice", sa.String(512), nullable=False),
        sa.Column("hash", sa.BigInteger, nullable=False),
    )
)


class _Side(msgspec.Struct, frozen=True):
    """What tells orders from returns when lines are written."""

    head: Personal
    lines: Personal
    taken: int  # the event of a line that is put in
    given_back: int  # the event of a line that is taken out
    final: str  # a state in which no line counts
    part: Part
    extra: str | None  # of its events: they are told apart from what a sender posted


_RETURNED = "returned"  # a return has one state only, and every line of it counts
_ORDERS = _Side(
    *(orders, order_lines, _PURCHASE, _REFUND, OrderState.CANCELLED.value, Part.ORDERS),
    write_extra(Extra(derived_from="order")),
)
_RETURNS = _Side(returns, return_lines, _REFUND, _PURCHASE, "", Part.RETURNS, write_extra(Extra(derived_from="return")))


class _Head(msgspec.Struct, frozen=True):
    """What lines need to know of their order or return."""

    number: int
    person: int
    at_ms: int
    state: str = _RETURNED


class _Held(_Head, frozen=True, kw_only=True):
    """A row of the head table as it stands."""

    hash: int


def store_orders(
    db: sa.Connection,
    facts: Sequence[Order],
    basis: LegalBasis,
    now_ms: int,
    *,
    tells_history: bool = True,
    noted: Noted | None = None,
) -> PutReport:
    """Create or change orders with their lines, and tell the history; of equal ids in one batch the last counts.

    Products that are not known yet get their number (`reserve_product_numbers`), persons theirs. Without
    `tells_history` no event is appended: for an export that brings its own.
    """
    latest, bases = _with_bases(facts, basis)
    settle_allocations(db, list(latest.values()))
    hashes = {id_: content_hash(fact, bases[id_]) for id_, fact in latest.items()}
    held, numbers = _numbered(db, orders, "order", hashes)
    changed = [fact for fact in latest.values() if fact.id in numbers]
    customers = person_numbers(db, CUSTOMER, {f.customer_id for f in changed if f.customer_id}, create=True)
    guests = {f.id: f"order:{f.id}" for f in changed if not (f.customer_id or f.visitor_id)}
    visitors = person_numbers(
        db, VISITOR, {f.visitor_id for f in changed if f.visitor_id}.union(guests.values()), create=True
    )
    rows: list[Row] = []
    heads: list[_Head] = []
    for fact in changed:
        customer = customers[fact.customer_id] if fact.customer_id else None
        visitor = visitors[fact.visitor_id] if fact.visitor_id else None
        person, number = customer or visitor or visitors[guests[fact.id]], numbers[fact.id]
        rows.append((number, fact.id, person, customer, visitor, *_head_of(fact, bases[fact.id]), hashes[fact.id]))
        heads.append(_Head(number, person, to_ms(fact.at), fact.state.value))
    put_rows(db, orders, orders.columns, rows, keys=("number",))
    told = _store_lines(db, _ORDERS, changed, heads, held, now_ms, noted)
    append_rows(db, told if tells_history else [])
    off = [told_return_id(fact.id) for fact in changed if fact.state is OrderState.CANCELLED]
    if off:  # its lines are given back already: what events told of them would count twice
        void = select_among(db, returns.for_(Duty.UPKEEP), ("id", "order_id", "at_ms", "currency"), "id", off)
        empty = [Return(id=row[0], order_id=row[1], at=from_ms(row[2]), currency=row[3], lines=()) for row in void]
        store_returns(db, empty, basis, now_ms, tells_history=tells_history, noted=noted)
    created = sum(fact.id not in held for fact in changed)
    return PutReport(created, len(changed) - created, len(facts) - len(changed))


def _head_of(fact: Order, basis: LegalBasis) -> Row:
    """The columns of an order between its persons and its hash."""
    shipments = encode(fact.shipments) if fact.shipments else None
    place = (fact.market, fact.channel, fact.province, fact.city_tier)
    # Ten thousand lines may come to more than a column holds.
    total_minor = max(-MAX_MINOR, min(fact.worth_minor, MAX_MINOR))
    return (to_ms(fact.at), fact.state.value, fact.currency, *place, shipments, basis.kind, basis.notice, total_minor)


def store_returns(
    db: sa.Connection,
    facts: Sequence[Return],
    basis: LegalBasis,
    now_ms: int,
    *,
    tells_history: bool = True,
    noted: Noted | None = None,
) -> PutReport:
    """Create or change returns with their lines, and tell the history; see `store_orders`."""
    latest, bases = _with_bases(facts, basis)
    _take_over_told(db, list(latest.values()))
    hashes = {id_: content_hash(fact, bases[id_]) for id_, fact in latest.items()}
    held, numbers = _numbered(db, returns, "return", hashes)
    changed = [fact for fact in latest.values() if fact.id in numbers]
    customers = person_numbers(db, CUSTOMER, {f.customer_id for f in changed if f.customer_id}, create=True)
    buyers = _buyers(db, [fact for fact in changed if not fact.customer_id])
    rows: list[Row] = []
    heads: list[_Head] = []
    for fact in changed:
        customer = customers[fact.customer_id] if fact.customer_id else None
        head = _Head(numbers[fact.id], customer or buyers[fact.id], to_ms(fact.at))
        said = (fact.order_id, head.at_ms, fact.currency, fact.reason)
        held_on = bases[fact.id]
        heads.append(head)
        rows.append((head.number, fact.id, head.person, customer, *said, held_on.kind, held_on.notice, hashes[fact.id]))
    put_rows(db, returns, returns.columns, rows, keys=("number",))
    told = _store_lines(db, _RETURNS, changed, heads, held, now_ms, noted)
    append_rows(db, told if tells_history else [])
    created = sum(fact.id not in held for fact in changed)
    return PutReport(created, len(changed) - created, len(facts) - len(changed))


def told_return_id(order_id: str) -> str:
    """The id of what refunds among events tell of an order, until a return of the shop's own takes its place."""
    told = f"events:{order_id}"
    return told if len(told) <= MAX_ID_LENGTH else f"events:{hash64(order_id) & (2**64 - 1):016x}"


def _take_over_told(db: sa.Connection, facts: Sequence[Return]) -> None:
    """Let the first new return of an order take the place of what events told: only what differs is history then."""
    told = {told_return_id(fact.order_id): fact.id for fact in reversed(facts) if fact.order_id}
    there = returns.for_(Duty.UPKEEP)
    stand = [row[0] for row in select_among(db, there, ("id",), "id", told) if told[row[0]] != row[0]]
    known = {row[0] for row in select_among(db, there, ("id",), "id", [told[id_] for id_ in stand])}
    for id_ in stand:
        if told[id_] not in known:
            db.execute(returns.update(partial(_has_id, id_)).values(id=told[id_]))


def _has_id(id_: str, c: Columns) -> sa.ColumnElement[bool]:
    return c.id == id_


def _with_bases(facts: Sequence[F], basis: LegalBasis) -> tuple[dict[str, F], dict[str, LegalBasis]]:
    """The last fact of each id, without the basis that it may name, and the basis that it is held on."""
    bases = {fact.id: fact.basis or basis for fact in facts}
    bare = (fact if fact.basis is None else msgspec.structs.replace(fact, basis=None) for fact in facts)
    return {fact.id: fact for fact in bare}, bases


def _buyers(db: sa.Connection, facts: Sequence[Return]) -> dict[str, int]:
    """Who brought back goods without a customer named: whoever bought them, else the guest of that order."""
    asked = {fact.order_id for fact in facts if fact.order_id}
    known = {row[0]: row[1] for row in select_among(db, orders.for_(Duty.UPKEEP), ("id", "person"), "id", asked)}
    guests = {
        fact.id: f"order:{fact.order_id}" if fact.order_id else f"return:{fact.id}"
        for fact in facts
        if fact.order_id not in known
    }
    visitors = person_numbers(db, VISITOR, set(guests.values()), create=True)
    return {f.id: visitors[guests[f.id]] if f.id in guests else known[f.order_id or ""] for f in facts}


def _numbered(
    db: sa.Connection, table: Personal, kind: str, hashes: Mapping[str, int]
) -> tuple[dict[str, _Held], dict[str, int]]:
    """What stands of the ids in `hashes`, and the numbers of those that are new or whose hash differs."""
    there = table.for_(Duty.UPKEEP)
    columns = [name for name in _Held.__struct_fields__ if name in there.c]
    rows = known_ids(db, there, columns, kind, hashes)
    held = {id_: _Held(**dict(zip(columns, row[1:], strict=True))) for id_, row in rows.items()}
    numbers = {id_: one.number for id_, one in held.items() if one.hash != hashes[id_]}
    missing = [id_ for id_ in hashes if id_ not in held]
    if missing:
        numbers |= zip(missing, take_numbers(db, kind, len(missing)), strict=True)
    return held, numbers


def _store_lines(
    db: sa.Connection,
    side: _Side,
    facts: Sequence[Order | Return],
    heads: Sequence[_Head],
    held: Mapping[str, _Held],
    now_ms: int,
    noted: Noted | None,
) -> list[StoredRow]:
    """Write the lines; returns what they say to the history."""
    products = reserve_product_numbers(db, {line.product_id for fact in facts for line in fact.lines}, now_ms)
    stood = {held[fact.id].number: held[fact.id] for fact in facts if fact.id in held}
    touch_days(db, [head.at_ms for head in heads] + [old.at_ms for old in stood.values()])
    before = lines_of(db, side.lines, stood, purpose=Duty.UPKEEP)
    rows: list[Row] = []
    stale: list[int] = []
    events: list[StoredRow] = []
    for fact, head in zip(facts, heads, strict=True):
        number, person, told = head.number, head.person, len(events)
        own = line_rows(number, fact.lines, products)
        now = {} if head.state == side.final else moved(own)
        old = stood.get(number)
        if old is not None:
            was = {} if old.state == side.final else moved(before[number])
            # What is taken out happens now: the shop cannot know when, and the history is never rewritten.
            events += taken_out(was, now, (old.person, person), (side.given_back, side.extra), now_ms)
            now = now if old.person != person else {id_: line for id_, line in now.items() if was.get(id_) != line}
            if own == before[number]:
                own = []
            else:
                stale.append(number)
        rows += own
        events += [(person, line[0], side.taken, head.at_ms, line[1], line[2], side.extra) for line in now.values()]
        if noted is not None:
            noted.owners += [(side.part, number)] * (len(events) - told)
    delete_among(db, side.lines, "order_number", stale)
    put_rows(db, side.lines, LINE_COLUMNS, rows)
    return events
