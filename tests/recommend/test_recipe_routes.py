"""Recipes over HTTP: the structs as they are, one shopper's key for that shopper, exports that can be followed."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from litestar import Request, Response
from litestar.di import Provide
from litestar.testing import TestClient, create_test_client
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, ids, teas

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.jobs import JobRunner
from zhanggui.recommend import Recommendations
from zhanggui.recommend.jobs.exports import handlers, schedule
from zhanggui.recommend.routes.recipes import ListExportRoutes, RecipeRoutes
from zhanggui.shop import EventName

V1 = "/v1/teahouse"
LISTS = [
    "/products/绿茶-0/bought-together",
    "/products/绿茶-0/look",
    "/recommendations/buy-again",
    "/trending",
    "/new-arrivals",
]


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    shop.sees("v", "绿茶-0", "花果茶-0")
    shop.buys("v", "绿茶-1", days_ago=3)
    return shop


@pytest.fixture
def client(shop: TestShop) -> Iterator[TestClient[Any]]:
    def speaks_for(request: Request[Any, Any, Any]) -> None:
        if "x-visitor" in request.headers:
            request.scope["state"]["only_visitor"] = request.headers["x-visitor"]

    def told(_: object, error: ZhangguiError) -> Response[Any]:
        return Response(
            {"code": error.code}, status_code={"forbidden": 403, "conflict": 409}.get(error.kind.value, 404)
        )

    with create_test_client(
        [RecipeRoutes, ListExportRoutes],
        dependencies={"recommender": Provide(lambda: shop.recommend, sync_to_thread=False)},
        before_request=speaks_for,
        exception_handlers={ZhangguiError: told},
    ) as client:
        yield client


def answered(response: Any) -> Recommendations:
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=Recommendations)


@pytest.mark.parametrize("path", LISTS)
def test_each_recipe_answers_with_a_list(client: TestClient[Any], path: str) -> None:
    answer = answered(client.get(f"{V1}{path}", params={"visitor_id": "v", "k": 4}))

    assert 1 <= len(answer.items) <= 4
    assert all(item.explanation for item in answer.items)


@pytest.mark.parametrize("path", LISTS)
def test_each_recipe_takes_a_filter(client: TestClient[Any], path: str) -> None:
    nothing = answered(client.get(f"{V1}{path}", params={"visitor_id": "v", "filter": "price_minor < 1"}))
    refused = client.get(f"{V1}{path}", params={"visitor_id": "v", "filter": "price_minor <"})

    assert nothing.items == ()
    assert refused.json()["code"] == "recommend.bad_filter"


@pytest.mark.parametrize("recipe", ["basket", "rerank"])
def test_a_recipe_of_given_products_takes_a_filter(client: TestClient[Any], recipe: str) -> None:
    asked = {"product_ids": ["绿茶-5", "花果茶-5"], "filter": 'category under "绿茶"'}

    answer = answered(client.post(f"{V1}/recommendations/{recipe}", json=asked, headers={"x-visitor": "v"}))

    assert all(id_.startswith("绿茶") for id_ in ids(answer))
    assert recipe == "basket" or ids(answer)


@pytest.mark.parametrize("path", LISTS)
def test_a_key_of_one_visitor_asks_for_nobody_else(client: TestClient[Any], path: str) -> None:
    refused = client.get(f"{V1}{path}", params={"visitor_id": "v"}, headers={"x-visitor": "w"})

    assert (refused.status_code, refused.json()["code"]) == (403, "recommend.not_yourself")


def test_a_key_of_one_visitor_sorts_for_that_visitor(client: TestClient[Any]) -> None:
    asked = {"product_ids": ["绿茶-5", "花果茶-5", "ghost"]}

    own = answered(client.post(f"{V1}/recommendations/rerank", json=asked, headers={"x-visitor": "v"}))
    other = client.post(f"{V1}/recommendations/rerank", json={**asked, "visitor_id": "v"}, headers={"x-visitor": "w"})

    assert (own.is_personal, own.unknown, other.status_code) == (True, ("ghost",), 403)


def test_a_basket_is_completed_over_http(client: TestClient[Any]) -> None:
    answer = answered(client.post(f"{V1}/recommendations/basket", json={"product_ids": ["绿茶-0", "x"], "k": 2}))

    assert (len(answer.items), answer.unknown) == (2, ("x",))
    assert "绿茶-0" not in ids(answer)


@pytest.mark.parametrize(
    "path", ["/trending?hours=0", "/trending?hours=721", "/new-arrivals?days=0", "/trending?k=201"]
)
def test_a_window_out_of_bounds_is_refused(client: TestClient[Any], path: str) -> None:
    assert client.get(f"{V1}{path}").status_code == 400


@pytest.mark.parametrize("path", ["/products/ghost/look", "/products/ghost/audience", "/trending?category=ghost"])
def test_what_is_not_there_is_not_found(client: TestClient[Any], path: str) -> None:
    assert client.get(f"{V1}{path}").status_code == 404


def test_the_next_action_and_the_audience_are_told(client: TestClient[Any], shop: TestShop) -> None:
    shop.sees("v", "花果茶-2", name=EventName.ADD_TO_CART, days_ago=1)

    action = client.get(f"{V1}/recommendations/next-action", params={"visitor_id": "v", "language": "en"}).json()
    audience = client.get(f"{V1}/products/绿茶-3/audience").json()
    people = client.get(f"{V1}/products/绿茶-3/audience/people").json()

    assert (action["action"], action["products"][0]["product_id"]) == ("remind_basket", "花果茶-2")
    assert audience == {**audience, "people": 0, "is_small": True}
    assert [one["visitor_id"] for one in people] == ["v"]


def test_an_export_is_started_followed_and_fetched(client: TestClient[Any], shop: TestShop) -> None:
    begun = client.post(f"{V1}/recommendations/exports", json={"k": 2, "surface": "home"})
    where = begun.headers["location"]
    early = client.get(f"{where}/file")

    JobRunner(shop.db, handlers(shop.recommend.list_exports), shop.clock, "w1").drain()

    assert (begun.status_code, early.status_code) == (202, 409)
    assert client.get(where).json() == {"id": begun.json()["id"], "state": "done", "shoppers_done": 1, "shoppers_of": 1}
    file = client.get(f"{where}/file")
    assert file.headers["content-type"] == "application/vnd.apache.parquet"
    assert pq.read_table(io.BytesIO(file.content)).column("visitor_id").to_pylist() == ["v", "v"]


def test_an_export_that_is_none_is_not_found(client: TestClient[Any]) -> None:
    gone = client.get(f"{V1}/recommendations/exports/01J00000000000000000000000/file")

    assert (gone.status_code, gone.json()["code"]) == (404, "recommend.unknown_export")


def test_files_of_exports_are_kept_for_a_week_whoever_asks_for_more(shop: TestShop) -> None:
    shop.recommend.list_exports.folder.mkdir(parents=True)
    old, new = (shop.recommend.list_exports.folder / name for name in ("old.parquet", "new.parquet"))
    for path, days in ((old, 8), (new, 6)):
        path.touch()
        at = shop.clock().timestamp() - days * 86_400
        os.utime(path, (at, at))

    JobRunner(shop.db, handlers(shop.recommend.list_exports), shop.clock, "w1", schedules=[schedule()]).drain()

    assert (old.exists(), new.exists()) == (False, True)
