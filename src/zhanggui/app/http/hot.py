"""The short way of the requests that come hundreds of times a second: events and recommendations.

The framework spends some 300 µs on a request before the route's own function runs. For these routes the front calls
that function itself: the same guard, the same function, the same errors. Whatever is not plain (a key that is sent
twice, a parameter that needs decoding, another origin, a shop that is not open yet) goes the framework's way, which
stays the one place where input is judged; a test holds both ways' answers against each other.

What only reads is answered without waiting for anything, so that the server's protocol can ask for it directly.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response
from litestar.serialization import default_serializer
from litestar.types import Send
from msgspec.json import Encoder

from zhanggui.kernel.errors import ZhangguiError
from zhanggui.recommend.routes.lists import RecommendRoutes
from zhanggui.shop.routes.events import EventRoutes

from .errors import from_zhanggui
from .guard import Guard
from .shops import OpenShops

_EVENTS = re.compile(r"/v1/([a-z0-9-]{1,64})/(events|events/batch)")
_READS = re.compile(
    r"/v1/([a-z0-9-]{1,64})/(?:(recommendations|popular)|products/([A-Za-z0-9][A-Za-z0-9._-]{0,63})/similar)"
)
_TEMPLATE = "/v1/{shop}/"
"""The framework notes which route it found; here the figures are told so."""
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PLAIN = {
    "customer_id": _ID,
    "visitor_id": _ID,
    "k": re.compile(r"[1-9][0-9]?|1[0-9][0-9]|200"),
    "surface": re.compile(r"[a-z_]{1,64}"),
    "language": re.compile(r"[A-Za-z-]{1,35}"),
    "channel": re.compile(r"[a-z_]{1,64}"),
    "device": re.compile(r"[a-z_]{1,64}"),
}
"""What the routes take in any case; all else they shall judge themselves."""
_FOR_ANYBODY = frozenset({"k", "language"})
_NEEDS_FRAMEWORK = frozenset((b"origin", b"idempotency-key"))
_HAS_BODY = (b"content-length", b"transfer-encoding")
_EVENTS_SCOPE = EventRoutes.opt["scope"]
_encode = Encoder(enc_hook=default_serializer).encode

_HANDLERS: dict[str | None, Any] = {
    "recommendations": RecommendRoutes.recommendations,
    "popular": RecommendRoutes.popular,
    None: RecommendRoutes.similar,
}
RawResponse = tuple[int, bytes, list[tuple[bytes, bytes]]]
"""Status, body, headers."""
Run = Callable[[bytes], Awaitable[RawResponse]]
"""Takes a body."""


class HotRequest:
    """What the routes' functions look at of a request."""

    __slots__ = ("scope",)

    def __init__(self, scope: dict[str, Any]) -> None:
        self.scope = scope


class HotPaths:
    """Knows the hot routes.

    Args:
        guard: the same as the framework's.
        shops: gives the services.
    """

    def __init__(self, guard: Guard, shops: OpenShops) -> None:
        self._guard = guard
        self._shops = shops

    def prompt(self, scope: Any, headers: dict[bytes, bytes]) -> RawResponse | None:
        """The answer of what reads, at once; None where the framework shall give it."""
        found = _READS.fullmatch(scope["path"]) if scope["method"] == "GET" else None
        if found is None or not self._is_plain(found[1], headers) or any(name in headers for name in _HAS_BODY):
            return None
        shop, tail, product = found.groups()
        asked = plain_query(scope["query_string"])
        if asked is None or (tail != "recommendations" and not _FOR_ANYBODY.issuperset(asked)):
            return None
        if product is not None:
            asked["product_id"] = product
        scope["path_template"] = _TEMPLATE + (tail or "products/{product_id}/similar")
        handler = _HANDLERS[tail]
        try:
            request = HotRequest({"state": self._guard.admit(scope, handler.opt["scope"], shop)})
            who = {} if tail == "popular" else {"request": request}
            return _ok(handler.fn(None, recommender=self._shops.get(shop).recommend, **who, **asked))
        except ZhangguiError as error:
            return _problem(error)

    def _is_plain(self, shop: str, headers: dict[bytes, bytes]) -> bool:
        return self._shops.is_open(shop) and _NEEDS_FRAMEWORK.isdisjoint(headers)

    def match(self, scope: Any, headers: dict[bytes, bytes]) -> Run | None:
        """What takes events, given the body; None where the framework shall do it."""
        found = _EVENTS.fullmatch(scope["path"])
        if found is None or not self._is_plain(found[1], headers):
            return None
        shop, tail = found[1], found[2]
        is_plain = scope["method"] == "POST" and not scope["query_string"]
        if not is_plain or b"json" not in headers.get(b"content-type", b""):
            return None
        scope["path_template"] = _TEMPLATE + tail
        function = EventRoutes.post_event.fn if tail == "events" else EventRoutes.post_events.fn
        return lambda body: self._take(scope, headers, shop, function, body)

    async def _take(
        self, scope: Any, headers: dict[bytes, bytes], shop: str, function: Any, body: bytes
    ) -> RawResponse:
        try:
            request = HotRequest({"state": self._guard.admit_key(scope, headers, _EVENTS_SCOPE, shop)})
            return _ok(await function(None, request, self._shops.get(shop).events, body))
        except ZhangguiError as error:
            return _problem(error)


def plain_query(query: bytes) -> dict[str, Any] | None:
    """The parameters of a query that needs no decoding and no judging; None for any other."""
    asked: dict[str, Any] = {}
    for pair in query.decode("latin-1").split("&") if query else ():
        name, _, value = pair.partition("=")
        pattern = _PLAIN.get(name)
        if pattern is None or name in asked or pattern.fullmatch(value) is None:
            return None
        asked[name] = int(value) if name == "k" else value
    return asked


async def send_answer(send: Send, answer: RawResponse) -> None:
    """Send a whole answer."""
    status, body, headers = answer
    start: Any = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _ok(value: Any) -> RawResponse:
    body = value.content if isinstance(value, Response) else _encode(value)
    return 200, body, [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]


def _problem(error: ZhangguiError) -> RawResponse:
    response = from_zhanggui(None, error)  # type: ignore[arg-type]
    body = _encode(response.content)
    more = [(name.lower().encode(), str(value).encode()) for name, value in response.headers.items()]
    media_type = str(response.media_type).encode()
    return (
        response.status_code or 500,
        body,
        [*more, (b"content-type", media_type), (b"content-length", b"%d" % len(body))],
    )
