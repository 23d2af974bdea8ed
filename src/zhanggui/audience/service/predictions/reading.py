"""What predictions learn from: everything that customers who allow it did, by the shop's own days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles, Ints
from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.ports import Customers, PastActs, Tail
from zhanggui.audience.tables.profiles import starts_of
from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import EVENT_NUMBERS, EventName

COLUMNS = ("seq", "person", "product", "kind", "at_ms", "quantity", "value_minor")
AheadOf = Callable[[int], int]
"""Milliseconds that the shop's clock shows more than UTC, at a moment."""
_ACTS: dict[EventName, Act] = {
    EventName.PURCHASE: Act.PURCHASE,
    EventName.REFUND: Act.REFUND,
    EventName.ADD_TO_CART: Act.CART,
    EventName.BEGIN_CHECKOUT: Act.CART,
    EventName.VIEW_ITEM: Act.BROWSE,
    EventName.SELECT_ITEM: Act.BROWSE,
    EventName.SEARCH: Act.BROWSE,
    EventName.ADD_TO_WISHLIST: Act.BROWSE,
}
_OTHER = -1
NEVER = 2**62
NOTHING = np.zeros(0, dtype=np.int64)
_ACT_OF = np.full(len(EVENT_NUMBERS), _OTHER, dtype=np.int8)
for _name, _act in _ACTS.items():
    _ACT_OF[EVENT_NUMBERS[_name]] = _act


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Acts of customers, with the quantity and the moment of each (n,), and the newest event that was seen."""

    acts: Acts
    quantity: Ints
    at_ms: Ints
    until_seq: int

    @property
    def people(self) -> int:
        """How many customers there are in it."""
        return len(np.unique(self.acts.person))


def past_of(
    db: Database,
    history: PastActs,
    customers: Customers,
    purpose: Purpose,
    ahead_ms: int,
    *,
    since: datetime | None = None,
    kind: int | None = None,
) -> Past:
    """Everything that may be used for a purpose, of customers alone; days are those of the shop's clock.

    For what is told of people themselves, what they had forgotten counts no more. Where it is named, only what was
    done `since` a moment, and only events of a `kind`.
    """
    parts = [
        [np.nan_to_num(batch.column(name).to_numpy(zero_copy_only=False)).astype(np.int64) for name in COLUMNS]
        for batch in history.history(purpose, since, kind=kind)
    ]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] or [NOTHING] * len(COLUMNS)
    seq, person, product, act, at_ms, quantity, value = columns
    persons, place = np.unique(person, return_inverse=True)
    with db.read() as connection:
        known = customers.customers_among(connection, persons.tolist())
        starts = starts_of(connection, persons.tolist(), purpose=purpose) if purpose is not Purpose.TRAINING else {}
    # Nothing of who is no customer counts: their events would have to come after the last there can be.
    after = np.array([starts.get(one, 0) if one in known else NEVER for one in persons.tolist()], dtype=np.int64)
    used = (_act_of(act) != _OTHER) & (seq > after[place.ravel()])
    acts = _acts(person[used], product[used], act[used], at_ms[used], value[used], ahead_ms)
    return Past(acts=acts, quantity=quantity[used], at_ms=at_ms[used], until_seq=int(seq.max(initial=0)))


def acts_of(person: int, tail: Tail, ahead_ms: int) -> Acts:
    """What one person did, as the models look at it."""
    used = _act_of(tail.kind) != _OTHER
    kind, product, at_ms, value = tail.kind[used], tail.product[used], tail.at_ms[used], tail.value_minor[used]
    return _acts(np.full(len(kind), person, dtype=np.int64), product, kind, at_ms, value, ahead_ms)


def _acts(person: Ints, product: Ints, kind: Ints, at_ms: Ints, value: Ints, ahead_ms: int) -> Acts:
    act = _act_of(kind)
    worth: Doubles = np.where(act == Act.PURCHASE, value, 0).astype(np.float64)
    return Acts(person=person, day=(at_ms + ahead_ms) // DAY_MS, act=act, product=product, value=worth)


def _act_of(kind: Ints) -> NDArray[np.int8]:
    return _ACT_OF[np.clip(kind, 0, len(_ACT_OF) - 1)]
