"""The HTTP door: bytes that are the struct, and nobody asks for somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar import Request, Response
from litestar.di import Provide
from litestar.testing import TestClient, create_test_client
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend import Preference, Recommendations, UnknownPreference
from zhanggui.recommend.routes.lists import NotYourself, RecommendRoutes
from zhanggui.shop import UnknownProduct

FOR_V = "/v1/teahouse/recommendations?visitor_id=v&k=6"


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    return shop


@pytest.fixture
def client(shop: TestShop) -> Iterator[TestClient[object]]:
    def speaks_for(request: Request) -> None:  # type: ignore[type-arg]
        if "x-visitor" in request.headers:
            request.scope["state"]["only_visitor"] = request.headers["x-visitor"]
        if "x-customer" in request.headers:
            request.scope["state"]["only_customer"] = request.headers["x-customer"]

    with create_test_client(
        RecommendRoutes,
        dependencies={"recommender": Provide(lambda: shop.recommend, sync_to_thread=False)},
        before_request=speaks_for,
        exception_handlers={
            NotYourself: lambda _, error: Response({"code": error.code}, status_code=403),
            UnknownPreference: lambda _, error: Response({"code": error.code}, status_code=404),
            UnknownProduct: lambda _, error: Response({"code": error.code}, status_code=404),
        },
    ) as client:
        yield client


def test_the_answer_is_the_struct(client: TestClient[object], shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")

    answer = client.get(FOR_V)

    assert answer.headers["content-type"] == "application/json"
    decoded = msgspec.json.decode(answer.content, type=Recommendations)
    assert [item.position for item in decoded.items] == [1, 2, 3, 4, 5, 6]
    assert decoded.is_personal


def test_a_dismissal_over_http_acts_in_the_next_answer_and_can_be_taken_back(
    client: TestClient[object], shop: TestShop
) -> None:
    shop.sees("v", "花果茶-0")
    before = msgspec.json.decode(client.get(FOR_V).content, type=Recommendations).items

    made = client.post("/v1/teahouse/recommendations/show-less", json={"product_id": "花果茶-1", "visitor_id": "v"})
    preference = msgspec.json.decode(made.content, type=Preference)

    without = msgspec.json.decode(client.get(FOR_V).content, type=Recommendations).items
    assert "花果茶-1" in [item.product_id for item in before]
    assert "花果茶-1" not in [item.product_id for item in without]
    undone = client.delete(f"/v1/teahouse/recommendations/show-less/{preference.id}")
    assert undone.status_code == 200
    assert msgspec.json.decode(client.get(FOR_V).content, type=Recommendations).items == before


def test_a_product_that_only_an_event_named_is_not_found(client: TestClient[object], shop: TestShop) -> None:
    shop.sees("v", "nope")

    similar = client.get("/v1/teahouse/products/nope/similar")
    less = client.post("/v1/teahouse/recommendations/show-less", json={"product_id": "nope", "visitor_id": "v"})

    assert (similar.status_code, less.status_code) == (404, 404)
    assert similar.json() == less.json() == {"code": "shop.unknown_product"}


def test_a_key_of_one_visitor_may_not_ask_for_another(client: TestClient[object]) -> None:
    refused = client.get(FOR_V, headers={"x-visitor": "w"})

    assert (refused.status_code, refused.json()) == (403, {"code": "recommend.not_yourself"})
    assert client.get(FOR_V, headers={"x-visitor": "v"}).status_code == 200


@pytest.mark.parametrize(
    ("speaker", "asked"),
    [
        ({"x-customer": "ming"}, {"visitor_id": "v"}),
        ({"x-customer": "ming"}, {"customer_id": "ming", "visitor_id": "v"}),
        ({"x-customer": "ming"}, {"customer_id": "li"}),
        ({"x-visitor": "w"}, {"customer_id": "ming"}),
        ({"x-visitor": "w"}, {"customer_id": "ming", "visitor_id": "w"}),
        ({"x-visitor": "w"}, {"visitor_id": "v"}),
    ],
)
def test_who_speaks_for_one_shopper_can_neither_read_nor_write_for_another(
    client: TestClient[object], speaker: dict[str, str], asked: dict[str, str]
) -> None:
    read = client.get("/v1/teahouse/recommendations", params=asked, headers=speaker)
    wrote = client.post(
        "/v1/teahouse/recommendations/show-less", json={"product_id": "花果茶-1", **asked}, headers=speaker
    )

    assert (read.status_code, wrote.status_code) == (403, 403)


@pytest.mark.parametrize("speaker", [{"x-customer": "ming"}, {"x-visitor": "v"}])
def test_who_speaks_for_one_shopper_need_not_name_them(
    client: TestClient[object], shop: TestShop, speaker: dict[str, str]
) -> None:
    shop.people.identify("v", "ming")
    shop.sees("v", "花果茶-0")

    answer = client.get("/v1/teahouse/recommendations", headers=speaker)
    made = client.post("/v1/teahouse/recommendations/show-less", json={"product_id": "花果茶-1"}, headers=speaker)

    assert msgspec.json.decode(answer.content, type=Recommendations).is_personal
    assert made.status_code == 201
    assert "花果茶-1" not in client.get(FOR_V).text


def test_anothers_preference_is_not_found(client: TestClient[object]) -> None:
    made = client.post("/v1/teahouse/recommendations/show-less", json={"product_id": "花果茶-1", "visitor_id": "v"})
    path = f"/v1/teahouse/recommendations/show-less/{made.json()['id']}"

    for other in ({"x-visitor": "w"}, {"x-customer": "ming"}):
        changed, undone = client.patch(path, json={"chips": []}, headers=other), client.delete(path, headers=other)
        assert (changed.status_code, undone.status_code) == (404, 404)

    assert "花果茶-1" not in client.get(FOR_V).text
    own = {"x-visitor": "v"}
    assert client.patch(path, json={"chips": []}, headers=own).status_code == 200
    assert client.delete(path, headers=own).status_code == 200
    assert "花果茶-1" in client.get(FOR_V).text


@pytest.mark.parametrize("k", [0, 201])
def test_a_list_is_of_1_to_200(client: TestClient[object], k: int) -> None:
    assert client.get(f"/v1/teahouse/recommendations?k={k}").status_code == 400


def test_similar_and_popular_answer_over_http(client: TestClient[object]) -> None:
    assert client.get("/v1/teahouse/products/绿茶-0/similar?k=3").status_code == 200
    assert client.get("/v1/teahouse/popular?k=3").status_code == 200
