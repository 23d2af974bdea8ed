"""The short way and the framework's way give the same answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from uvicorn.server import ServerState

from zhanggui.app.build import open_control
from zhanggui.app.http.front import FrontedApp
from zhanggui.app.http.hot import plain_query
from zhanggui.app.server.protocol import Protocol
from zhanggui.app.site import create_app
from zhanggui.trust import CreateKey

EVENT = b'{"id": "%s", "name": "view_item", "visitor_id": "v1", "product_id": "p1"}'
JSON = {"Content-Type": "application/json"}
CASES = [
    ("POST", "/events", EVENT % b"a", {}),
    ("POST", "/events", b"{", {}),
    ("POST", "/events", b'{"id": "x", "name": "view_item"}', {}),
    ("POST", "/events/batch", b"[" + EVENT % b"b" + b', {"id": 3}]', {}),
    ("POST", "/events/batch", b"[1, ", {}),
    ("POST", "/events/batch", b"[" * 900, {}),
    ("POST", "/events", EVENT % b"c", {"Authorization": "Bearer wrong"}),
    ("GET", "/events", b"", {}),
    ("GET", "/recommendations?visitor_id=v1&k=3", b"", {}),
    ("GET", "/recommendations?visitor_id=v1&k=0", b"", {}),
    ("GET", "/recommendations?visitor_id=v%201&k=3&k=4", b"", {}),
    ("GET", "/recommendations", b"", {"Authorization": ""}),
    ("GET", "/recommendations?visitor_id=v1&visitorid=v2", b"", {}),
    ("GET", "/recommendations", b"", {"X-Request-Id": "mine"}),
    ("GET", "/popular?k=2&language=en", b"", {}),
    ("GET", "/popular?surface=home", b"", {}),
    ("GET", "/products/p1/similar?k=2", b"", {}),
    ("GET", "/products/nobody/similar", b"", {}),
    ("GET", "/products/p%31/similar?k=x", b"", {}),
    ("GET", "/popular", b"{}", {}),
    ("POST", "/events?visitorid=v1", EVENT % b"d", {}),
    ("POST", "/events", b"", {}),
    ("POST", "/events", EVENT.replace(b"view_item", b"viewitem") % b"e", {}),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """Of each way, on an installation of its own: what every case was answered."""
    return [_answers(an_installation(tmp_path_factory.mktemp(way)), is_hot=way == "hot") for way in ("hot", "slow")]


def _answers(settings: Any, *, is_hot: bool) -> list[Any]:
    with open_control(settings) as control:
        key = control.keys.create(SHOP, CreateKey(name="test", scopes=("*",))).secret
    app: FrontedApp = create_app(settings)
    if not is_hot:
        app.hot = None
    found: list[Any] = []
    with TestClient(app) as client:
        for method, path, body, headers in CASES:
            sent = {"Authorization": f"Bearer {key}", **JSON, **headers}
            response = client.request(method, f"/v1/{SHOP}{path}", content=body or None, headers=sent)
            kept = {name: value for name, value in response.headers.items() if name not in {"x-request-id", "allow"}}
            found.append((response.status_code, kept, _without_id(response)))
    return found


class Wire:
    """A connection's transport that keeps what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.came = asyncio.Event()

    def get_extra_info(self, _name: str) -> None:
        return None

    def write(self, data: bytes) -> None:
        self.written += data
        self.came.set()

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing stays open."""


async def _over_the_wire(app: Any, requests: Sequence[bytes]) -> list[bytes]:
    config = uvicorn.Config(app, http=Protocol, ws="none", lifespan="off", log_config=None, proxy_headers=False)
    config.load()
    wire = Wire()
    protocol = Protocol(config=config, server_state=ServerState(), app_state={})
    protocol.connection_made(wire)  # type: ignore[arg-type]
    answers = []
    for request in requests:
        wire.written = b""
        protocol.data_received(request)
        await wire.came.wait()
        wire.came.clear()
        answers.append(re.sub(rb'"list_id":"[^"]*"|x-request-id: [^\r]*', b"", wire.written))
    protocol.connection_lost(None)
    return answers


def test_the_protocol_writes_at_once_what_the_application_would_send(tmp_path: Path) -> None:
    settings = an_installation(tmp_path)
    with open_control(settings) as control:
        key = control.keys.create(SHOP, CreateKey(name="test", scopes=("*",))).secret
    app = create_app(settings)

    async def plain(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    with TestClient(app):
        at_once = asyncio.run(_over_the_wire(app, list(_requests(key, way=b"hot"))))
        in_time = asyncio.run(_over_the_wire(plain, list(_requests(key, way=b"slow"))))

    assert at_once == in_time


def _requests(key: str, *, way: bytes) -> Iterator[bytes]:
    """All cases that either is answered at once or has a whole event; no event is sent by both ways."""
    for method, path, body, _ in CASES:
        if (method == "POST" and b'"id"' not in body) or (method == "GET" and body):
            continue
        own = body.replace(b'"id": "', b'"id": "%s' % way).replace(b"v1", b"v0")  # whose list nobody asks for
        more = f"content-type: application/json\r\ncontent-length: {len(own)}\r\n" if own else ""
        for sent in (key, "wrong"):
            head = f"{method} /v1/{SHOP}{path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {sent}\r\n{more}\r\n"
            yield head.encode() + own


def _without_id(response: Any) -> Any:
    body = response.json()
    return {name: value for name, value in body.items() if name not in {"list_id", "id"}}


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{CASES[n][0]} {CASES[n][1]} {n}")
def test_both_ways_answer_alike(answers: list[list[Any]], number: int) -> None:
    hot, slow = answers[0][number], answers[1][number]

    assert hot == slow


@pytest.mark.parametrize("query", [b"k=0", b"k=201", b"k=1&k=2", b"customer_id=a%20b", b"other=1", b"k", b"a+b=1"])
def test_what_is_not_plain_is_left_to_the_framework(query: bytes) -> None:
    assert plain_query(query) is None
