"""First findings of a shop, from its stored rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.shop import LegalBasis, Offer, Order, OrderLine, OrderState, Product, ProductText
from zhanggui.trust import CreateKey, Notice

LAST = datetime(2026, 3, 10, 4, tzinfo=UTC)
AGREED = LegalBasis(kind="consent", notice="2026")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return an_installation(tmp_path)


@pytest.fixture
def rooms(settings: Settings) -> Any:
    with open_rooms(SHOP, settings) as opened:
        opened.catalogue.put_products(
            [
                Product(id=id_, texts={"zh": ProductText(title=zh), "en": ProductText(title=en)})
                for id_, zh, en in [("tea", "龙井", "Longjing"), ("cup", "盖碗", "Gaiwan"), ("pot", "茶壶", "Pot")]
            ]
        )
        opened.catalogue.put_offers(
            [
                Offer(product_id="tea", price_minor=20_00, cost_minor=15_00, on_hand=4),
                Offer(product_id="cup", price_minor=9_00, on_hand=900),
                Offer(product_id="pot", price_minor=90_00, cost_minor=40_00, on_hand=3),
            ]
        )
        opened.consents.set_notice(Notice(notice="2026", purposes=(Purpose.SERVICE, Purpose.ANALYTICS)), "test")
        yield opened


def an_order(days_ago: int, *products: str, by: str | None = None, **fields: Any) -> Order:
    lines = [OrderLine(id=id_, product_id=id_, quantity=2, unit_price_minor=10_00) for id_ in products]
    id_ = f"o{days_ago}-{'-'.join(products)}-{by}"
    return Order(id=id_, customer_id=by, at=LAST - timedelta(days=days_ago), lines=tuple(lines), **fields)


def sell(rooms: Rooms, *orders: Order, basis: LegalBasis = AGREED) -> None:
    rooms.orders.put_orders(list(orders), basis)


def daily() -> list[Order]:
    return [an_order(day, "tea") for day in range(28)]


def test_a_stock_that_ends_is_named_with_the_margin_that_is_lost(rooms: Rooms) -> None:
    sell(rooms, *daily())

    (found,) = rooms.discoveries("en").soon_out

    assert (found.product.id, found.product.title, found.available) == ("tea", "Longjing", 4)
    assert (found.per_day, found.days_left, found.lost_minor) == (2.0, 2.0, 5 * 2 * 5_00)


def test_what_no_longer_sells_is_named_with_what_it_cost(rooms: Rooms) -> None:
    sell(rooms, *[an_order(day, "pot") for day in (100, 101, 102)], *daily())

    (found,) = rooms.discoveries().dead_stock

    assert (found.product.title, found.sold_before, found.idle_days, found.tied_minor) == ("茶壶", 6, 100, 3 * 40_00)


def test_what_is_bought_together_is_found(rooms: Rooms) -> None:
    sell(rooms, *[an_order(day, "tea", "cup") for day in range(9)], *[an_order(day, "pot") for day in range(9)])

    (found,) = rooms.discoveries().bought_together

    assert ({found.first.id, found.second.id}, found.together, found.lift) == ({"tea", "cup"}, 9, 2.0)


def test_regulars_who_stay_away_are_counted_and_not_named(rooms: Rooms) -> None:
    sell(rooms, *[an_order(day, "cup", by="anna") for day in (100, 90, 80)], *daily())

    found = rooms.discoveries().lapsed

    assert found is not None
    assert (found.people, found.orders) == (1, 3)
    assert found.yearly_minor == 60_00 * 365 // 30


def test_whoever_has_not_allowed_analysis_counts_as_a_guest(rooms: Rooms) -> None:
    sell(rooms, *[an_order(day, "cup", by="anna") for day in (100, 90, 80)], basis=LegalBasis(kind="contract"))

    assert rooms.discoveries().lapsed is None


def test_cancelled_orders_and_other_currencies_do_not_count(rooms: Rooms) -> None:
    sell(rooms, an_order(1, "tea", state=OrderState.CANCELLED), an_order(2, "tea", currency="USD"), an_order(3, "tea"))

    found = rooms.discoveries()

    assert (found.lines, found.first_day, found.last_day) == (1, found.last_day, (LAST - timedelta(days=3)).date())


def test_an_empty_shop_says_so(rooms: Rooms) -> None:
    found = rooms.discoveries()

    assert (found.lines, found.first_day, found.soon_out, found.lapsed) == (0, None, (), None)


def test_the_findings_are_answered_to_who_may_see_costs(rooms: Rooms, settings: Settings) -> None:
    sell(rooms, *daily())
    with open_control(settings) as control:
        allowed = control.keys.create(SHOP, CreateKey(name="a", scopes=("shop:manage",))).secret
        reader = control.keys.create(SHOP, CreateKey(name="b", scopes=("shop:read",))).secret

    with TestClient(create_app(settings)) as client:
        ask = {"params": {"language": "en"}}
        seen = client.get(f"/v1/{SHOP}/discoveries", headers={"Authorization": f"Bearer {allowed}"}, **ask)
        refused = client.get(f"/v1/{SHOP}/discoveries", headers={"Authorization": f"Bearer {reader}"}, **ask)

    assert seen.json()["soon_out"][0]["product"] == {"id": "tea", "title": "Longjing"}
    assert refused.status_code == 403


def test_the_findings_are_shown_on_the_command_line(
    rooms: Rooms, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(rooms, *daily())
    monkeypatch.setenv("ZHANGGUI_HOME", str(settings.home))

    assert run(["discover", SHOP, "--language", "en"]) == 0

    assert "Longjing" in capsys.readouterr().out
