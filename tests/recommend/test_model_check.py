"""What guards a model that hits more and shows less: figures worked by hand, refusals in words, all on the card."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend.engines.guardrails import NEVER, NEW_MS, Goods, Shape, shape_of
from zhanggui.recommend.service.training.cards import libraries_of
from zhanggui.recommend.service.training.model_check import GUARDRAIL_SHARE, GUARDRAILS, Learned, figures, refusal
from zhanggui.recommend.service.training.second_stage_judge import LearnedStage
from zhanggui.recommend.types.learning import TriedMethod

OLD, NOW = 0, 10 * NEW_MS
GOODS = Goods(
    category=np.array([0, 1, 1, 2, 2], dtype=np.int32),
    first_ms=np.array([0, OLD, OLD, NOW - 1, NEVER]),
    known=4,
)


def lists(*rows: tuple[int, ...]) -> np.ndarray:
    return np.array(rows, dtype=np.int32)


def at(n: int) -> np.ndarray:
    return np.full(n, NOW, dtype=np.int64)


def test_two_lists_by_hand() -> None:
    # Products 1, 2, 3 shown 2, 1 and 1 times, product 4 never; Gini of (0, 1, 1, 2) = 6 / (4 * 4).
    seen = shape_of(lists((1, 2), (1, 3)), at(2), GOODS)

    assert seen.coverage == 3 / 4
    assert seen.new_share == 1 / 4
    assert seen.gini == pytest.approx(0.375)
    assert seen.entropy == pytest.approx(-(0.75 * np.log2(0.75) + 0.25 * np.log2(0.25)))


def test_all_alike_is_even_and_empty_places_count_for_nothing() -> None:
    seen = shape_of(lists((1, 2, 0), (3, 4, 0)), at(2), GOODS)

    assert seen == Shape(coverage=1.0, new_share=0.5, gini=0.0, entropy=1.0)


def test_lists_without_products_have_no_shape() -> None:
    assert shape_of(lists((0, 0)), at(1), GOODS) == Shape(coverage=0.0, new_share=0.0, gini=0.0, entropy=0.0)


GOOD = {"occasions": 100.0, "recall@20": 0.3, "recall@20_popular": 0.2}
EVEN = Shape(coverage=0.5, new_share=0.2, gini=0.5, entropy=2.0)


@pytest.mark.parametrize("name", list(GUARDRAILS))
def test_what_falls_beyond_the_tolerance_is_refused_in_words(name: str) -> None:
    metrics = GOOD | figures(EVEN, "") | figures(EVEN, "_present")

    assert refusal(metrics) == ""
    assert refusal(metrics | {name: metrics[name] * (GUARDRAIL_SHARE + 0.01)}) == ""
    assert refusal(metrics | {name: metrics[name] * (GUARDRAIL_SHARE - 0.01)}) == GUARDRAILS[name]
    assert refusal(metrics | {name: 0.0, "occasions": 5.0}) == ""


def test_the_figures_of_both_models_stand_on_the_card(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    for n in range(90):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", "花果茶-0", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)
    shop.recommend.train()

    card = shop.recommend.model_card(shop.recommend.train(1).model)

    for name in GUARDRAILS:
        assert {name, f"{name}_present"} <= card.metrics.keys()
    assert card.metrics["occasions"] == 30
    assert 0 < card.metrics["coverage@20"] <= 1
    assert 0 <= card.metrics["recall@20_low"] <= card.metrics["recall@20"] <= card.metrics["recall@20_high"] <= 1


def test_a_card_names_the_libraries_that_its_model_was_learned_with() -> None:
    def made(*, weight: float, trees: dict[str, bytes]) -> tuple[str, ...]:
        tried = (TriedMethod(graph="together", method="sasrec", weight=weight),)
        stage = LearnedStage(told="", trees=trees)
        return libraries_of(Learned(blend=(), cold_gain=1.0, metrics={}, stage=stage, tried=tried))

    assert made(weight=0.0, trees={}) == ("numpy", "numba", "scipy")
    assert made(weight=0.5, trees={"value": b""}) == ("numpy", "numba", "scipy", "lightgbm", "torch")
