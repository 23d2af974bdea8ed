"""The dense numbers of the persons and products that events name, remembered within bounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from zhanggui.kernel.changes import changes_since, last_seq
from zhanggui.shop.tables.people import CUSTOMER, VISITOR, person_numbers
from zhanggui.shop.tables.products import reserve_product_numbers
from zhanggui.shop.tables.returning import ALL_MAY_RETURN, Returning

PRODUCT = 2
_KINDS = (CUSTOMER, VISITOR, PRODUCT)


class _Bounded:
    """Up to twice `limit` entries: the younger half, and the half that goes when the younger is full."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._young: dict[str, int] = {}
        self._old: dict[str, int] = {}

    def among(self, ids: Collection[str]) -> dict[str, int]:
        """Those of `ids` that are known."""
        young, old = self._young, self._old
        found = {id_: young[id_] for id_ in ids if id_ in young}
        if len(found) < len(ids) and old:
            found.update({id_: old[id_] for id_ in ids if id_ in old and id_ not in found})
        return found

    def learn(self, entries: Mapping[str, int]) -> None:
        if len(self._young) + len(entries) > self._limit:
            self._old, self._young = self._young, {}
        self._young.update(entries)

    def clear(self) -> None:
        self._young, self._old = {}, {}


@dataclass(slots=True)
class Resolved:
    """The numbers that one write needs, by kind and id: `looked_up` what had to be; `gone`: ids of erased people."""

    seq: int
    stale: frozenset[int] | None
    numbers: tuple[dict[str, int], dict[str, int], dict[str, int]] = field(default_factory=lambda: ({}, {}, {}))
    looked_up: tuple[dict[str, int], dict[str, int], dict[str, int]] = field(default_factory=lambda: ({}, {}, {}))
    gone: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))


class EventNumbers:
    """Finds numbers in memory first and in the store then, making those that are missing.

    A number made in a write that fails must not be kept, so `learn` is called once the write is on disk. A person
    whom the change feed names (somebody may have been erased) is looked up anew.
    """

    def __init__(self, *, limit: int, returning: Returning | None = None) -> None:
        self._limit = limit
        self._returning = returning or ALL_MAY_RETURN
        self._known = tuple(_Bounded(limit) for _ in _KINDS)
        self._doubtful: set[int] = set()
        self._seq: int | None = None

    def begin(self, db: sa.Connection) -> Resolved:
        """Look at the change feed, inside the write and before anything else in it."""
        seq = last_seq(db)
        if self._seq is None or seq == self._seq:
            return Resolved(seq, frozenset())
        delta = changes_since(db, self._seq)
        if delta is None:
            return Resolved(seq, None)
        persons = frozenset(int(c.subject) for c in delta if c.kind == "person" and c.subject.isdecimal())
        return Resolved(seq, persons)

    def resolve(self, db: sa.Connection, resolved: Resolved, kind: int, ids: Collection[str], now_ms: int) -> None:
        """Put the numbers of `ids` into `resolved`, making those that are missing."""
        numbers = self._known[kind].among(ids)
        if kind != PRODUCT and (resolved.stale is None or resolved.stale or self._doubtful):
            numbers = {id_: number for id_, number in numbers.items() if not self._is_doubtful(number, resolved)}
        resolved.numbers[kind].update(numbers)
        missing = [] if len(numbers) == len(ids) else [id_ for id_ in ids if id_ not in numbers]
        if missing:
            found = (
                reserve_product_numbers(db, missing, now_ms)
                if kind == PRODUCT
                else self._persons(db, resolved, kind, missing)
            )
            resolved.numbers[kind].update(found)
            resolved.looked_up[kind].update(found)

    def _persons(self, db: sa.Connection, resolved: Resolved, kind: int, ids: Sequence[str]) -> dict[str, int]:
        """The numbers of these persons; ids of whom was erased get none, and only new ones are looked up for that."""
        found = person_numbers(db, kind, ids, create=False)
        new = [id_ for id_ in ids if id_ not in found]
        if not new:
            return found
        resolved.gone[kind].update(self._returning.gone(db, kind, new))
        return found | person_numbers(db, kind, [id_ for id_ in new if id_ not in resolved.gone[kind]], create=True)

    def _is_doubtful(self, number: int, resolved: Resolved) -> bool:
        return resolved.stale is None or number in resolved.stale or number in self._doubtful

    def learn(self, resolved: Resolved) -> None:
        """Remember what a write looked up, now that it is on disk."""
        if self._seq is not None and resolved.seq < self._seq:
            return  # a later write has seen more of the feed
        self._seq = resolved.seq
        if resolved.stale is None or len(self._doubtful) > self._limit:
            for kind in (CUSTOMER, VISITOR):
                self._known[kind].clear()
            self._doubtful.clear()
        else:
            self._doubtful |= resolved.stale
        for kind in _KINDS:
            found = resolved.looked_up[kind]
            if found:
                self._known[kind].learn(found)
                if kind != PRODUCT:
                    self._doubtful.difference_update(found.values())
