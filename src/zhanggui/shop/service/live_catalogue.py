"""The catalogue in memory, as fresh as the last commit of any process."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.changes import changes_since, last_seq
from zhanggui.kernel.clock import Clock, ms_or_none, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.text import tokens
from zhanggui.shop.engines.chips import chips_of
from zhanggui.shop.engines.marks import marks_of
from zhanggui.shop.engines.standing import LiveOffer, Standing, running, standing
from zhanggui.shop.tables.live import LiveFact, LiveProduct, live_labels, live_markets, live_offers, live_products
from zhanggui.shop.types import Chip, ProductState

from .catalogue_view import NO_MEMBERS, CatalogueView, Entry, Longs, Numbers

KEPT_TOKENS = 20_000
"""Products whose words are kept cut; cutting one anew costs tens of microseconds."""

_NONE: frozenset[str] = frozenset()
_KINDS = frozenset({"product", "offer", "label"})
_State = tuple[LiveProduct, Standing, tuple[str, ...]]


class LiveCatalogue:
    """Gives each request the catalogue of its own snapshot, for the price of reading one row.

    The first view, and one after a gap in the change feed, reads everything; then only what changed is read again.

    Args:
        db: the shop's store.
        clock: decides which offers bound to a time are in force; without one they are left out.
        market: whose offers count.
    """

    def __init__(self, db: Database, clock: Clock | None = None, market: str = "default") -> None:
        self.db = db
        self._clock = clock
        self._market = market
        self._lock = threading.Lock()
        self._view: CatalogueView | None = None
        self._due: dict[int, int] = {}  # product number: when its offers next change by themselves
        self._next_ms: int | None = None
        self._chips: dict[Chip, Chip] = {}  # one object per chip, however many products have it
        self._kept_marks: dict[tuple[str, ...], tuple[str, ...]] = {}  # the same, for all marks of a product
        self._words_of = lru_cache(maxsize=KEPT_TOKENS)(_words_of)

    def view(self, connection: sa.Connection) -> CatalogueView:
        """The catalogue as `connection` sees it, or later: read what else the answer needs on the same one."""
        seq = last_seq(connection)
        view = self._view
        if view is not None and seq <= view.seq and not self._is_due():
            return view
        with self._lock:
            return self._refreshed(connection, seq)

    def _is_due(self) -> bool:
        next_ms = self._next_ms
        return next_ms is not None and self._clock is not None and to_ms(self._clock()) >= next_ms

    def _refreshed(self, connection: sa.Connection, seq: int) -> CatalogueView:
        view = self._view
        if view is not None and (seq < view.seq or (seq == view.seq and not self._is_due())):
            return view  # another thread was here first
        changes = None if view is None else changes_since(connection, view.seq)
        now_ms = None if self._clock is None else to_ms(self._clock())
        if view is None or changes is None:
            self._due.clear()
            self._chips.clear()
            self._kept_marks.clear()
            view = self._applied(_empty(self._words_of), self._read(connection, None, now_ms))
        else:
            touched = {change.subject for change in changes if change.kind in _KINDS}
            if now_ms is not None:
                touched |= {view.ids[number] for number, due_ms in self._due.items() if due_ms <= now_ms}
            if touched:
                view = self._applied(view, self._read(connection, touched, now_ms))
        self._view = replace(view, seq=seq)
        return self._view

    def _read(self, connection: sa.Connection, ids: Collection[str] | None, now_ms: int | None) -> list[_State]:
        products = list(live_products(connection, ids))
        numbers = None if ids is None else [product.number for product in products]
        offers = live_offers(connection, numbers, self._market)
        labels, markets = live_labels(connection, numbers), live_markets(connection, numbers)
        return [
            (
                product,
                _standing(product.fact, offers.get(product.number, ()), now_ms),
                self._marks(product.fact, labels.get(product.number, _NONE), markets.get(product.number, _NONE)),
            )
            for product in products
        ]

    def _marks(self, fact: LiveFact | None, labels: Collection[str], markets: Collection[str]) -> tuple[str, ...]:
        if fact is None:
            return ()
        marks = marks_of(
            category=fact.category, seller=fact.seller, labels=labels, markets=markets, item_type=fact.item_type
        )
        return self._kept_marks.setdefault(marks, marks)

    def _applied(self, view: CatalogueView, states: Sequence[_State]) -> CatalogueView:
        """A new view with some products as they are now; arrays are copied, entries and members are shared."""
        size = max([view.size, *(product.number + 1 for product, _, _ in states)])
        entries: list[Entry | None] = [*view.entries, *(None for _ in range(size - view.size))]
        gone: dict[str, list[int]] = {}
        come: dict[str, list[int]] = {}
        for product, held, marks in states:
            entry = self._entry(product, held, marks)
            for at, into in ((entries[product.number], gone), (entry, come)):
                for key in _keys(at):
                    into.setdefault(key, []).append(product.number)
            entries[product.number] = entry
            self._note_due(product.number, held.next_ms)
        self._next_ms = min(self._due.values(), default=None)
        return replace(
            view,
            size=size,
            entries=entries,
            members=_members(view.members, gone, come),
            **_names(view, size, states),
            **_arrays(view, size, states),
        )

    def _note_due(self, number: int, next_ms: int | None) -> None:
        if next_ms is None:
            self._due.pop(number, None)
        else:
            self._due[number] = next_ms

    def _entry(self, product: LiveProduct, held: Standing, marks: tuple[str, ...]) -> Entry | None:
        fact = product.fact
        if fact is None:
            return None
        chips = chips_of(
            category=fact.category,
            keywords=fact.keywords,
            brand=fact.brand,
            price_minor=held.price_minor,
            currency=held.currency,
        )
        titles = tuple((sys.intern(language), text.title) for language, text in fact.texts.items())
        kept = tuple(self._chips.setdefault(chip, chip) for chip in chips)
        facts = None if fact.licence.may_train else " ".join((*fact.category, fact.brand))
        return Entry(titles, " ".join(_words(fact)), kept, marks, facts)


def _standing(fact: LiveFact | None, offers: Sequence[LiveOffer], now_ms: int | None) -> Standing:
    held = standing(offers, now_ms)
    if fact is None:
        return held
    return running(held, ms_or_none(fact.runs_from), ms_or_none(fact.runs_until), now_ms)


def _keys(entry: Entry | None) -> Iterable[str]:
    return () if entry is None else (*(chip.key for chip in entry.chips), *entry.marks)


def _words(fact: LiveFact) -> Iterable[str]:
    attributes = (value for text in fact.texts.values() for value in text.attributes.values())
    return (*fact.category, fact.brand, *fact.keywords, *attributes)


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(tokens(text))


def _names(view: CatalogueView, size: int, states: Sequence[_State]) -> dict[str, Any]:
    if size == view.size:
        return {}
    new = {product.id: product.number for product, _, _ in states if product.number >= view.size}
    ids = [*view.ids, *("" for _ in range(size - view.size))]
    for id_, number in new.items():
        ids[number] = id_
    return {"ids": ids, "numbers": Numbers(view.numbers, new, size)}


def _arrays(view: CatalogueView, size: int, states: Sequence[_State]) -> dict[str, Any]:
    at = np.array([product.number for product, _, _ in states], dtype=np.int64)
    figures = {
        "is_sellable": [_is_sellable(product, held) for product, held, _ in states],
        "price_minor": [held.price_minor for _, held, _ in states],
        "available": [held.available for _, held, _ in states],
        "created_ms": [product.created_ms for product, _, _ in states],
    }
    arrays: dict[str, Any] = {}
    for name, values in figures.items():
        before = getattr(view, name)
        array = np.zeros(size, dtype=before.dtype)
        array[: len(before)] = before
        array[at] = values
        array.flags.writeable = False
        arrays[name] = array
    return arrays


def _is_sellable(product: LiveProduct, held: Standing) -> bool:
    return product.state == ProductState.ACTIVE.value and product.fact is not None and held.available != 0


def _members(
    before: Mapping[str, Longs], gone: Mapping[str, list[int]], come: Mapping[str, list[int]]
) -> Mapping[str, Longs]:
    """Which products have which chip, after some lost and some gained theirs; products come by number."""
    members = dict(before)
    for key in gone.keys() | come.keys():
        lost, gained = gone.get(key, []), come.get(key, [])
        if lost == gained:
            continue
        now = members.get(key, NO_MEMBERS)
        now = np.delete(now, np.searchsorted(now, lost))
        now = np.insert(now, np.searchsorted(now, gained), gained)
        now.flags.writeable = False
        if len(now):
            members[key] = now
        else:
            members.pop(key, None)
    return members


def _empty(words_of: Callable[[str], tuple[str, ...]]) -> CatalogueView:
    return CatalogueView(
        seq=0,
        size=1,
        numbers=Numbers({}, {}, 1),
        ids=[""],
        is_sellable=np.zeros(1, dtype=np.bool_),
        price_minor=np.full(1, -1, dtype=np.int64),
        available=np.full(1, -1, dtype=np.int64),
        created_ms=np.zeros(1, dtype=np.int64),
        entries=[None],
        members={},
        words_of=words_of,
    )
