"""The events door over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.testing import TestClient
from tests.conftest import FixedClock
from tests.shop.events.builders import an_event, stored

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.shop.routes.events import EventRoutes
from zhanggui.shop.service.events import Events


def _refused(_: Request[Any, Any, Any], error: ZhangguiError) -> Response[dict[str, str]]:
    return Response({"code": error.code}, status_code=422)


@pytest.fixture
def client(sqlite: Database, clock: FixedClock) -> Iterator[TestClient[Litestar]]:
    events = Events(sqlite, clock)
    app = Litestar(
        route_handlers=[EventRoutes],
        dependencies={"events": Provide(lambda: events, sync_to_thread=False)},
        exception_handlers={ZhangguiError: _refused},
    )
    with TestClient(app) as client:
        yield client


def test_one_event_is_answered_with_a_receipt_when_it_is_stored(client: TestClient[Litestar], sqlite: Database) -> None:
    answer = client.post("/v1/teahouse/events", content=msgspec.json.encode(an_event()))

    assert (answer.status_code, answer.json()) == (200, {"accepted": 1, "duplicates": 0, "refused": []})
    assert len(stored(sqlite)) == 1


@pytest.mark.parametrize(("media", "join"), [("application/json", b"[%s,%s]"), ("application/x-ndjson", b"%s\n%s")])
def test_a_batch_is_an_array_or_lines(client: TestClient[Litestar], media: str, join: bytes) -> None:
    body = join % (msgspec.json.encode(an_event()), b'{"id":"x","name":"stare"}')

    answer = client.post("/v1/teahouse/events/batch", content=body, headers={"Content-Type": media})

    assert answer.status_code == 200
    assert answer.json()["accepted"] == 1
    assert [one["index"] for one in answer.json()["refused"]] == [1]


def test_what_is_no_event_is_refused_with_its_code(client: TestClient[Litestar], sqlite: Database) -> None:
    answers = [client.post("/v1/teahouse/events", content=body) for body in (b"", b"{}", b"[]", b"\xff", b'{"id":1}')]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "shop.event_refused")] * 5
    assert stored(sqlite) == []


def test_the_description_of_the_api_names_the_fields_of_an_event(client: TestClient[Litestar]) -> None:
    paths = client.get("/schema/openapi.json").json()["paths"]

    one = paths["/v1/{shop}/events"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    many = paths["/v1/{shop}/events/batch"]["post"]["requestBody"]["content"]
    assert {"id", "name", "visitor_id", "context"} <= set(one["properties"])
    assert set(many) == {"application/json", "application/x-ndjson"}
