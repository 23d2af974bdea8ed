"""The page of predictions, and the same over HTTP: aggregates for those who analyse, one customer for those who run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.site import create_app
from zhanggui.audience import PredictionCard
from zhanggui.audience.tables import predictions as tables
from zhanggui.audience.types.predictions import DataCheck, ReliabilityBin
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.settings import Settings
from zhanggui.shop import LegalBasis, Order, OrderLine, Product, ProductText
from zhanggui.trust import CreateKey
from zhanggui.trust.types.scopes import ROLES

Client = TestClient[Any]
PAGE, API = f"/console/{SHOP}/predictions", f"/v1/{SHOP}/audience/predictions"
BINS = tuple(
    ReliabilityBin(people=100, said=said, came=said + 0.02, low=said - 0.05, high=said + 0.09)
    for said in (0.06, 0.2, 0.44)
)


def a_card(kind: Any, id_: str, **fields: Any) -> PredictionCard:
    known = {"state": "current", "at": datetime(2026, 3, 1, tzinfo=UTC), "people": 300, "rows": 300, "seed": 0}
    days = {"from_day": "2025-11-01", "until_day": "2026-02-28", "until_seq": 9}
    return PredictionCard(id=id_ * 26, kind=kind, **{**known, **days, **fields})


CARDS = (
    a_card(
        "lifetime",
        "1",
        parameters={"r": 0.9, "alpha_days": 20.0, "a": 0.8, "b": 2.5, "p": 2.0, "q": 4.0, "gamma_minor": 9_000.0}
        | {"typical_frequency": 1.0, "typical_idle": 30.0, "typical_age": 90.0, "typical_order_value": 4_000.0},
        metrics={"held_out_days": 90.0, "orders_mae": 0.41, "bought_again": 0.3, "alive_auc": 0.71},
        plots={"orders": BINS, "alive": BINS},
    ),
    a_card(
        "buy_30",
        "2",
        horizon_days=30,
        method="platt",
        metrics={"auc": 0.74, "auc_recency": 0.66, "brier": 0.16, "brier_recency": 0.19, "ece": 0.021, "came": 0.27},
        parameters={"judged_people": 300.0},
        bins=BINS,
    ),
    a_card("buy_7", "3", state="refused", reason="worse_than_recency", horizon_days=7),
    a_card(
        "offers",
        "4",
        metrics={
            "regulars.people": 44.0,
            "regulars.lines": 300.0,
            "regulars.ratio": 1.31,
            "regulars.low": 1.1,
            "regulars.high": 1.5,
        },
    ),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A shop whose models' cards are planted, with one customer who bought three times."""
    settings = an_installation(tmp_path_factory.mktemp("predictions"))
    line = OrderLine(id="1", product_id="mug", quantity=1, unit_price_minor=5_000)
    now = system_clock()
    with open_rooms(SHOP, settings) as rooms:
        rooms.catalogue.put_products([Product(id="mug", texts={"zh": ProductText(title="马克杯")})])
        orders = [
            Order(id=f"{who}-{ago}", customer_id=who, at=now - timedelta(days=ago), lines=(line,))
            for who in ("u1", "u2")
            for ago in (60, 40, 9)
        ]
        rooms.orders.put_orders(orders, LegalBasis(kind="contract"))
        missing = DataCheck(kind="stay_90", code="days", needed=360, seen=60, holds=False)
        rooms.db.write(lambda db: [tables.models.put(db, card) for card in CARDS])
        rooms.db.write(lambda db: tables.put_checks(db, [missing]))
    with open_control(settings) as control:
        for role in ("owner", "analyst", "agent"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


@pytest.fixture(scope="module")
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
def api(app: Any, settings: Settings) -> Callable[[str], Client]:
    def of(role: str) -> Client:
        with open_control(settings) as control:
            secret = control.keys.create(SHOP, CreateKey(name=role, scopes=tuple(ROLES[role]))).secret
        client: Client = TestClient(app)
        client.headers["authorization"] = f"Bearer {secret}"
        return client

    return of


def test_the_page_shows_whether_what_was_said_came_true(as_: Callable[..., Client]) -> None:
    page = as_("owner").get(PAGE).text

    assert "Of 300 customers 27.0% bought in days that the model could not know" in page
    assert "its chances were off by 2.1% on average" in page
    assert page.count('<td class="n">100</td>') == 3 * len(BINS)  # of chances, orders, being a customer
    assert "It foretells worse than the plainest rule" in page
    assert "Days since the first purchase: 60; 360 are needed" in page
    assert "Four orders or more so far" in page


def test_the_page_is_said_in_chinese_too(as_: Callable[..., Client]) -> None:
    page = as_("owner", "zh").get(PAGE).text

    assert "预测" in page
    assert "至今下过四单及以上" in page
    assert "Predictions" not in page


def test_a_customer_is_foretold_on_the_page_and_a_stranger_is_told_of(as_: Callable[..., Client]) -> None:
    owner = as_("owner")

    told = owner.get(PAGE, params={"customer": "u1"}).text
    assert "Buys within 30 days" in told
    assert "by the rhythm of purchases alone" in told  # the planted card has no files: the others go on telling
    assert "The shop knows no customer of that id." in owner.get(PAGE, params={"customer": "nobody"}).text


def test_who_analyses_sees_aggregates_and_nobody(as_: Callable[..., Client], api: Callable[[str], Client]) -> None:
    page = as_("analyst").get(PAGE, params={"customer": "u1"})
    assert page.status_code == 200
    assert "Buys within" not in page.text
    assert "one-customer" not in page.text

    analyst = api("analyst")
    assert {card["kind"] for card in analyst.get(f"{API}/models").json()["cards"]} == {
        "lifetime", "buy_30", "buy_7", "offers",
    }  # fmt: skip
    groups = analyst.get(f"{API}/offer-groups", params={"language": "en"}).json()
    assert [(group["condition"], group["ratio"]) for group in groups] == [("regulars", 1.31)]
    assert analyst.get(f"{API}/customers/u1").status_code == 403
    assert analyst.post(f"{API}/train").status_code == 403
    assert as_("agent").get(PAGE).status_code == 403


def test_a_customer_is_foretold_over_http_until_they_take_consent_back(api: Callable[[str], Client]) -> None:
    owner = api("owner")
    told = owner.get(f"{API}/customers/u2", params={"language": "en"}).json()
    assert [chance["horizon_days"] for chance in told["purchases"]] == [7, 30, 90]
    assert told["lifetime"]["days"] == 90
    assert owner.get(f"{API}/customers/nobody").status_code == 404

    off = {"customer_id": "u2", "is_on": False}
    assert owner.post(f"/v1/{SHOP}/audience/own/personalization", json=off).status_code == 204

    refused = owner.get(f"{API}/customers/u2")
    assert (refused.status_code, refused.json()["code"]) == (403, "audience.no_profile")


def test_its_tables_sort_are_searched_and_go_out_as_files(as_: Callable[..., Client]) -> None:
    analyst = as_("analyst")

    def file(name: str, query: str = "") -> list[dict[str, str]]:
        answer = analyst.get(f"{PAGE}/{name}{query}")
        assert answer.headers["content-type"].startswith("text/csv")
        return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    page = analyst.get(PAGE, params={"model-q": "passes nothing"}).text
    assert "Nothing fits this search." in page
    assert 'aria-sort="descending"' in analyst.get(PAGE, params={"buy_30-sort": "-came"}).text
    assert re.search(r'<details class="chart-table" open>', analyst.get(PAGE, params={"buy_30-sort": "-came"}).text)
    assert [row["came"] for row in file("buy_30/bins.csv", "?buy_30-sort=-came")] == ["0.46", "0.22", "0.08"]
    by_orders = "lifetime/orders/bins.csv?lifetime-orders-sort=-came"
    assert [row["came"] for row in file(by_orders)] == ["0.46", "0.22", "0.08"]
    assert "predictions/lifetime/orders/bins.csv" in analyst.get(PAGE).text
    assert analyst.get(f"{PAGE}/lifetime/latent/bins.csv").status_code == 404
    assert [row["state"] for row in file("models.csv", "?model-q=did+not+pass")] == ["did not pass"]
    assert [row["customers"] for row in file("offers.csv")] == ["44"]
    assert analyst.get(f"{PAGE}/stay_90/bins.csv").status_code == 404
    assert as_("agent").get(f"{PAGE}/models.csv").status_code == 403


def test_a_training_is_asked_for_once(as_: Callable[..., Client], api: Callable[[str], Client]) -> None:
    owner = api("owner")
    first, second = owner.post(f"{API}/train"), owner.post(f"{API}/train")

    assert first.status_code == 202
    assert first.json() == second.json()
    assert "A training was asked for" in as_("owner").get(PAGE, params={"done": "asked"}).text


def test_the_page_draws_what_was_foretold_of_lifetimes_and_why_one_customer_is_told_so(
    as_: Callable[..., Client],
) -> None:
    page = as_("owner", "zh").get(f"{PAGE}?customer=u1").text

    for said in (
        "未来下单数",
        "300 位顾客按预测单数分十组，90 天后对照：人均相差 0.41 单",
        "仍是顾客",
        "为什么仍是顾客",
        "本店中位顾客",
    ):
        assert said in page, said
