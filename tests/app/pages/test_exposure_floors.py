"""Floors under exposure over HTTP, on the page of fairness and on the command line, and the alert of one not held."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.site import create_app
from zhanggui.app.wiring.watching import uneven
from zhanggui.kernel.settings import Settings
from zhanggui.recommend.service.aims.watching import Watch
from zhanggui.recommend.tables import settings as setting_tables
from zhanggui.recommend.types.floors import ExposureFloor, FloorReport, FloorSet, StandingFloor
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.trust import CreateKey

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/fairness"
FLOORS = f"/v1/{SHOP}/recommend-floors"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("floors"), SHOP)
    with open_rooms(SHOP, settings) as rooms:
        plan = SimulationPlan(until=rooms.simulator.today(), products=30, customers=110, days=25)
        rooms.simulator.fill(plan, pictures=False)
        agree(rooms.consents, SIMULATED)
    with open_control(settings) as control:
        for role in ("operator", "analyst"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


@pytest.fixture(scope="module")
def keyed(app: Any, settings: Settings) -> Callable[..., Client]:
    def of(*scopes: str) -> Client:
        with open_control(settings) as control:
            key = control.keys.create(SHOP, CreateKey(name="k", kind="service", scopes=scopes)).secret
        client: Client = TestClient(app)
        client.headers["authorization"] = f"Bearer {key}"
        return client

    return of


@pytest.fixture(scope="module")
def api(keyed: Callable[..., Client]) -> Client:
    return keyed("recommend:*")


@pytest.fixture
def as_(app: Any, settings: Settings) -> Callable[..., Client]:
    def of(role: str, language: str = "en") -> Client:
        with open_control(settings) as control:
            link = control.users.login_link(role)
        client: Client = TestClient(app)
        client.headers["accept-language"] = language
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    return of


@pytest.fixture(scope="module")
def brand(settings: Settings) -> str:
    with open_rooms(SHOP, settings) as rooms:
        names = [one.brand for one in rooms.catalogue.products() if one.brand]
    return max(sorted(set(names)), key=names.count)


def send(client: Client, path: str, **fields: str) -> Any:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(PAGE).text)
    assert token is not None
    return client.post(PAGE + path, data={"csrf": token[1], **fields}, follow_redirects=False)


def asked(brand: str, share: float = 0.1) -> dict[str, object]:
    return {"by": "brand", "name": brand, "share": share, "places": 10}


def standing(client: Client) -> list[StandingFloor]:
    return msgspec.json.decode(client.get(FLOORS).content, type=list[StandingFloor])


def test_a_floor_is_replayed_set_read_removed_and_brought_back_over_http(
    api: Client, settings: Settings, brand: str
) -> None:
    tried = msgspec.json.decode(api.post(f"{FLOORS}/replay", json=asked(brand)).content, type=FloorReport)
    assert (tried.verdict, standing(api)) == ("met", [])

    made = msgspec.json.decode(api.put(FLOORS, json=asked(brand)).content, type=FloorSet)

    (told,) = standing(api)
    assert (told.rule, told.report) == (made.rule, made.report)
    assert api.get(f"/v1/{SHOP}/recommend-rules/{made.rule.id}", headers=api.headers).json()["id"] == made.rule.id
    assert api.delete(f"{FLOORS}/{made.rule.id}").status_code == 200
    assert standing(api) == []
    assert api.delete(f"{FLOORS}/{made.rule.id}").status_code == 404
    assert api.post(f"{FLOORS}/{made.rule.id}/undo").status_code == 200
    assert [one.rule.id for one in standing(api)] == [made.rule.id]
    api.delete(f"{FLOORS}/{made.rule.id}")
    with open_rooms(SHOP, settings) as rooms:
        acts = rooms.ledger.entries(kind="recommend.rule").items
    assert len(acts) == 4


def test_who_measures_reads_floors_and_does_not_set_them(keyed: Callable[..., Client], brand: str) -> None:
    analyst = keyed("recommend:measure")

    assert analyst.get(FLOORS).status_code == 200
    assert analyst.put(FLOORS, json=asked(brand)).status_code == 403
    assert analyst.post(f"{FLOORS}/replay", json=asked(brand)).status_code == 403
    assert analyst.delete(f"{FLOORS}/01M820KEH0VAR802N6QFQP9G44").status_code == 403


def test_a_floor_out_of_its_limits_or_of_nothing_is_refused(api: Client, brand: str) -> None:
    assert api.put(FLOORS, json=asked(brand, 1.5)).status_code == 422
    assert api.put(FLOORS, json=asked("没有的牌子")).json()["code"] == "recommend.unknown_value"
    refused = api.put(FLOORS, json=asked(brand, 0.95))
    assert (refused.status_code, refused.json()["code"]) == (409, "recommend.floor_not_held")
    assert standing(api) == []


def test_the_page_tries_sets_removes_and_takes_back(as_: Callable[..., Client], api: Client, brand: str) -> None:
    operator = as_("operator")
    form = {"by": "brand", "name": brand, "share": "10", "places": "10"}

    tried = send(operator, "/floors", act="try", **form).text
    assert "The floor would hold." in tried
    assert "nothing was set" in tried
    assert standing(api) == []

    gone = send(operator, "/floors", act="set", **form)
    page = operator.get(gone.headers["location"]).text
    assert "The floor stands" in page
    assert f"Brand &#34;{brand}&#34;: 10.0% at least" in page
    assert "Cost of what is found" in page
    (told,) = standing(api)
    assert told.report.floor.share == 0.1

    send(operator, f"/floors/{told.rule.id}/remove")
    assert "No floor stands." in operator.get(PAGE).text
    send(operator, f"/floors/{told.rule.id}/undo")
    assert len(standing(api)) == 1
    send(operator, f"/floors/{told.rule.id}/remove")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"share": "viel"}, "份额不能是「viel」。填大于 0、不超过 100 的百分数。"),
        ({"share": "nan"}, "份额不能是「nan」。"),
        ({"share": "0"}, "份额不能是「0」。"),
        ({"share": "101"}, "份额不能是「101」。"),
        ({"places": "7.5"}, "列表不能有「7.5」个位置。填 1 到 200 的整数。"),
        ({"places": "201"}, "列表不能有「201」个位置。"),
        ({"by": "shelf"}, "没有按「shelf」分的商品。从列表里选一个。"),
        ({"name": "x" * 201}, "名字有 201 个字符。名字最多 200 个字符。"),
        ({"by": "new_sellers"}, "下限按「新卖家」定，名字填的是「"),
    ],
)
def test_the_page_says_what_is_wrong_with_a_floor_and_keeps_what_was_typed(
    as_: Callable[..., Client], brand: str, wrong: dict[str, str], told: str
) -> None:
    form = {"act": "set", "by": "brand", "name": brand, "share": "10", "places": "7"} | wrong

    answer = send(as_("operator", "zh"), "/floors", **form)

    assert answer.status_code == 422
    assert told in answer.text
    assert not re.search(r"could not|Expected|\$\.", answer.text)
    assert f'value="{form["places"]}"' in answer.text


def test_an_analyst_sees_floors_and_no_form(as_: Callable[..., Client]) -> None:
    page = as_("analyst", "zh").get(PAGE).text

    assert "曝光下限" in page
    assert 'name="act"' not in page
    assert send(as_("analyst"), "/floors", act="set", share="10").status_code == 403


@pytest.fixture
def broken(settings: Settings, brand: str) -> Iterator[Any]:
    """A floor that was decided three weeks ago, and whose rule no list ever held: the simulated house gave less."""
    with open_rooms(SHOP, settings) as rooms:
        floors = rooms.aim_desk.floors
        share = min(0.9, floors.measure(_floor(brand, 0.1)).before.value + 0.4)
        report = msgspec.structs.replace(floors.measure(_floor(brand, 0.1)), floor=_floor(brand, share), verdict="met")
        rule = floors._set(report, "owner")
        long_ago = int((datetime.now(UTC) - timedelta(days=21)).timestamp() * 1000)

        def back(db: Any) -> None:
            held = setting_tables.floors_of(db)
            last = msgspec.structs.replace(held[-1], decided_at_ms=long_ago)
            setting_tables.put_floors(db, (*held[:-1], last))

        rooms.db.write(back)
        rooms.aim_desk.watch.count()
        rooms.fairness.look()
        yield rooms
        floors.remove(rule.id, "owner")


def _floor(brand: str, share: float) -> ExposureFloor:
    return msgspec.convert(asked(brand, share), ExposureFloor)


def test_served_lists_below_a_floor_raise_an_alert_everywhere(
    broken: Any,
    as_: Callable[..., Client],
    api: Client,
    brand: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (told,) = standing(api)
    assert told.served is not None
    assert told.served.is_below
    last = told.served.weeks[-1]
    assert last.share.low <= last.share.value <= last.share.high < told.served.floor
    alerts = [one for one in broken.fairness.report().alerts if one.code == "floor"]
    assert [(one.about, one.value, one.limit) for one in alerts] == [
        (f"brand:{brand}", last.share.value, told.served.floor)
    ]
    assert f"floor:brand:{brand}" in [one.subject for one in uneven(broken.fairness)]
    broken.watch.look()
    protection = as_("operator").get(f"/console/{SHOP}/protection").text
    assert f"Exposure of Brand &#34;{brand}&#34;" in protection
    assert "floor:brand:" not in protection
    page = as_("analyst").get(PAGE).text
    assert "below the floor" in page
    assert "Seven days" in page
    assert re.search(r"Served from \d+ \w+( \d+)? to \d+ \w+( \d+)?: ", page)
    assert "of the exposure in the last seven days; the floor is" in page
    rows = list(csv.reader(io.StringIO(as_("analyst").get(f"{PAGE}/floors.csv").content.decode("utf-8-sig"))))
    assert {tuple(row[:2]) for row in rows[1:]} == {(f'Brand "{brand}"', span) for span in ("Day", "Seven days")}
    assert len(rows) == 1 + len(told.served.days) + len(told.served.weeks)
    monkeypatch.setenv("ZHANGGUI_HOME", str(settings.home))
    assert run(["recommend", "aims", "floors", SHOP]) == 3
    shown = capsys.readouterr().out
    assert "BELOW" in shown
    assert f"{last.since} to {date.fromisoformat(last.since) + timedelta(days=6)}" in shown


def test_a_week_that_is_long_over_is_told_by_its_days_and_is_no_verdict(
    broken: Any,
    as_: Callable[..., Client],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The newest week with five people ended on 7 March; nobody was shown anything since."""
    kept = broken.aim_desk.watch.kept()
    (one,) = kept.floors
    march = msgspec.structs.replace(one.weeks[-1], since="2024-03-01")
    old = msgspec.structs.replace(one, weeks=(march,), last_week=None, is_below=False)
    monkeypatch.setattr(Watch, "kept", lambda _: msgspec.structs.replace(kept, floors=(old,)))

    page = as_("analyst").get(PAGE).text
    assert "Served from 1 Mar 2024 to 7 Mar 2024: " in page
    assert "nothing told of the last week" in page
    assert ">holds<" not in page
    assert "just below" not in page
    chinese = as_("analyst", "zh").get(PAGE).text
    assert "2024年3月1日至2024年3月7日的展示：" in chinese
    assert "最近一周不足以公布" in chinese
    monkeypatch.setenv("ZHANGGUI_HOME", str(settings.home))
    monkeypatch.setattr(Watch, "count", lambda _: None)
    assert run(["recommend", "aims", "floors", SHOP]) == 0
    told = capsys.readouterr().out
    assert "2024-03-01 to 2024-03-07" in told
    assert "not the last week" in told
