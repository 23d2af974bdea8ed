"""Two models side by side: the same shoppers, the same moment, nothing logged."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, ids, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend import Comparing, NotKept, UnknownModel
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.models import ModelCard
from zhanggui.shop import LiveCatalogue
from zhanggui.shop.service.naming import Naming


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 12), *teas("花果茶", 12))
    for n in range(40):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", "花果茶-0", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)
    return shop


@pytest.fixture
def comparing(shop: TestShop) -> Comparing:
    return Comparing(
        db=shop.db,
        clock=shop.clock,
        zone=UTC,
        live=LiveCatalogue(shop.db, shop.clock),
        events=shop.events,
        people=shop.people,
        names=Naming(),
        log=shop.served,
        served=shop.served,
        gate=shop.gate,
        models=shop.recommend.models,
    )


def listed(shop: TestShop) -> dict[str, list[str]]:
    shown = {f"c{n}": ids(shop.recommend.for_shopper(visitor_id=f"c{n}", k=10)) for n in range(4)}
    shop.recommend.flush()
    shop.db.write(lambda db: None)
    return shown


def test_a_training_that_repeats_another_is_said_to_and_one_of_other_events_is_not(
    shop: TestShop, comparing: Comparing
) -> None:
    other, first, again = (shop.recommend.train(seed).model for seed in (2, 1, 1))

    assert comparing.compare(first, again).is_repeated
    assert not comparing.compare(other, again).is_repeated
    assert not comparing.compare(again, again).is_repeated
    shop.buys("c1", "绿茶-3")
    assert not comparing.compare(again, shop.recommend.train(1).model).is_repeated


def test_a_training_from_other_goods_or_with_other_lists_repeats_none(shop: TestShop, comparing: Comparing) -> None:
    first = shop.recommend.train(1).model
    shop.sells(*teas("白茶", 1))
    second = shop.recommend.train(1).model
    assert not comparing.compare(first, second).is_repeated

    third = shop.recommend.train(1).model
    assert comparing.compare(second, third).is_repeated
    path = shop.folder / "recommend" / third / "arrays" / "content_weights.npy"
    held = np.load(path)
    held[1, 0] += 0.25
    np.save(path, held)
    assert not comparing.compare(second, third).is_repeated


def test_where_nobody_was_shown_a_list_nothing_is_said_to_be_alike(shop: TestShop, comparing: Comparing) -> None:
    first, second = (shop.recommend.train(seed).model for seed in (1, 2))

    seen = comparing.compare(first, second)

    assert (seen.shoppers, seen.differ, seen.shared) == (0, None, None)


def test_places_that_differ_are_those_of_the_lists_that_each_would_serve(shop: TestShop, comparing: Comparing) -> None:
    first = shop.recommend.train(1).model
    before = listed(shop)
    for n in range(60):
        shop.buys(f"n{n}", "花果茶-3", "花果茶-4", "花果茶-5")
        shop.buys(f"n{n}", "绿茶-9", "绿茶-8", days_ago=2)
    second = shop.recommend.train(2).model
    after = listed(shop)

    seen = comparing.compare(first, second)

    assert (seen.first.id, seen.second.id) == (first, second)
    assert (seen.shoppers, seen.places) == (4, 10)
    assert seen.differ is not None
    assert seen.differ > 0
    assert before.keys() == after.keys()
    assert seen.shared is not None
    assert 0 < seen.shared <= 10
    assert comparing.compare(second, second).differ == 0
    assert comparing.compare(second, second).alike == 4


def test_the_model_that_serves_is_compared_by_the_list_that_it_serves(shop: TestShop, comparing: Comparing) -> None:
    served = shop.recommend.train(1).model
    lists = listed(shop)

    ranked = comparing._ranked(shop.recommend.model_card(served), [(None, who) for who in lists])

    assert ranked == list(lists.values())


def test_only_models_whose_files_are_kept_are_compared(shop: TestShop, comparing: Comparing) -> None:
    model = shop.recommend.train(1).model
    card = shop.recommend.model_card(model)
    refused = ModelCard(**{name: getattr(card, name) for name in ModelCard.__struct_fields__} | {"state": "refused"})

    shop.db.write(lambda db: model_tables.models.put(db, refused))

    with pytest.raises(NotKept):
        comparing.compare(model, model)
    with pytest.raises(UnknownModel):
        comparing.compare("0" * len(model), model)
