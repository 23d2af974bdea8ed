"""Writes that may be sent twice: under an `Idempotency-Key` the second request gets the first one's answer.

A key counts per caller (the credential that was sent) and route, for 24 hours. The key is taken after the caller
was let in and before the handler runs; the answer is stored before it is sent. A worker that is killed in between
leaves the key taken for 30 seconds, after which the same request runs again: writes are idempotent by their ids.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from typing import Any

from litestar import Response
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Conflict, InvalidInput
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.listing import AnyRequest

from .tables import StoredAnswer, claim, keep, release

HEADER = "idempotency-key"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MAX_KEY = 255
NONCE_BYTES = 12
MAX_STORED = 2**20
CLAIM = "zhanggui_claim"
KEYED = "zhanggui_keyed"


class BadIdempotencyKey(InvalidInput):
    """An idempotency key that is empty, too long, or not printable ASCII."""

    code = "http.bad_idempotency_key"


class IdempotencyKeyReused(Conflict):
    """The idempotency key was used with another body."""

    code = "http.idempotency_key_reused"


class StillRunning(Conflict):
    """The first request under this idempotency key has not been answered yet."""

    code = "http.still_running"


class Idempotency:
    """Takes keys, stores answers, repeats them.

    Args:
        control: the installation's store.
        secret: the answers are sealed under it (AES-256-GCM): one may hold a new key or a customer's address.
    """

    def __init__(self, control: Database, clock: Clock, secret: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._control = control
        self._clock = clock
        self._cipher = AESGCM(hashlib.blake2b(secret, digest_size=32, person=b"zg-answers").digest())

    async def before_request(self, request: AnyRequest) -> Response[bytes] | None:
        """Take the key; where another request has had it, give its answer instead of running the handler.

        Raises:
            BadIdempotencyKey, IdempotencyKeyReused, StillRunning: see there.
        """
        if KEYED not in request.scope or request.method not in WRITES:
            return None
        key = request.headers[HEADER]
        if not 0 < len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
            raise BadIdempotencyKey(f"An idempotency key has 1 to {MAX_KEY} printable ASCII characters.")
        scope, request_hash = _scope(request, key), _hash(request.url.query.encode(), await request.body())
        owner, now_ms = new_id(), to_ms(self._clock())
        found = await asyncio.wrap_future(
            self._control.submit(lambda db: claim(db, scope, request_hash, owner=owner, now_ms=now_ms))
        )
        if found is None:
            request.scope[CLAIM] = scope  # type: ignore[literal-required]
            return None
        return self._repeat(found, scope, request_hash)

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that carries a key: hold its answer back until it is stored."""
        messages: list[Any] = []
        scope[KEYED] = True  # type: ignore[literal-required]

        async def hold(message: Message) -> None:
            messages.append(message)

        try:
            await app(scope, receive, hold)
        finally:
            if (taken := scope.get(CLAIM)) is not None:
                await self._settle(taken, messages)  # type: ignore[arg-type]
        for message in messages:
            await send(message)

    async def _settle(self, scope: bytes, messages: list[Any]) -> None:
        status = messages[0]["status"] if messages else 500
        body = b"".join(message.get("body", b"") for message in messages[1:])
        if status >= 500 or len(body) > MAX_STORED:
            await asyncio.wrap_future(self._control.submit(lambda db: release(db, scope)))
            return
        headers = dict(messages[0]["headers"])
        media_type = headers.get(b"content-type", b"").decode("latin-1")[:128]
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, body, scope)
        await asyncio.wrap_future(self._control.submit(lambda db: keep(db, scope, status, media_type, sealed)))

    def _repeat(self, found: StoredAnswer, scope: bytes, request_hash: bytes) -> Response[bytes]:
        if found.request_hash != request_hash:
            raise IdempotencyKeyReused(
                "This idempotency key was used with another body within the last 24 hours.",
                hint="Make a new key for a new request; repeat a key only with the same body.",
            )
        if found.status == 0:
            raise StillRunning(
                "The first request under this idempotency key is still running.", hint="Ask again in some seconds."
            )
        return Response(
            self._cipher.decrypt(found.body[:NONCE_BYTES], found.body[NONCE_BYTES:], scope),
            status_code=found.status,
            media_type=found.media_type or "application/json",
            headers={"Idempotency-Replayed": "true"},
        )


def _scope(request: AnyRequest, key: str) -> bytes:
    caller = request.headers.get("authorization") or request.headers.get("cookie") or ""
    return _hash(caller.encode(), request.method.encode(), request.url.path.encode(), key.encode())


def _hash(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=32)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()
