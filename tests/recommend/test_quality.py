"""What served lists led to, day by day, and what departs from the weeks before."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import Gate, HotHistory, TestShop, teas

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.recommend import Quality
from zhanggui.shop import EventName, LiveCatalogue
from zhanggui.shop.types.accepting import ServedList


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    return shop


def quality_of(shop: TestShop, gate: Gate | None = None) -> Quality:
    return Quality(
        db=shop.db,
        clock=shop.clock,
        zone=ZoneInfo("Asia/Shanghai"),
        live=LiveCatalogue(shop.db, shop.clock),
        history=HotHistory(shop.db),
        served=shop.served,
        gate=gate or Gate(),
    )


def test_a_list_counts_for_its_day_once_a_day_has_passed(shop: TestShop, clock: FixedClock) -> None:
    for who in "abc":
        shop.sees(who, "绿茶-5")
    clock.advance(minutes=1)
    shown = {who: shop.recommend.for_shopper(visitor_id=who, k=3).items for who in "abc"}
    shop.recommend.popular(k=3)
    shop.recommend.flush()
    day = clock().astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    clock.advance(minutes=1)
    shop.sees("a", shown["a"][0].product_id)
    shop.sees("b", shown["b"][1].product_id, name=EventName.PURCHASE)
    shop.db.write(lambda db: None)

    clock.advance(hours=23)
    assert sum(one.lists for one in quality_of(shop).report().days) == 0
    clock.advance(hours=25)
    report = quality_of(shop).report()

    (seen,) = [one for one in report.days if one.lists]
    assert (seen.day, seen.lists, seen.clicked, seen.bought) == (day, 3, 1, 1)
    assert report.uncounted == 1
    assert report.drifts == ()
    closed = quality_of(shop, Gate(is_open=False)).report()
    assert (sum(one.lists for one in closed.days), closed.uncounted) == (0, 4)


def test_a_fall_of_clicks_and_a_shift_of_categories_are_told(shop: TestShop, clock: FixedClock) -> None:
    clock.advance(days=1)
    for who in range(16):
        shop.sees(f"v{who}", "绿茶-0")
    with shop.db.read() as db:
        people = shop.people.numbers(db, visitor_ids=[f"v{who}" for who in range(16)])
        product = LiveCatalogue(shop.db, clock).view(db).numbers["绿茶-0"]
    for day in range(36):
        is_now = day > 28
        for n, person in enumerate(sorted(people.values())):
            id_ = f"{day:04}{n:022}"
            held = ServedList(
                id=id_,
                person=person,
                surface="home",
                at_ms=to_ms(clock()),
                products=(product,),
                propensities=(1.0,),
                model="m",
            )
            shop.served.log_served([held])
        clock.advance(minutes=1)
        for who in range(16):
            if not is_now and who < 8:
                shop.sees(f"v{who}", "绿茶-0")
            shop.sees(f"v{who}", *(["花果茶-1"] * 3 if is_now else ["绿茶-1"]))
        clock.advance(days=1, minutes=-1)
    shop.db.write(lambda db: None)

    report = quality_of(shop).report()

    told = {drift.what: drift for drift in report.drifts}
    assert told.keys() == {"categories", "clicks"}
    assert told["clicks"].before == pytest.approx(0.5, abs=0.01)
    assert told["clicks"].now < 0.1
    assert (told["categories"].before, told["categories"].now) == (0, 1)
    assert told["categories"].category == "花果茶"


def test_the_figures_of_each_model_come_with_an_interval(shop: TestShop) -> None:
    for n in range(90):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", "花果茶-0", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)
    made = [shop.recommend.train(seed).model for seed in range(2)]

    models = quality_of(shop).report().models

    assert [model.id for model in models] == made[::-1]
    for model in models:
        assert None not in (model.low, model.recall, model.high)
        assert 0 <= model.low <= model.recall <= model.high <= 1  # type: ignore[operator]


def test_an_empty_shop_has_an_empty_report(shop: TestShop) -> None:
    report = quality_of(shop).report()

    assert (report.models, report.drifts, report.uncounted) == ((), (), 0)
    assert all(day.lists == 0 for day in report.days)
