"""A shopper's rights: everything that the shop holds of them as a file and as a page, and its erasure.

Law: PIPL art. 45 (access), 47 (erasure), 50 (a convenient way). Whoever logged out is a guest again: what belongs to a
customer is given and erased only to a browser that is logged in as that customer.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.kernel.errors import Kind, ZhangguiError
from zhanggui.kernel.ids import new_id
from zhanggui.trust import VISITOR_COOKIE
from zhanggui.trust.errors import UnknownPerson
from zhanggui.trust.service.persons.page import page_of
from zhanggui.trust.types.persons import Ground

from .cart import COOKIE as CART_COOKIE
from .shell import VISITOR_LIFE_S, Storefront
from .shoppers import COOKIE as CUSTOMER_COOKIE


class LoginNeeded(ZhangguiError):
    """A browser that was logged in once asks for what belongs to the customer."""

    code, kind = "storefront.login_needed", Kind.FORBIDDEN


@get("/shop/{shop:str}/me/data.json", include_in_schema=False, sync_to_thread=True)
def download(store: NamedDependency[Storefront]) -> Response[bytes]:
    """All of it as a file for programs."""
    return _file(msgspec.json.format(msgspec.json.encode(_document(store)), indent=2), "application/json", "json")


@get("/shop/{shop:str}/me/data.html", include_in_schema=False, sync_to_thread=True)
def readable(store: NamedDependency[Storefront]) -> Response[bytes]:
    """All of it as a page that needs no other file."""
    return _file(page_of(_document(store), store.language).encode(), "text/html", "html")


@post("/shop/{shop:str}/me/erase", include_in_schema=False, sync_to_thread=True)
def erase(store: NamedDependency[Storefront], form: NamedDependency[Any]) -> Redirect:
    """Erase whoever asks; the browser is somebody new with the answer."""
    if not form.is_checked("sure"):
        return store.go("/me", place="gone", done="sure")
    try:
        receipt = store.rooms.persons.erase(**_whom(store), actor=store.shopper.actor, ground=Ground.ASKED)
    except UnknownPerson:
        answer = store.go("/me", place="gone", done="nothing")
    else:
        answer = store.go(f"/me/erased/{receipt.id}")
    answer.cookies.append(store.view.cookie(VISITOR_COOKIE, new_id(), VISITOR_LIFE_S))
    for name in (CUSTOMER_COOKIE, CART_COOKIE):
        answer.delete_cookie(name, path=store.base)
    return answer


@get("/shop/{shop:str}/me/erased/{receipt_id:str}", include_in_schema=False, sync_to_thread=True)
def erased(store: NamedDependency[Storefront], receipt_id: FromPath[str]) -> Response[str]:
    """The receipt. It names nobody; whoever has its number may read it."""
    return store.page("erased.html", current="me", receipt=store.rooms.persons.receipt(receipt_id))


def _document(store: Storefront) -> dict[str, Any]:
    try:
        return store.rooms.persons.export(**_whom(store), actor=store.shopper.actor)
    except UnknownPerson:  # a guest who has done nothing yet
        return {"shop": store.rooms.name, "made_at": store.view.formats.now.isoformat()}


def _whom(store: Storefront) -> dict[str, str | None]:
    """Who may be meant: the customer who is logged in, else a browser that is nobody's.

    Raises:
        LoginNeeded: the browser belongs to a customer who is not logged in.
    """
    shopper = store.shopper
    if shopper.customer_id is not None:
        return {"customer_id": shopper.customer_id}
    with store.rooms.db.read() as db:
        subject = store.rooms.people.subject(db, None, shopper.visitor_id)
        own = store.rooms.people.numbers(db, visitor_ids=[shopper.visitor_id])
    if subject is not None and subject.number not in own.values():
        raise LoginNeeded("This browser was logged in: what it did is the customer's.", hint="Log in, and ask again.")
    return {"visitor_id": shopper.visitor_id}


def _file(body: bytes, media_type: str, suffix: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="my-data.{suffix}"', "cache-control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


RIGHTS_ROUTES = (download, readable, erase, erased)
