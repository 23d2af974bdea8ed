"""The events door: behaviour comes in once, durably, late or out of order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.guarding import TextGuard
from zhanggui.kernel.privacy import Reason
from zhanggui.shop.engines.event_admission import Admitted, admit_all
from zhanggui.shop.engines.event_decoding import Decoded, decode_batch, decode_one
from zhanggui.shop.engines.event_schema import MAX_BATCH
from zhanggui.shop.engines.event_texts import without_personal
from zhanggui.shop.errors import EventRefused, EventTooOld, TooManyEvents
from zhanggui.shop.tables.events import EventTail, Longs, append_rows, days_of, read_arrivals, read_tail, take_new
from zhanggui.shop.tables.links import note_logins
from zhanggui.shop.tables.people import CUSTOMER, VISITOR
from zhanggui.shop.tables.returning import Returning
from zhanggui.shop.types import Event
from zhanggui.shop.types.accepting import EventReceipt, RefusedEvent

from .event_numbers import PRODUCT, EventNumbers, Resolved
from .gathering import Committed, Gatherer

MAX_GROUP = 8_000
CACHED_NUMBERS = 200_000


class Events:
    """Takes events: each once by its id, all that fit, on disk before the answer.

    An event that does not fit is refused by its place with a reason and stops no other. The good events of one call
    are one write: all of them are on disk, or none. Ids are remembered for 30 days; an event without a moment
    happens when it arrives; a moment up to 10 minutes ahead counts as now, more is refused.
    """

    def __init__(
        self, db: Database, clock: Clock, returning: Returning | None = None, guard: TextGuard | None = None
    ) -> None:
        self._db, self._clock, self._guard = db, clock, guard
        self._numbers = EventNumbers(limit=CACHED_NUMBERS, returning=returning)
        self._id_days: frozenset[int] = frozenset()  # whose tables stand, as the last write on disk has seen
        self._gatherer: Gatherer[Sequence[Admitted], int] = Gatherer(db, self._write, weigh=len, most=MAX_GROUP)

    def accept(self, events: Sequence[Event]) -> EventReceipt:
        """Take events; durable when it returns.

        Raises:
            TooManyEvents: more than 5,000.
            Unavailable: the store could not commit; nothing was taken.
        """
        admitted, refused = self._admit(_checked(events), None)
        accepted = self._gatherer.put(admitted).result() if admitted else 0
        return EventReceipt(accepted, len(admitted) - accepted, tuple(refused))

    async def accept_async(self, events: Sequence[Event]) -> EventReceipt:
        """Like `accept`, without holding a thread."""
        return await self._take(_checked(events), None)

    async def accept_batch(
        self, body: bytes, *, only_visitor: str | None = None, only_customer: str | None = None
    ) -> EventReceipt:
        """Take the events of a JSON array or of JSON lines, as they came over the wire.

        Args:
            body: UTF-8.
            only_visitor: set for a sender that may speak for this visitor only.
            only_customer: set for a sender that may speak for this customer only.

        Raises:
            BadEvents: the body as a whole cannot be read.
            TooManyEvents: more than 5,000.
            Unavailable: the store could not commit; nothing was taken.
        """
        return await self._take(decode_batch(body), only_visitor, only_customer)

    async def accept_one(
        self, body: bytes, *, only_visitor: str | None = None, only_customer: str | None = None
    ) -> EventReceipt:
        """Take one event from its JSON object.

        Raises:
            EventRefused: it does not fit.
            Unavailable: the store could not commit.
        """
        receipt = await self._take((decode_one(body),), only_visitor, only_customer)
        if receipt.refused:
            raise _as_error(receipt.refused[0])
        return receipt

    def tail(
        self, db: sa.Connection, persons: Sequence[int], after_seq: int = 0, limit: int = 200, *, purpose: Reason
    ) -> EventTail:
        """What a subject did last with products, newest first; see `read_tail`."""
        return read_tail(db, persons, after_seq, limit, purpose=purpose)

    def arrivals(self, db: sa.Connection, after_seq: int, limit: int, *, purpose: Reason) -> Longs:
        """(4, n) seq, product, kind, at_ms of at most `limit` events that arrived after a number, oldest first.

        For what follows behaviour as it comes; events that have moved to the archive are not among them.
        """
        return read_arrivals(db, after_seq, limit, purpose=purpose)

    async def _take(
        self, decoded: Sequence[Decoded], only_visitor: str | None = None, only_customer: str | None = None
    ) -> EventReceipt:
        admitted, refused = self._admit(decoded, only_visitor, only_customer)
        accepted = await self._gatherer.put_async(admitted) if admitted else 0
        return EventReceipt(accepted, len(admitted) - accepted, tuple(refused))

    def _admit(
        self, decoded: Sequence[Decoded], only_visitor: str | None = None, only_customer: str | None = None
    ) -> tuple[list[Admitted], list[RefusedEvent]]:
        if len(decoded) > MAX_BATCH:
            raise TooManyEvents(f"{len(decoded)} events in one batch.", hint=f"Send at most {MAX_BATCH} at once.")
        told = [self._guarded(event) for event in decoded] if self._guard else decoded
        return admit_all(told, to_ms(self._clock()), only_visitor, only_customer)

    def _guarded(self, event: Decoded) -> Decoded:
        if self._guard is None or isinstance(event, RefusedEvent):
            return event
        return without_personal(event, self._guard)

    def _write(self, db: sa.Connection, posts: Sequence[Sequence[Admitted]]) -> tuple[list[int], Committed]:
        """Store the events of several calls; answers how many of each are new."""
        resolved = self._numbers.begin(db)
        events = list(chain.from_iterable(posts))
        keys = [(event.id_day, event.id_hash, event.is_timeless) for event in events]
        is_new = take_new(db, keys, standing=self._id_days)
        fresh = events if all(is_new) else [event for event, new in zip(events, is_new, strict=True) if new]
        self._append(db, fresh, resolved, to_ms(self._clock()))
        counts, start = [], 0
        for post in posts:
            counts.append(sum(is_new[start : start + len(post)]))
            start += len(post)

        def committed() -> None:
            self._numbers.learn(resolved)
            self._id_days = days_of(keys)

        return counts, committed

    def _append(self, db: sa.Connection, fresh: Sequence[Admitted], resolved: Resolved, now_ms: int) -> None:
        logins = [event for event in fresh if event.login_customer is not None]
        # Dicts for sets that keep their order: the same events in the same order get the same numbers.
        customer_ids = dict.fromkeys(event.person_id for event in fresh if event.person_kind == CUSTOMER)
        customer_ids |= dict.fromkeys(event.login_customer or "" for event in logins)
        visitor_ids = dict.fromkeys(event.person_id for event in fresh if event.person_kind == VISITOR)
        product_ids = dict.fromkeys(event.product_id for event in fresh if event.product_id is not None)
        for kind, ids in ((CUSTOMER, customer_ids), (VISITOR, visitor_ids), (PRODUCT, product_ids)):
            self._numbers.resolve(db, resolved, kind, ids, now_ms)
        if resolved.gone[CUSTOMER] or resolved.gone[VISITOR]:
            fresh = [event for event in fresh if not _is_gone(event, resolved)]
            logins = [event for event in logins if not _is_gone(event, resolved)]
        numbers, products = resolved.numbers, resolved.numbers[PRODUCT]
        append_rows(
            db,
            [
                (
                    numbers[event.person_kind][event.person_id],
                    0 if event.product_id is None else products[event.product_id],
                    event.kind,
                    event.at_ms,
                    event.quantity,
                    event.value_minor,
                    event.extra,
                )
                for event in fresh
            ],
        )
        if logins:
            visitors, customers = numbers[VISITOR], numbers[CUSTOMER]
            note_logins(db, [(visitors[e.person_id], customers[e.login_customer or ""], e.at_ms) for e in logins])


def _is_gone(event: Admitted, resolved: Resolved) -> bool:
    """Whether it names somebody who was erased: it is taken and thrown away, as if it had never come."""
    return event.person_id in resolved.gone[event.person_kind] or event.login_customer in resolved.gone[CUSTOMER]


def _checked(events: Sequence[Event]) -> list[Decoded]:
    """Events made in Python, held against their type as if they had come over the wire."""
    checked: list[Decoded] = []
    for index, event in enumerate(events):
        try:
            answer = decode_one(msgspec.json.encode(event))
        except (TypeError, ValueError, RecursionError) as error:
            answer = RefusedEvent(index, "shop.event_invalid", f"{error}.", "An event must be writable as JSON.")
        checked.append(msgspec.structs.replace(answer, index=index) if isinstance(answer, RefusedEvent) else answer)
    return checked


def _as_error(refused: RefusedEvent) -> EventRefused:
    kind = EventTooOld if refused.code == EventTooOld.code else EventRefused
    return kind(f"The event was not taken. {refused.reason}", hint=refused.hint, params={"reason": refused.code})
