"""Access and erasure at every door: over HTTP, as commands, in the console, and for the shopper themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP
from tests.app.pages.storefront_shop import BASE, Visitor, a_furnished_shop

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Customer, Identifiers, LegalBasis
from zhanggui.trust import CreateKey

API, CONSOLE = f"/v1/{SHOP}", f"/console/{SHOP}"
PEOPLE = ("ada", "bo", "cai", "dun")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = a_furnished_shop(tmp_path_factory.mktemp("persons"))
    with open_rooms(SHOP, settings) as rooms:
        people = [Customer(id=id_, identifiers=Identifiers(name=f"{id_}-name", phone="13800138000")) for id_ in PEOPLE]
        rooms.people.put_customers(people, LegalBasis(kind="contract"))
    with open_control(settings) as control:
        for role in ("operator", "agent", "auditor"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


@pytest.fixture(scope="module")
def api(app: Any, settings: Settings) -> TestClient[Any]:
    with open_control(settings) as control:
        secret = control.keys.create(SHOP, CreateKey(name="program", scopes=("persons:*",))).secret
    client: TestClient[Any] = TestClient(app)
    client.headers["authorization"] = f"Bearer {secret}"
    return client


def logged_in(app: Any, settings: Settings, account: str) -> TestClient[Any]:
    client: TestClient[Any] = TestClient(app)
    client.headers["accept-language"] = "en"
    with open_control(settings) as control:
        link = control.users.login_link(account)
    client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
    return client


def test_a_program_exports_and_erases_a_customer(api: TestClient[Any]) -> None:
    document = api.get(f"{API}/customers/ada/data").json()
    page = api.get(f"{API}/customers/ada/data.html", params={"language": "en"})
    other = api.post(f"{API}/customers/ada/erasure", json={"id": "bo"})
    receipt = api.post(f"{API}/customers/ada/erasure", json={"id": "ada", "ground": "withdrawn"}).json()

    assert document["person"]["customers"][0]["identifiers"]["name"] == "ada-name"
    assert "ada-name" in page.text
    assert "Who you are" in page.text
    assert (other.status_code, other.json()["code"]) == (422, "trust.not_confirmed")
    assert (receipt["state"], receipt["ground"]) == ("cleaning", "withdrawn")
    assert api.get(f"{API}/customers/ada/data").status_code == 404
    assert api.get(f"{API}/erasures/{receipt['id']}").json() == receipt
    assert [one["id"] for one in api.get(f"{API}/erasures").json()["items"]] == [receipt["id"]]
    again = api.post(f"{API}/customers/ada/erasure", json={"id": "ada"}).json()
    assert again["id"] == receipt["id"]
    assert api.post(f"{API}/customers/ada/readmission", json={}).json()["id"] == receipt["id"]


def test_commands_write_files_and_ask_before_they_erase(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(settings.home))
    assert run(["person", "export", SHOP, "bo", "--out", str(tmp_path / "bo")]) == 0
    assert json.loads((tmp_path / "bo" / "bo.json").read_text("utf-8"))["person"]["customers"][0]["id"] == "bo"
    assert "bo-name" in (tmp_path / "bo" / "bo.html").read_text("utf-8")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "bo").iterdir()} == {0o600}

    assert run(["person", "erase", SHOP, "bo"]) != 0
    assert "--yes" in capsys.readouterr().err
    assert run(["person", "erase", SHOP, "bo", "--yes"]) == 0
    told = capsys.readouterr().out
    receipt = re.search(r"Receipt (\w{26})", told)
    assert receipt
    assert "customers" in told
    assert run(["person", "receipt", SHOP, receipt.group(1)]) == 0
    assert run(["person", "receipts", SHOP]) == 0
    assert run(["person", "export", SHOP, "bo"]) != 0


def test_an_operator_gives_and_erases_on_the_customers_page(app: Any, settings: Settings) -> None:
    client = logged_in(app, settings, "operator")
    assert f"{CONSOLE}/customers/cai/rights" in client.get(f"{CONSOLE}/customers/cai").text
    page = client.get(f"{CONSOLE}/customers/cai/rights").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    form = {"csrf": token.group(1), "ground": "asked"}

    page = client.get(f"{CONSOLE}/customers/cai/data.html")
    assert "cai-name" in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "attachment" in client.get(f"{CONSOLE}/customers/cai/data.json").headers["content-disposition"]
    refused = client.post(f"{CONSOLE}/customers/cai/erase", data=form | {"typed": "cia"})
    assert refused.status_code == 422
    assert "Type the id of the customer once more." in refused.text
    done = client.post(f"{CONSOLE}/customers/cai/erase", data=form | {"typed": "cai"})
    assert "Receipt of an erasure" in done.text
    assert "The person asked for it" in done.text
    assert "cai" not in re.sub(r"<script.*?</script>", "", done.text)
    assert client.get(f"{CONSOLE}/customers/cai").status_code == 404
    assert "Cleaning" in client.get(f"{CONSOLE}/erasures").text


def test_an_agent_is_refused_and_an_auditor_sees_receipts_only(app: Any, settings: Settings) -> None:
    agent, auditor = (logged_in(app, settings, role) for role in ("agent", "auditor"))

    assert agent.get(f"{CONSOLE}/customers/dun/rights").status_code == 403
    assert agent.get(f"{CONSOLE}/customers/dun/data.json").status_code == 403
    assert auditor.get(f"{CONSOLE}/customers/dun/data.json").status_code == 403
    assert auditor.get(f"{CONSOLE}/erasures").status_code == 200


def test_a_shopper_takes_everything_along_and_has_it_erased(app: Any) -> None:
    shopper = Visitor(TestClient(app))
    path, visitor_id = shopper.order(), shopper.id
    data = shopper.client.get(f"{BASE}/me/data.json").json()
    assert data["orders"]["orders"][0]["visitor_id"] == visitor_id

    assert shopper.post("/me/erase").headers["location"].endswith("?done=sure#gone")
    assert "请先勾选" in shopper.get("/me?done=sure")
    answer = shopper.post("/me/erase", sure="1")

    page = shopper.get(answer.headers["location"].removeprefix(BASE))
    assert "你的资料已删除" in page
    assert shopper.id != visitor_id
    shopper.get(path.partition("?")[0], 404)
    shopper.client.cookies.set("zg_visitor", visitor_id, domain="testserver.local", path="/")
    assert "behaviour" not in shopper.client.get(f"{BASE}/me/data.json").json()


def test_who_logged_out_neither_sees_nor_erases_the_customer(app: Any) -> None:
    shopper = Visitor(TestClient(app))
    shopper.get("/p/longjing")
    visitor_id = shopper.id
    shopper.post("/login", customer="c2")
    assert shopper.client.get(f"{BASE}/me/data.json").json()["person"]["customers"][0]["id"] == "c2"
    stranger = Visitor(TestClient(app))
    stranger.get("/p/longjing")
    stranger.client.cookies.set("zg_visitor", visitor_id, domain="testserver.local", path="/")

    assert stranger.client.get(f"{BASE}/me/data.json").status_code == 403
    stranger.post("/me/erase", status=403, sure="1")
    assert shopper.client.get(f"{BASE}/me/data.json").status_code == 200
