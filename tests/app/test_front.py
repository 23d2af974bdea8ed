"""The outermost layer, tried with routes of the test's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from litestar import get, post
from litestar.params import JSONBody
from litestar.testing import TestClient
from structlog.testing import capture_logs
from tests.conftest import FixedClock

from zhanggui.app.http.errors import HANDLERS
from zhanggui.app.http.front import FrontedApp
from zhanggui.app.http.idempotency import Idempotency
from zhanggui.app.http.tables import idempotent_answers
from zhanggui.app.migrations import upgrade
from zhanggui.kernel.db import Database, open_database
from zhanggui.kernel.errors import NotFound


class Tea(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    grams: int = 100


class Counter:
    def __init__(self) -> None:
        self.count = 0


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'control.db'}")
    upgrade(database, "control")
    yield database
    database.close()


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def client(control: Database, clock: FixedClock, counter: Counter) -> Iterator[TestClient[FrontedApp]]:
    @get("/missing", sync_to_thread=False)
    def missing() -> None:
        raise NotFound("No tea has that name.", hint="Look again.")

    @get("/broken", sync_to_thread=False)
    def broken() -> None:
        raise RuntimeError("the password is hunter2")

    @post("/teas", sync_to_thread=False)
    def put(data: JSONBody[Tea]) -> dict[str, Any]:
        counter.count += 1
        if data.name == "unlucky":
            raise RuntimeError
        return {"name": data.name, "made": counter.count}

    idempotency = Idempotency(control, clock, b"s" * 32)
    app = FrontedApp(
        [missing, broken, put],
        exception_handlers=HANDLERS,
        before_request=idempotency.before_request,
        openapi_config=None,
        logging_config=None,
    )
    app.max_body_bytes = 1000
    app.idempotency = idempotency
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def problem(response: Any) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == response.status_code
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    return body


def test_our_errors_keep_their_code_and_hint(client: TestClient[FrontedApp]) -> None:
    body = problem(client.get("/missing"))

    assert (body["status"], body["code"], body["hint"]) == (404, "not_found", "Look again.")


def test_an_unexpected_failure_shows_an_id_and_nothing_of_our_insides(client: TestClient[FrontedApp]) -> None:
    with capture_logs() as lines:
        response = client.get("/broken")

    body = problem(response)
    assert (body["status"], body["code"]) == (500, "http.unexpected")
    assert [(line["failure"], "RuntimeError" in line["exception"], "exc_info" in line) for line in lines] == [
        (body["id"], True, False)
    ]
    assert len(body["id"]) == 26
    assert "hunter2" not in response.text


@pytest.mark.parametrize(
    ("status", "code", "sent"),
    [
        (404, "http.no_such_path", {"method": "GET", "url": "/nowhere"}),
        (405, "http.method_not_allowed", {"method": "DELETE", "url": "/teas"}),
        (422, "input.invalid", {"method": "POST", "url": "/teas", "json": {"name": 3}}),
        (422, "input.invalid", {"method": "POST", "url": "/teas", "json": {"name": "a", "gram": 3}}),
        (400, "http.bad_request", {"method": "POST", "url": "/teas", "content": b"{", "headers": {}}),
        (422, "http.not_text", {"method": "POST", "url": "/teas", "content": b'{"name": "\xff"}'}),
        (422, "http.not_text", {"method": "POST", "url": "/teas", "content": b'{"name": "\\u0000"}'}),
        (422, "http.too_deep", {"method": "POST", "url": "/teas", "content": b"[" * 900}),
        (413, "http.body_too_large", {"method": "POST", "url": "/teas", "content": b"1" * 1001}),
        (422, "http.not_text", {"method": "GET", "url": "/teas?q=%00"}),
        (422, "http.not_text", {"method": "GET", "url": "/%00"}),
    ],
)
def test_what_is_refused_is_a_problem_with_a_code(
    client: TestClient[FrontedApp], status: int, code: str, sent: dict[str, Any]
) -> None:
    headers = {"Content-Type": "application/json"} if "content" in sent else {}

    body = problem(client.request(**{**sent, "headers": headers}))

    assert (body["status"], body["code"]) == (status, code)


def test_a_body_without_a_length_is_cut_off_at_the_limit(client: TestClient[FrontedApp]) -> None:
    response = client.post("/teas", content=iter([b" " * 600] * 3), headers={"Content-Type": "application/json"})

    assert problem(response)["code"] == "http.body_too_large"


def test_every_answer_has_an_id_and_safety_headers(client: TestClient[FrontedApp]) -> None:
    given = client.get("/missing", headers={"X-Request-ID": "abc-1"})
    made = client.get("/missing", headers={"X-Request-ID": "<script>"})

    assert given.headers["x-request-id"] == "abc-1"
    assert re.fullmatch(r"[0-9a-f]{10}-[0-9a-f]+", made.headers["x-request-id"])
    assert given.headers["x-content-type-options"] == "nosniff"


def test_the_same_request_under_a_key_is_done_once_and_answered_twice(client: TestClient[FrontedApp]) -> None:
    headers = {"Idempotency-Key": "k1", "Authorization": "Bearer a"}

    first = client.post("/teas", json={"name": "longjing"}, headers=headers)
    second = client.post("/teas", json={"name": "longjing"}, headers=headers)

    assert (first.status_code, first.json()) == (201, {"name": "longjing", "made": 1})
    assert (second.status_code, second.json()) == (201, {"name": "longjing", "made": 1})
    assert second.headers["idempotency-replayed"] == "true"


def test_a_stored_answer_is_sealed(client: TestClient[FrontedApp], control: Database) -> None:
    client.post("/teas", json={"name": "longjing"}, headers={"Idempotency-Key": "k1"})

    with control.read() as db:
        assert b"longjing" not in db.execute(sa.select(idempotent_answers.c.body)).scalar_one()


def test_a_key_with_another_body_is_a_conflict(client: TestClient[FrontedApp]) -> None:
    client.post("/teas", json={"name": "longjing"}, headers={"Idempotency-Key": "k1"})

    body = problem(client.post("/teas", json={"name": "biluochun"}, headers={"Idempotency-Key": "k1"}))

    assert (body["status"], body["code"]) == (409, "http.idempotency_key_reused")


def test_a_key_counts_for_its_caller_alone(client: TestClient[FrontedApp], counter: Counter) -> None:
    for caller in ("a", "b"):
        headers = {"Idempotency-Key": "k1", "Authorization": f"Bearer {caller}"}
        assert client.post("/teas", json={"name": "longjing"}, headers=headers).status_code == 201

    assert counter.count == 2


def test_a_key_is_forgotten_after_a_day(client: TestClient[FrontedApp], clock: FixedClock, counter: Counter) -> None:
    client.post("/teas", json={"name": "longjing"}, headers={"Idempotency-Key": "k1"})
    clock.advance(timedelta(hours=24, seconds=1))

    client.post("/teas", json={"name": "biluochun"}, headers={"Idempotency-Key": "k1"})

    assert counter.count == 2


def test_a_failed_request_lets_go_of_its_key(client: TestClient[FrontedApp], counter: Counter) -> None:
    for _ in range(2):
        assert client.post("/teas", json={"name": "unlucky"}, headers={"Idempotency-Key": "k1"}).status_code == 500

    assert counter.count == 2


def test_a_key_that_is_no_key_is_refused(client: TestClient[FrontedApp]) -> None:
    body = problem(client.post("/teas", json={"name": "a"}, headers={"Idempotency-Key": "x" * 256}))

    assert body["code"] == "http.bad_idempotency_key"
