"""Neighbour lists chosen among methods: cut exactly, summed on one scale, judged by what people took next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from zhanggui.recommend.engines.choosing import hold_out_last
from zhanggui.recommend.engines.covisitation import CovisitationConfig, Neighbours, covisit
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.first_stage import no_neighbours
from zhanggui.recommend.engines.graphs import methods
from zhanggui.recommend.engines.graphs.cases import cases_of
from zhanggui.recommend.engines.graphs.cutting import extent, neighbours_of, summed
from zhanggui.recommend.engines.graphs.distilling import Distilled, FittedChances
from zhanggui.recommend.engines.graphs.methods import ALIKE, NETWORKS, PLAIN, TOGETHER, WORDS, Method, learner_of
from zhanggui.recommend.engines.graphs.trying import USUAL, Purse, Trying, learned_lists
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.candidates import refocused
from zhanggui.recommend.engines.learners.factors import Factors, FittedFactors
from zhanggui.recommend.engines.learners.lists import FittedLists
from zhanggui.recommend.engines.learners.neural import tensors
from zhanggui.recommend.service.training.method_choice import MethodChoice
from zhanggui.recommend.types.learning import TriedMethod

SIZE, K, DAY = 41, 10, 86_400_000
SHRUNK = Method(name="covisit", tries={"counting.shrink": (1.0,)})


def shop(people: int = 240, seed: int = 0) -> Interactions:
    """Everybody goes round a ring of 40 products, five steps a session, and often one step further."""
    rng = np.random.default_rng(seed)
    begins = rng.integers(0, SIZE - 1, people)
    steps = np.tile(np.arange(5), people)
    person = np.repeat(np.arange(people), 5)
    product = 1 + (begins[person] + steps + rng.integers(0, 2, len(person))) % (SIZE - 1)
    return Interactions.of(
        person=person,
        product=product,
        at_ms=(steps * 3 + person % 7) * DAY,
        strength=np.ones(len(person)),
        is_purchase=np.ones(len(person), dtype=bool),
        size=SIZE,
    )


def fit(method: str, events: Interactions, **settings: float) -> Neighbours:
    learner = learner_of(method, settings)
    fitted = learner.fit(events, rng=np.random.default_rng(0), on_step=lambda _done, _of: None)
    return neighbours_of(fitted, events.size, K)


@pytest.mark.parametrize("method", [method.name for method in (*ALIKE, *TOGETHER)])
def test_the_list_of_a_product_is_what_its_learner_says_of_it_alone(method: str) -> None:
    events = shop()
    learner = learner_of(method, {})
    fitted = learner.fit(events, rng=np.random.default_rng(0), on_step=lambda _done, _of: None)

    near = neighbours_of(fitted, SIZE, K)

    alone = replace(
        events.where(np.arange(len(events)) == 0), product=np.array([7], dtype=np.int32), person=np.zeros(1, dtype=int)
    )
    scores = fitted.score(alone, 1)[0]
    scores[[0, 7]] = 0.0
    kept = near.ids[7][near.ids[7] > 0]
    assert len(kept) == min(K, int((scores > 0).sum()))
    np.testing.assert_allclose(near.weights[7][: len(kept)], scores[kept], rtol=1e-5)
    np.testing.assert_allclose(near.weights[7][: len(kept)], -np.sort(-scores)[: len(kept)], rtol=1e-5)


def test_a_sum_of_lists_scores_as_the_sum_of_their_scores() -> None:
    events = shop()
    one, other = fit("walks", events), fit("ease", events)

    both = FittedLists.of(summed([(one, 0.25), (other, 2.0)], SIZE), PLAIN)

    some = events.where(events.person < 3)
    said = [FittedLists.of(near, PLAIN).score(some, 3) for near in (one, other)]
    np.testing.assert_allclose(both.score(some, 3), 0.25 * said[0] + 2.0 * said[1], rtol=1e-4, atol=1e-6)


def test_every_setting_that_is_tried_is_one_that_its_learner_has() -> None:
    for method in (*ALIKE, *TOGETHER):
        for path, values in method.tries.items():
            for value in values:
                assert learner_of(method.name, {path: value}) != learner_of(method.name, {})


def test_better_lists_are_found_and_a_card_makes_the_same_again() -> None:
    events = shop()
    split = hold_out_last(events)
    task = cases_of(split, split.occasions, "together")
    chosen, tried = choose(task, "together", no_neighbours(SIZE), [SHRUNK])

    assert [one.method for one in tried] == [USUAL, "covisit"]
    assert tried[1].weight == 1.0
    assert tried[1].quality is not None
    assert tried[0].quality is not None
    assert tried[1].quality > tried[0].quality
    again = learned_lists(tried, lambda _: no_neighbours(SIZE), split.past, K, 0)
    np.testing.assert_array_equal(chosen.ids, again.ids)
    np.testing.assert_allclose(chosen.weights, again.weights, rtol=1e-5)


def test_lists_that_gain_nothing_leave_the_usual_ones() -> None:
    events = shop()
    split = hold_out_last(events)
    usual = covisit(CovisitationConfig(neighbours=K), split.past)
    task = cases_of(split, split.occasions, "alike")

    chosen, tried = choose(task, "alike", usual, [Method(name="factors")])

    assert chosen is usual
    assert tried[0].weight == 1.0
    assert tried[1].reason == "gains nothing beside the others"


@pytest.mark.parametrize(
    ("seconds", "bytes_", "reason"), [(1.0, 10**9, "s that are left"), (1000.0, 10, "memory_mb allows")]
)
def test_what_does_not_fit_the_budget_is_refused_by_name(seconds: float, bytes_: int, reason: str) -> None:
    split = hold_out_last(shop())
    task = cases_of(split, split.occasions, "alike")
    held = Purse(seconds=seconds, bytes=bytes_, clock=lambda: 0.0)

    _, tried = choose(task, "alike", no_neighbours(SIZE), ALIKE[:1], held)

    assert tried[1].quality is None
    assert reason in tried[1].reason


@pytest.mark.parametrize("method", [*ALIKE, *TOGETHER], ids=lambda method: method.name)
def test_a_method_says_whether_it_is_cut_from_lists(method: Method) -> None:
    learner = learner_of(method.name, {})

    fitted = learner.fit(shop(), rng=np.random.default_rng(0), on_step=lambda _done, _of: None)

    assert method.gives_lists == isinstance(fitted, FittedLists)


def test_a_large_catalogue_has_time_for_what_gives_lists_and_none_to_score_all_pairs() -> None:
    events = replace(shop(), size=60_001)  # 3.6e9 pairs: some 90 s to look at, and twice
    split = hold_out_last(events)
    task = cases_of(split, split.occasions[:20], "alike")
    attempted = [Method(name="walks", gives_lists=True), Method(name="spectral")]

    _, tried = choose(task, "alike", no_neighbours(events.size), attempted, purse(60.0))

    assert tried[1].quality is not None
    assert "s of the 60 s that are left" in tried[2].reason


def test_a_choice_tells_how_far_it_is_and_may_be_left_at_any_step() -> None:
    split, steps = hold_out_last(shop()), list[tuple[int, int]]()
    chooser = MethodChoice(seconds=100.0, bytes=10**9, seed=0, clock=lambda: 0.0)

    class Left(Exception):
        """The one who waits goes."""

    def leave_at(step: int) -> Callable[[int, int], None]:
        def on_step(done: int, of: int) -> None:
            steps.append((done, of))
            if len(steps) == step:
                raise Left

        return on_step

    chooser.choose(split, no_neighbours(SIZE), on_step=leave_at(0))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    assert len(steps) > 2 * len({done for done, _ in steps})  # told within a method too: a fit may take long
    for step in (1, len(steps) // 2):
        steps.clear()
        with pytest.raises(Left):
            chooser.choose(split, no_neighbours(SIZE), on_step=leave_at(step))
        assert len(steps) == step


def test_a_shop_with_few_sessions_or_no_budget_has_the_usual_lists() -> None:
    small, large = hold_out_last(shop(people=60)), hold_out_last(shop())
    content = no_neighbours(SIZE)

    chooser = MethodChoice(seconds=100.0, bytes=10**9, seed=0, clock=lambda: 0.0)

    assert chooser.choose(small, content).tried == ()
    assert replace(chooser, seconds=0.0).choose(large, content).tried == ()


def test_what_judges_the_model_is_not_looked_at_when_methods_are_chosen() -> None:
    split = hold_out_last(shop())
    content = no_neighbours(SIZE)
    chooser = MethodChoice(seconds=3.0, bytes=10**9, seed=0, clock=lambda: 0.0)
    occasions = sorted(split.occasions, key=lambda one: one.at_ms)
    other = [
        replace(one, taken=np.array([1], dtype=np.int32)) if n % 3 == 0 else one for n, one in enumerate(occasions)
    ]

    first, second = chooser.choose(split, content), chooser.choose(replace(split, occasions=other), content)

    assert [one.quality for one in first.tried] == [one.quality for one in second.tried]
    assert {one.graph for one in first.tried} == {"alike", "together"}
    for graph in ("alike", "together"):
        assert sum(one.weight for one in first.tried if one.graph == graph) == pytest.approx(1.0)
    assert first.metrics["recall@20_chosen_lists"] >= first.metrics["recall@20_usual_lists"]


@pytest.mark.parametrize(
    ("broken", "said"), [(False, "PyTorch is not installed"), (True, "cannot be loaded: no kernel")]
)
def test_without_pytorch_networks_are_a_line_of_the_card_and_no_error(
    monkeypatch: pytest.MonkeyPatch, broken: bool, said: str
) -> None:
    def damaged(_name: str) -> None:
        raise OSError("no kernel")

    monkeypatch.setattr(methods, "is_long_and_dense", lambda _train: True)
    monkeypatch.setattr(tensors, "find_spec", lambda _name: True if broken else None)
    monkeypatch.setattr(tensors, "import_module", damaged)
    task = cases_of(split := hold_out_last(shop()), split.occasions, "alike")
    networks = [method for _, method in NETWORKS]

    chosen, tried = choose(task, "alike", usual := no_neighbours(SIZE), networks)

    assert chosen is usual
    assert [one.method for one in tried[1:]] == ["sasrec", "apr", "rec-vae", "mult-vae"]
    assert all(said in one.reason and one.quality is None and one.weight == 0.0 for one in tried[1:])


def test_behaviour_too_small_for_networks_says_so_and_asks_for_no_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "trouble", lambda: pytest.fail("asked for PyTorch"))
    task = cases_of(split := hold_out_last(shop()), split.occasions, "together")

    _, tried = choose(task, "together", no_neighbours(SIZE), [NETWORKS[0][1]])

    assert "too few events" in tried[1].reason


def test_a_network_learns_as_many_epochs_as_its_share_of_the_budget_pays() -> None:
    held = purse(60.0)  # a third for both fits: ten seconds a fit

    assert held.epochs(lambda count: 2 + 0.5 * count, 200) == 16
    assert held.epochs(lambda count: 2 + 0.5 * count, 9) == 9
    assert held.epochs(lambda count: 2 + 4.0 * count, 200) == 0  # two epochs have hardly begun
    assert held.epochs(lambda _count: 605.0, 200) == 0


def test_what_a_network_says_of_a_product_is_its_chances_worked_out_by_hand() -> None:
    mass = np.array([0, 4, 1, 0], dtype=np.float32)
    logs = np.array([5.0, np.log(1), np.log(3), np.log(100)], dtype=np.float32)
    model = FittedChances(fitted=Saying(logs), mass=mass, target_power=0.5)
    asked = shop().where(np.arange(1200) < 2)
    histories = replace(asked, person=np.array([0, 2]), product=np.array([1, 3], dtype=np.int32))

    scores = model.score(histories, 3)

    # of products that somebody took the chances are 1/4 and 3/4; four took the first: 1/4 × 4^-0.5
    np.testing.assert_allclose(scores[0], [0, 0.125, 0.75, 0], rtol=1e-6)
    np.testing.assert_array_equal(scores[1:], 0.0)  # no history, and one of what was never learned
    held_less = refocused(model, Distilled(network=Factors(), target_power=0.0))
    np.testing.assert_allclose(held_less.score(histories, 3)[0], [0, 0.25, 0.75, 0], rtol=1e-6)


def test_words_place_a_product_that_nobody_took_in_the_lists_that_serve() -> None:
    events = shop()
    documents = [(), *((f"kind{n // 10}",) for n in range(SIZE - 1))]
    cold = events.where(events.product != 15)

    learner = learner_of(WORDS, {"word_ridge": 0.03}, documents)
    fitted = learner.fit(cold, rng=np.random.default_rng(0), on_step=lambda _done, _of: None)
    near = neighbours_of(fitted, SIZE, SIZE - 1)

    assert learner.name == "factors-words"
    places = {product: near.weights[13][near.ids[13] == product].sum() for product in (15, 35)}
    assert places[15] > 0.0  # product 13 is of its kind
    assert 13 in near.ids[15][near.weights[15] > 0]


def test_the_list_of_a_product_with_words_is_its_history_folded_in_by_hand() -> None:
    """Two factors: one history of product 1 gives (G + r I + q q') p = q, and others stand by their product with p."""
    factors = np.array([[0, 0], [1, 0], [1, 1], [-1, 0.5]], dtype=np.float32)
    fitted = FittedFactors(
        products=factors,
        unseen_weight=0.1,
        ridge=0.5,
        frequency_power=0.0,
        mass=np.ones(4, dtype=np.float32),
        lens=PLAIN,
    )

    near = neighbours_of(fitted, 4, 2)

    system = 0.1 * factors.T @ factors + 0.5 * np.eye(2) + np.outer([1, 0], [1, 0])
    folded = np.linalg.solve(system, [1.0, 0.0])
    assert near.ids[1].tolist() == [2, 0]  # product 3 speaks against
    assert near.weights[1][0] == pytest.approx(float(folded @ [1, 1]), rel=1e-4)


def test_products_without_words_leave_the_method_of_words_out() -> None:
    task = cases_of(split := hold_out_last(shop()), split.occasions, "alike")

    _, tried = choose(task, "alike", no_neighbours(SIZE), [Method(name=WORDS)])

    assert tried[1].reason == "no product has words"


@dataclass(frozen=True)
class Saying:
    """Says the same of every history."""

    logs: np.ndarray

    def score(self, _histories: Interactions, people: int) -> np.ndarray:
        return np.tile(self.logs, (people, 1))


def test_weights_of_other_sizes_do_not_change_the_size_of_a_list() -> None:
    near = fit("ease", shop())
    larger = Neighbours(ids=near.ids, weights=near.weights * np.float32(50))

    assert extent(larger) == pytest.approx(50 * extent(near))


def choose(
    task: Task, graph: str, usual: Neighbours, attempted: Sequence[Method], held: Purse | None = None
) -> tuple[Neighbours, tuple[TriedMethod, ...]]:
    trying = Trying(graph=graph, task=task, usual=usual, purse=held or purse(1000.0), seed=0, k=K)
    for method in attempted:
        trying.attempt(method)
    return trying.choose()


def purse(seconds: float) -> Purse:
    return Purse(seconds=seconds, bytes=10**9, clock=lambda: 0.0)
