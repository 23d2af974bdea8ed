"""Putting facts back as they stood, with all that follows from them: days, stock, lookups, the history, the feed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.privacy import Cipher, Duty
from zhanggui.shop.ports import Unlearning
from zhanggui.shop.tables import import_undos
from zhanggui.shop.tables.events import take_hot
from zhanggui.shop.tables.import_changes import Change
from zhanggui.shop.tables.imports import drop_imported_ids
from zhanggui.shop.tables.lookups import drop_lookups, store_lookups
from zhanggui.shop.tables.noted import Part, Span, events_in
from zhanggui.shop.tables.order_days import touch_days
from zhanggui.shop.tables.order_reading import order_by_id
from zhanggui.shop.tables.people import customers_by_number
from zhanggui.shop.tables.products import product_ids
from zhanggui.shop.tables.snapshots import State, put_states, value_of
from zhanggui.shop.tables.stock import allocations_of, settle_allocations

from .undo_verdicts import Verdict

_ANNOUNCED = {Part.PRODUCTS: "product", Part.OFFERS: "offer", Part.LABELS: "label"}
_HISTORY = frozenset({Part.ORDERS, Part.RETURNS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Applying:
    """Writes verdicts down, within the caller's transaction."""

    cipher: Cipher
    unlearning: Unlearning

    def apply(self, db: sa.Connection, import_id: str, verdict: Verdict) -> None:
        """Let the facts of a verdict stand as it says."""
        if not verdict.back:
            return
        put_states(db, verdict.part, verdict.back)
        if verdict.part is Part.CUSTOMERS:
            self._look_up_anew(db, verdict)
        if verdict.part in _HISTORY:
            touch_days(db, _moments(verdict))
        if verdict.part is Part.ORDERS:
            _settle(db, verdict)
        _announce(db, verdict)
        self.forget(db, import_id, verdict.spans)

    def forget_events(self, db: sa.Connection, import_id: str, changes: Iterable[Change]) -> int:
        """Take events that came by file out of the history, and forget that their ids ever came."""
        spans: list[Span] = []
        for change in changes:
            spans += change.spans
            drop_imported_ids(db, change.numbers())
        return self.forget(db, import_id, spans)

    def forget(self, db: sa.Connection, import_id: str, spans: Collection[Span]) -> int:
        """Take events out of the hot table; `import_spans` says which may lie in the archive too."""
        if not spans:
            return 0
        taken = take_hot(db, [seq for first, last in spans for seq in range(first, last + 1)])
        self.unlearning.unlearn(db, sorted({row[0] for row in taken}))
        import_undos.add_spans(db, import_id, spans)
        return events_in(spans)

    def _look_up_anew(self, db: sa.Connection, verdict: Verdict) -> None:
        numbers = [number for number, _ in verdict.back]
        drop_lookups(db, numbers)
        held = customers_by_number(db, self.cipher, numbers, purpose=Duty.UPKEEP)
        store_lookups(db, self.cipher, {one.number: one.customer.identifiers for one in held})


def _announce(db: sa.Connection, verdict: Verdict) -> None:
    numbers = {number for number, _ in verdict.back}
    if verdict.part in _ANNOUNCED:
        announce(db, _ANNOUNCED[verdict.part], product_ids(db, numbers).values())
    elif verdict.part is Part.CUSTOMERS:
        announce(db, "person", map(str, sorted(numbers)))
    elif verdict.part is Part.LOGINS:
        both = {value_of(Part.LOGINS, verdict.stood[p], name) for p in verdict.back for name in ("visitor", "customer")}
        announce(db, "person", sorted(map(str, both)))


def _moments(verdict: Verdict) -> list[int]:
    states: list[State | None] = [verdict.stood[place] for place in verdict.back]
    states += verdict.back.values()
    return [int(value_of(verdict.part, state, "at_ms") or 0) for state in states if state is not None]


def _settle(db: sa.Connection, verdict: Verdict) -> None:
    """Let orders of the shop's own checkout hold again what they held."""
    ids = [str(value_of(Part.ORDERS, state, "id")) for state in verdict.back.values() if state is not None]
    for id_ in sorted({held.order_id for held in allocations_of(db, ids)}):
        found = order_by_id(db, id_, purpose=Duty.UPKEEP)
        if found is not None:
            settle_allocations(db, [found.order])
