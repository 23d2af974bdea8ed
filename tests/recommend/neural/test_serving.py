"""Networks behind the lists that serve: fitted in a training, kept as lists, and not needed for an answer."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas
from tests.recommend.neural.networks import NEEDS_TORCH, a_round
from tests.recommend.test_graph_choice import K, choose, purse

from zhanggui.kernel.acts import EventName
from zhanggui.kernel.db import Database
from zhanggui.recommend.engines.choosing import hold_out_last
from zhanggui.recommend.engines.covisitation import CovisitationConfig, covisit
from zhanggui.recommend.engines.first_stage import no_neighbours
from zhanggui.recommend.engines.graphs import methods, trying
from zhanggui.recommend.engines.graphs.cases import Graph, cases_of
from zhanggui.recommend.engines.graphs.methods import NETWORK_NAMES, NETWORKS, Method
from zhanggui.recommend.engines.graphs.trying import USUAL, learned_lists
from zhanggui.recommend.engines.learners.neural import tensors
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.learning import TriedMethod
from zhanggui.shop import Event

pytest.importorskip("torch", reason=NEEDS_TORCH)

PRODUCTS = 21
ANSWER = """
import sys
from pathlib import Path
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop
from zhanggui.kernel.db import open_database

shop = TestShop(open_database(sys.argv[1]), Path(sys.argv[2]), FixedClock())
answer = shop.recommend.for_shopper(visitor_id="c1", k=3)
print(answer.model, len(answer.items), "torch" in sys.modules)
"""


@pytest.fixture(autouse=True)
def small_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "is_long_and_dense", lambda _train: True)
    monkeypatch.setattr(trying, "_MOST_EPOCHS", 12)


@pytest.mark.parametrize(("graph", "method"), NETWORKS, ids=lambda one: getattr(one, "name", one))
def test_a_network_that_ranks_better_serves_as_lists_and_a_card_makes_the_same_again(
    graph: Graph, method: Method
) -> None:
    split = hold_out_last(a_round(200))
    task = cases_of(split, split.occasions, graph)

    chosen, tried = choose(task, graph, no_neighbours(PRODUCTS), [method], purse(60.0))

    usual, network = tried
    assert (network.weight, network.reason) == (1.0, "adds to the lists")
    assert usual.weight == 0.0
    assert network.quality is not None
    assert network.quality > 0.2  # of twenty products two may come next
    assert network.settings[method.epochs] >= 3
    again = learned_lists(tried, lambda _: no_neighbours(PRODUCTS), split.past, K, 0)
    np.testing.assert_array_equal(chosen.ids, again.ids)
    np.testing.assert_allclose(chosen.weights, again.weights, rtol=1e-4)


def test_a_network_that_gains_nothing_is_left_out_and_says_so() -> None:
    split = hold_out_last(a_round(200))
    exact = covisit(CovisitationConfig(neighbours=K, before=0.0, distance=1.0), split.past)

    chosen, tried = choose(
        cases_of(split, split.occasions, "together"), "together", exact, [NETWORKS[0][1]], purse(60.0)
    )

    assert chosen is exact
    assert tried[1].reason == "gains nothing beside the others"
    assert tried[1].quality is not None


def test_a_training_tries_networks_and_answers_go_without_pytorch(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = a_shop(sqlite, tmp_path, clock)
    model = shop.recommend.train().model

    networks = {one.method: one for one in shop.recommend.model_card(model).tried if one.method in NETWORK_NAMES}

    assert set(networks) == NETWORK_NAMES
    assert all(one.quality is not None for one in networks.values())
    folder = Path(__file__).parents[3]
    answered = subprocess.run(
        [sys.executable, "-c", ANSWER, f"sqlite:///{tmp_path / 'store.db'}", str(shop.folder)],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    assert answered.stdout.split() == [model, "3", "False"]


def test_lists_of_a_network_are_learned_again_while_pytorch_is_there_and_chosen_anew_once_it_is_gone(
    sqlite: Database, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop(sqlite, tmp_path, clock)
    card = shop.recommend.model_card(shop.recommend.train().model)
    served_by_network = (
        TriedMethod(graph="together", method=USUAL),
        TriedMethod(graph="together", method="sasrec", settings={"network.pace.epochs": 3.0}, weight=1.0),
    )
    told = msgspec.structs.replace(card, tried=served_by_network)
    shop.db.write(lambda db: model_tables.models.put(db, told))

    with_it = shop.recommend.train(is_full=False)
    shop.db.write(lambda db: model_tables.models.put(db, told))
    monkeypatch.setattr(tensors, "find_spec", lambda _name: None)
    without_it = shop.recommend.train(is_full=False)

    assert shop.recommend.model_card(with_it.model).tried == served_by_network
    anew = shop.recommend.model_card(without_it.model).tried
    assert {one.reason for one in anew if one.method in NETWORK_NAMES} == {
        "PyTorch is not installed: pip install 'zhanggui[neural]'"
    }


def a_shop(db: Database, folder: Path, clock: FixedClock) -> TestShop:
    """160 people who go round six teas, in three sessions each."""
    shop = TestShop(db, folder / "models", clock)
    shop.sells(*teas("绿茶", 6))
    events = [
        Event(
            id=f"{n}-{step}",
            name=EventName.VIEW_ITEM,
            at=clock() - timedelta(days=9 - 3 * (step // 2), seconds=-step),
            visitor_id=f"c{n}",
            product_id=f"绿茶-{(n + (step + 1) // 2) % 6}",
        )
        for n in range(160)
        for step in range(6)
    ]
    assert shop.events.accept(events).accepted == len(events)
    return shop
