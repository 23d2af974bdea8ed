"""What nobody took yet is rehearsed: who tells attributes finds it, and where all is known nothing changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from zhanggui.recommend.engines.evaluation.protocols import leave_one_out
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Learner
from zhanggui.recommend.engines.learners.content import Content
from zhanggui.recommend.engines.learners.covisit import Covisit
from zhanggui.recommend.engines.learners.ranking import FittedRanking, learn_ranking
from zhanggui.recommend.engines.learners.unseen import rehearse

PRODUCTS, KINDS, PEOPLE = 60, 6, 720


def behaviour(*, with_unknown: bool) -> tuple[Interactions, list[list[str]]]:
    """People keep to one of six kinds; of each kind the last two products come only as what is asked for at last."""
    rng = np.random.default_rng(0)
    kind = np.arange(PRODUCTS) % KINDS
    documents = [[], *([f"kind{k}", f"of{k}"] for k in kind)]
    known = [np.flatnonzero(kind == k)[: None if not with_unknown else -2] + 1 for k in range(KINDS)]
    rows = np.concatenate([rng.choice(known[n % KINDS], 5, replace=False) for n in range(PEOPLE)])
    count = len(rows)
    events = Interactions.of(
        person=np.repeat(np.arange(PEOPLE), 5),
        product=rows,
        at_ms=np.tile(np.arange(5), PEOPLE) * 86_400_000,
        strength=np.ones(count),
        is_purchase=np.ones(count, dtype=bool),
        size=PRODUCTS + 1,
    )
    return events, documents


def fitted(learners: list[Learner], task: Task) -> FittedRanking:
    parts = [one.fit(task.train, rng=np.random.default_rng(0), on_step=lambda _done, _of: None) for one in learners]
    ones = np.ones(len(parts))
    return FittedRanking.unlearned(parts, ones, ones, train=task.train, keep_seen=True)


def test_as_many_products_are_hidden_as_are_unknown_and_only_words_speak_for_them() -> None:
    events, documents = behaviour(with_unknown=True)
    task = leave_one_out(events)
    learners: list[Learner] = [Content(documents=documents), Covisit()]
    ranking = fitted(learners, task)

    found = rehearse(ranking, task, learners, np.random.default_rng(0))

    assert found is not None
    counts, told = found
    hidden = np.flatnonzero((ranking.popularity > 0) & (counts.popularity == 0))
    unknown = np.arange(PRODUCTS - 2 * KINDS + 1, PRODUCTS + 1)
    assert len(hidden) == int(len(unknown) / PRODUCTS * (PRODUCTS - len(unknown)))
    assert not counts.lately[hidden].any()
    assert not np.isin(told.histories.product, hidden).any()
    by_words, by_behaviour = (part.score(task.histories, task.people) for part in counts.parts)
    assert by_words[:, hidden].any()
    assert not by_behaviour[:, hidden].any()
    assert not by_words[:, unknown].any()
    assert told.target_products.tolist() == task.target_products.tolist()


def test_a_second_stage_that_rehearsed_ranks_the_unknown_by_their_words() -> None:
    events, documents = behaviour(with_unknown=True)
    task = leave_one_out(events)
    learners: list[Learner] = [Content(documents=documents), Covisit()]
    ranking, asked = fitted(learners, task), task.validation(np.random.default_rng(0))
    rng = np.random.default_rng(0)
    first_of = PRODUCTS - 2 * KINDS + 1

    plain, _ = learn_ranking(ranking, asked, k=10, rng=rng)
    rehearsed, _ = learn_ranking(ranking, asked, k=10, rng=rng, rehearsal=rehearse(ranking, asked, learners, rng))

    own = first_of + np.arange(task.people) % KINDS
    ranks = []
    for one in (plain, rehearsed):
        scores = one.score(task.histories, task.people)
        ranks.append((scores > scores[np.arange(task.people), own][:, None]).sum(axis=1).mean())
    assert ranks[1] < ranks[0]
    favoured = replace(rehearsed, lift=1.0).score(task.histories, task.people)
    is_unknown = rehearsed.popularity == 0
    assert (favoured[:, is_unknown] >= scores[:, is_unknown]).all()
    assert np.array_equal(favoured[:, ~is_unknown], scores[:, ~is_unknown])


@pytest.mark.parametrize("with_words", [True, False])
def test_nothing_is_rehearsed_where_all_is_known_or_nothing_is_told(with_words: bool) -> None:
    events, documents = behaviour(with_unknown=not with_words)
    task = leave_one_out(events)
    learners: list[Learner] = [Content(documents=documents)] if with_words else [Covisit()]

    assert rehearse(fitted(learners, task), task, learners, np.random.default_rng(0)) is None
