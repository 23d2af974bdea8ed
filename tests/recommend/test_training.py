"""Models: gated, on disk, refused by name, three kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, ids, teas

from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.recommend import BrokenModel, ModelTooLarge, NotEnoughEvents, UnknownModel
from zhanggui.recommend.engines import content
from zhanggui.recommend.engines.blend import FEATURES
from zhanggui.recommend.service.training import method_choice, trainer
from zhanggui.recommend.service.training.model_check import refusal
from zhanggui.recommend.tables import models as model_tables


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    return shop


def fill(shop: TestShop) -> None:
    for n in range(40):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", "花果茶-0", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)


def test_an_empty_shop_is_told_that_there_is_nothing_to_learn(shop: TestShop) -> None:
    with pytest.raises(NotEnoughEvents):
        shop.recommend.train()


def test_a_trained_model_serves_in_every_process_at_once(shop: TestShop) -> None:
    other = shop.recommender()
    assert other.popular(k=1).model == "untrained"
    fill(shop)

    steps: list[int] = []
    report = shop.recommend.train(0, on_step=lambda done, of: steps.append(done))

    assert report.in_service
    assert other.popular(k=1).model == report.model
    assert steps == sorted(steps)
    assert steps[-1] == 100


def test_a_training_may_be_left_while_it_chooses_among_methods(shop: TestShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(method_choice, "LEAST_OCCASIONS", 10)
    fill(shop)
    steps: list[int] = []

    class Left(Exception):
        """Somebody called it off."""

    def leave(done: int, _of: int) -> None:
        steps.append(done)
        if 25 < done < 50:
            raise Left

    with pytest.raises(Left):
        shop.recommend.train(0, on_step=leave)

    assert len({done for done in steps if 10 <= done < 50}) > 3  # the longest stage moves
    assert shop.recommend.model_cards() == []


@pytest.mark.parametrize("is_full", [True, False])
def test_no_part_of_a_training_tells_less_than_the_part_before(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch, *, is_full: bool
) -> None:
    monkeypatch.setattr(method_choice, "LEAST_OCCASIONS", 10)
    monkeypatch.setattr(trainer, "forward", lambda on_step: on_step)  # which would hide it
    monkeypatch.setattr(content, "_BLOCK", 2)
    fill(shop)
    shop.recommend.train()
    steps: list[tuple[int, int]] = []

    shop.recommend.train(1, on_step=lambda done, of: steps.append((done, of)), is_full=is_full)

    assert {of for _, of in steps} == {100}
    assert steps == sorted(steps)
    told = {done for done, _ in steps}
    for first, last, least in ((8, 20, 5 if is_full else 1), (20, 50, 8 if is_full else 1), (50, 70, 5), (70, 85, 2)):
        assert sum(first < done <= last for done in told) >= least, (first, last, sorted(told))


def test_what_is_read_anew_takes_no_step_back(shop: TestShop) -> None:
    fill(shop)
    steps: list[int] = []

    def leave(done: int, _of: int) -> None:
        if done >= 85:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shop.recommend.train(0, on_step=leave)
    shop.recommend.train(1, on_step=lambda done, _: steps.append(done))  # by another seed: it reads all twice

    assert steps == sorted(steps)


def test_a_training_may_be_left_while_it_looks_for_what_reads_alike(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "_BLOCK", 4)
    fill(shop)
    looked, look = list[int](), content.ContentIndex._look

    def noted(index: content.ContentIndex, search: Any, block: Any, *more: Any) -> None:
        looked.extend(block.tolist())
        look(index, search, block, *more)

    def leave(_done: int, _of: int) -> None:
        if len(looked) == 8:
            raise KeyboardInterrupt

    monkeypatch.setattr(content.ContentIndex, "_look", noted)
    with pytest.raises(KeyboardInterrupt):
        shop.recommend.train(0, on_step=leave)

    assert looked == list(range(8))


def test_a_model_without_room_is_refused_before_all_behaviour_is_read(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(shop)
    monkeypatch.setattr(trainer, "behaviour_of", lambda *_: pytest.fail("it was read"))

    with pytest.raises(ModelTooLarge):
        replace(shop.recommend.trainer, budget_bytes=1_000).train()


def test_a_shop_to_which_nobody_came_back_is_not_said_to_have_been_measured(shop: TestShop) -> None:
    for n in range(80):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", days_ago=3)

    report = shop.recommend.train()

    assert "recall@20 not measured" in report.summary
    assert shop.recommend.model_card(report.model).recall is None
    assert [name for name in report.metrics if "@20" in name] == []


def test_a_card_that_once_kept_what_was_not_measured_as_0_is_read_without_it(shop: TestShop) -> None:
    fill(shop)
    card = shop.recommend.model_card(shop.recommend.train().model)
    old = msgspec.structs.replace(card, id=new_id(), metrics={"occasions": 0.0, "recall@20": 0.0, "coverage@20": 0.0})
    shop.db.write(lambda db: model_tables.models.put(db, old))

    assert shop.recommend.model_card(old.id).metrics == {"occasions": 0.0}
    assert shop.recommend.model_card(card.id) == card


def test_products_that_only_events_named_are_not_counted(shop: TestShop) -> None:
    fill(shop)
    shop.sees("v", "nope")

    report = shop.recommend.train()

    assert shop.recommend.model_card(report.model).products == 12


def test_equal_seeds_and_facts_give_equal_models(shop: TestShop) -> None:
    fill(shop)

    first, second = shop.recommend.train(7), shop.recommend.train(7)

    arrays = [shop.folder / "recommend" / report.model / "arrays" for report in (first, second)]
    for file in sorted(arrays[0].iterdir()):
        np.testing.assert_array_equal(np.load(file), np.load(arrays[1] / file.name))


def test_a_model_that_does_not_fit_is_refused_by_name_and_the_old_one_serves(shop: TestShop) -> None:
    fill(shop)
    served = shop.recommend.train().model
    small = replace(shop.recommend.trainer, budget_bytes=1000)

    with pytest.raises(ModelTooLarge, match="12 products") as refused:
        small.train()

    assert "ZHANGGUI_RECOMMEND__MEMORY_MB" in refused.value.hint
    assert shop.recommend.popular(k=1).model == served


def test_three_models_are_kept(shop: TestShop) -> None:
    fill(shop)

    made = [shop.recommend.train(seed).model for seed in range(4)]

    assert [card.id for card in shop.recommend.model_cards()] == made[:0:-1]
    assert [card.state for card in shop.recommend.model_cards()] == ["current", "kept", "kept"]
    assert sorted(file.name for file in (shop.folder / "recommend").iterdir()) == made[1:]


def test_a_model_without_its_files_is_named_as_broken(shop: TestShop) -> None:
    fill(shop)
    report = shop.recommend.train()
    (shop.folder / "recommend" / report.model / "arrays" / "alike_ids.npy").write_bytes(b"nothing")

    with pytest.raises(BrokenModel, match=report.model):
        shop.recommend.models.load(shop.recommend.model_card(report.model))


@pytest.mark.parametrize("name", ["blend", "alike_ids"])
def test_a_broken_model_stops_neither_answers_nor_the_training_that_mends_it(shop: TestShop, name: str) -> None:
    fill(shop)
    broken = shop.recommend.train().model
    file = shop.folder / "recommend" / broken / "arrays" / f"{name}.npy"
    if name == "blend":
        np.save(file, np.zeros(len(FEATURES) - 1, dtype=np.float32))
    else:
        file.write_bytes(b"nothing")
    with pytest.raises(BrokenModel, match=broken) as found:
        shop.recommend.models.load(shop.recommend.model_card(broken))
    assert "zhanggui recommend train" in found.value.hint

    other = shop.recommender()

    assert (other.popular(k=1).model, len(other.popular(k=3).items)) == ("untrained", 3)
    mended = shop.recommend.train().model
    assert other.popular(k=1).model == mended


def test_no_file_of_a_model_is_a_pickle(shop: TestShop) -> None:
    fill(shop)
    folder = shop.folder / "recommend" / shop.recommend.train().model

    assert {file.suffix for file in folder.rglob("*") if file.is_file()} == {".json", ".npy"}
    assert all(np.load(file, allow_pickle=False) is not None for file in folder.rglob("*.npy"))


def test_an_unknown_model_is_named(shop: TestShop) -> None:
    with pytest.raises(UnknownModel):
        shop.recommend.model_card("01ARZ3NDEKTSV4RRFFQ69G5FAV")


@pytest.mark.parametrize(
    ("metrics", "reason"),
    [
        (
            {"occasions": 500, "recall@20": 0.10, "recall@20_popular": 0.20},
            "worse than popularity on the last sessions",
        ),
        ({"occasions": 5, "recall@20": 0.10, "recall@20_popular": 0.20}, ""),
        (
            {
                "occasions": 500,
                "recall@20": 0.3,
                "recall@20_popular": 0.2,
                "recall@20_since": 0.1,
                "recall@20_since_present": 0.2,
            },
            "worse than the present model on the sessions since",
        ),
    ],
)
def test_a_worse_model_may_not_serve(metrics: dict[str, float], reason: str) -> None:
    assert refusal(metrics) == reason


def test_events_after_the_training_move_the_trends_on(shop: TestShop) -> None:
    fill(shop)
    shop.recommend.train()

    for n in range(60):
        shop.buys(f"n{n}", "花果茶-5")

    assert ids(shop.recommend.popular(k=3))[0] == "花果茶-5"
