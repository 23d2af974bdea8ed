"""Rows of the store from the columns of a simulation: events, and the log of served lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import sqlalchemy as sa

from zhanggui.shop.engines.event_admission import Extra
from zhanggui.shop.tables import people, products
from zhanggui.shop.tables.events import StoredRow
from zhanggui.shop.types import EventContext
from zhanggui.shop.types.accepting import ServedList

from .crowd import visitor_id
from .policy import HOME
from .shop import SimulatedShop
from .stock import Floats, Longs

MODEL = "house"
HELD = ("phone",) * 7 + ("desktop",) * 2 + ("tablet",)
"""What ten people hold; assumed."""
_CROCKFORD = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", np.uint8)
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Numbers:
    """The store's dense numbers by row of the simulation; 0 where there is none."""

    product: Longs
    customer: Longs
    visitor: Longs


def find_numbers(connection: sa.Connection, shop: SimulatedShop) -> Numbers:
    """Look up the numbers of all products and customers; visitors who were seen get theirs here."""
    by_product = products.product_numbers(connection, [each.id for each in shop.products])
    by_customer = people.person_numbers(connection, people.CUSTOMER, [c.id for c in shop.customers], create=True)
    size = len(shop.customers) + shop.plan.anonymous
    seen = np.unique(np.concatenate([part.person[part.is_logged_out] for part in (shop.lists, shop.acts)])).tolist()
    names = [visitor_id(person) for person in seen]
    by_visitor = people.person_numbers(connection, people.VISITOR, names, create=True)
    visitor = np.zeros(size, np.int64)
    visitor[seen] = [by_visitor[name] for name in names]
    customer = np.zeros(size, np.int64)
    customer[: len(shop.customers)] = [by_customer[each.id] for each in shop.customers]
    return Numbers(np.array([by_product[each.id] for each in shop.products]), customer, visitor)


def list_ids(shop: SimulatedShop) -> list[str]:
    """The id of each served list: ULIDs of its moment and number, the same each time."""
    return ulids_at(shop.lists.at_ms, np.arange(len(shop.lists.at_ms)))


def ulids_at(at_ms: Longs, numbers: Longs) -> list[str]:
    """ULIDs of moments, with numbers in the place of chance."""
    letters = np.full((len(at_ms), 26), ord("0"), np.uint8)
    for k in range(10):
        letters[:, 9 - k] = _CROCKFORD[(at_ms >> (5 * k)) & 31]
    for k in range(12):
        letters[:, 25 - k] = _CROCKFORD[(numbers >> (5 * k)) & 31]
    return [row.decode() for row in letters.view("S26").ravel().tolist()]


def _who(numbers: Numbers, person: Longs, is_logged_out: Iterable[bool]) -> list[int]:
    chosen: list[int] = np.where(np.asarray(is_logged_out), numbers.visitor[person], numbers.customer[person]).tolist()
    return chosen


def event_rows(shop: SimulatedShop, numbers: Numbers, ids: Sequence[str], rows: slice) -> list[StoredRow]:
    """Rows of the hot table for some acts, each with where in which list it came about."""
    acts, lists = shop.acts, shop.lists
    of_list, position = acts.list[rows], acts.position[rows]
    propensity: Floats = lists.propensities[of_list, np.maximum(position, 0)]
    product = acts.product[rows]
    columns = zip(
        _who(numbers, acts.person[rows], acts.is_logged_out[rows]),
        np.where(product < 0, 0, numbers.product[np.maximum(product, 0)]).tolist(),
        acts.kind[rows].tolist(),
        acts.at_ms[rows].tolist(),
        acts.quantity[rows].tolist(),
        acts.value_minor[rows].tolist(),
        of_list.tolist(),
        position.tolist(),
        propensity.tolist(),
        lists.shelf[of_list].tolist(),
        devices_of(acts.person[rows]),
        strict=True,
    )
    return [
        (
            who,
            what,
            kind,
            at_ms,
            quantity or None,
            value or None,
            _encode(_extra(shop, ids[of], place, chance, shelf, device, has_price=value > 0)).decode(),
        )
        for who, what, kind, at_ms, quantity, value, of, place, chance, shelf, device in columns
    ]


def devices_of(person: Longs) -> list[str]:
    """What each holds, the same at every visit."""
    return [HELD[one * 7919 % len(HELD)] for one in person.tolist()]


def _extra(
    shop: SimulatedShop, list_id: str, place: int, chance: float, shelf: int, device: str, *, has_price: bool
) -> Extra:
    context = EventContext(
        channel="shop",
        device=device,
        surface="home" if shelf == HOME else "search",
        query="" if shelf == HOME else shop.searched[shelf],
        position=place if place >= 0 else None,
        propensity=chance if place >= 0 and chance > 0 else None,
        list_id=list_id,
    )
    return Extra(currency="CNY" if has_price else None, context=context)


def served_rows(shop: SimulatedShop, numbers: Numbers, ids: Sequence[str], rows: slice) -> list[ServedList]:
    """What was served, by the store's numbers."""
    lists = shop.lists
    shown = lists.products[rows]
    columns = zip(
        ids[rows],
        _who(numbers, lists.person[rows], lists.is_logged_out[rows]),
        lists.shelf[rows].tolist(),
        lists.at_ms[rows].tolist(),
        numbers.product[np.maximum(shown, 0)].tolist(),
        lists.propensities[rows].tolist(),
        (shown >= 0).sum(axis=1).tolist(),  # empty places stand at the end
        strict=True,
    )
    return [
        ServedList(
            id=id_,
            person=who,
            surface="home" if shelf == HOME else "search",
            at_ms=at_ms,
            products=tuple(what[:length]),
            propensities=tuple(chances[:length]),
            model=MODEL,
        )
        for id_, who, shelf, at_ms, what, chances, length in columns
    ]
