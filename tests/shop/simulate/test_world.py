from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from tests.shop.simulate.builders import a_plan

from zhanggui.kernel.errors import InvalidInput
from zhanggui.shop import EVENT_NUMBERS, EventName
from zhanggui.shop.simulate import (
    HOME,
    SHOPPER_MODELS,
    Ask,
    DayLog,
    HousePolicy,
    Shown,
    SimulationPlan,
    World,
    collect,
    shopper_model,
    simulate,
)
from zhanggui.shop.simulate.luck import Key, Luck
from zhanggui.shop.simulate.mind import match_of, need_of, sigmoid
from zhanggui.shop.simulate.stock import Floats, Longs


class AllKnowing(HousePolicy):
    """Shows each person what they like best: it cheats, to see whether the loop rewards that."""

    def __init__(self, world: World) -> None:
        super().__init__(world.stock)
        self.world = world

    def rank(self, ask: Ask, rng: np.random.Generator) -> Shown:
        crowd, stock, model = self.world.crowd, self.world.stock, self.world.plan.shoppers
        persons = ask.persons[:, None]
        liking = match_of(model, crowd, stock, persons, np.arange(len(stock.products)))
        liking -= model.price * crowd.price_sensitivity[persons] * stock.log_ratio
        fits = ask.is_sellable & ((ask.shelves[:, None] == HOME) | (ask.shelves[:, None] == stock.shelf))
        order = np.argsort(np.where(fits, -liking, np.inf), axis=1)[:, : ask.length]
        shown = np.where(np.take_along_axis(fits, order, axis=1), order, -1)
        return Shown(products=shown, propensities=(shown >= 0).astype(float))


class Dear(HousePolicy):
    """Asks twice the price."""

    def __init__(self, world: World) -> None:
        super().__init__(world.stock)

    def prices_minor(self, day: int) -> Longs:
        return super().prices_minor(day) * 2


def lived(plan: SimulationPlan, days: int, policy: object = None) -> list[DayLog]:
    world = World(plan)
    chosen = policy(world) if callable(policy) else None
    return [world.step_day(chosen) for _ in range(days)]


@pytest.mark.parametrize("model", SHOPPER_MODELS, ids=lambda model: model.name)
def test_better_lists_please_and_sell_more_with_every_shopper_model(model: object) -> None:
    plan = a_plan(products=200, customers=300, shoppers=model)

    house, knowing = (lived(plan, 10, policy) for policy in (None, AllKnowing))

    assert sum(day.outcome.profit_minor for day in knowing) > 1.2 * sum(day.outcome.profit_minor for day in house)
    assert np.mean([day.outcome.satisfaction for day in knowing]) > np.mean([day.outcome.satisfaction for day in house])


@pytest.mark.parametrize("model", SHOPPER_MODELS, ids=lambda model: model.name)
def test_twice_the_price_sells_fewer_units(model: object) -> None:
    plan = a_plan(products=200, customers=400, shoppers=model)

    usual, dear = (sum(int(day.purchases.quantity.sum()) for day in lived(plan, 10, policy)) for policy in (None, Dear))

    assert dear < 0.85 * usual


def test_bargain_hunters_mind_a_high_price_most() -> None:
    def kept(name: str) -> float:
        plan = a_plan(products=200, customers=400, shoppers=shopper_model(name))
        usual, dear = (sum(day.outcome.orders for day in lived(plan, 10, policy)) for policy in (None, Dear))
        return dear / usual

    assert kept("bargain") < kept("loyal")


def test_stepping_day_by_day_is_the_same_as_simulating() -> None:
    plan = a_plan()
    world = World(plan)

    shop, _ = collect(world, [world.step_day() for _ in range(plan.days)])

    assert shop.digest() == simulate(plan)[0].digest()


def test_the_stock_never_falls_below_nothing() -> None:
    world = World(a_plan(products=5, customers=400, visits_per_day=2.0))

    lost = 0
    for _ in range(14):
        lost += world.step_day().outcome.lost_units
        assert (world.on_hand >= 0).all()

    assert lost > 0


def test_no_more_is_sold_than_stood_there_that_morning() -> None:
    world = World(a_plan(products=5, customers=400, visits_per_day=2.0))
    before = world.on_hand.copy()

    bought = world.step_day().purchases

    sold = np.bincount(bought.product, bought.quantity, 5).astype(int)
    assert (sold <= before).all()
    assert (world.on_hand == before - sold).all()


def test_a_list_for_a_search_stays_on_its_shelf() -> None:
    world = World(a_plan())
    lists = world.step_day().lists
    searched = lists.shelf != HOME

    shelves = world.stock.shelf[np.maximum(lists.products, 0)]
    assert (shelves == lists.shelf[:, None])[searched][lists.products[searched] >= 0].all()


def test_the_house_policys_propensities_are_the_chances_it_draws_with() -> None:
    world = World(a_plan(products=4))
    house = HousePolicy(world.stock)
    house.learn(world.step_day())
    n = 40_000
    ask = Ask(
        day=1,
        persons=np.zeros(n, np.int64),
        shelves=np.full(n, HOME),
        at_ms=np.zeros(n, np.int64),
        length=3,
        is_sellable=np.ones(4, np.bool_),
    )

    shown = house.rank(ask, np.random.default_rng(5))

    for product in range(4):
        first = shown.products[:, 0] == product
        assert first.mean() == pytest.approx(shown.propensities[first, 0].mean(), abs=0.01)
        # And given what stands above: averages of 1/propensity over the draws count the lists.
    after = shown.products[:, 0] == 0
    for product in (1, 2, 3):
        second = after & (shown.products[:, 1] == product)
        assert second.sum() / after.sum() == pytest.approx(shown.propensities[second, 1].mean(), abs=0.02)


def test_columns_of_a_day_have_one_length() -> None:
    day = World(a_plan()).step_day()

    for part in (day.lists, day.acts, day.purchases):
        assert len({len(getattr(part, each.name)) for each in fields(part)}) == 1


def test_an_unknown_shopper_model_is_named_with_its_neighbour() -> None:
    with pytest.raises(InvalidInput, match="stedy") as refused:
        shopper_model("stedy")

    assert "steady" in refused.value.hint


def test_a_purchase_stills_the_need_and_running_out_wakes_it() -> None:
    days, cycle = np.array([0.0, 30.0, 500.0]), np.array([30.0, 30.0, 30.0])

    just_bought, ran_out, long_ago = need_of(days, cycle)

    assert just_bought == pytest.approx(-1.5, abs=0.01)
    assert ran_out > 0.9
    assert abs(long_ago) < 0.01


def test_the_sigmoid_holds_for_any_size() -> None:
    assert sigmoid(np.array([-1e9, 0, 1e9])).tolist() == pytest.approx([0, 0.5, 1], abs=1e-20)


def test_shoppers_share_what_they_want_and_invite_others_now_and_then() -> None:
    done = {kind for log in lived(a_plan(), 8) for kind in log.acts.kind.tolist()}

    assert {EVENT_NUMBERS[EventName.SHARE], EVENT_NUMBERS[EventName.INVITE]} <= done


class NoLuck(Luck):
    """Whatever chance there is, it does not come about."""

    def even(self, what: str, *whom: Key) -> Floats:
        return np.ones_like(super().even(what, *whom))


def test_whoever_has_no_luck_looks_at_nothing() -> None:
    world = World(a_plan())
    world._luck = NoLuck(np.random.default_rng(0))

    log = world.step_day()

    assert len(log.lists.person) > 0
    assert len(log.acts.kind) == len(log.purchases.person) == 0


def test_luck_comes_in_the_shape_of_what_it_befalls() -> None:
    luck = Luck(np.random.default_rng(0))
    persons, products = np.arange(3)[:, None], np.zeros((3, 4), dtype=np.int64)

    assert luck.even("click", persons, 7, products).shape == (3, 4)
    assert luck.around(2.0, "hour", 7, persons[:, 0]).shape == luck.below(9, "minute", persons[:, 0]).shape == (3,)
