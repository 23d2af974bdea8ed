"""Orders, shipments and returns over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from zhanggui.kernel.ids import MerchantId
from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, opened
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.service.orders import OpenState, Orders
from zhanggui.shop.types import LegalBasis, Order, PutReport, Return, Shipment

from .listing import MAX_FACTS, Ids, next_of, one_id

OfCustomer = Annotated[str | None, one_id("customer_id", "Only this customer's.")]
OfOrder = Annotated[str | None, one_id("order_id", "Only those of this order.")]
SentBy = Annotated[
    Literal["webhook", "file", "by-hand", "store"] | None,
    QueryParameter(
        name="outlet",
        description="How your own systems are told; `store`: not at all. Left out: by webhook where there is one, "
        "else by hand.",
    ),
]


class PutOrders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Orders, and the legal basis on which the shop holds them (PIPL art. 13)."""

    basis: LegalBasis
    orders: Annotated[list[Order], msgspec.Meta(max_length=MAX_FACTS)]


class PutReturns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Returns, and the legal basis on which the shop holds them."""

    basis: LegalBasis
    returns: Annotated[list[Return], msgspec.Meta(max_length=MAX_FACTS)]


class ReinstateOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an order stands once it is taken up again."""

    state: OpenState = "pending"


class OrderPage(msgspec.Struct, frozen=True):
    """Orders in the order in which they came."""

    items: list[Order]
    next: str | None = None


class ReturnPage(msgspec.Struct, frozen=True):
    """Returns in the order in which they came."""

    items: list[Return]
    next: str | None = None


class OrderRoutes(Controller):
    """What was bought and what came back."""

    path = "/v1/{shop:str}"
    tags = ("orders",)

    @put("/orders", operation_id="PutOrders", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_orders(self, orders: NamedDependency[Orders], data: JSONBody[PutOrders]) -> PutReport:
        """Create or change orders by id. Each line stands in its shopper's history once, from now on."""
        return orders.put_orders(data.orders, data.basis)

    @get("/orders", operation_id="ListOrders", opt={"scope": "shop:people"}, sync_to_thread=True)
    def orders(
        self,
        request: AnyRequest,
        orders: NamedDependency[Orders],
        cursors: NamedDependency[CursorCodec],
        customer_id: OfCustomer = None,
        ids: Ids = None,
        after: After = None,
        limit: Limit = 50,
    ) -> OrderPage:
        """List orders, those of one customer, or those whose ids are named."""
        if ids:
            return OrderPage([orders.order(id_, purpose=Purpose.SERVICE) for id_ in ids])
        items = orders.orders(opened(cursors, after, request), limit, customer_id, purpose=Purpose.SERVICE)
        return OrderPage(items, next_of(cursors, items, limit, request))

    @get("/orders/{order_id:str}", operation_id="GetOrder", opt={"scope": "shop:people"}, sync_to_thread=True)
    def order(self, orders: NamedDependency[Orders], order_id: FromPath[MerchantId]) -> Order:
        """One order. An id with a slash goes through the listing of orders."""
        return orders.order(order_id, purpose=Purpose.SERVICE)

    @post(
        "/orders/{order_id:str}/shipments",
        operation_id="RecordShipment",
        opt={"scope": "shop:write"},
        status_code=HTTP_200_OK,
        sync_to_thread=True,
    )
    def record_shipment(
        self, orders: NamedDependency[Orders], order_id: FromPath[MerchantId], data: JSONBody[Shipment]
    ) -> Order:
        """Add a parcel to an order, or change the one of the same id."""
        return orders.record_shipment(order_id, data)

    @post(
        "/orders/{order_id:str}/cancel",
        operation_id="CancelOrder",
        opt={"scope": "shop:write"},
        status_code=HTTP_200_OK,
        sync_to_thread=True,
    )
    def cancel(self, orders: NamedDependency[Orders], order_id: FromPath[MerchantId], outlet: SentBy = None) -> Order:
        """Call an order off that is not shipped; units that the shop's own checkout allocated are free again.

        The outbox tells the merchant's own systems; taking the order up again tells them that too.
        """
        return orders.cancel(order_id, outlet or "")

    @post(
        "/orders/{order_id:str}/reinstate",
        operation_id="ReinstateOrder",
        opt={"scope": "shop:write"},
        status_code=HTTP_200_OK,
        sync_to_thread=True,
    )
    def reinstate(
        self, orders: NamedDependency[Orders], order_id: FromPath[MerchantId], data: JSONBody[ReinstateOrder]
    ) -> Order:
        """Take up an order again that was called off, with its units, if they are still there."""
        return orders.reinstate(order_id, data.state)

    @put("/returns", operation_id="PutReturns", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_returns(self, orders: NamedDependency[Orders], data: JSONBody[PutReturns]) -> PutReport:
        """Create or change returns by id."""
        return orders.put_returns(data.returns, data.basis)

    @get("/returns", operation_id="ListReturns", opt={"scope": "shop:people"}, sync_to_thread=True)
    def returns(
        self,
        request: AnyRequest,
        orders: NamedDependency[Orders],
        cursors: NamedDependency[CursorCodec],
        order_id: OfOrder = None,
        after: After = None,
        limit: Limit = 50,
    ) -> ReturnPage:
        """List returns, or those of one order."""
        items = orders.returns(opened(cursors, after, request), limit, order_id, purpose=Purpose.SERVICE)
        return ReturnPage(items, next_of(cursors, items, limit, request))
