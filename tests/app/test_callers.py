"""Who may do what, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.app.conftest import RunningServer

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture
def token(client: httpx.Client) -> dict[str, str]:
    minted = client.post("/customer-tokens", json={"customer_id": "anna"}).json()
    return {"Authorization": f"Bearer {minted['token']}"}


@pytest.fixture
def page(server: RunningServer) -> dict[str, str]:
    return {"Authorization": f"Bearer {server.publishable}", "X-Zhanggui-Visitor": "v-page"}


def view(id_: str, **who: str) -> dict[str, Any]:
    return {"id": id_, "name": "view_item", "product_id": "any", **who}


@pytest.mark.parametrize(
    ("event", "is_taken"),
    [
        (view("c1", customer_id="anna"), True),
        (view("c2", customer_id="bob"), False),
        (view("c3", visitor_id="v-bob"), False),
        ({"id": "c4", "name": "identify", "customer_id": "anna", "visitor_id": "v-bob"}, False),
    ],
)
def test_a_customer_s_token_speaks_for_that_customer_only(
    client: httpx.Client, token: dict[str, str], event: dict[str, Any], is_taken: bool
) -> None:
    one = client.post("/events", json=event, headers=token)
    many = client.post("/events/batch", json=[event | {"id": event["id"] + "b"}], headers=token)

    assert one.status_code == (200 if is_taken else 422), one.text
    assert many.json()["accepted"] == int(is_taken)


def test_a_customer_s_token_reads_for_that_customer_only(client: httpx.Client, token: dict[str, str]) -> None:
    answers = [
        client.get("/recommendations", params={"customer_id": customer}, headers=token).status_code
        for customer in ("anna", "bob")
    ]

    assert answers == [200, 403]
    assert client.get("/orders", headers=token).status_code == 403


def test_a_publishable_key_speaks_for_its_visitor_only(client: httpx.Client, page: dict[str, str]) -> None:
    assert client.post("/events", json=view("p1", visitor_id="v-page"), headers=page).status_code == 200
    assert client.post("/events", json=view("p2", visitor_id="v-other"), headers=page).status_code == 422
    assert client.post("/events", json=view("p3", customer_id="anna"), headers=page).status_code == 422
    assert client.get("/recommendations", params={"visitor_id": "v-other"}, headers=page).status_code == 403
    assert client.get("/products", headers=page).status_code == 403


def test_a_publishable_key_without_a_visitor_speaks_for_nobody(client: httpx.Client, page: dict[str, str]) -> None:
    nobody = {"Authorization": page["Authorization"]}

    response = client.post("/events", json=view("p4", visitor_id="v-page"), headers=nobody)

    assert (response.status_code, response.json()["code"]) == (403, "http.no_visitor")


def test_only_listed_origins_may_call_from_a_page(server: RunningServer, page: dict[str, str]) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    answers = {}
    for origin in (f"http://127.0.0.1:{server.page_port}", "https://evil.example"):
        with httpx.Client(trust_env=False, timeout=60) as client:
            preflight = client.options(f"{server.api}/events", headers={"Origin": origin, **asked})
            sent = client.post(
                f"{server.api}/events", json=view("o1", visitor_id="v-page"), headers={**page, "Origin": origin}
            )
        answers[origin] = (preflight.headers.get("access-control-allow-origin"), sent.status_code)

    allowed, evil = answers.values()
    assert allowed == (f"http://127.0.0.1:{server.page_port}", 200)
    assert evil == (None, 403)


def test_a_key_of_one_scope_may_do_nothing_else(client: httpx.Client) -> None:
    issued = client.post("/keys", json={"name": "reader", "scopes": ["shop:read"]}).json()
    headers = {"Authorization": f"Bearer {issued['secret']}"}

    assert client.get("/products", headers=headers).status_code == 200
    refused = client.put("/products", json=[], headers=headers)
    assert (refused.status_code, refused.json()["params"]["scope"]) == (403, "shop:write")


def test_another_shop_s_name_is_not_told_to_who_may_not_know_it(client: httpx.Client, server: RunningServer) -> None:
    with httpx.Client(headers=server.headers, trust_env=False, timeout=60) as other:
        response = other.get(f"{server.address}/v1/bookshop/products")

    assert response.status_code == 403
    assert "teahouse" not in response.json().get("hint", "")


def test_a_write_under_an_idempotency_key_is_answered_twice_alike(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "one-key"}
    wanted = {"name": "made once", "scopes": ["shop:read"]}

    first, second = (client.post("/keys", json=wanted, headers=headers) for _ in range(2))

    assert first.json()["secret"] == second.json()["secret"]
    assert second.headers["idempotency-replayed"] == "true"
    assert [key["name"] for key in client.get("/keys").json()].count("made once") == 1
    assert client.post("/keys", json={**wanted, "name": "another"}, headers=headers).status_code == 409
