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
from zhanggui.recommend import Preference, Recommendations
from zhanggui.recommend.routes import NotYourself, RecommendRoutes

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

    with create_test_client(
        RecommendRoutes,
        dependencies={"recommender": Provide(lambda: shop.recommend, sync_to_thread=False)},
        before_request=speaks_for,
        exception_handlers={NotYourself: lambda _, error: Response({"code": error.code}, status_code=403)},
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


def test_a_key_of_one_visitor_may_not_ask_for_another(client: TestClient[object]) -> None:
    refused = client.get(FOR_V, headers={"x-visitor": "w"})

    assert (refused.status_code, refused.json()) == (403, {"code": "recommend.not_yourself"})
    assert client.get(FOR_V, headers={"x-visitor": "v"}).status_code == 200


@pytest.mark.parametrize("k", [0, 201])
def test_a_list_is_of_1_to_200(client: TestClient[object], k: int) -> None:
    assert client.get(f"/v1/teahouse/recommendations?k={k}").status_code == 400


def test_similar_and_popular_answer_over_http(client: TestClient[object]) -> None:
    assert client.get("/v1/teahouse/products/绿茶-0/similar?k=3").status_code == 200
    assert client.get("/v1/teahouse/popular?k=3").status_code == 200
