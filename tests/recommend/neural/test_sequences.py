"""The transformer and its loss, against the same written out, and what is promised of a fit."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from tests.recommend.evaluations import a_log, sequences
from tests.recommend.neural.networks import NEEDS_TORCH, a_round, fitted, ndcg

from zhanggui.recommend.engines.evaluation.protocols import leave_one_out
from zhanggui.recommend.engines.learners.neural.descent import Pace
from zhanggui.recommend.engines.learners.neural.held import hold_out
from zhanggui.recommend.engines.learners.neural.sampled_softmax import Negatives, sampled_losses
from zhanggui.recommend.engines.learners.neural.sasrec import Sasrec
from zhanggui.recommend.engines.learners.neural.tensors import Dropout, tensors_of
from zhanggui.recommend.engines.learners.neural.transformer import Shape, encode
from zhanggui.recommend.engines.learners.neural.windows import Windows, ends_of_histories
from zhanggui.recommend.engines.learners.plain import Popular

torch = pytest.importorskip("torch", reason=NEEDS_TORCH)

SMALL = Sasrec(
    shape=Shape(width=16, blocks=1, heads=2, furthest=8),
    dropout=0.1,
    negatives=16,
    places=128,
    pace=Pace(step=1e-2, epochs=12, averaged=0.9),
)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_the_loss_of_drawn_products_is_the_softmax_written_out() -> None:
    hidden = torch.tensor([[1.0, 2.0]], requires_grad=True)
    table = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    log_expected = torch.log(torch.tensor([1.0, 0.5, 2.0, 0.25]))

    loss = sampled_losses(hidden, table, torch.tensor([2]), torch.tensor([1, 3, 2]), log_expected)
    loss.sum().backward()

    # Scores are 1, 2, 3; those drawn weigh 1 / expected; product 2 is the target and does not count against itself.
    shares = np.array([np.exp(1.0) / 0.5, np.exp(2.0), np.exp(3.0) / 0.25])
    shares /= shares.sum()
    assert loss.tolist() == pytest.approx([-np.log(shares[1])], rel=1e-5)
    slope = shares[0] * np.array([1, 0]) + (shares[1] - 1) * np.array([0, 1]) + shares[2] * np.array([1, 1])
    assert hidden.grad.numpy()[0] == pytest.approx(slope, rel=1e-5)


def test_the_logarithm_of_expected_draws_makes_the_sum_over_drawn_products_unbiased() -> None:
    size, draw = 30, rng()
    popular = draw.geometric(0.2, 4000).clip(1, size - 1)
    table = torch.from_numpy(draw.normal(size=(size, 4)).astype(np.float32))
    table[:, 0] = torch.linspace(1.5, -1.5, size)  # the popular are the likelier, so that drawing them often shows
    hidden, target = torch.tensor([[1.0, 0.3, -0.2, 0.1]]), torch.tensor([3])
    negatives = Negatives.of(popular, size, count=20, power=0.7)

    def sums(log_expected: torch.Tensor) -> np.ndarray:
        found = []
        for _ in range(1200):
            loss = sampled_losses(hidden, table, target, torch.from_numpy(negatives.draw(draw)), log_expected)
            found.append(float(torch.exp(loss + (hidden * table[target]).sum()) - torch.exp((hidden @ table[3]).sum())))
        return np.array(found)

    others = np.delete(np.exp((table @ hidden[0]).numpy().astype(float)), [0, 3]).sum()
    corrected = sums(torch.from_numpy(negatives.log_expected))
    assert abs(corrected.mean() - others) < 4 * corrected.std() / len(corrected) ** 0.5
    plain = sums(torch.full((size,), float(np.log(20 / (size - 1)))))
    assert abs(plain.mean() - others) > 6 * plain.std() / len(plain) ** 0.5


def test_what_comes_later_changes_nothing_that_was_read_before() -> None:
    shape = Shape(width=16, blocks=2, heads=2, furthest=6)
    weights = tensors_of(shape.begin(20, rng()))
    seen = torch.tensor([[0, 3, 7, 2, 9, 4, 1, 8]])
    later = seen.clone()
    later[0, 5:] = torch.tensor([11, 12, 13])

    before, after = encode(weights, shape, seen), encode(weights, shape, later)

    assert torch.equal(before[:, :5], after[:, :5])
    assert not torch.allclose(before[:, 5:], after[:, 5:])


def test_the_order_of_a_history_changes_what_is_read() -> None:
    shape = Shape(width=16, blocks=1, heads=2, furthest=6)
    arrays = shape.begin(20, rng())
    arrays["distances"] += rng().normal(size=arrays["distances"].shape).astype(np.float32)
    first, other = (encode(tensors_of(arrays), shape, torch.tensor([row])) for row in ([3, 7, 2], [7, 3, 2]))

    assert not torch.allclose(first[:, 2], other[:, 2])


def test_dropout_keeps_the_mean_and_drops_its_share() -> None:
    dropped = Dropout(0.25, rng())(torch.ones(40_000))

    assert sorted(dropped.unique().tolist()) == pytest.approx([0, 4 / 3])
    assert float(dropped.mean()) == pytest.approx(1.0, abs=0.02)


def test_windows_hold_every_event_once_behind_the_one_before_it() -> None:
    log = sequences([4, 5, 6, 7, 8], [9], size=10)

    (batch,) = Windows.of(log, 2, rng()).batches(1000, rng())

    pairs = sorted(zip(batch.seen[batch.is_real].tolist(), batch.targets.tolist(), strict=True))
    assert pairs == [(0, 4), (0, 9), (4, 5), (5, 6), (6, 7), (7, 8)]
    assert batch.seen.shape == (4, 2)


def test_a_history_is_read_from_its_newest_events_and_an_empty_one_from_its_beginning() -> None:
    log = a_log([(0, 4, 0), (0, 5, 1), (0, 6, 2), (2, 7, 0)], size=10)

    seen, newest = ends_of_histories(log, 3, 3)

    assert seen[np.arange(3), newest].tolist() == [6, 0, 7]
    assert seen[0].tolist() == [4, 5, 6]
    assert seen[2, :2].tolist() == [0, 7]


def test_what_is_held_out_is_neither_learned_from_nor_in_its_history() -> None:
    log = sequences(*([n, n + 1, n + 2, n + 3] for n in range(1, 41)), size=50)

    rest, held = hold_out(log, rng())

    assert len(held.targets) == 4
    assert len(rest) == len(log) - 4
    for person, target in enumerate(held.targets):
        history = held.histories.product[held.histories.person == person].tolist()
        assert history == [target - 3, target - 2, target - 1]
        assert target not in rest.product[rest.person == target - 4]


def test_what_comes_next_is_learned_and_popularity_is_beaten() -> None:
    task = leave_one_out(a_round(150))

    model = fitted(SMALL, task.train)

    assert ndcg(task, model) > 0.7
    assert ndcg(task, model) > 2 * ndcg(task, fitted(Popular(), task.train))


def test_a_stranger_with_the_same_history_is_told_the_same_and_the_same_seed_learns_the_same() -> None:
    log = a_round(60)
    model, again = (fitted(replace(SMALL, pace=Pace(epochs=2)), log) for _ in range(2))
    histories = a_log([(0, 4, 0), (0, 5, 1), (1, 9, 0), (3, 4, 50), (3, 5, 80)], size=21)

    scores = model.score(histories, 5)

    assert scores.shape == (5, 21)
    assert scores.dtype == np.float32
    assert scores[0] == pytest.approx(scores[3], abs=1e-5)
    assert scores[2].tolist() == scores[4].tolist()
    np.testing.assert_array_equal(scores, again.score(histories, 5))


def test_a_fit_ends_when_its_seconds_are_over_and_gives_what_it_has() -> None:
    ticks = iter(range(10**6))
    learner = replace(SMALL, pace=Pace(seconds=3.0, clock=lambda: float(next(ticks))))

    model = fitted(learner, a_round(60))

    assert next(ticks) < 12
    assert np.isfinite(model.score(sequences([1, 2], size=21), 1)).all()


def test_a_fitted_network_is_arrays_that_a_file_gives_back() -> None:
    model = fitted(replace(SMALL, pace=Pace(epochs=1)), a_round(30))
    file = io.BytesIO()
    np.savez(file, **model.weights)
    file.seek(0)

    with np.load(file, allow_pickle=False) as stored:
        read = replace(model, weights=dict(stored))

    log = sequences([1, 2, 3], size=21)
    np.testing.assert_array_equal(model.score(log, 1), read.score(log, 1))


def test_the_threads_of_others_are_put_back() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(5)
    try:
        fitted(replace(SMALL, pace=Pace(epochs=1)), a_round(30))

        assert torch.get_num_threads() == 5
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("rows", [[], [(0, 1, 0)], [(0, 1, 0), (0, 1, 0), (1, 2, 0)]])
def test_any_log_however_small_is_answered(rows: list[tuple[int, int, float]]) -> None:
    log = a_log(rows, size=4)

    scores = fitted(replace(SMALL, pace=Pace(epochs=2)), log).score(a_log([(1, 3, 0)], size=4), 2)

    assert np.isfinite(scores).all()
