"""From a simulated shop into a store: the facts through the writers of every import, the days in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, HOUR_MS, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Kind
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.privacy import Cipher
from zhanggui.kernel.slices import sliced
from zhanggui.shop.errors import ShopError
from zhanggui.shop.tables import orders, people, products, words
from zhanggui.shop.tables.events import StoredRow, append_rows
from zhanggui.shop.tables.events.served import add_served
from zhanggui.shop.tables.links import add_links
from zhanggui.shop.types import Customer, Identified, LegalBasis, Order, Product, Return
from zhanggui.shop.types.accepting import ServedList

from .days import runs
from .pictures import draw_picture
from .rows import Numbers, event_rows, find_numbers, list_ids, served_rows, ulids_at
from .shop import SimulatedShop
from .stock import SHOP_HOURS_EAST

OnStage = Callable[[str, int, int], None]
"""Told (what is being done, how much is done, of how much)."""

BASIS = LegalBasis(kind="consent", notice="simulated")
_AT_ONCE = 5_000
_AHEAD = 2
_PAINTERS = 4
_EAST_MS = SHOP_HOURS_EAST * HOUR_MS


class ShopNotEmpty(ShopError):
    """A simulated shop goes into a fresh store only."""

    code, kind = "shop.not_empty", Kind.CONFLICT


def populate(
    db: Database,
    cipher: Cipher,
    media: MediaStore | None,
    shop: SimulatedShop,
    on_stage: OnStage = lambda _what, _done, _of: None,
) -> None:
    """Write a simulated shop into an empty store; without `media` its products have no pictures.

    What lies further back than the event door looks is appended to the history directly, as order lines are.

    Raises:
        ShopNotEmpty: the store holds products already.
    """
    with db.read() as connection:
        if products.some_product_ids(connection, 1):
            raise ShopNotEmpty("This shop holds products already.", hint="Make a fresh one for the simulation.")
    now_ms = int(shop.lists.at_ms.max(initial=0))
    pictured = _with_pictures(shop.products, media, on_stage)
    _store_facts(db, cipher, shop, pictured, now_ms, on_stage)
    numbers = db.write(lambda connection: find_numbers(connection, shop))
    _live(db, shop, numbers, now_ms, on_stage)


def _with_pictures(facts: Sequence[Product], media: MediaStore | None, on_stage: OnStage) -> list[Product]:
    if media is None:
        return list(facts)
    found: list[Product] = []
    # Drawing and syncing to disk both let go of the interpreter, so a few threads overlap them.
    with ThreadPoolExecutor(_PAINTERS) as painters:
        for n, name in enumerate(painters.map(lambda product: media.put(draw_picture(product)), facts)):
            found.append(msgspec.structs.replace(facts[n], images=(name,)))
            on_stage("pictures", n + 1, len(facts))
    return found


def _store_facts(
    db: Database,
    cipher: Cipher,
    shop: SimulatedShop,
    pictured: Sequence[Product],
    now_ms: int,
    on_stage: OnStage,
) -> None:
    def customers(connection: sa.Connection, facts: Sequence[Customer], moment_ms: int) -> object:
        return people.store_customers(connection, facts, BASIS, cipher, moment_ms)

    writers: tuple[tuple[Callable[..., object], Sequence[object]], ...] = (
        (products.store_products, pictured),
        (products.store_offers, shop.offers),
        (products.store_labels, shop.labels),
        (products.store_rival_prices, shop.rival_prices),
        (customers, shop.customers),
        (words.store_reviews, shop.reviews),
        (words.store_questions, shop.questions),
    )
    whole = sum(len(facts) for _, facts in writers)
    done = 0
    for store, facts in writers:
        for chunk in sliced(facts, _AT_ONCE):
            db.write(partial(_stored, store, chunk, now_ms))
            done += len(chunk)
            on_stage("facts", done, whole)


def _stored(store: Callable[..., object], facts: Sequence[object], now_ms: int, connection: sa.Connection) -> None:
    store(connection, facts, now_ms)


@dataclass(slots=True)
class _Day:
    """What one day brings into the store."""

    acts: slice = field(default_factory=lambda: slice(0, 0))
    lists: slice = field(default_factory=lambda: slice(0, 0))
    orders: list[Order] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    logins: list[Identified] = field(default_factory=list)


def _live(db: Database, shop: SimulatedShop, numbers: Numbers, now_ms: int, on_stage: OnStage) -> None:
    """One write a day, so that the order of arrival is the order of the days."""
    days = _days(shop)
    ids = list_ids(shop)
    waiting: deque[Future[None]] = deque()  # the next days are made ready while one is written
    ahead = _AHEAD if db.dialect == "sqlite" else 0  # PostgreSQL writes side by side, and days must not overtake
    for n, key in enumerate(sorted(days)):
        day = days[key]
        events = event_rows(shop, numbers, ids, day.acts)
        served = served_rows(shop, numbers, ids, day.lists)
        waiting.append(db.submit(partial(_write_day, day, events, served, numbers, now_ms)))
        if len(waiting) > ahead:
            waiting.popleft().result()
        on_stage("days", n + 1, len(days))
    for left in waiting:
        left.result()


def _write_day(
    day: _Day,
    events: Sequence[StoredRow],
    served: Sequence[ServedList],
    numbers: Numbers,
    now_ms: int,
    connection: sa.Connection,
) -> None:
    append_rows(connection, events)
    if served:
        add_served(connection, served)
    if day.logins:
        add_links(connection, _links(day.logins, numbers))
    orders.store_orders(connection, day.orders, BASIS, now_ms)
    orders.store_returns(connection, day.returns, BASIS, now_ms)


def _links(logins: Sequence[Identified], numbers: Numbers) -> list[tuple[str, int, int, int]]:
    persons = [int(login.visitor_id[1:]) - 1 for login in logins]
    at_ms = [to_ms(login.at) if login.at else 0 for login in logins]
    ids = ulids_at(np.array(at_ms), np.array(persons))
    return list(zip(ids, numbers.visitor[persons].tolist(), numbers.customer[persons].tolist(), at_ms, strict=True))


def _days(shop: SimulatedShop) -> dict[int, _Day]:
    """By UTC day. Acts are sorted by time within a simulated day, lists by number."""
    found: dict[int, _Day] = {}
    for name, at_ms in (("acts", shop.acts.at_ms), ("lists", shop.lists.at_ms)):
        # A simulated day begins at 16:00 UTC; what is grouped here is the shop's own day.
        local = (at_ms + _EAST_MS) // DAY_MS
        for rows in runs(local):
            setattr(found.setdefault(int(local[rows.start]), _Day()), name, slice(rows.start, rows.stop))
    for name, facts in (("orders", shop.orders), ("returns", shop.returns), ("logins", shop.logins)):
        for key, group in groupby(facts, key=_local_day):
            getattr(found.setdefault(key, _Day()), name).extend(group)
    return found


def _local_day(fact: Any) -> int:
    return (to_ms(fact.at) + _EAST_MS) // DAY_MS
