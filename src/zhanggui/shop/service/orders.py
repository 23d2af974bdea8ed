"""Orders with their shipments, and returns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Duty, Purpose, Reason
from zhanggui.shop.errors import OrderIsCancelled, OrderIsShipped, UnknownOrder, UnknownReturn
from zhanggui.shop.outbox import OrderSendings
from zhanggui.shop.tables import order_reading as reading
from zhanggui.shop.tables import orders as tables
from zhanggui.shop.tables.people import CUSTOMER, VISITOR, person_numbers
from zhanggui.shop.tables.products import product_numbers
from zhanggui.shop.tables.returning import ALL_MAY_RETURN, Returning
from zhanggui.shop.tables.sales import units_sold
from zhanggui.shop.tables.stock import allocations_of, is_overdrawn
from zhanggui.shop.types import LegalBasis, Order, OrderState, PutReport, Return, Shipment

from .checking import allowed, checked, require_allowed
from .checkout import OutOfStock

OpenState = Literal["pending", "paid"]
"""Where an order may stand when it is taken up again."""
ToServe = Literal[Purpose.SERVICE]
Unasked = Literal[Purpose.SERVICE, Duty.RIGHTS]
"""For what rows are read of whoever they are about without the gate: nobody could refuse it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What was bought and what came back. Each line also stands in its shopper's history, put there once.

    Args:
        sendings: tells the merchant's own systems what is called off here; None: nobody is told.
    """

    db: Database
    clock: Clock
    gate: ConsentGate | None = None
    sendings: OrderSendings | None = None
    returning: Returning = ALL_MAY_RETURN

    def put_orders(self, orders: Sequence[Order], basis: LegalBasis) -> PutReport:
        """Create or change orders by id. Cancelling one refunds its lines in the history.

        Raises:
            InvalidFact: one does not fit; none is put then.
        """
        facts, (held,), now_ms = checked(orders, Order), checked([basis], LegalBasis), to_ms(self.clock())
        return self.db.write(lambda db: tables.store_orders(db, self.returning.without_erased(db, facts), held, now_ms))

    def put_returns(self, returns: Sequence[Return], basis: LegalBasis) -> PutReport:
        """Create or change returns by id."""
        facts, (held,), now_ms = checked(returns, Return), checked([basis], LegalBasis), to_ms(self.clock())
        return self.db.write(
            lambda db: tables.store_returns(db, self.returning.without_erased(db, facts), held, now_ms)
        )

    def record_shipment(self, order_id: str, shipment: Shipment) -> Order:
        """Add a parcel to an order, or change the one of the same id; the order is then shipped or delivered.

        Raises:
            UnknownOrder: there is none of that id.
            OrderIsCancelled: it was called off.
        """
        (parcel,), now_ms = checked([shipment], Shipment), to_ms(self.clock())

        def record(db: sa.Connection) -> Order:
            held = _require(db, order_id, Purpose.SERVICE)
            if held.order.state is OrderState.CANCELLED:
                raise OrderIsCancelled(
                    f"Order {order_id!r} was cancelled: nothing can be shipped for it.",
                    hint="Put the order again in another state first.",
                )
            parcels = {one.id: one for one in held.order.shipments} | {parcel.id: parcel}
            is_delivered = all(one.delivered_at is not None for one in parcels.values())
            state = OrderState.DELIVERED if is_delivered else OrderState.SHIPPED
            order = msgspec.structs.replace(held.order, shipments=tuple(parcels.values()), state=state)
            tables.store_orders(db, [order], held.basis, now_ms)
            return order

        return self.db.write(record)

    def cancel(self, order_id: str, outlet: str = "") -> Order:
        """Call an order off: its lines are refunds in the history, and what it allocated is free again.

        The outbox tells the merchant's own systems in the same commit. `reinstate` takes it back; an order that is
        called off already stays so, and nobody is told twice.

        Args:
            outlet: how they are told; see `OrderSendings.called_off`.

        Raises:
            UnknownOrder: there is none of that id.
            OrderIsShipped: it is on its way, or has arrived.
            UnknownOutlet: the shop has no outlet of that name.
        """
        now_ms = to_ms(self.clock())

        def work(db: sa.Connection) -> Order:
            held = _require(db, order_id, Purpose.SERVICE)
            if held.order.state in {OrderState.SHIPPED, OrderState.DELIVERED}:
                raise OrderIsShipped(
                    f"Order {order_id!r} is {held.order.state.value}: it cannot be called off any more.",
                    hint="Put a return of it once the goods are back.",
                )
            if self.sendings is not None and held.order.state is not OrderState.CANCELLED:
                self.sendings.called_off(db, order_id, outlet)
            return _restated(db, held, OrderState.CANCELLED, now_ms)

        return self.db.write(work)

    def reinstate(self, order_id: str, state: OpenState = "pending") -> Order:
        """Take up an order again that was called off; its units are allocated anew. Any other stays as it is.

        Who was told that it is called off is told this too.

        Raises:
            UnknownOrder: there is none of that id.
            OutOfStock: its units have been sold since.
        """
        now_ms = to_ms(self.clock())

        def work(db: sa.Connection) -> Order:
            held = _require(db, order_id, Purpose.SERVICE)
            if held.order.state is not OrderState.CANCELLED:
                return held.order
            order = _restated(db, held, OrderState(state), now_ms)
            if is_overdrawn(db, allocations_of(db, [order_id])):
                raise OutOfStock(
                    f"What order {order_id!r} held has been sold since.",
                    hint="Put more on hand, then take it up again.",
                )
            if self.sendings is not None:
                self.sendings.taken_up(db, order_id, state)
            return order

        return self.db.write(work)

    def order(self, id_: str, purpose: Purpose) -> Order:
        """One order.

        Raises:
            UnknownOrder: there is none of that id.
            PurposeRefused: its buyer has not allowed this use.
        """
        with self.db.read() as db:
            held = _require(db, id_, purpose)
            require_allowed(held.person, purpose, self.gate)
        return held.order

    def orders(
        self,
        after: str | None = None,
        limit: int = 50,
        customer_id: str | None = None,
        *,
        purpose: Purpose,
    ) -> list[Order]:
        """Orders in the order in which they came; those whose buyer refuses the purpose are left out."""
        with self.db.read() as db:
            number = 0 if after is None else _require(db, after, purpose).number
            persons = None
            if customer_id is not None:
                persons = list(person_numbers(db, CUSTOMER, [customer_id], create=False).values())
            held = reading.orders_page(db, after=number, limit=limit, persons=persons, purpose=purpose)
            may = allowed([one.person for one in held], purpose, self.gate)
        return [one.order for one in held if one.person in may]

    def of_shopper(
        self, *, customer_id: str | None = None, visitor_id: str | None = None, limit: int = 50, purpose: Unasked
    ) -> list[Order]:
        """What a customer, and what a browser as a guest, ordered last; newest first."""
        with self.db.read() as db:
            persons = [
                *person_numbers(db, CUSTOMER, [customer_id] if customer_id else [], create=False).values(),
                *person_numbers(db, VISITOR, [visitor_id] if visitor_id else [], create=False).values(),
            ]
            held = reading.latest_orders(db, persons=persons, limit=limit, purpose=purpose)
        return [one.order for one in held]

    def sold(
        self, product_ids: Collection[str], since: datetime, until: datetime, *, purpose: ToServe
    ) -> dict[str, int]:
        """Pieces sold of each product from a moment on and before another; nobody's purchases are told apart."""
        with self.db.read() as db:
            numbers = product_numbers(db, product_ids)
            sold = units_sold(db, numbers.values(), to_ms(since), to_ms(until), purpose=purpose)
        return {id_: sold.get(number, 0) for id_, number in numbers.items()}

    def returns(
        self,
        after: str | None = None,
        limit: int = 50,
        order_id: str | None = None,
        *,
        purpose: Purpose,
    ) -> list[Return]:
        """Returns in the order in which they came, or only those of one order."""
        with self.db.read() as db:
            number = 0 if after is None else reading.number_of(db, tables.returns.for_(Duty.UPKEEP), after)
            if number is None:
                raise UnknownReturn(f"No return has the id {after!r}.", hint="Start the listing anew.")
            held = reading.returns_page(db, after=number, limit=limit, order_id=order_id, purpose=purpose)
            may = allowed([one.person for one in held], purpose, self.gate)
        return [one.goods for one in held if one.person in may]


def _restated(db: sa.Connection, held: reading.HeldOrder, state: OrderState, now_ms: int) -> Order:
    order = msgspec.structs.replace(held.order, state=state)
    tables.store_orders(db, [order], held.basis, now_ms)
    return order


def _require(db: sa.Connection, id_: str, purpose: Reason) -> reading.HeldOrder:
    held = reading.order_by_id(db, id_, purpose=purpose)
    if held is None:
        raise UnknownOrder(f"No order has the id {id_!r}.", hint="List the ids with: zhanggui orders list SHOP")
    return held
