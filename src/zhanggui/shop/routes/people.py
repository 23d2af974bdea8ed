"""Customers and logins over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.kernel.ids import MerchantId
from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, opened
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.service.people import People
from zhanggui.shop.types import Customer, Identified, LegalBasis, PutReport

from .listing import MAX_FACTS, Ids, next_of

ForPurpose = Annotated[Purpose, QueryParameter(name="purpose", description="What the data is read for.")]


class PutCustomers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Customers, and the legal basis on which the shop holds them (PIPL art. 13)."""

    basis: LegalBasis
    customers: Annotated[list[Customer], msgspec.Meta(max_length=MAX_FACTS)]


class CustomerPage(msgspec.Struct, frozen=True):
    """Customers in the order in which the shop came to know them."""

    items: list[Customer]
    next: str | None = None


class FindCustomers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By what somebody is looked for; it stands in the body, so that no log of addresses keeps it."""

    kind: Literal["phone", "email", "name"]
    value: Annotated[str, msgspec.Meta(min_length=2, max_length=254)]


class Login(msgspec.Struct, frozen=True):
    """A login that was noted."""

    link_id: str


class PeopleRoutes(Controller):
    """Whom the shop sells to."""

    path = "/v1/{shop:str}"
    tags = ("people",)

    @put("/customers", operation_id="PutCustomers", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_customers(self, people: NamedDependency[People], data: JSONBody[PutCustomers]) -> PutReport:
        """Create or change customers by id. Direct identifiers are encrypted at once."""
        return people.put_customers(data.customers, data.basis)

    @post(
        "/customers/find",
        operation_id="FindCustomers",
        opt={"scope": "shop:people"},
        status_code=200,
        sync_to_thread=True,
    )
    def find(self, people: NamedDependency[People], data: JSONBody[FindCustomers]) -> list[Customer]:
        """Find customers by phone, e-mail address or whole name, however it is spelled; compared by keyed hashes."""
        return people.find(data.kind, data.value, purpose=Purpose.SERVICE)

    @get("/customers", operation_id="ListCustomers", opt={"scope": "shop:people"}, sync_to_thread=True)
    def customers(
        self,
        request: AnyRequest,
        people: NamedDependency[People],
        cursors: NamedDependency[CursorCodec],
        ids: Ids = None,
        after: After = None,
        limit: Limit = 50,
    ) -> CustomerPage:
        """List customers, or those whose ids are named, with their direct identifiers, to serve their orders."""
        if ids:
            return CustomerPage([people.customer(id_, Purpose.SERVICE) for id_ in ids])
        items = people.customers(opened(cursors, after, request), limit, purpose=Purpose.SERVICE)
        return CustomerPage(items, next_of(cursors, items, limit, request))

    @get("/customers/{customer_id:str}", operation_id="GetCustomer", opt={"scope": "shop:people"}, sync_to_thread=True)
    def customer(
        self, people: NamedDependency[People], customer_id: FromPath[MerchantId], purpose: ForPurpose = Purpose.SERVICE
    ) -> Customer:
        """One customer; refused for a purpose they have not allowed. An id with a slash goes through the listing."""
        return people.customer(customer_id, purpose)

    @post("/identify", operation_id="Identify", opt={"scope": "shop:write"}, sync_to_thread=True)
    def identify(self, people: NamedDependency[People], data: JSONBody[Identified]) -> Login:
        """A login: this visitor is this customer, from the very next answer on."""
        return Login(people.identify_all([data])[0])

    @delete("/identify/{link_id:str}", operation_id="UndoIdentify", opt={"scope": "shop:write"}, sync_to_thread=True)
    def undo_identify(self, people: NamedDependency[People], link_id: FromPath[MerchantId]) -> None:
        """Take a login back: what held before it holds again."""
        people.undo_identify(link_id)
