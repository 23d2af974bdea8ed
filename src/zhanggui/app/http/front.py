"""The outermost layer: hostile requests are refused here, and every answer gets its id and safety headers."""

from __future__ import annotations

import itertools
import os
import re
import time
from functools import partial
from typing import Any

import msgspec
from litestar import Litestar
from litestar.types import Receive, Send

from zhanggui.app.server.protocol import Answer, Headers, Take
from zhanggui.kernel.errors import ZhangguiError

from .counting import Counted, Outcome, Tally, note
from .errors import PROBLEM_JSON, Problem, problem_of, unexpected
from .hostile import BodyTooLarge, refuse_hostile_body, refuse_hostile_target
from .hot import HotPaths, RawResponse, Run, send_answer
from .idempotency import HEADER, Idempotency

KEY_HEADER = HEADER.encode()
_PROCESS = os.urandom(5).hex().encode()
_REQUESTS = itertools.count(1)
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", _POLICY),
    (b"cache-control", b"no-store"),
)
_SAFE_NAMES = frozenset(name for name, _ in _SAFE)


class FrontedApp(Litestar):
    """Litestar behind a front that reads each JSON body whole, within a limit, before anything decodes it."""

    max_body_bytes: int = 16 * 2**20
    idempotency: Idempotency
    tally: Tally
    hot: HotPaths | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        headers = dict(scope["headers"])
        answering = _Answering(send, self._request_id(headers))
        with Counted(scope, answering):
            await self._answer(scope, receive, answering, headers)

    def prompt(self, scope: Any) -> RawResponse | None:
        """The whole answer to a request that needs no waiting, for a server that can send it as it is.

        None for all others: they are served by a call.
        """
        began, headers = time.perf_counter(), dict(scope["headers"])
        answer = self._prompt(scope, headers)
        if answer is None:
            return None
        note(scope, answer[0], began)
        return answer[0], answer[1], self._with_safe(answer[2], headers)

    def take(self, scope: Any) -> Take | None:
        """What takes the body of a request at once, for a server that can gather it; None for all others."""
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"")
        if self.hot is None or not announced.isdigit() or int(announced) > self.max_body_bytes:
            return None
        run = self.hot.match(scope, headers)
        return None if run is None else partial(self._take, scope, headers, run)

    async def _take(self, scope: Any, headers: dict[bytes, bytes], run: Run, body: bytes, answer: Answer) -> None:
        began = self.tally.begin()
        try:
            refuse_hostile_body(body)
            status, content, own = await run(body)
        except ZhangguiError as error:
            status, content, own = _problem_answer(problem_of(error))
        except Exception as error:  # noqa: BLE001  (whatever it is, the caller gets an id and the log the cause)
            status, content, own = _problem_answer(unexpected(error))
        is_heard = answer(status, self._with_safe(own, headers), content)
        self.tally.end(scope, status if is_heard else 0, began)

    def _with_safe(self, own: Headers, headers: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        return [*own, *_SAFE, (b"x-request-id", self._request_id(headers))]

    def _prompt(self, scope: Any, headers: dict[bytes, bytes]) -> RawResponse | None:
        try:
            return None if self.hot is None else self.hot.prompt(scope, headers)
        except Exception as error:  # noqa: BLE001  (whatever it is, the caller gets an id and the log the cause)
            return _problem_answer(unexpected(error))

    async def _answer(self, scope: Any, receive: Any, answering: _Answering, headers: dict[bytes, bytes]) -> None:
        try:
            refuse_hostile_target(scope["path"], scope["query_string"])
            prompt = self._prompt(scope, headers)
            if prompt is not None:
                await send_answer(answering, prompt)
                return
            run = None if self.hot is None else self.hot.match(scope, headers)
            body: bytes | None = b""
            if b"json" in headers.get(b"content-type", b""):
                body, receive = await _read_whole(receive, headers, self.max_body_bytes)
        except ZhangguiError as error:
            await _send_problem(answering, problem_of(error))
            return
        if run is None or body is None:
            await self._serve(scope, receive, answering, headers)
            return
        try:
            answer = await run(body)
        except Exception as error:  # noqa: BLE001  (whatever it is, the caller gets an id and the log the cause)
            await _send_problem(answering, unexpected(error))
            return
        await send_answer(answering, answer)

    async def _serve(self, scope: Any, receive: Any, answering: _Answering, headers: dict[bytes, bytes]) -> None:
        try:
            if KEY_HEADER in headers:
                await self.idempotency.serve(super().__call__, scope, receive, answering)
            else:
                await super().__call__(scope, receive, answering)
        except Exception as error:
            if answering.status:
                raise
            await _send_problem(answering, unexpected(error))

    def _request_id(self, headers: dict[bytes, bytes]) -> bytes:
        given = headers.get(b"x-request-id", b"")
        # A random start and a count: a random number for each request would be a system call.
        return given if _REQUEST_ID.fullmatch(given) else b"%s-%x" % (_PROCESS, next(_REQUESTS))


class _Answering(Outcome):
    """A `send` that adds the headers every answer has, and remembers how the answer began."""

    __slots__ = ("_request_id", "_send")

    def __init__(self, send: Send, request_id: bytes) -> None:
        super().__init__()
        self._send = send
        self._request_id = request_id

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"]
            present = {name for name, _ in headers}
            safe = _SAFE if _SAFE_NAMES.isdisjoint(present) else [pair for pair in _SAFE if pair[0] not in present]
            message["headers"] = [*headers, *safe, (b"x-request-id", self._request_id)]
        await self._send(message)


async def _read_whole(receive: Receive, headers: dict[bytes, bytes], limit: int) -> tuple[bytes | None, Receive]:
    """The body, None where the caller went away before its end; and a `receive` that gives what was read again."""
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > limit:
        raise BodyTooLarge.over(limit)
    parts: list[bytes] = []
    size = 0
    is_more = True
    while is_more:
        message: Any = await receive()
        if message["type"] != "http.request":
            return None, _replay(message, receive)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise BodyTooLarge.over(limit)
        is_more = message.get("more_body", False)
    body = b"".join(parts)
    refuse_hostile_body(body)
    return body, _replay({"type": "http.request", "body": body, "more_body": False}, receive)


def _replay(first: Any, receive: Receive) -> Receive:
    waiting = [first]

    async def replayed() -> Any:
        return waiting.pop() if waiting else await receive()

    return replayed


def _problem_answer(problem: Problem) -> RawResponse:
    body = msgspec.json.encode(problem)
    headers = [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", str(len(body)).encode())]
    return problem.status, body, headers


async def _send_problem(send: Send, problem: Problem) -> None:
    await send_answer(send, _problem_answer(problem))
