"""What a connection may send before it is a request: a head has an end, and comes in time."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from tests.app.conftest import RunningServer
from uvicorn.server import ServerState

from zhanggui.app.server.protocol import HEAD_TIMEOUT_S, MAX_HEAD_BYTES, OneWrite, Protocol


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


class AtOnce(Loop):
    """Runs a task as far as it goes when it is made."""

    def create_task(self, coroutine: Any) -> Any:
        with suppress(StopIteration):
            coroutine.send(None)
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

    def pause_reading(self) -> None:
        """What was sent already is here."""

    resume_reading = pause_reading


@pytest.fixture
def opened() -> tuple[Protocol, Transport, Loop]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        """Never called."""

    loop, transport = Loop(), Transport()
    return _opened(app, loop, transport), transport, loop


def _opened(app: Any, loop: Any, transport: Transport) -> Protocol:
    config = uvicorn.Config(app, http=Protocol, ws="none", log_config=None, interface="asgi3", proxy_headers=False)
    protocol = Protocol(config=config, server_state=ServerState(), app_state={}, _loop=loop)
    protocol.connection_made(transport)  # type: ignore[arg-type]
    return protocol


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


@dataclass
class Taking:
    """An application that takes whole bodies, and keeps what it was given."""

    bodies: list[bytes] = field(default_factory=list)
    answers: list[Callable[..., bool]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Never called."""

    def take(self, scope: Any) -> Any:
        return self._keep if scope["path"] == "/whole" else None

    def prompt(self, scope: Any) -> Any:
        return (200, b"{}", []) if scope["path"] == "/prompt" else None

    async def _keep(self, body: bytes, answer: Callable[..., bool]) -> None:
        self.bodies.append(body)
        self.answers.append(answer)


@pytest.fixture
def taking() -> tuple[Protocol, Transport, Taking]:
    transport, app = Transport(), Taking()
    return _opened(app, AtOnce(), transport), transport, app


POSTED = b"POST /whole HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n%s\r\nbo"


def test_a_body_is_handed_over_whole_and_answered_by_one_write(taking: tuple[Protocol, Transport, Taking]) -> None:
    protocol, transport, app = taking

    protocol.data_received(POSTED % b"")
    assert not app.bodies
    protocol.data_received(b"dy")
    assert app.answers[0](200, [(b"content-length", b"2")], b"{}")

    assert app.bodies == [b"body"]
    assert transport.written == [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"]


def test_a_request_that_is_answered_at_once_leaves_the_one_before_it_alone(
    taking: tuple[Protocol, Transport, Taking],
) -> None:
    protocol, transport, app = taking
    protocol.data_received(POSTED % b"" + b"dy")
    app.answers[0](200, [], b"")

    protocol.data_received(b"GET /prompt HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\n")
    protocol.data_received(b"hm")

    assert app.bodies == [b"body"]
    assert transport.written == [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n{}"]


def test_a_server_that_stops_says_so_in_the_answer_it_owes(taking: tuple[Protocol, Transport, Taking]) -> None:
    protocol, transport, app = taking
    protocol.data_received(POSTED % b"" + b"dy")

    protocol.shutdown()
    assert not transport.is_closed
    app.answers[0](200, [], b"")

    assert transport.written == [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"]
    assert transport.is_closed


def test_a_request_behind_one_that_waits_is_served_after_it(taking: tuple[Protocol, Transport, Taking]) -> None:
    protocol, _, app = taking

    protocol.data_received(POSTED % b"" + b"dy" + POSTED % b"" + b"dy")
    assert len(protocol.pipeline) == 1
    app.answers[0](200, [], b"")

    assert app.bodies == [b"body"]
    assert not protocol.pipeline


@pytest.mark.parametrize("asked", [b"Connection: close\r\n", b"Expect: 100-continue\r\n"])
def test_what_asks_for_more_than_an_answer_goes_the_long_way(
    taking: tuple[Protocol, Transport, Taking], asked: bytes
) -> None:
    protocol, _, app = taking

    protocol.data_received(POSTED % asked + b"dy")

    assert not app.bodies


def test_a_caller_who_has_gone_is_not_answered(taking: tuple[Protocol, Transport, Taking]) -> None:
    protocol, transport, app = taking
    protocol.data_received(POSTED % b"" + b"dy")
    protocol.connection_lost(None)

    assert not app.answers[0](200, [], b"{}")
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
