"""Figures over several shops: added up before the noise, paid by each shop, and none of a shop that stays out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.places import create_shop
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.settings import Settings
from zhanggui.trust.errors import BudgetSpent, ShopStaysOut, TooFewShops
from zhanggui.trust.service.figures import AnalystFigures, FiguresAcross
from zhanggui.trust.types.figures import AskAcross, AskFigures, FigureLimits, Purchases

NAMES = ("bakery", "cellar", SHOP)
BOUGHT = {"bakery": (1, 1, 1, 2), "cellar": (1, 2, 3, 4, 5), SHOP: (9,)}
"""Shop → the person of each purchase; number 1 of one shop is somebody else than number 1 of another."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("across"), SHOP)
    for name in ("bakery", "cellar"):
        create_shop(settings, name, system_clock)
    return settings


@pytest.fixture
def opened(settings: Settings) -> Iterator[dict[str, Rooms]]:
    rooms = {name: open_rooms(name, settings) for name in NAMES}
    yield rooms
    for one in rooms.values():
        one.close()


def shop_figures(rooms: Rooms, *, floor: int = 1) -> AnalystFigures:
    person = np.array(BOUGHT[rooms.name])
    bought = Purchases(person, np.ones_like(person), np.full(len(person), 50_000))
    cells = replace(
        rooms.analyst_figures.cells,
        groups=lambda: {"gender": {1: "female", 2: "male"}},
        group_labels=lambda _kind: ("female", "male"),
    )
    return replace(
        rooms.analyst_figures,
        limits=FigureLimits(floor=floor, most_per_person=2, most_minor=40_000),
        purchases=lambda _since: bought,
        cells=cells,
    )


def with_floors(opened: dict[str, Rooms], floors: dict[str, int]) -> FiguresAcross:
    return FiguresAcross(
        shops=lambda: list(floors),
        figures=lambda name: shop_figures(opened[name], floor=floors[name]),
        stay_out=(),
        is_noisy=lambda: False,
    )


def across(opened: dict[str, Rooms], *, is_noisy: bool = False, out: tuple[str, ...] = (), floor: int = 1) -> Any:
    return FiguresAcross(
        shops=lambda: list(opened),
        figures=lambda name: shop_figures(opened[name], floor=floor),
        stay_out=out,
        is_noisy=lambda: is_noisy,
    )


def everywhere(_shop: str) -> bool:
    return True


def test_bounded_figures_of_each_shop_are_added_up(opened: dict[str, Rooms], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhanggui.trust.engines.figures.noise.noisy", lambda exact, _most, _epsilon: exact.tolist())
    for rooms in opened.values():
        rooms.analyst_figures.budget.grant("sum", 4.0, "user:owner")
    told = across(opened, is_noisy=True, out=(SHOP,))

    orders = told.release("sum", AskAcross(), everywhere)
    by_shop = told.release("sum", AskAcross(by="shop", epsilon=0.25), everywhere)
    by_gender = told.release("sum", AskAcross(by="gender", epsilon=0.25), everywhere)
    sales = told.release("sum", AskAcross(measure="sales", epsilon=0.25), everywhere)

    # The bakery's first customer counts twice of three times, so 3 of 4; the cellar's five count once each.
    assert [(row.label, row.value) for row in orders.rows] == [("all", 8)]
    assert [(row.label, row.value) for row in by_shop.rows] == [("bakery", 3), ("cellar", 5)]
    assert [(row.label, row.value) for row in by_gender.rows] == [("female", 3), ("male", 2), ("other", 3)]
    assert [row.value for row in sales.rows] == [8 * 40_000]
    assert (orders.scale, sales.scale) == (2 / 0.5, 2 * 40_000 / 0.25)
    assert orders.shops == ("bakery", "cellar")


def test_each_shop_pays_and_where_one_cannot_none_does(opened: dict[str, Rooms]) -> None:
    pytest.importorskip("opendp")
    for name, rooms in opened.items():
        rooms.analyst_figures.budget.grant("pay", 1.0 if name == "cellar" else 2.0, "user:owner")
    told = across(opened, is_noisy=True)

    paid = told.release("pay", AskAcross(epsilon=0.75), everywhere)

    assert [(one.shop, one.budget.left) for one in paid.budgets] == [("bakery", 1.25), ("cellar", 0.25), (SHOP, 1.25)]
    with pytest.raises(BudgetSpent, match="left to pay"):
        told.release("pay", AskAcross(epsilon=0.75), everywhere)
    assert opened["bakery"].analyst_figures.budget.state("pay").left == 1.25
    assert opened["bakery"].analyst_figures.budget.spend("pay", AskFigures(epsilon=1.0)).left == 0.25


def test_a_shop_that_stays_out_is_in_no_sum(opened: dict[str, Rooms]) -> None:
    told = across(opened, out=("cellar",))

    assert told.taking_part(everywhere) == ("bakery", SHOP)
    assert told.release("out", AskAcross(), everywhere).shops == ("bakery", SHOP)
    with pytest.raises(ShopStaysOut):
        told.release("out", AskAcross(shops=("bakery", "cellar")), everywhere)
    with pytest.raises(ShopStaysOut):
        told.release("out", AskAcross(shops=("bakery", SHOP)), lambda shop: shop == "bakery")
    with pytest.raises(TooFewShops):
        told.release("out", AskAcross(), lambda shop: shop == "bakery")


def test_without_the_library_the_floor_holds_over_all_shops_together(opened: dict[str, Rooms]) -> None:
    told = across(opened, floor=7)

    assert [row.value for row in told.release("k", AskAcross(shops=("bakery", "cellar")), everywhere).rows] == [10]
    assert [row.value for row in told.release("k", AskAcross(shops=("bakery", SHOP)), everywhere).rows] == [None]
    assert opened["bakery"].analyst_figures.budget.state("k").spent == 0


def test_the_floor_that_withheld_is_the_one_that_is_told(opened: dict[str, Rooms]) -> None:
    told = with_floors(opened, {"bakery": 2, "cellar": 8}).release("k", AskAcross(), everywhere)

    assert [row.value for row in told.rows] == [None]
    assert told.floor == 8


def test_a_shop_may_be_called_all_or_other(opened: dict[str, Rooms]) -> None:
    named = FiguresAcross(
        shops=lambda: ["all", "other"],
        figures=lambda name: shop_figures(opened[{"all": "bakery", "other": "cellar"}[name]]),
        stay_out=(),
        is_noisy=lambda: False,
    )

    by_shop = named.release("k", AskAcross(by="shop"), everywhere)
    together = named.release("k", AskAcross(), everywhere)

    assert [(row.label, row.of) for row in by_shop.rows] == [("all", "named"), ("other", "named")]
    assert [(row.label, row.of) for row in together.rows] == [("all", "all")]


def test_who_counts_in_two_shops_is_told_of_these_alone(settings: Settings) -> None:
    left_out = msgspec.structs.replace(
        settings, privacy=msgspec.structs.replace(settings.privacy, stay_out=("cellar",))
    )
    with open_control(settings) as control:
        control.users.add("counter", roles={SHOP: "analyst", "bakery": "analyst", "cellar": "analyst"})
        control.users.add("lonely", roles={SHOP: "analyst"})
        links = {name: control.users.login_link(name) for name in ("counter", "lonely")}
    with TestClient(create_app(left_out)) as client:

        def come(name: str) -> TestClient[Any]:
            own: TestClient[Any] = TestClient(client.app, base_url="http://testserver.local")
            own.blocking_portal = client.blocking_portal
            own.post(f"/login/link/{links[name].rpartition('/')[2]}", follow_redirects=False)
            return own

        counter, lonely = come("counter"), come("lonely")
        page = counter.get(f"/console/{SHOP}/figures", headers={"accept-language": "zh"}).text
        token = page.partition('name="csrf" value="')[2].partition('"')[0]
        assert "几家店合在一起" in page
        asked = {"measure": "sales", "by": "shop", "days": "28", "epsilon": "0.25", "csrf": token}
        shown = counter.post(f"/console/{SHOP}/figures/across", data=asked).text
        assert '<th scope="row">bakery</th>' in shown
        assert '<th scope="row">cellar</th>' not in shown
        told = counter.post(f"/v1/{SHOP}/analyst-figures/across", json={}, headers={"x-csrf-token": token})
        assert (told.status_code, told.json()["shops"]) == (200, ["bakery", SHOP])
        alone = lonely.get(f"/console/{SHOP}/figures").text
        assert "figures/across" not in alone
        own = alone.partition('name="csrf" value="')[2].partition('"')[0]
        assert (
            lonely.post(f"/v1/{SHOP}/analyst-figures/across", json={}, headers={"x-csrf-token": own}).status_code == 422
        )


def test_the_command_tells_all_shops_of_the_installation(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["figures", "across", "--by", "shop", "--home", str(settings.home)]) == 0
    assert f"Of the shops bakery, cellar, {SHOP}." in capsys.readouterr().out
    assert run(["figures", "across", "bakery", "none", "--home", str(settings.home)]) != 0
