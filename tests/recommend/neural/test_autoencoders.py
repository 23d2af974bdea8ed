"""Networks that read bags: their losses against the same written out, and what is promised of a fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse
from scipy.stats import norm
from tests.recommend.evaluations import a_log
from tests.recommend.neural.networks import NEEDS_TORCH, fitted, ndcg

from zhanggui.recommend.engines.evaluation.protocols import given_test
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Learner
from zhanggui.recommend.engines.learners.candidates import changed, refocused
from zhanggui.recommend.engines.learners.cells import Lens
from zhanggui.recommend.engines.learners.neural.apr import Apr, pushed
from zhanggui.recommend.engines.learners.neural.autoencoding import Basis
from zhanggui.recommend.engines.learners.neural.bags import Bag, Bags
from zhanggui.recommend.engines.learners.neural.descent import Pace
from zhanggui.recommend.engines.learners.neural.mult_vae import MultVae, from_standard, sample
from zhanggui.recommend.engines.learners.neural.rec_vae import RecVae, log_normal, log_prior
from zhanggui.recommend.engines.learners.plain import Popular

torch = pytest.importorskip("torch", reason=NEEDS_TORCH)

PACE = Pace(step=1e-2, epochs=12, averaged=0.9)
BASIS = Basis(width=16, dropped=0.3, people=32, pace=PACE)
SMALL: tuple[Learner, ...] = (
    MultVae(basis=BASIS, latent=16, rising=50),
    RecVae(basis=BASIS, hidden=16),
    Apr(basis=BASIS, alone=10),
)
each = pytest.mark.parametrize("learner", SMALL, ids=lambda learner: learner.name)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def clubs(people: int = 150) -> Task:
    """Everybody takes six of the ten products of their club; one of them is asked. No order is known."""
    draw = rng()
    own = [10 * (n % 3) + 1 + draw.choice(10, 6, replace=False) for n in range(people)]
    rows = [(n, int(product), 0.0) for n, products in enumerate(own) for product in products]
    is_asked = np.arange(len(rows)) % 6 == 0
    parts = ([row for row, asked in zip(rows, is_asked, strict=True) if asked == wanted] for wanted in (False, True))
    return given_test(*(a_log(part, size=31) for part in parts))


def bags(log: Interactions, *, negatives: int = 1000) -> Bags:
    mass = np.bincount(log.product, minlength=log.size).astype(np.float32)
    return Bags.of(log, Lens(), mass, negatives)


def test_the_likelihood_of_a_bag_is_the_softmax_written_out() -> None:
    log = a_log([(0, 1, 0), (0, 3, 0), (1, 2, 0), (1, 3, 0), (2, 1, 0)], size=6)
    draw = rng()
    read, table, bias = (draw.normal(size=shape).astype(np.float32) for shape in ((2, 4), (6, 4), (6,)))

    (lesson,) = bags(log).lessons(10, 0.0, draw)
    rows = lesson.bag.sum_of(torch.eye(6)).numpy()
    losses = lesson.losses(*map(torch.from_numpy, (read, table, bias)))

    scores = (read @ table.T + bias)[:, 1:].astype(float)
    told = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    assert losses.tolist() == pytest.approx([-told[n][rows[n, 1:] > 0].sum() for n in range(2)], rel=1e-5)
    assert rows[rows > 0].tolist() == pytest.approx([2**-0.5] * 4)


def test_drawn_products_stand_for_all_others_without_bias() -> None:
    draw = rng()
    log = a_log([(n, int(product), 0) for n in range(40) for product in draw.geometric(0.1, 6).clip(1, 49)], size=50)
    table, read = (draw.normal(size=shape).astype(np.float32) for shape in ((50, 4), (1, 4)))
    every = bags(log, negatives=20)
    sums = []
    for _ in range(400):
        lesson = next(every.lessons(3, 0.0, np.random.default_rng(5)))  # the same people, other draws
        here = len(np.unique(lesson.products[lesson.column].numpy()))
        others, less = every._others(lesson.products[:here].numpy(), draw)
        sums.append(float((np.exp(table[others] @ read[0] - less)).sum()))

    rest = np.setdiff1d(np.arange(1, 50), lesson.products[:here].numpy())
    expected = np.exp((table[rest] @ read[0]).astype(float)).sum()
    assert abs(np.mean(sums) - expected) < 4 * np.std(sums) / len(sums) ** 0.5


def test_the_distance_from_the_standard_normal_is_worked_out_by_hand() -> None:
    middle, log_variance = torch.tensor([[1.0, -2.0]]), torch.log(torch.tensor([[4.0, 1.0]]))

    # (1 + 4 - 1 - ln 4) / 2 and (4 + 1 - 1 - 0) / 2
    assert from_standard(middle, log_variance).tolist() == pytest.approx([(4 - np.log(4)) / 2 + 2])


def test_a_sample_has_the_mean_and_the_spread_that_it_was_told() -> None:
    drawn = sample(torch.full((20_000, 1), 3.0), torch.full((20_000, 1), float(np.log(4.0))), rng())

    assert float(drawn.mean()) == pytest.approx(3, abs=0.05)
    assert float(drawn.std()) == pytest.approx(2, abs=0.05)


def test_the_mixed_prior_is_the_density_written_out() -> None:
    code, middle, log_variance = torch.tensor([[0.5, -1.0]]), torch.tensor([[0.2, 0.3]]), torch.tensor([[0.1, -0.4]])

    said = log_prior(code, middle, log_variance).numpy()[0]

    places = np.array([0.5, -1.0])
    before = norm.pdf(places, [0.2, 0.3], np.exp(np.array([0.1, -0.4]) / 2))
    density = 0.15 * norm.pdf(places) + 0.1 * norm.pdf(places, 0, np.exp(5)) + 0.75 * before
    assert said == pytest.approx(np.log(density), rel=1e-5)
    assert np.exp(log_normal(code, middle, log_variance).numpy()[0]) == pytest.approx(before, rel=1e-5)


def test_the_adversary_moves_every_row_so_far_to_where_the_loss_grows() -> None:
    table = torch.tensor([[1.0, 0.0], [0.0, 2.0], [5.0, 5.0]], requires_grad=True)
    loss = (table[:2].square().sum(dim=1) * torch.tensor([1.0, 10.0])).sum()
    (gradient,) = torch.autograd.grad(loss, [table])

    moved = pushed({"products": table, "bias": table}, {"products": gradient}, 0.5)

    assert moved["products"].tolist() == [[1.5, 0.0], [0.0, 2.5], [5.0, 5.0]]
    assert moved["bias"] is table


@each
def test_what_a_club_takes_is_learned_and_popularity_is_beaten(learner: Learner) -> None:
    task = clubs()

    model = fitted(learner, task.train)

    assert ndcg(task, model) > 0.5  # five products of the club are unseen, and one of them is right
    assert ndcg(task, model) > 2 * ndcg(task, fitted(Popular(), task.train))


@each
def test_a_stranger_with_the_same_history_is_told_the_same_and_the_same_seed_learns_the_same(learner: Learner) -> None:
    short = replace(learner, basis=replace(BASIS, pace=replace(PACE, epochs=2)))  # type: ignore[type-var]
    log = clubs(60).train
    model, again = fitted(short, log), fitted(short, log)
    histories = a_log([(0, 4, 0), (0, 5, 0), (1, 9, 0), (3, 4, 0), (3, 5, 0)], size=31)

    scores = model.score(histories, 5)

    assert scores.shape == (5, 31)
    assert scores.dtype == np.float32
    assert scores[0] == pytest.approx(scores[3], rel=1e-4, abs=1e-5)
    assert scores[2].tolist() == scores[4].tolist()
    np.testing.assert_array_equal(scores, again.score(histories, 5))


@each
@pytest.mark.parametrize("rows", [[], [(0, 1, 0)], [(0, 1, 0), (0, 2, 0), (1, 2, 0)]])
def test_any_log_however_small_is_answered(learner: Learner, rows: list[tuple[int, int, float]]) -> None:
    short = replace(learner, basis=replace(BASIS, pace=replace(PACE, epochs=2)))  # type: ignore[type-var]
    log = a_log(rows, size=4)

    scores = fitted(short, log).score(a_log([(1, 3, 0)], size=4), 2)

    assert np.isfinite(scores).all()


def test_popular_products_are_held_back_by_a_power_of_their_chance() -> None:
    log = clubs(60).train
    model = fitted(MultVae(basis=replace(BASIS, pace=replace(PACE, epochs=1))), log)
    plain = model.score(log.where(log.person < 2), 2)

    held = refocused(model, changed(model.settings, "basis.lens.target_power", 0.5)).score(log.where(log.person < 2), 2)

    people = np.maximum(model.mass, 1)
    assert np.exp(held - plain) == pytest.approx(np.tile(people**-0.5, (2, 1)), rel=1e-3)


def test_a_dismissal_speaks_against_what_a_liking_speaks_for() -> None:
    lens = Lens()
    log = a_log([(0, 1, 0), (0, 2, 0)], size=4, strengths=[1, -1])

    (row,) = Bag.of(lens.look(log, 1)).sum_of(torch.eye(4)).tolist()

    assert row == pytest.approx([0, 2**-0.5, -(2**-0.5), 0])
    assert scipy.sparse.issparse(lens.look(log, 1))
