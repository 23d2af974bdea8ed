"""The network of the second stage: that it learns what a sum cannot, and is a sum without hidden units."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.learners.blending import Panel
from zhanggui.recommend.engines.learners.ranking_network import Network, learn_network


def cases_of(features: NDArray[np.float32], taken: NDArray[np.bool_], candidates: int) -> Panel:
    return Panel(scores=features, starts=np.arange(0, len(features) + 1, candidates), taken=taken)


def same_signs(cases: int) -> Panel:
    """Of four candidates, one with each pair of signs, the one of two pluses or the one of two minuses is taken."""
    signs = np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]], dtype=np.float32)
    taken = np.arange(4 * cases) % 4 == np.repeat(np.arange(cases) % 2, 4)
    return cases_of(np.tile(signs, (cases, 1)), taken, 4)


def test_without_hidden_units_it_is_a_weighted_sum() -> None:
    scores = Network.flat(np.array([2.0, -1.0], dtype=np.float32)).score(np.array([[1, 3], [4, 1]], dtype=np.float32))

    assert scores.tolist() == [-1.0, 7.0]


def test_it_learns_what_only_holds_together() -> None:
    panel = same_signs(2000)
    flat = Network.flat(np.zeros(2, dtype=np.float32))

    network = learn_network(panel, np.ones(2000, dtype=bool), flat, np.random.default_rng(0))

    scores = network.score(panel.scores[:4])
    assert scores[:2].min() > scores[2:].max() + 1


def test_cases_in_which_nothing_was_taken_teach_nothing() -> None:
    panel = cases_of(np.ones((6, 1), dtype=np.float32), np.zeros(6, dtype=bool), 3)
    flat = Network.flat(np.array([3.0], dtype=np.float32))

    network = learn_network(panel, np.ones(2, dtype=bool), flat, np.random.default_rng(0))

    assert network.score(panel.scores).tolist() == [3.0] * 6
