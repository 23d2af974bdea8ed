"""What a connection may send before it is a request: a head has an end, and comes in time."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from tests.app.conftest import RunningServer
from uvicorn.server import ServerState

from zhanggui.app.server.protocol import HEAD_TIMEOUT_S, MAX_HEAD_BYTES, WHOLE_ANSWER, OneWrite, Protocol


@dataclass
class Timer:
    after_s: float
    call: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True


@dataclass
class Loop:
    """Notes what is to be called later, and never calls it."""

    timers: list[Timer] = field(default_factory=list)
    soon: list[Callable[[], None]] = field(default_factory=list)

    def call_later(self, after_s: float, call: Callable[[], None], *_: object) -> Timer:
        self.timers.append(Timer(after_s, call))
        return self.timers[-1]

    def call_soon(self, call: Callable[[], None]) -> None:
        self.soon.append(call)

    def create_task(self, coroutine: Any) -> Any:
        coroutine.close()
        return _Task()


class _Task:
    def add_done_callback(self, _call: object) -> None:
        """Nothing is ever done."""


@dataclass
class Transport:
    written: list[bytes] = field(default_factory=list)
    is_closed: bool = False

    def get_extra_info(self, _name: str) -> None:
        return None

    def write(self, data: bytes) -> None:
        assert not self.is_closed
        self.written.append(data)

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed


@pytest.fixture
def opened() -> tuple[Protocol, Transport, Loop]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        """Never called."""

    config = uvicorn.Config(app, http=Protocol, ws="none", log_config=None, interface="asgi3")
    loop, transport = Loop(), Transport()
    protocol = Protocol(config=config, server_state=ServerState(), app_state={}, _loop=loop)
    protocol.connection_made(transport)  # type: ignore[arg-type]
    return protocol, transport, loop


def test_who_says_nothing_is_let_go_after_a_while(opened: tuple[Protocol, Transport, Loop]) -> None:
    _, transport, loop = opened

    (timer,) = loop.timers
    timer.call()

    assert timer.after_s == HEAD_TIMEOUT_S
    assert transport.is_closed


def test_a_whole_head_ends_the_waiting(opened: tuple[Protocol, Transport, Loop]) -> None:
    protocol, _, loop = opened

    protocol.data_received(b"GET / HTTP/1.1\r\nHost: shop\r\n")
    assert not loop.timers[0].is_cancelled
    protocol.data_received(b"\r\n")

    assert loop.timers[0].is_cancelled


def test_what_is_written_in_one_turn_is_sent_together() -> None:
    transport, loop = Transport(), Loop()
    joined = OneWrite(transport, loop)  # type: ignore[arg-type]

    joined.write(b"head ")
    joined.write(b"body")
    assert not transport.written
    loop.soon.pop()()
    joined.write(b"next")
    joined.close()

    assert transport.written == [b"head body", b"next"]
    assert transport.is_closed


@pytest.mark.parametrize(
    ("asked", "said", "closes"), [(b"", b"", False), (b"Connection: close\r\n", b"connection: close\r\n", True)]
)
def test_a_whole_answer_is_one_write_and_there_is_one_of_it(
    opened: tuple[Protocol, Transport, Loop], asked: bytes, said: bytes, closes: bool
) -> None:
    protocol, transport, _ = opened
    protocol.data_received(b"GET / HTTP/1.1\r\nHost: shop\r\n" + asked + b"\r\n")
    answer = protocol.scope["extensions"][WHOLE_ANSWER]

    assert answer(200, [(b"content-length", b"2")], b"{}")
    assert not answer(200, [(b"content-length", b"2")], b"{}")

    assert transport.written == [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n" + said + b"\r\n{}"]
    assert transport.is_closed == closes


def test_a_caller_who_has_gone_is_answered_the_long_way(opened: tuple[Protocol, Transport, Loop]) -> None:
    protocol, transport, _ = opened
    protocol.data_received(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
    answer = protocol.scope["extensions"][WHOLE_ANSWER]
    protocol.connection_lost(None)

    assert not answer(200, [], b"{}")
    assert not transport.written


def test_events_are_answered_with_the_headers_of_every_answer(server: RunningServer) -> None:
    event = {"id": "whole-answer", "name": "view_item", "visitor_id": "v-whole"}
    with server.client() as client:
        short, long = client.post("/events", json=event), client.get("/products", params={"limit": 1})

    assert (short.status_code, short.json()["accepted"]) == (200, 1)
    own = {"date", "content-length", "x-request-id"}
    assert {name: value for name, value in short.headers.items() if name not in own} == {
        name: value for name, value in long.headers.items() if name not in own
    }
    assert own <= short.headers.keys()


def test_a_head_without_an_end_is_refused(server: RunningServer) -> None:
    start = b"GET / HTTP/1.1\r\nHost: shop\r\nX-Long: "

    # Not a byte more than it takes: what a server leaves unread when it closes may cost the caller its answer.
    assert _answer(server, start.ljust(MAX_HEAD_BYTES + 1, b"x")).startswith(b"HTTP/1.1 431 ")


def test_what_is_no_http_is_refused(server: RunningServer) -> None:
    assert _answer(server, b"\x16\x03\x01\x02\x00\x01\x00 hello\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def _answer(server: RunningServer, sent: bytes) -> bytes:
    address = urlsplit(server.address)
    with socket.create_connection((address.hostname, address.port), timeout=30) as caller:
        caller.sendall(sent)
        return caller.recv(65536)
