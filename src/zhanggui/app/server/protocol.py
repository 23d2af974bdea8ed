"""HTTP/1.1 on one connection, with bounds for callers that send a head without end, or none at all.

An application that has a method `prompt` is asked first: what it can say without waiting is written at once, and
costs no task, no messages and no second look at its headers. One that has a method `take` may ask for the whole body
of a request instead of messages, and answers it by one write.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 2**10
"""Of a request line with its headers."""
HEAD_TIMEOUT_S = 30.0
"""From the opening of a connection, or the first byte of a later request, to the end of the headers."""
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 43\r\nconnection: close\r\n\r\nThe headers are larger than 65,536 bytes.\r\n"
)

Headers = Iterable[tuple[bytes, bytes]]
Answer = Callable[[int, Headers, bytes], bool]
"""Sends status, headers and body at once, and says whether the caller was still there."""
Take = Callable[[bytes, Answer], Coroutine[Any, Any, None]]
"""Takes the whole body of a request and answers it."""


class OneWrite:
    """A transport that sends what is written within one turn of the loop together.

    Head and body come one after the other; sent alone, each would wake the caller and cost two system calls.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send at the end of this turn."""
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(data)

    def write_now(self, data: bytes) -> None:
        """Send what waits, and this."""
        self.flush()
        self._transport.write(data)

    def close(self) -> None:
        """Send what waits, then close."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Send what waits."""
        parts, self._parts = self._parts, []
        if parts:
            self._transport.write(b"".join(parts))


class _Unheard:
    def set(self) -> None:
        """Nobody waits for more of a body that is handed over whole."""


class Whole:
    """A request that is gathered before the application sees it; it stands where uvicorn keeps what it calls a cycle.

    Attributes:
        parts: of its body, as they came.
        take: the application's.
        keep_alive: whether another request may follow.
        response_complete: whether it was answered.
        disconnected: whether its caller has gone.
    """

    __slots__ = ("disconnected", "keep_alive", "parts", "response_complete", "take")
    message_event = _Unheard()

    def __init__(self, take: Take, *, keep_alive: bool) -> None:
        self.take, self.keep_alive = take, keep_alive
        self.parts: list[bytes] = []
        self.response_complete = self.disconnected = False


class Protocol(HttpToolsProtocol):
    """Uvicorn's protocol, bounded, with one write an answer."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._head_bytes = 0
        self._has_head = self._is_answered = False
        self._timer: asyncio.TimerHandle | None = None
        self._prompt: Any = getattr(self.app, "prompt", None)
        self._take: Any = getattr(self.app, "take", None)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A caller has come; it has so long to say what it wants."""
        super().connection_made(OneWrite(transport, self.loop))  # type: ignore[arg-type]
        self._timer = self.loop.call_later(HEAD_TIMEOUT_S, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """The caller has gone."""
        self._unset_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless a head has no end."""
        was_in_head = not self._has_head
        super().data_received(data)
        if self._has_head:
            return
        if self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(HEAD_TIMEOUT_S, self.transport.close)
        if was_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._has_head = False

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._has_head, self._head_bytes = True, 0
        self._unset_timer()
        self._is_answered = self._answer_at_once()
        if not self._is_answered and not self._gather():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body has come; the application said how large one it takes whole."""
        if self._is_answered:
            return  # what was answered by its head is not read; the cycle is still the one before
        cycle: Any = self.cycle
        if isinstance(cycle, Whole):
            cycle.parts.append(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._is_answered:
            return
        cycle: Any = self.cycle
        if isinstance(cycle, Whole):
            task = self.loop.create_task(cycle.take(b"".join(cycle.parts), partial(self._answer, cycle)))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        else:
            super().on_message_complete()

    def _answer_at_once(self) -> bool:
        if self._prompt is None or self.parser.get_method() != b"GET" or not self._is_simple():
            return False
        answer = self._prompt(self._request_scope("GET"))
        if answer is None:
            return False
        self._write(*answer, end=b"\r\n")
        self.on_response_complete()
        return True

    def _gather(self) -> bool:
        if self._take is None or self.parser.get_method() != b"POST" or not self._is_simple():
            return False
        take = self._take(self._request_scope("POST"))
        if take is None:
            return False
        cycle: Any = Whole(take, keep_alive=True)
        self.cycle = cycle
        return True

    def _is_simple(self) -> bool:
        parser = self.parser
        before: Any = self.cycle  # None on a new connection, whatever its type says
        is_free = (before is None or before.response_complete) and not self.flow.write_paused
        if not is_free or parser.get_http_version() != "1.1" or self.expect_100_continue:
            return False
        return bool(parser.should_keep_alive()) and not parser.should_upgrade()

    def _request_scope(self, method: str) -> Any:
        path, _, query = self.url.partition(b"?")
        scope: Any = self.scope
        scope["method"], scope["path"], scope["query_string"] = method, path.decode("latin-1"), query
        return scope

    def _answer(self, cycle: Whole, status: int, headers: Headers, body: bytes) -> bool:
        if self.transport.is_closing():
            return False
        cycle.response_complete = True
        self._write(status, body, headers, end=b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n")
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()
        return True

    def _write(self, status: int, body: bytes, headers: Headers, *, end: bytes) -> None:
        lines = [b"%s: %s\r\n" % pair for pair in (*self.server_state.default_headers, *headers)]
        transport: Any = self.transport
        transport.write_now(b"".join((STATUS_LINE[status], *lines, end, body)))

    def _unset_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
