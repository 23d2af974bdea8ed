"""Who may come in: the caller is recognised, counted, and held to the scope that the route names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from anyio import to_thread
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from zhanggui.kernel.errors import Forbidden, Kind, ZhangguiError
from zhanggui.trust import VISITOR_COOKIE, Access, Caller
from zhanggui.trust.types.watch import AlertKind

from .rates import OF_DOORS, PUBLIC, REFUSED, SERVICE, Rates
from .shops import OpenShops

VISITOR_HEADER = b"x-zhanggui-visitor"
"""A page on another domain cannot set our cookie; it names its visitor in this header instead."""
_ASKED = {
    b"authorization": "authorization",
    b"origin": "origin",
    b"x-csrf-token": "x-csrf-token",
    b"host": "host",
}


WATCHED: Mapping[str, AlertKind] = {
    "shop:people": AlertKind.READING,
    "audience:read": AlertKind.READING,
    "audience:serve": AlertKind.READING,
    "audience:own": AlertKind.READING,
    "consents:read": AlertKind.READING,
    "contests:read": AlertKind.READING,
    "persons:erase": AlertKind.READING,
    "shop:export": AlertKind.EXPORT,
    "persons:export": AlertKind.EXPORT,
}
"""Scopes whose use is counted by who asks; of `ABOUT_PEOPLE` those that write, train or mint are not."""
SHOWS_A_SHOPPER = "recommend:admin"
"""Scope under which a chosen shopper's list is shown: a reading wherever the request names one."""
_NAMES = ("customer", "customer_id", "visitor", "visitor_id")
_OF_THE_SHOP = ("key", "user")


class NoVisitor(Forbidden):
    """A publishable key was sent without the visitor that it speaks for."""

    code = "http.no_visitor"


Connection = ASGIConnection[Any, Any, Any, Any]


class Guard:
    """Admits callers; one for each worker.

    A route without a scope in its `opt` is open to everybody: the index, the docs, health, the login itself.
    """

    def __init__(self, access: Access, shops: OpenShops, rates: Rates) -> None:
        self._access = access
        self._shops = shops
        self._rates = rates
        self._this_turn: dict[bytes, Caller] = {}

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Let a request through, with its caller in `state`.

        Raises:
            BadKey, BadToken, BadCsrf: no credentials, or such as are not in force.
            OutOfScope: the caller may not do this here.
            NoVisitor: a publishable key without a visitor to speak for.
            OverRate: too many requests.
        """
        scope = handler.opt.get("scope")
        if scope is None:
            return
        shop = connection.path_params.get("shop", "")
        state = self.admit(connection.scope, scope, shop, has_form=handler.opt.get("has_form", False))
        connection.scope["state"].update(state)
        self._count_door(connection, handler, state["caller"])
        if shop and not self._shops.is_open(shop):
            await to_thread.run_sync(self._shops.get, shop)
        caller = state["caller"]
        # A shopper who looks at what is their own is nobody's reader.
        if shop and caller.kind in _OF_THE_SHOP and (kind := _watched(connection, handler, scope)) is not None:
            self._shops.get(shop).watch.count(kind, caller.actor)

    def admit(self, connection: Any, scope: str, shop: str, *, has_form: bool = False) -> dict[str, Any]:
        """What a route is told of its caller.

        Args:
            connection: the ASGI scope.
            scope: what the route needs.
            shop: that the path names; "" for none.
            has_form: the CSRF token stands in the form, where `web.forms.posted` holds it against the session.

        Raises:
            The same as a call.
        """
        return _state_of(self._recognise(connection, has_form=has_form), scope, shop)

    def admit_key(self, connection: Any, headers: Mapping[bytes, bytes], scope: str, shop: str) -> dict[str, Any]:
        """Like `admit`, and a key that comes alone is looked up once in a turn of the event loop.

        All requests of a turn had arrived before the first of them was looked at, so what the store said of their
        key then holds for each: a key that was revoked before a request was sent is never taken.

        Args:
            headers: those of the connection, by name.
        """
        token = headers.get(b"authorization")
        if token is None or b"cookie" in headers or VISITOR_HEADER in headers:
            return self.admit(connection, scope, shop)
        caller = self._this_turn.get(token)
        if caller is None:
            caller = self._recognise(connection, has_form=False)
            if not self._this_turn:
                asyncio.get_running_loop().call_soon(self._this_turn.clear)
            self._this_turn[token] = caller
        else:
            self._count(caller, connection)
        return _state_of(caller, scope, shop)

    def _recognise(self, connection: Any, *, has_form: bool) -> Caller:
        headers, cookies = _credentials(connection["headers"])
        method = "GET" if has_form else str(connection.get("method", "GET"))
        try:
            caller = self._access.authenticate(headers, cookies, method=method)
        except ZhangguiError as error:
            if error.kind is Kind.UNAUTHENTICATED:
                self._rates.take(f"refused:{_address(connection)}", REFUSED)
            raise
        self._count(caller, connection)
        return caller

    def _count(self, caller: Caller, connection: Any) -> None:
        if caller.kind in _OF_THE_SHOP:
            self._rates.take(caller.actor, SERVICE)
        else:
            self._rates.take(f"{caller.id}:{_address(connection)}", PUBLIC)

    def _count_door(self, connection: Connection, handler: BaseRouteHandler, caller: Caller) -> None:
        """Of doors with a rate of their own; the shop's servers ask for many shoppers from one address."""
        door = handler.opt.get("rate", "")
        if door and caller.kind not in _OF_THE_SHOP:
            self._rates.take(f"{door}:{_address(connection.scope)}", OF_DOORS[door])


def _watched(connection: Connection, handler: BaseRouteHandler, scope: str) -> AlertKind | None:
    """As what a request is counted by who asks; None for one that shows nobody."""
    if scope == SHOWS_A_SHOPPER:
        names_one = any(connection.query_params.get(name) for name in _NAMES)
        return AlertKind.READING if names_one or handler.opt.get("shows_shopper") else None
    return WATCHED.get(scope)


def _state_of(caller: Caller, scope: str, shop: str) -> dict[str, Any]:
    """What a route is told of a caller who holds the scope that it needs."""
    caller.require(scope, shop)
    state: dict[str, Any] = {"caller": caller}
    if caller.is_visitor_only:
        state["only_visitor"] = _visitor_of(caller)
    if caller.customer_id is not None:
        state["only_customer"] = caller.customer_id
    return state


def _address(connection: Any) -> str:
    client = connection.get("client")
    return client[0] if client else ""


def _visitor_of(caller: Caller) -> str:
    if caller.visitor_id is None:
        raise NoVisitor(
            "A publishable key speaks for one visitor, and the request names none.",
            hint=f"Send the visitor's id in the cookie {VISITOR_COOKIE} or the header X-Zhanggui-Visitor.",
        )
    return caller.visitor_id


def _credentials(raw: Iterable[tuple[bytes, bytes]]) -> tuple[dict[str, str], dict[str, str]]:
    """The headers and cookies by which a caller is recognised."""
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    visitor = ""
    for name, value in raw:
        if name in _ASKED:
            headers[_ASKED[name]] = value.decode("latin-1")
        elif name == b"cookie":
            cookies.update(_cookies(value.decode("latin-1")))
        elif name == VISITOR_HEADER:
            visitor = value.decode("latin-1")
    if headers.get("origin", "").partition("://")[2] == headers.pop("host", ""):
        headers.pop("origin", None)  # a page of this server itself; a browser lets no page choose either of the two
    return headers, (cookies | {VISITOR_COOKIE: visitor}) if visitor else cookies


def _cookies(text: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(text).items()}
    except CookieError:
        return {}
