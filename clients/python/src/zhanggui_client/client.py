"""The client: reads answer in time or fall back, writes carry an idempotency key and are tried again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from .errors import Problem, ServerError
from .types import Event, EventReceipt, Item, Preference, Recommendations

T = TypeVar("T")
READ_LIMIT_S = 0.15
WRITE_LIMIT_S = 10.0
WRITE_TRIES = 3


class Client:
    """One shop on one server.

    Args:
        base_url: the server, `https://host`.
        shop: the shop's name.
        key: a service key (`zg_sk_...`), or a customer's token.
        read_limit_s: how long a page waits for a whole list before it shows the fallback.
        transport: what sends; a test passes its own.
        new_key: makes the idempotency key of a write.
        clock: seconds that only go forward, by which a list is late.

    The client is safe to share among threads; close it, or use it in `with`.
    """

    def __init__(
        self,
        base_url: str,
        shop: str,
        key: str,
        *,
        read_limit_s: float = READ_LIMIT_S,
        transport: httpx.BaseTransport | None = None,
        new_key: Callable[[], str] = lambda: secrets.token_hex(16),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/v1/{quote(shop, safe='')}",
            headers={"authorization": f"Bearer {key}"},
            transport=transport,
        )
        self._read_limit_s = read_limit_s
        self._new_key = new_key
        self._clock = clock

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def recommend(
        self,
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        k: int = 10,
        surface: str = "home",
        language: str = "zh",
        fallback: Sequence[str] = (),
    ) -> Recommendations:
        """What a shopper may like next; `fallback` (product ids) when the server does not answer in time."""
        ask = {"customer_id": customer_id, "visitor_id": visitor_id, "k": k, "surface": surface, "language": language}
        return self._list("/recommendations", ask, fallback)

    def similar(
        self, product_id: str, *, k: int = 10, language: str = "zh", fallback: Sequence[str] = ()
    ) -> Recommendations:
        """Products like one; `fallback` when the server does not answer in time."""
        return self._list(f"/products/{quote(product_id, safe='')}/similar", {"k": k, "language": language}, fallback)

    def show_less(
        self,
        product_id: str,
        *,
        chips: Sequence[str] | None = None,
        customer_id: str | None = None,
        visitor_id: str | None = None,
    ) -> Preference:
        """Take a product away and lower those that share the chips, in the very next answer.

        Args:
            product_id: what the shopper wants less of.
            chips: keys of its chips; None lets the server choose, none at all lowers nothing else.
            customer_id: who asks, or
            visitor_id: the browser that does.

        Raises:
            ServerError: the server refused or was not reached.
        """
        body = {"product_id": product_id, "chips": chips, "customer_id": customer_id, "visitor_id": visitor_id}
        wanted = {name: value for name, value in body.items() if value is not None}
        return self._write("POST", "/recommendations/show-less", wanted, Preference)

    def undo_show_less(self, preference_id: str) -> None:
        """Take a "show less" back.

        Raises:
            ServerError: the server refused or was not reached.
        """
        self._write("DELETE", f"/recommendations/show-less/{quote(preference_id, safe='')}", None, None)

    def send(self, events: Sequence[Event]) -> EventReceipt:
        """Post events; when this returns they are on the server's disk. Refused ones are named in the receipt.

        Raises:
            ServerError: the server refused or was not reached; sending the same events again counts once.
        """
        return self._write("POST", "/events/batch", list(events), EventReceipt)

    def put(self, kind: str, facts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Put facts (`products`, `offers`, `customers`, `orders`, ...); returns how many were created, updated, unchanged.

        Raises:
            ServerError: the server refused or was not reached.
        """
        return self._write("PUT", f"/{kind}", list(facts), dict[str, int])

    def _list(self, path: str, ask: Mapping[str, Any], fallback: Sequence[str]) -> Recommendations:
        given = {name: value for name, value in ask.items() if value is not None}
        try:
            return msgspec.json.decode(self._read_in_time(path, given), type=Recommendations)
        except (httpx.HTTPError, msgspec.MsgspecError):
            pass  # a shelf that is late or broken must not break the page
        return Recommendations(items=[Item(product_id=product) for product in fallback], is_fallback=True)

    def _read_in_time(self, path: str, given: Mapping[str, Any]) -> bytes:
        """The body of an answer. The library's own limit holds for each piece of it, ours for the whole.

        Raises:
            httpx.HTTPError: refused, unreachable or late.
        """
        until, body = self._clock() + self._read_limit_s, bytearray()
        with self._http.stream("GET", path, params=given, timeout=self._read_limit_s) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                body += piece
                if self._clock() > until:
                    raise httpx.ReadTimeout("The answer was not whole in time.", request=answer.request)
        return bytes(body)

    def _write(self, method: str, path: str, body: object, kind: type[T] | None) -> T:
        headers = {"idempotency-key": self._new_key(), "content-type": "application/json"}
        content = None if body is None else msgspec.json.encode(body)
        problem = Problem()
        for _ in range(WRITE_TRIES):
            try:
                answer = self._http.request(method, path, content=content, headers=headers, timeout=WRITE_LIMIT_S)
            except httpx.HTTPError as error:
                problem = Problem(title="The server was not reached.", detail=str(error))
                continue
            if answer.is_success:
                return msgspec.json.decode(answer.content, type=kind) if kind else None  # type: ignore[return-value]
            problem = _problem(answer)
            if answer.status_code < 500:
                break
        raise ServerError(problem)


def _problem(answer: httpx.Response) -> Problem:
    try:
        return msgspec.json.decode(answer.content, type=Problem)
    except msgspec.MsgspecError:
        return Problem(title=answer.reason_phrase, status=answer.status_code)
