"""Access and erasure over HTTP (PIPL art. 45, 47 and 50)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, actor_of, opened, sealed
from zhanggui.trust.errors import NotConfirmed
from zhanggui.trust.service.persons.page import page_of
from zhanggui.trust.service.persons.persons import Persons
from zhanggui.trust.types.persons import ErasePerson, Readmit, Receipt, ReceiptPage

Language = Annotated[str, QueryParameter(name="language", pattern=r"^(zh|en)$(?!\n)", description="Of the page.")]
NO_STORE = {"cache-control": "no-store"}


class PersonRoutes(Controller):
    """What the shop holds of a person."""

    path = "/v1/{shop:str}"
    tags = ("persons",)

    @get(
        "/customers/{customer_id:str}/data",
        operation_id="ExportCustomer",
        opt={"scope": "persons:export"},
        sync_to_thread=True,
    )
    def customer(
        self, request: AnyRequest, persons: NamedDependency[Persons], customer_id: FromPath[str]
    ) -> dict[str, Any]:
        """All that the shop holds of a customer and their browsers; the ledger keeps that it was asked for."""
        return persons.export(customer_id=customer_id, actor=actor_of(request))

    @get(
        "/customers/{customer_id:str}/data.html",
        operation_id="ExportCustomerPage",
        opt={"scope": "persons:export"},
        sync_to_thread=True,
        media_type=MediaType.HTML,
    )
    def page(
        self,
        request: AnyRequest,
        persons: NamedDependency[Persons],
        customer_id: FromPath[str],
        language: Language = "zh",
    ) -> Response[str]:
        """The same as a page that a person can read; it needs no other file."""
        document = persons.export(customer_id=customer_id, actor=actor_of(request))
        return Response(page_of(document, language), media_type=MediaType.HTML, headers=NO_STORE)

    @get(
        "/visitors/{visitor_id:str}/data",
        operation_id="ExportVisitor",
        opt={"scope": "persons:export"},
        sync_to_thread=True,
    )
    def visitor(
        self, request: AnyRequest, persons: NamedDependency[Persons], visitor_id: FromPath[str]
    ) -> dict[str, Any]:
        """All that the shop holds of a visitor, and of the customer whom a login joined them to."""
        return persons.export(visitor_id=visitor_id, actor=actor_of(request))

    @post(
        "/customers/{customer_id:str}/erasure",
        operation_id="EraseCustomer",
        opt={"scope": "persons:erase"},
        status_code=200,
        sync_to_thread=True,
    )
    def erase(
        self,
        request: AnyRequest,
        persons: NamedDependency[Persons],
        customer_id: FromPath[str],
        data: JSONBody[ErasePerson],
    ) -> Receipt:
        """Erase a customer with their browsers. It cannot be undone; doing it again answers the same receipt.

        Keys and rows are gone with this answer; a job then cleans files and texts, and `state` becomes `done`.
        """
        _require_same(data.id, customer_id)
        return persons.erase(customer_id=customer_id, actor=actor_of(request), ground=data.ground)

    @post(
        "/visitors/{visitor_id:str}/erasure",
        operation_id="EraseVisitor",
        opt={"scope": "persons:erase"},
        status_code=200,
        sync_to_thread=True,
    )
    def erase_visitor(
        self,
        request: AnyRequest,
        persons: NamedDependency[Persons],
        visitor_id: FromPath[str],
        data: JSONBody[ErasePerson],
    ) -> Receipt:
        """Erase a visitor, and the customer whom a login joined them to."""
        _require_same(data.id, visitor_id)
        return persons.erase(visitor_id=visitor_id, actor=actor_of(request), ground=data.ground)

    @post(
        "/customers/{customer_id:str}/readmission",
        operation_id="ReadmitCustomer",
        opt={"scope": "persons:erase"},
        status_code=200,
        sync_to_thread=True,
    )
    def readmit(
        self,
        request: AnyRequest,
        persons: NamedDependency[Persons],
        customer_id: FromPath[str],
        data: JSONBody[Readmit],
    ) -> Receipt:
        """Let a customer who was erased come back: their id may be put and imported again. Nothing of then returns."""
        return persons.readmit(customer_id, phone=data.phone, email=data.email, actor=actor_of(request))

    @get("/erasures", operation_id="ListErasures", opt={"scope": "persons:read"}, sync_to_thread=True)
    def receipts(
        self,
        request: AnyRequest,
        persons: NamedDependency[Persons],
        cursors: NamedDependency[CursorCodec],
        after: After = None,
        limit: Limit = 50,
    ) -> ReceiptPage:
        """List receipts of erasures, newest first. They name nobody."""
        page = persons.receipts(before=opened(cursors, after, request), limit=limit)
        return msgspec.structs.replace(page, next=sealed(cursors, page.next, request))

    @get("/erasures/{receipt_id:str}", operation_id="GetErasure", opt={"scope": "persons:read"}, sync_to_thread=True)
    def receipt(self, persons: NamedDependency[Persons], receipt_id: FromPath[str]) -> Receipt:
        """A receipt as it stands now: what went, which models are made anew by when, whether files are clean."""
        return persons.receipt(receipt_id)


def _require_same(said: str, asked: str) -> None:
    if said != asked:
        raise NotConfirmed(
            "The id in the body is not that of the address: nobody was erased.", hint="Send the same id in both."
        )
