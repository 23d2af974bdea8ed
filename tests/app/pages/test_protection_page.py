"""Alerts, outside hosts, the assessment and drills: on the page and over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.site import create_app
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Customer
from zhanggui.shop.types import LegalBasis
from zhanggui.trust import CreateKey
from zhanggui.trust.types.watch import AlertKind, Departure

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/protection"
API = f"/v1/{SHOP}"
DRIFT = Departure(kind=AlertKind.MODEL, subject="clicks", seen=5.25, usual=None, most=3.0)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("protection"))
    with open_rooms(SHOP, settings) as rooms:
        rooms.watch.tell([DRIFT])
        rooms.people.put_customers([Customer(id="u1", province="浙江", language="zh")], LegalBasis(kind="contract"))
    with open_control(settings) as control:
        for role in ("owner", "auditor", "analyst"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


@pytest.fixture(scope="module")
def as_(app: Any, settings: Settings) -> Callable[[str], Client]:
    def of(role: str) -> Client:
        with open_control(settings) as control:
            link = control.users.login_link(role)
        client: Client = TestClient(app)
        client.headers["accept-language"] = "en"
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    return of


def key_client(app: Any, settings: Settings, *scopes: str) -> Client:
    with open_control(settings) as control:
        secret = control.keys.create(SHOP, CreateKey(name="k", scopes=scopes)).secret
    client: Client = TestClient(app)
    client.headers["authorization"] = f"Bearer {secret}"
    return client


def send(client: Client, path: str, **fields: str) -> Any:
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get(PAGE).text)
    assert csrf is not None
    return client.post(PAGE + path, data={"csrf": csrf.group(1), **fields}, follow_redirects=False)


def test_an_alert_is_shown_and_acknowledged_by_name(as_: Callable[[str], Client], settings: Settings) -> None:
    owner = as_("owner")
    shown = owner.get(PAGE).text
    alert = re.search(r'id="alert-(\w{26})"', shown)

    assert "Recommendations do worse than before" in shown
    assert alert is not None
    assert '<td class="wide">-<p class="tiny faint">told beyond 3' in shown
    assert send(owner, f"/alerts/{alert.group(1)}", note="a new season").status_code == 303
    assert "a new season" in owner.get(PAGE).text
    assert alert.group(1) in owner.get(f"{PAGE}/alerts.csv").text


def test_a_host_is_registered_and_taken_out(as_: Callable[[str], Client]) -> None:
    owner = as_("owner")

    added = send(owner, "/hosts", host="hooks.tea.example.cn", use="outbox", country="cn")
    shown = owner.get(PAGE).text
    removed = send(owner, "/hosts/remove", host="hooks.tea.example.cn", use="outbox")

    assert (added.status_code, removed.status_code) == (303, 303)
    assert "hooks.tea.example.cn" in shown
    assert "hooks.tea.example.cn" not in owner.get(PAGE).text
    assert "Outside host taken out" in owner.get(f"/console/{SHOP}/ledger").text


def test_personal_data_across_the_border_are_refused_with_words(as_: Callable[[str], Client]) -> None:
    refused = send(as_("owner"), "/hosts", host="api.llm.example", use="llm", country="US")

    assert refused.status_code == 422
    assert "cross the border" in refused.text


NOTICE = {
    "name": "mail-partner",
    "act": "abroad",
    "receiver": "Mail Partner Inc.",
    "country": "us",
    "contact": "privacy@mail.example",
    "data": "customer ids\r\nways to write",
    "purpose": "sending our letters",
    "method": "deleted after 30 days",
    "rights": "write to privacy@mail.example",
}


def test_shoppers_are_asked_separately_and_no_more_on_the_page(as_: Callable[[str], Client]) -> None:
    owner = as_("owner")

    lacking = send(owner, "/separate", **NOTICE | {"contact": "", "rights": " "})
    unnamed = send(owner, "/separate", **NOTICE | {"name": "Mail Partner"})
    asked = send(owner, "/separate", **NOTICE)
    shown = owner.get(PAGE).text
    (held,) = owner.get(f"{API}/separate-consents").json()
    ended = send(owner, "/separate/end", name="mail-partner")

    assert (lacking.status_code, unnamed.status_code) == (422, 422)
    assert "How to reach them / How shoppers use their rights there" in lacking.text
    assert "deleted after 30 days</textarea>" in lacking.text
    assert (asked.status_code, ended.status_code) == (303, 303)
    assert '<option value="mail-partner"' in shown
    assert "people who agree: 0" in shown
    assert (held["ask"]["country"], held["ask"]["data"]) == ("US", ["customer ids", "ways to write"])
    assert '<option value="mail-partner"' not in owner.get(PAGE).text
    assert send(owner, "/separate/end", name="mail-partner").status_code == 409
    assert 'id="s-name"' not in as_("auditor").get(PAGE).text


def test_separate_consents_end_over_http_for_who_may_write_consents(app: Any, settings: Settings) -> None:
    writer, reader = key_client(app, settings, "consents:write"), key_client(app, settings, "consents:read")
    notice = NOTICE | {"country": "US", "data": ["customer ids"]}
    path = f"{API}/separate-consents/over-http"
    assert writer.post(f"{path}/versions", json={key: notice[key] for key in notice if key != "name"}).is_success

    assert reader.post(f"{path}/end").status_code == 403
    assert writer.post(f"{path}/end").json()["is_open"] is False
    assert writer.post(f"{path}/end").json()["code"] == "trust.ended_separate_ask"
    assert writer.post(f"{API}/separate-consents/never/end").status_code == 404


def test_a_drill_is_held_on_the_page(as_: Callable[[str], Client]) -> None:
    held = send(as_("owner"), "/drill", cause="lost laptop")

    assert held.status_code == 200
    assert "nothing was sent" in held.text
    assert "lost laptop" in held.text


def test_an_auditor_reads_and_changes_nothing_and_an_analyst_stays_out(as_: Callable[[str], Client]) -> None:
    auditor = as_("auditor")
    shown = auditor.get(PAGE)

    assert shown.status_code == 200
    assert "Register a host" not in shown.text
    assert auditor.get(f"{PAGE}/assessment.html").text.startswith("<!doctype html>")
    assert as_("analyst").get(PAGE).status_code == 403


def test_the_api_says_the_same(app: Any, settings: Settings) -> None:
    client = key_client(app, settings, "protection:read", "protection:write")
    host = {"host": "img.tea.example.cn", "use": "pictures", "country": "CN"}

    assert client.put(f"{API}/egress", json=host).json()["fields"] == ["address of the picture"]
    assert [one["host"] for one in client.get(f"{API}/egress").json()] == ["img.tea.example.cn"]
    assert client.delete(f"{API}/egress/pictures/img.tea.example.cn").status_code == 204
    assert client.delete(f"{API}/egress/pictures/img.tea.example.cn").status_code == 404
    (alert,) = client.get(f"{API}/alerts").json()
    assert client.post(f"{API}/alerts/{alert['id']}/acknowledge", json={"note": "x"}).status_code == 200
    assert client.get(f"{API}/assessment", params={"language": "en"}).json()["chapters"][0]["title"] == "What is held"


def test_a_drill_lists_ids_for_who_may_read_people_only(app: Any, settings: Settings) -> None:
    ask = {"with_ids": True}
    blind = key_client(app, settings, "protection:write").post(f"{API}/breach-drills", json=ask).json()
    seeing = key_client(app, settings, "protection:write", "shop:people").post(f"{API}/breach-drills", json=ask).json()

    assert (blind["customers"], blind["ids"]) == (1, [])
    assert seeing["ids"] == ["u1"]


def test_reading_people_is_counted_by_who_reads(app: Any, settings: Settings) -> None:
    client, before = key_client(app, settings, "shop:people"), counted_of(app, settings, "reading")
    for _ in range(3):
        client.get(f"{API}/customers")

    assert counted_of(app, settings, "reading") == before + 3


def counted_of(app: Any, settings: Settings, kind: str) -> float:
    """What was counted, after all that waits to be: nobody waits for a count, but the store writes in turn."""
    event = {"id": new_id(), "name": "view_item", "visitor_id": "counting", "product_id": "mug"}
    assert key_client(app, settings, "events:write").post(f"{API}/events", json=event).status_code == 200
    with open_rooms(SHOP, settings) as rooms:
        found = rooms.db.peek(f"SELECT coalesce(sum(value), 0.0) FROM trust_watch_counts WHERE kind = '{kind}'")
    assert found is not None
    return float(found[0])


@pytest.mark.parametrize(
    ("scope", "path", "kind"),
    [
        ("audience:read", "audience/profile?customer_id=u1", "reading"),
        ("audience:read", "audience/segments/nobody/people", "reading"),
        ("persons:export", "customers/u1/data", "export"),
        ("recommend:admin", "recommendations/explain?product_id=mug&customer_id=u1", "reading"),
    ],
)
def test_profiles_segments_and_data_of_a_person_are_counted_too(
    app: Any, settings: Settings, scope: str, path: str, kind: str
) -> None:
    before = counted_of(app, settings, kind)

    key_client(app, settings, scope).get(f"{API}/{path}")

    assert counted_of(app, settings, kind) == before + 1


def test_who_sees_the_shop_as_a_shopper_reads_and_who_sees_it_as_a_stranger_does_not(
    app: Any, settings: Settings
) -> None:
    client, before = key_client(app, settings, "recommend:admin"), counted_of(app, settings, "reading")

    client.get(f"{API}/recommendations/explain", params={"product_id": "mug"})
    client.get(f"{API}/recommend-rules")
    assert counted_of(app, settings, "reading") == before

    client.get(f"{API}/recommendations/explain", params={"product_id": "mug", "visitor_id": "v1"})
    client.post(f"{API}/recommend-rules/preview", json={"rule": {"kind": "boost"}, "customer_id": "u1"})
    assert counted_of(app, settings, "reading") == before + 2


def test_a_shopper_who_reads_their_own_profile_is_no_reader(app: Any, settings: Settings) -> None:
    ask = {"customer_id": "u1", "scopes": ["audience:own"]}
    token = key_client(app, settings, "tokens:mint", "audience:own").post(f"{API}/customer-tokens", json=ask).json()
    shopper: Client = TestClient(app)
    shopper.headers["authorization"] = f"Bearer {token['token']}"
    before = counted_of(app, settings, "reading")

    answer = shopper.get(f"{API}/audience/own/profile")

    assert answer.status_code == 200
    assert counted_of(app, settings, "reading") == before
