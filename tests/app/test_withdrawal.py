"""A withdrawn consent acts at once: in the next answer, the next list for messages and the next training set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.app.builders import SHOP
from tests.app.conftest import RunningServer

from zhanggui.app.build import open_rooms
from zhanggui.kernel.egress import EgressUse, NoSeparateConsent
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import load_settings

pytestmark = pytest.mark.timeout(300)
TEAS = [f"wd-{n}" for n in range(4)]


@pytest.fixture(scope="module")
def workers(server: RunningServer) -> Iterator[list[httpx.Client]]:
    clients = server.one_client_a_worker()
    goods = [{"id": id_, "texts": {"zh": {"title": f"凤凰单丛 {id_}"}}, "keywords": ["单丛"]} for id_ in TEAS]
    assert clients[0].put("/products", json=goods).status_code == 200
    yield clients
    for client in clients:
        client.close()


def a_customer(client: httpx.Client, id_: str) -> str:
    """Somebody who agreed to everything and looked at two of the teas."""
    for purpose in ("personalization", "marketing", "training"):
        _says(client, id_, purpose, granted=True)
    return id_


def looks(client: httpx.Client, id_: str, *products: str) -> None:
    for product in products:
        event = {"id": f"{id_}:{product}", "name": "view_item", "customer_id": id_, "product_id": product}
        answer = client.post("/events", json=event)
        assert answer.json()["accepted"] == 1, answer.text


def _says(client: httpx.Client, id_: str, purpose: str, *, granted: bool, **more: str) -> Any:
    body = {"purpose": purpose, "is_granted": granted, **more}
    answer = client.post(f"/customers/{id_}/consents", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def to_write_to(client: httpx.Client, **asked: str) -> set[str]:
    answer = client.get(f"/products/{TEAS[3]}/audience/people", params={"for_messages": "true", **asked})
    assert answer.status_code == 200, answer.text
    return {one["customer_id"] for one in answer.json()}


@pytest.mark.parametrize(("here", "there"), [(0, 1), (1, 0)])
def test_the_next_recommendation_knows_nothing_any_more(workers: list[httpx.Client], here: int, there: int) -> None:
    id_ = f"wd-rec-{here}"
    looks(workers[here], id_, *TEAS[:2])
    a_customer(workers[here], id_)
    before = workers[there].get("/recommendations", params={"customer_id": id_}).json()

    _says(workers[here], id_, "personalization", granted=False)
    after = workers[there].get("/recommendations", params={"customer_id": id_}).json()

    assert before.get("notice", "") == ""
    assert after["notice"] == "personalization_off"


@pytest.mark.parametrize(("here", "there"), [(0, 1), (1, 0)])
def test_the_next_list_for_messages_is_without_them(workers: list[httpx.Client], here: int, there: int) -> None:
    id_ = f"wd-msg-{here}"
    looks(workers[here], id_, *TEAS[:2])
    a_customer(workers[here], id_)
    assert id_ in to_write_to(workers[there])
    assert id_ in to_write_to(workers[there], channel="sms")

    _says(workers[here], id_, "marketing", granted=False, channel="sms")

    assert id_ not in to_write_to(workers[there], channel="sms")
    assert id_ in to_write_to(workers[there], channel="email")
    _says(workers[here], id_, "marketing", granted=False)
    assert id_ not in to_write_to(workers[there])
    assert id_ not in to_write_to(workers[there], channel="email")


def test_the_next_training_set_is_without_them(server: RunningServer, workers: list[httpx.Client]) -> None:
    id_ = "wd-train"
    looks(workers[0], id_, *TEAS[:2])
    a_customer(workers[0], id_)
    with open_rooms(SHOP, load_settings(None, {"ZHANGGUI_HOME": str(server.home)})) as rooms:
        number = rooms.consents.person(customer_id=id_)
        assert number in people_of(rooms.history.history(Purpose.TRAINING))

        _says(workers[1], id_, "training", granted=False)

        assert number not in people_of(rooms.history.history(Purpose.TRAINING))


def test_a_notice_that_asks_again_leaves_nobody_agreed_in_the_next_request(workers: list[httpx.Client]) -> None:
    id_ = "wd-notice"
    looks(workers[0], id_, *TEAS[:2])
    _says(workers[0], id_, "personalization", granted=True)
    version = {"purposes": ["marketing"], "texts": {"zh": "我们会写信给您。"}}
    assert workers[0].post("/consent-notices/wd/versions", json=version).status_code == 201
    _says(workers[0], id_, "marketing", granted=True, notice="wd")
    assert id_ in to_write_to(workers[1])

    again = workers[0].post("/consent-notices/wd/versions", json={**version, "asks_again": True})

    assert again.json()["version"] == 2
    assert id_ not in to_write_to(workers[1])
    (told,) = [one for one in workers[1].get(f"/customers/{id_}/consents").json() if one["purpose"] == "marketing"]
    assert (told["is_granted"], told["is_outdated"], told["version"]) == (False, True, 1)


def test_the_next_call_to_a_receiver_abroad_is_without_them(server: RunningServer, workers: list[httpx.Client]) -> None:
    id_, host = "wd-abroad", "mail.example"
    looks(workers[0], id_, *TEAS[:2])
    asked = {"act": "abroad", "receiver": "Mail Inc.", "contact": "dpo@mail.example", "country": "US", "rights": "写信"}
    asked |= {"data": ["顾客编号"], "purpose": "发信", "method": "发信后删除"}
    assert workers[0].post("/separate-consents/wd-mail/versions", json=asked).status_code == 201
    register = {"host": host, "use": "outbox", "country": "US", "contract": "SCC 7", "separate": "wd-mail"}
    assert workers[0].put("/egress", json=register).status_code == 200

    def says(client: httpx.Client, *, granted: bool) -> Any:
        body = {"name": "wd-mail", "is_granted": granted, "version": 1}
        return client.post(f"/customers/{id_}/separate-consents", json=body).json()

    with open_rooms(SHOP, load_settings(None, {"ZHANGGUI_HOME": str(server.home)})) as rooms:
        assert says(workers[0], granted=True)[0]["is_granted"] is True
        rooms.egress.require_people(host, EgressUse.OUTBOX, [id_])

        assert says(workers[1], granted=False)[0]["is_granted"] is False

        with pytest.raises(NoSeparateConsent):
            rooms.egress.require_people(host, EgressUse.OUTBOX, [id_])
    assert workers[0].get("/separate-consents").json()[0]["agreed"] == 0


def people_of(batches: Iterator[Any]) -> set[int]:
    return {person for batch in batches for person in batch["person"].to_pylist()}
