"""A shopper contests what was decided, without a script; somebody answers in the console; the shopper reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP
from tests.app.pages.storefront_shop import BASE, Visitor, a_furnished_shop

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.trust import CreateKey
from zhanggui.trust.types.contests import ContestState
from zhanggui.trust.types.notices import PublishNotice

CONSOLE = f"/console/{SHOP}"
API = f"/v1/{SHOP}/contests"


@dataclass(frozen=True)
class House:
    settings: Settings
    client: TestClient[Any]
    rooms: Rooms

    def another(self) -> TestClient[Any]:
        client: TestClient[Any] = TestClient(self.client.app, base_url="http://testserver.local")
        client.blocking_portal = self.client.blocking_portal
        return client

    def staff(self, role: str) -> TestClient[Any]:
        client = self.another()
        client.headers["accept-language"] = "zh"
        with open_control(self.settings) as control:
            if role not in {user.account for user in control.users.list()}:
                control.users.add(role, roles={SHOP: role})
            token = control.users.login_link(role)
        assert client.post(f"/login/link/{token}", follow_redirects=False).status_code == 303
        return client

    def key(self, **asked: Any) -> dict[str, str]:
        with open_control(self.settings) as control:
            secret = control.keys.create(SHOP, CreateKey(name="test", **asked)).secret
        return {"authorization": f"Bearer {secret}"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = a_furnished_shop(tmp_path_factory.mktemp("contests"))
    with open_control(settings) as control:
        control.users.add("keeper", roles={"*": "owner"})
    with open_rooms(SHOP, settings) as rooms, TestClient(create_app(settings)) as client:
        yield House(settings, client, rooms)


@pytest.fixture
def visitor(house: House) -> Visitor:
    client: Any = TestClient(house.client.app)
    client.blocking_portal = house.client.blocking_portal
    return Visitor(client)


def answered_in_the_console(client: TestClient[Any], id_: str, words: str) -> Any:
    page = client.get(f"{CONSOLE}/contests/{id_}")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token, page.text
    fields = {"csrf": token[1], "outcome": "changed", "words": words}
    return client.post(f"{CONSOLE}/contests/{id_}/answer", data=fields, follow_redirects=False)


def test_each_pick_and_each_price_leads_to_the_form(visitor: Visitor) -> None:
    shelf, product = visitor.get(), visitor.get("/p/longjing")

    picked = re.search(r'href="([^"]*/contest\?decision=recommendation[^"]*)"', shelf)
    assert picked
    assert f"{BASE}/contest?decision=price&amp;about=longjing" in product
    form = visitor.get(picked[1].removeprefix(BASE).replace("&amp;", "&"))
    assert 'value="recommendation" selected' in form


def test_a_contest_goes_to_a_person_whose_answer_the_shopper_reads(house: House, visitor: Visitor) -> None:
    visitor.get("/p/longjing")
    answer = visitor.post("/contest", decision="price", about="longjing", words="昨天便宜一些 <b>")
    assert answer.headers["location"] == f"{BASE}/me?done=contest#contests"
    waiting = visitor.get("/me")
    assert "昨天便宜一些 &lt;b&gt;" in waiting
    assert "西湖龙井 100 克" in waiting

    agent = house.staff("agent")
    (held,) = [one for one in house.rooms.contests.page().items if one.visitor_id == visitor.id]
    assert f"/contests/{held.id}" in agent.get(f"{CONSOLE}/contests").text
    sent = answered_in_the_console(agent, held.id, "已按昨天的价格改回。")

    assert sent.status_code == 303, sent.text
    assert "已按昨天的价格改回。" in visitor.get("/me")
    assert house.rooms.contests.contest(held.id).state is ContestState.ANSWERED
    assert "/answer" not in agent.get(f"{CONSOLE}/contests/{held.id}").text


def test_a_contest_without_words_comes_back(visitor: Visitor) -> None:
    visitor.get()
    location = visitor.post("/contest", decision="price", about="longjing", words=" ").headers["location"]

    assert 'role="alert"' in visitor.get(location.removeprefix(BASE))


@pytest.mark.parametrize("role", ["analyst", "auditor"])
def test_who_counts_and_who_audits_reads_no_contest(house: House, role: str) -> None:
    client = house.staff(role)

    assert client.get(f"{CONSOLE}/contests").status_code == 403
    assert "/contests" not in client.get(f"{CONSOLE}/account").text


def test_a_site_brings_its_visitors_contest_and_nobody_elses(house: House) -> None:
    page = "https://tea.example"
    key = house.key(kind="publishable", origins=(page,)) | {"origin": page, "x-zhanggui-visitor": "site-v1"}
    body = {"decision": "recommendation", "about": "longjing", "words": "why?", "visitor_id": "site-v1"}

    mine = house.client.post(API, json=body, headers=key)
    others = house.client.post(API, json=body | {"visitor_id": "site-v2"}, headers=key)
    nobodys = house.client.post(API, json={"decision": "price", "words": "?"}, headers=key)

    assert (mine.status_code, mine.json()["state"]) == (201, "open")
    assert (others.status_code, nobodys.status_code) == (403, 403)
    assert house.client.get(API, headers=key).status_code == 403
    service = house.key(scopes=("contests:*",))
    listed = house.client.get(API, params={"state": "open"}, headers=service).json()["items"]
    assert mine.json()["id"] in [one["id"] for one in listed]
    path, given = f"{API}/{mine.json()['id']}", {"outcome": "explained", "words": "Because."}
    assert house.client.post(f"{path}/answer", json=given, headers=service).json()["state"] == "answered"
    assert house.client.post(f"{path}/answer", json=given, headers=service).status_code == 409
    assert house.client.get(path, headers=service).json()["answer"]["words"] == "Because."


def test_looking_at_an_answer_has_a_rate_of_its_own_that_the_shops_servers_do_not_feel(house: House) -> None:
    page = "https://tea.example"
    key = house.key(kind="publishable", origins=(page,)) | {"origin": page, "x-zhanggui-visitor": "site-v3"}
    body = {"decision": "recommendation", "about": "longjing", "words": "why?", "visitor_id": "site-v3"}
    brought = house.client.post(API, json=body, headers=key).json()
    path, given = f"{API}/{brought['id']}/look", {"token": brought["token"]}

    looked = [house.client.post(path, json=given, headers=key) for _ in range(40)]

    assert [answer.status_code for answer in looked[:30]] == [200] * 30
    assert looked[-1].status_code == 429
    assert int(looked[-1].headers["retry-after"]) >= 1
    assert house.client.post(API, json=body | {"about": "other"}, headers=key).status_code == 201
    service = house.key(scopes=("contests:*",))
    assert {house.client.post(path, json=given, headers=service).status_code for _ in range(5)} == {200}


def test_channels_are_chosen_on_the_own_page_and_a_new_version_asks_again(house: House, visitor: Visitor) -> None:
    house.rooms.notices.publish(
        "storefront", PublishNotice(purposes=(Purpose.MARKETING,), texts={"zh": "新品与优惠"}), "user:li"
    )
    visitor.get("/p/longjing")
    visitor.post("/purposes", purpose="marketing", on="1")
    visitor.post("/purposes", purpose="marketing", channel="sms", on="0")
    with house.rooms.db.read() as db:
        subject = house.rooms.people.subject(db, visitor_id=visitor.id)
    assert subject is not None
    through = house.rooms.consents.allowed_through
    assert through(subject.numbers, Purpose.MARKETING, Channel.SMS) == set()
    assert through(subject.numbers, Purpose.MARKETING, Channel.EMAIL) == set(subject.numbers)
    assert "新品与优惠" in visitor.get("/me")

    house.rooms.notices.publish(
        "storefront",
        PublishNotice(purposes=(Purpose.MARKETING,), changes={"zh": "加了短信"}, asks_again=True),
        "user:li",
    )

    assert through(subject.numbers, Purpose.MARKETING, Channel.EMAIL) == set()
    page = visitor.get("/me")
    assert "加了短信" in page
    assert "重新征得你的同意" in page
