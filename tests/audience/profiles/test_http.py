"""Profiles over HTTP: who may see what, and that a consent taken back acts in the very next request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.build import open_control
from zhanggui.app.http.front import FrontedApp
from zhanggui.app.site import create_app
from zhanggui.trust import CreateKey
from zhanggui.trust.types.scopes import ROLES

API = f"/v1/{SHOP}"
TEA = {"texts": {"zh": {"title": "明前龙井"}}, "category": ["茶", "绿茶"], "keywords": ["龙井"]}


class Callers:
    """Requests as this or that caller."""

    def __init__(self, client: TestClient[FrontedApp], secrets: dict[str, str]) -> None:
        self.client, self._secrets = client, secrets

    def ask(self, method: str, path: str, caller: str = "owner", **sent: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._secrets[caller]}"}
        return self.client.request(method, f"{API}{path}", headers=headers, **sent)

    def hold(self, caller: str, secret: str) -> None:
        self._secrets[caller] = secret


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    clock = FixedClock()
    settings = an_installation(tmp_path_factory.mktemp("audience"), clock=clock)
    with open_control(settings, clock=clock) as control:
        secrets = {
            role: control.keys.create(SHOP, CreateKey(name=role, scopes=tuple(ROLES[role]))).secret for role in ROLES
        }
    with TestClient(create_app(settings, clock=clock)) as client:
        found = Callers(client, secrets)
        goods = [{"id": "longjing", **TEA}, {"id": "biluochun", **TEA, "texts": {"zh": {"title": "碧螺春"}}}]
        assert found.ask("PUT", "/products", json=goods).status_code == 200
        yield found


def a_customer(callers: Callers, id_: str) -> dict[str, str]:
    """A customer who has bought, and looked at something; their token."""
    line = {"id": "1", "product_id": "longjing", "quantity": 1, "unit_price_minor": 5000}
    order = {"id": f"o-{id_}", "customer_id": id_, "at": "2026-03-01T22:30:00Z", "lines": [line]}
    put = callers.ask("PUT", "/orders", json={"orders": [order], "basis": {"kind": "contract"}})
    assert put.status_code == 200, put.text
    event = {"id": f"e-{id_}", "name": "view_item", "product_id": "biluochun", "customer_id": id_}
    assert callers.ask("POST", "/events", json=event).status_code == 200
    ask = {"customer_id": id_, "scopes": ["audience:own"]}
    token = callers.ask("POST", "/customer-tokens", json=ask).json()["token"]
    callers.hold(id_, token)
    return {"customer_id": id_}


def test_a_consent_taken_back_leaves_no_profile_in_the_very_next_request(callers: Callers) -> None:
    who = a_customer(callers, "anna")
    told = callers.ask("GET", "/audience/profile", params=who).json()
    by_key = {one["key"]: one for one in told["interests"]}
    assert by_key["product:longjing"]["orders"] == ["o-anna"]
    assert by_key["category:茶/绿茶"]["views"] == 1

    no = {"purpose": "personalization", "is_granted": False}
    assert callers.ask("POST", "/customers/anna/consents", json=no).status_code == 200

    for path in ("/audience/profile", "/audience/service-view", "/audience/own/profile", "/audience/own/conclusions"):
        refused = callers.ask("GET", path, params=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "audience.no_profile")

    yes = {"purpose": "personalization", "is_granted": True}
    assert callers.ask("POST", "/customers/anna/consents", json=yes).status_code == 200
    assert callers.ask("GET", "/audience/profile", params=who).status_code == 200


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/audience/profile", {"owner", "operator"}),
        ("/audience/service-view", {"owner", "operator", "agent"}),
        ("/audience/own/profile", {"owner", "operator"}),
        ("/audience/own/conclusions", {"owner", "operator"}),
    ],
)
def test_a_role_sees_what_it_needs_and_an_analyst_sees_nobody(callers: Callers, path: str, may: set[str]) -> None:
    who = a_customer(callers, "ben")

    answers = {role: callers.ask("GET", path, role, params=who).status_code for role in ROLES}

    assert answers == {role: 200 if role in may else 403 for role in ROLES}


def test_whoever_serves_sees_neither_interests_nor_money(callers: Callers) -> None:
    who = a_customer(callers, "cora")

    told = callers.ask("GET", "/audience/service-view", "agent", params=who).json()

    assert set(told) == {"customer_id", "visitor_id", "stage", "language", "channel", "peak_hour", "tags"}
    assert "longjing" not in str(told)


def test_a_shopper_sees_and_mutes_their_own_and_nobody_else_s(callers: Callers) -> None:
    a_customer(callers, "dora")
    other = a_customer(callers, "emil")
    own = callers.ask("GET", "/audience/own/profile", "dora").json()
    key = next(one["key"] for one in own["interests"] if one["level"] == "category")

    assert callers.ask("GET", "/audience/own/profile", "dora", params=other).status_code == 403
    assert callers.ask("GET", "/audience/profile", "dora").status_code == 403
    muted = callers.ask("POST", "/audience/own/mutes", "dora", json={"key": key}).json()
    assert key not in [
        one["key"]
        for one in callers.ask("GET", "/audience/profile", params={"customer_id": "dora"}).json()["interests"]
    ]
    assert [one["id"] for one in callers.ask("GET", "/audience/own/corrections", "dora").json()] == [muted["id"]]
    assert callers.ask("DELETE", f"/audience/own/corrections/{muted['id']}", "emil").status_code == 404
    assert callers.ask("DELETE", f"/audience/own/corrections/{muted['id']}", "dora").status_code == 200
    assert callers.ask("GET", "/audience/own/corrections", "dora").json() == []


def test_a_shopper_turns_it_off_and_on_and_forgets(callers: Callers) -> None:
    who = a_customer(callers, "finn")

    assert callers.ask("POST", "/audience/own/personalization", "finn", json={"is_on": False}).status_code == 204
    assert callers.ask("GET", "/audience/profile", params=who).status_code == 403
    assert callers.ask("POST", "/audience/own/personalization", "finn", json={"is_on": True}).status_code == 204
    assert callers.ask("POST", "/audience/own/forgettings", "finn", json={}).status_code == 200
    assert callers.ask("GET", "/audience/own/profile", "finn").json()["acts"] == 0
    past = {"until": "2020-01-01T00:00:00Z"}
    assert callers.ask("POST", "/audience/own/pauses", "finn", json=past).json()["code"] == "audience.bad_correction"
    assert callers.ask("POST", "/audience/own/language", "finn", json={"language": "en"}).json()["value"] == "en"
    assert (
        callers.ask("POST", "/audience/own/weights", "finn", json={"key": "keyword:龙井", "degree": "less"}).status_code
        == 200
    )


def test_nobody_and_strangers_are_told_apart(callers: Callers) -> None:
    assert callers.ask("GET", "/audience/profile").json()["code"] == "audience.nobody_meant"
    stranger = callers.ask("GET", "/audience/profile", params={"customer_id": "who"})
    assert (stranger.status_code, stranger.json()["code"]) == (404, "audience.unknown_shopper")


def test_a_budget_holds_for_every_list_of_theirs_from_the_very_next_request(callers: Callers) -> None:
    who = a_customer(callers, "bert")
    offers = [{"product_id": "longjing", "price_minor": 5000}, {"product_id": "biluochun", "price_minor": 800}]
    assert callers.ask("PUT", "/offers", json=offers).status_code == 200

    def listed(**asked: str) -> tuple[set[str], str]:
        answer = callers.ask("GET", "/recommendations", params=who | {"surface": "cart"} | asked).json()
        return {item["product_id"] for item in answer["items"]}, answer.get("notice", "")

    assert listed() == ({"longjing", "biluochun"}, "")
    said = callers.ask("POST", "/audience/own/budget", "bert", json={"month_minor": 6000}).json()  # 5000 is spent
    assert listed() == ({"biluochun"}, "within_budget")
    assert listed(filter="price_minor > 900") == (set(), "within_budget")
    sent = who | {"product_ids": ["longjing", "biluochun"]}
    again = callers.ask("POST", "/recommendations/rerank", json=sent).json()
    assert [item["product_id"] for item in again["items"]] == ["biluochun"]

    assert callers.ask("DELETE", f"/audience/own/corrections/{said['id']}", "bert").status_code == 200

    assert listed() == ({"longjing", "biluochun"}, "")
