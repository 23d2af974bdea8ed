"""Explanations add up, stage by stage; and each way of losing a product is told by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids, teas

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.trees import Trees
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.engines.ranking.calibration import Calibration
from zhanggui.recommend.engines.ranking.columns import COLUMNS
from zhanggui.recommend.engines.ranking.facts import FITS
from zhanggui.recommend.engines.ranking.stage import Stage
from zhanggui.recommend.types.explaining import Explanation
from zhanggui.recommend.types.preferences import ShowLess
from zhanggui.shop import AgeBand, Customer, Event, EventName, LegalBasis

PRICE = COLUMNS.index("own_interest")


def a_stage(size: int) -> Stage:
    """Two trees: one asks what the shopper did with the product, one how long it has been in the shop."""
    inner = np.array([[PRICE, 0, 0], [COLUMNS.index("age"), PRICE, PRICE]], dtype=np.int32)
    bounds = np.array([[0.1, np.inf, np.inf], [0.5, 0.05, 0.2]], dtype=np.float32)
    cover = np.array([[10, 7, 3, 7, 0, 3, 0], [10, 4, 6, 3, 1, 2, 4]], dtype=np.float64)
    value = np.array([[-0.2, 0.0, 15.0, 0.0], [0.1, 0.3, -0.4, 0.2]])
    return Stage(
        trees=Trees(feature=inner, threshold=bounds, value=value, cover=cover),
        first_ms=np.zeros(size, dtype=np.int64),
        fits=np.zeros((size, FITS), dtype=np.float32),
        calibration=Calibration(1.0, 0.0),
    )


def a_shop(sqlite: Database, folder: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, folder / "models", clock)
    shop.sells(*teas("绿茶", 8), *teas("红茶", 8), *teas("白茶", 8))
    for n in range(40):
        shop.buys(f"c{n}", f"绿茶-{n % 6}", f"红茶-{n % 3}", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 6}", days_ago=3)
    shop.recommend.train()
    shop.sees("me", "绿茶-1", "红茶-2", "绿茶-3")
    return shop


class Trained:
    """A source of the shop's model with a stage of ours, as if it had been trained so."""

    def __init__(self, shop: TestShop) -> None:
        self._models = shop.recommend.models

    def load(self, card: object) -> RankModel:
        model = self._models.load(card)  # type: ignore[arg-type]
        return replace(model, stage=a_stage(model.size))


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    made = a_shop(sqlite, tmp_path, clock)
    made.recommend = made.recommender()
    made.recommend.serving.state._store = Trained(made)
    return made


def explained(shop: TestShop, product: str, **more: object) -> Explanation:
    return shop.recommend.explaining.explain(product, visitor_id="me", **more)  # type: ignore[arg-type]


def total(*parts: object) -> float:
    return sum(part.value for group in parts for part in group)  # type: ignore[attr-defined]


def test_every_stage_adds_up_for_each_product_of_the_list(shop: TestShop) -> None:
    answer = shop.recommend.for_shopper(visitor_id="me", k=10)

    for item in answer.items:
        told = explained(shop, item.product_id)
        assert (told.stage, told.position) == ("shown", item.position)
        assert told.score == pytest.approx(total(told.factors, told.ranker, told.aims) + told.ranker_expected, abs=1e-6)
        from_history = {"alike", "together", "content"}
        by_factor = sum(part.value for part in told.factors if part.name in from_history)
        assert total(told.history) == pytest.approx(by_factor, abs=1e-6)
        for one in told.history:
            assert one.value == pytest.approx(sum(one.by.values()), abs=1e-9)
        assert told.chance is not None
        assert 0 < told.chance < 1


def test_the_explained_score_is_the_one_that_ranked(shop: TestShop) -> None:
    first, second = (explained(shop, one) for one in ids(shop.recommend.for_shopper(visitor_id="me", k=10))[:2])

    assert first.place == 1
    assert first.score >= second.score
    assert total(first.compared) == pytest.approx(first.score - explained(shop, first.against).score, abs=1e-5)


def test_a_model_without_trees_explains_the_sum_alone(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    shop = a_shop(sqlite, tmp_path, clock)

    told = explained(shop, ids(shop.recommend.for_shopper(visitor_id="me"))[0])

    assert told.ranker == ()
    assert told.ranker_expected == 0
    assert told.score == pytest.approx(total(told.factors), abs=1e-6)


def test_each_way_of_losing_a_product_has_its_name(shop: TestShop) -> None:
    shop.stocks("白茶-0", 0)
    shop.buys("me", "红茶-1")
    shop.recommend.show_less(ShowLess(product_id="白茶-1", visitor_id="me", chips=()))

    assert explained(shop, "白茶-0").stage == "sold_out"
    assert explained(shop, "红茶-1").stage == "bought_lately"
    assert explained(shop, "白茶-1").stage == "dismissed"
    assert explained(shop, "绿茶-5", only='keyword = "红茶"').stage == "filtered"
    assert explained(shop, "绿茶-1", surface="email", k=5).stage in {"shown", "ranked_below", "gave_way", "low_intent"}


def test_what_ranks_below_says_by_how_much_and_why(shop: TestShop) -> None:
    answer = ids(shop.recommend.for_shopper(visitor_id="me", k=3))
    others = ids(shop.recommend.for_shopper(visitor_id="me", k=20))

    told = explained(shop, others[-1], k=3)

    assert told.stage in {"ranked_below", "gave_way"}
    assert told.against in answer
    assert told.compared[0].value == min(part.value for part in told.compared)
    assert told.words


def test_looking_logs_nothing_and_speaks_both_languages(shop: TestShop) -> None:
    product = ids(shop.recommend.for_shopper(visitor_id="me", k=3))[0]
    shop.recommend.flush()

    zh, en = explained(shop, product, language="zh"), explained(shop, product, language="en")

    assert zh.words != en.words
    with shop.db.read() as db:
        before = shop.served.shown(db, [1, 2, 3, 41, 42], 0, 100, purpose=Purpose.SERVICE)[0]
        shop.recommend.flush()
        assert len(shop.served.shown(db, [1, 2, 3, 41, 42], 0, 100, purpose=Purpose.SERVICE)[0]) == len(before)


def test_trees_order_only_where_there_is_a_history(shop: TestShop) -> None:
    plain = shop.recommender()

    assert ids(shop.recommend.for_shopper(visitor_id="nobody")) == ids(plain.for_shopper(visitor_id="nobody"))
    seen = ids(shop.recommend.for_shopper(visitor_id="me", k=24))
    assert set(seen[:3]) == {"绿茶-1", "红茶-2", "绿茶-3"}


def test_a_new_product_is_ranked_and_explained_beside_trees(shop: TestShop, clock: FixedClock) -> None:
    clock.now += timedelta(minutes=1)
    shop.sells(a_tea("绿茶-new"))

    assert "绿茶-new" in ids(shop.recommend.for_shopper(visitor_id="me", k=40))
    told = explained(shop, "绿茶-new", k=40)
    assert total(told.history) == pytest.approx(
        sum(part.value for part in told.factors if part.name in {"alike", "together", "content"}), abs=1e-6
    )


def test_a_group_label_changes_nothing(shop: TestShop) -> None:
    def asked() -> tuple[object, Explanation]:
        listed = shop.recommend.for_shopper(customer_id="grouped", k=10)
        told = shop.recommend.explaining.explain("绿茶-1", customer_id="grouped")
        return [(item.product_id, item.score) for item in listed.items], told

    shop.people.put_customers(
        [Customer(id="grouped", gender="female", age_band=AgeBand.FROM_25, province="浙江")],
        LegalBasis(kind="contract"),
    )
    shop.events.accept([Event(id="g1", name=EventName.VIEW_ITEM, customer_id="grouped", product_id="绿茶-2")])
    before = asked()
    shop.people.put_customers(
        [Customer(id="grouped", gender="male", age_band=AgeBand.FROM_55, province="四川")], LegalBasis(kind="contract")
    )

    assert asked() == before


def test_a_stage_comes_back_from_its_files(shop: TestShop) -> None:
    models = shop.recommend.models
    card = shop.recommend.model_cards()[0]
    plain = models.load(card)
    with_trees = replace(plain, stage=a_stage(plain.size))
    written = msgspec.structs.replace(card, id="01J00000000000000000000000")

    models.write(with_trees, written)

    read = models.load(written)
    assert plain.stage is None
    assert read.stage is not None
    row = np.full((1, len(COLUMNS)), 0.3, dtype=np.float32)
    assert read.stage.trees.margins(row) == a_stage(plain.size).trees.margins(row)
    assert read.stage.calibration == Calibration(1.0, 0.0)


@pytest.mark.parametrize("change", ["moved", "fewer", "missing"])
def test_trees_that_ask_other_columns_than_todays_order_nothing(shop: TestShop, change: str) -> None:
    models = shop.recommend.models
    card = shop.recommend.model_cards()[0]
    written = msgspec.structs.replace(card, id="01J00000000000000000000000")
    models.write(replace(models.load(card), stage=a_stage(models.load(card).size)), written)
    file = shop.folder / "recommend" / written.id / "arrays" / "tree_columns.npy"
    assert np.load(file, allow_pickle=False).tolist() == list(COLUMNS)

    if change == "missing":
        file.unlink()
    else:
        np.save(file, np.array(COLUMNS[::-1] if change == "moved" else COLUMNS[:-1]), allow_pickle=False)

    read = models.load(written)
    assert read.stage is None
    assert read.blend.tolist() == models.load(card).blend.tolist()


def test_the_card_says_what_orders_and_why(shop: TestShop) -> None:
    assert shop.recommend.model_cards()[0].parameters["ranker"] == "sum, because too few occasions"
