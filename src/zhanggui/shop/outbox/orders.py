"""What the merchant's own systems hear when an order is called off here, or taken up again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from . import tables
from .queue import OutboxQueue
from .types import STORE, Card, OutboxDraft, OutboxState

CANCEL_ORDER = "shop.cancel_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSendings:
    """Puts one entry for each order that is called off here, and its inverse when that is taken back.

    What comes in from the merchant's own systems (an order that is put or imported as cancelled) is not sent back.
    """

    queue: OutboxQueue

    def called_off(self, db: sa.Connection, order_id: str, outlet: str = "") -> None:
        """Tell of an order that is called off now.

        Args:
            outlet: which way; `store` is none. Empty: the webhook where the shop has one, else a card for a person.

        Raises:
            UnknownOutlet: the shop has no outlet of that name.
        """
        ways = self.queue.outlets
        way = outlet or ("webhook" if "webhook" in ways else "by-hand")
        if way != STORE:
            self._put(db, order_id, way, "cancelled", is_undo=False)

    def taken_up(self, db: sa.Connection, order_id: str, state: str) -> None:
        """Tell of an order that is taken up again, the way that its calling off went.

        What has not left yet is taken back instead; what never arrived needs no inverse.
        """
        told = tables.latest_of(db, _reference(order_id))
        if told is None or told.state in {OutboxState.FAILED, OutboxState.CANCELLED}:
            return
        if told.state is OutboxState.QUEUED:
            self.queue.cancel(db, told.id, "system")
        else:
            self._put(db, order_id, told.outlet, state, is_undo=True)

    def _put(self, db: sa.Connection, order_id: str, outlet: str, state: str, *, is_undo: bool) -> None:
        payload = {"kind": CANCEL_ORDER, "subject": order_id, "change": {"state": state}, "is_undo": is_undo}
        self.queue.put(
            db,
            OutboxDraft(
                outlet=outlet,
                kind=CANCEL_ORDER,
                payload=payload,
                card=Card(code="reinstate_order" if is_undo else "cancel_order", params={"order": order_id}),
                reference=_reference(order_id),
                idempotency_key=f"{CANCEL_ORDER}:{self.queue.make_id()}",
            ),
        )


def _reference(order_id: str) -> str:
    """The merchant's ids are longer than a reference may be."""
    return f"order:{hashlib.blake2b(order_id.encode(), digest_size=16).hexdigest()}"
