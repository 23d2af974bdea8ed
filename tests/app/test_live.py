"""What is written now counts in the very next answer, on whichever of two workers it is asked."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.app.conftest import RunningServer

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def workers(server: RunningServer) -> Iterator[list[httpx.Client]]:
    clients = server.one_client_a_worker()
    yield clients
    for client in clients:
        client.close()


def a_product(
    id_: str, *, title: str = "", keywords: tuple[str, ...] = (), category: tuple[str, ...] = ("茶",)
) -> dict[str, Any]:
    return {"id": id_, "texts": {"zh": {"title": title or id_}}, "keywords": keywords, "category": category}


def put(client: httpx.Client, path: str, body: object) -> None:
    response = client.put(path, json=body)
    assert response.status_code == 200, response.text


def views(client: httpx.Client, visitor: str, *products: str) -> None:
    for product in products:
        event = {"id": f"{visitor}:{product}", "name": "view_item", "visitor_id": visitor, "product_id": product}
        response = client.post("/events", json=event)
        assert response.json()["accepted"] == 1, response.text


def recommended(client: httpx.Client, visitor: str, k: int = 50) -> list[dict[str, Any]]:
    response = client.get("/recommendations", params={"visitor_id": visitor, "k": k})
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["product_id"] for item in items]


@pytest.mark.parametrize(("writer", "reader"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_new_product_is_recommended_in_the_next_request_that_fits_it(
    workers: list[httpx.Client], writer: int, reader: int
) -> None:
    visitor, old, new = f"v-new-{writer}{reader}", f"seen-{writer}{reader}", f"new-{writer}{reader}"
    put(workers[writer], "/products", [a_product(old, title="明前龙井茶", keywords=("龙井", "绿茶"))])
    views(workers[writer], visitor, old)
    assert new not in ids(recommended(workers[reader], visitor))

    put(workers[writer], "/products", [a_product(new, title="雨前龙井茶", keywords=("龙井", "绿茶"))])

    assert new in ids(recommended(workers[reader], visitor))


@pytest.mark.parametrize(("writer", "reader"), [(0, 1), (1, 0)])
def test_a_dismissal_acts_in_the_next_answer_and_its_undoing_in_the_one_after(
    workers: list[httpx.Client], writer: int, reader: int
) -> None:
    visitor, tag = f"v-less-{writer}{reader}", f"{writer}{reader}"
    teas = [a_product(f"fruit-{tag}-{n}", title=f"蜜桃花果茶{n}", keywords=("花果茶", "蜜桃")) for n in range(3)]
    put(workers[writer], "/products", teas)
    views(workers[writer], visitor, f"fruit-{tag}-0")
    before = ids(recommended(workers[reader], visitor))
    assert f"fruit-{tag}-1" in before

    wish = {"product_id": f"fruit-{tag}-1", "visitor_id": visitor}
    answer = workers[writer].post("/recommendations/show-less", json=wish)

    assert answer.status_code == 201, answer.text
    assert f"fruit-{tag}-1" not in ids(recommended(workers[reader], visitor))

    undone = workers[writer].delete(f"/recommendations/show-less/{answer.json()['id']}")

    assert undone.status_code == 200, undone.text
    assert ids(recommended(workers[reader], visitor)) == before


@pytest.mark.parametrize(("writer", "reader"), [(0, 1), (1, 0)])
def test_a_sold_out_product_is_gone_from_the_next_answer_and_back_with_its_stock(
    workers: list[httpx.Client], writer: int, reader: int
) -> None:
    visitor, tag = f"v-stock-{writer}{reader}", f"{writer}{reader}"
    put(
        workers[writer],
        "/products",
        [a_product(f"pu-{tag}-{n}", title=f"普洱茶饼{n}", keywords=("普洱",)) for n in (0, 1)],
    )
    views(workers[writer], visitor, f"pu-{tag}-0")
    offer = {"product_id": f"pu-{tag}-1", "price_minor": 9900}

    seen = []
    for stock in (3, 0, 5):
        put(workers[writer], "/offers", [offer | {"on_hand": stock}])
        seen.append(f"pu-{tag}-1" in ids(recommended(workers[reader], visitor)))

    assert seen == [True, False, True]


def test_a_price_change_shows_at_once_on_both_workers(workers: list[httpx.Client]) -> None:
    put(workers[0], "/products", [a_product("priced")])

    for price, writer in zip([9900, 8800, 7700], itertools.cycle([0, 1]), strict=False):
        put(workers[writer], "/offers", [{"product_id": "priced", "price_minor": price}])
        for client in workers:
            offers = client.get("/offers", params={"product_id": "priced"}).json()
            assert [offer["price_minor"] for offer in offers] == [price]


def test_a_view_on_one_worker_counts_in_the_next_answer_of_the_other(workers: list[httpx.Client]) -> None:
    put(
        workers[0],
        "/products",
        [a_product(f"cup-{n}", title=f"紫砂壶{n}", keywords=("紫砂",), category=("茶具",)) for n in (0, 1)],
    )
    views(workers[0], "v-live", "cup-0")

    answer = {item["product_id"]: item for item in recommended(workers[1], "v-live", k=200)}

    assert [fact["product_id"] for fact in answer["cup-1"]["reason"].get("evidence", [])] == ["cup-0"], answer["cup-1"]


def test_a_revoked_key_is_refused_by_the_very_next_request_on_either_worker(
    server: RunningServer, workers: list[httpx.Client]
) -> None:
    issued = workers[0].post("/keys", json={"name": "short", "scopes": ["shop:read"]}).json()
    headers = {"Authorization": f"Bearer {issued['secret']}"}
    assert [client.get("/products", headers=headers).status_code for client in workers] == [200, 200]

    workers[0].post(f"/keys/{issued['key']['id']}/revoke")

    assert [client.get("/products", headers=headers).status_code for client in workers] == [401, 401]


@pytest.mark.parametrize(("writer", "reader"), [(0, 1), (1, 0)])
def test_a_tag_moves_a_list_by_name_until_it_is_removed_and_again_once_that_is_undone(
    workers: list[httpx.Client], writer: int, reader: int
) -> None:
    who, here, there = f"c-tag-{writer}{reader}", workers[writer], workers[reader]
    teas = [f"yan-{writer}{reader}-{n:02}" for n in range(30)]
    put(here, "/products", [a_product(id_, title="武夷岩茶", keywords=("岩茶",), category=("茶", who)) for id_ in teas])
    put(here, "/offers", [{"product_id": id_, "price_minor": 1000 + 8000 * (n % 3 == 1)} for n, id_ in enumerate(teas)])
    line = {"id": "1", "product_id": teas[0], "quantity": 1, "unit_price_minor": 1000}
    order = {"id": who, "customer_id": who, "at": datetime.now(UTC).isoformat(), "lines": [line]}
    put(here, "/orders", {"orders": [order], "basis": {"kind": "contract"}})
    looks = [{"id": id_, "name": "view_item", "customer_id": who, "product_id": id_} for id_ in teas[1:15]]
    assert here.post("/events/batch", json=looks).json()["accepted"] == len(looks)

    def moved() -> set[str]:
        asked = {"customer_id": who, "k": 10, "surface": "product"}
        items = there.get("/recommendations", params=asked).json()["items"]
        return {item["moved_by"] for item in items if item.get("moved_by", "").startswith("tag:")}

    assert moved() == {"tag:compares"}
    said = here.post("/audience/own/mutes", json={"customer_id": who, "key": "tag:compares", "is_removed": True})
    assert moved() == set()

    undone = here.delete(f"/audience/own/corrections/{said.json()['id']}", params={"customer_id": who})

    assert undone.status_code == 200, undone.text
    assert moved() == {"tag:compares"}
    no = {"purpose": "personalization", "is_granted": False}
    assert here.post(f"/customers/{who}/consents", json=no).status_code == 200
    assert moved() == set()
