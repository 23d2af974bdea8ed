"""What a request is refused for, in words that its sender knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control
from zhanggui.app.site import create_app
from zhanggui.shop import EventName
from zhanggui.trust import CreateKey


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    settings = an_installation(tmp_path_factory.mktemp("refusals"))
    with open_control(settings) as control:
        key = control.keys.create(SHOP, CreateKey(name="test", scopes=("*",))).secret
    with TestClient(create_app(settings), f"http://testserver.local/v1/{SHOP}/") as client:
        client.headers["Authorization"] = f"Bearer {key}"
        yield client


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("PUT", "products", b"", "The body is empty."),
        ("PUT", "products", b"[", "The body is no whole JSON"),
        ("POST", "identify", b'{"visitor_id": ', "The body is no whole JSON"),
        ("POST", "events", b"", "The body is empty."),
        ("POST", "events", b'{"id"', "The body is no whole JSON"),
        ("POST", "events/batch", b"[1,", "no whole JSON"),
        (
            "PUT",
            "products",
            b'[{"id": "a", "texts": {}, "runs_from": 0}]',
            "$[0].runs_from: Expected `datetime | null`, got `int`",
        ),
        (
            "PUT",
            "products/a",
            b'{"id": "a", "texts": {}, "category": "x"}',
            "$.category: Expected `array`, got `str`",
        ),
        ("PUT", "orders", b'{"orders": "3"}', "got `str`"),
        ("PUT", "product-vectors/text", b'{"vectors": "12"}', "$.vectors: Expected `array`, got `str`"),
        ("GET", "proposals?state=foo", None, "state: Invalid enum value 'foo'; one of: proposed, approved"),
        ("GET", "outbox?state=foo", None, "state: Invalid enum value 'foo'; one of: "),
        ("GET", "recommendations?visitorid=me", None, "No parameter is called 'visitorid' here."),
        ("POST", "events?visitorid=me", b"{}", "No parameter is called 'visitorid' here."),
    ],
)
def test_a_refusal_names_what_was_sent(
    client: TestClient[Any], method: str, path: str, body: bytes | None, words: str
) -> None:
    answer = client.request(method, path, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in {400, 422}
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("recommendations?visitorid=me", "Did you mean 'visitor_id'?"),
        ("imports?zzz=1", "Known here: limit."),
        ("products/p1?limit=1", "This path takes none."),
        ("products/p1", "GET /v1/SHOP/products lists them."),
    ],
)
def test_a_refusal_names_the_nearest_way(client: TestClient[Any], path: str, hint: str) -> None:
    assert client.get(path).json()["hint"] == hint


def test_an_event_of_no_known_name_is_led_to_the_nearest_and_to_the_list(client: TestClient[Any]) -> None:
    answer = client.post("events", json={"id": "a", "name": "viewitem", "visitor_id": "v1", "product_id": "p1"})

    hint = answer.json()["hint"]
    assert hint.startswith("Did you mean 'view_item'? Known names: ")
    assert all(name.value in hint for name in EventName)
    assert hint.endswith(" docs/events.md lists the fields and names of events.")


def test_a_key_is_told_that_it_does_not_open_a_shop_and_whom_to_ask(client: TestClient[Any]) -> None:
    other = client.get("http://testserver.local/v1/elsewhere/products").json()
    wrong = client.get("products", headers={"Authorization": "Bearer zg_sk_wrong"}).json()

    assert other["detail"] == "This key does not open the shop 'elsewhere'."
    assert "Ask whoever runs the shop for a key" in wrong["hint"]


@pytest.mark.parametrize("kind", ["orders", "products"])
def test_an_upload_is_told_no_option_of_the_command_line(client: TestClient[Any], kind: str) -> None:
    answer = client.post("imports", files={"file": ("a.csv", b"x,y\n1,2\n")}, data={"kind": kind})

    assert answer.status_code == 422
    assert answer.json()["hint"]
    assert "--" not in answer.json()["hint"]
    assert "zhanggui" not in answer.json()["hint"]
