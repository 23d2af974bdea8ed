"""What was seen in lists and left alone, as a soft negative of the blend."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.db import Database
from zhanggui.recommend.engines.blend import ALIKE, CONTENT, FEATURES, Choices, fit_blend
from zhanggui.recommend.engines.choosing import Replay
from zhanggui.recommend.engines.first_stage import Candidates, Digest, History
from zhanggui.recommend.engines.passed_over import SeenInLists, learned_blend
from zhanggui.recommend.service.training.behaviour import behaviour_of
from zhanggui.recommend.types.aims import Objectives
from zhanggui.shop import EventName

NOW = 100 * DAY_MS


def a_replay(features: np.ndarray, taken: list[int], *, person: int = 7, done: tuple[int, ...] = ()) -> Replay:
    nothing = np.zeros(len(done), dtype=np.float32)
    return Replay(
        candidates=Candidates(ids=np.arange(1, len(features) + 1, dtype=np.int32), features=features),
        taken=np.array(taken, dtype=np.int32),
        history=History(
            product=np.array(done, dtype=np.int32),
            strength=nothing,
            is_purchase=nothing.astype(bool),
            at_ms=nothing.astype(np.int64),
            now_ms=NOW,
        ),
        past=Digest(
            products=np.array(done, dtype=np.int32),
            newest=nothing.astype(np.int32),
            columns=np.zeros((len(done), 7), dtype=np.float32),
        ),
        person=person,
    )


def seen(*rows: tuple[int, int, float]) -> SeenInLists:
    """(person, product, days ago) each."""
    person, product, ago = (np.array(column) for column in zip(*rows, strict=True))
    return SeenInLists(person=person, product=product, at_ms=(NOW - ago * DAY_MS).astype(np.int64)).ordered()


def test_what_was_seen_three_times_in_a_week_and_left_alone_counts_for_more() -> None:
    log = seen(
        *[(7, 1, 1.0)] * 3,  # seen thrice
        *[(7, 2, 1.0)] * 2,  # too seldom
        *[(7, 3, 9.0)] * 5,  # too long ago
        *[(7, 4, 1.0)] * 9,  # looked at
        *[(7, 5, 1.0)] * 9,  # taken next
        *[(8, 6, 1.0)] * 9,  # by somebody else
        *[(7, 6, -1.0)] * 9,  # afterwards
    )

    weights = log.weights(a_replay(np.zeros((6, len(FEATURES)), dtype=np.float32), [5], done=(4,)))

    assert weights.tolist() == pytest.approx([1 + np.log(3), 1, 1, 1, 1, 1])


def test_a_weight_counts_as_so_many_candidates() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(60, len(FEATURES))).astype(np.float32)
    taken = (np.arange(60) % 6 == 0).astype(np.float32)
    occasion = np.arange(60) // 6
    copied = np.concatenate([np.arange(60), np.flatnonzero(np.arange(60) % 6 == 1)])
    order = np.argsort(occasion[copied], kind="stable")
    twice = np.where(np.arange(60) % 6 == 1, 2.0, 1.0).astype(np.float32)

    weighed = fit_blend(Choices(features=features, occasion=occasion, taken=taken, weight=twice), ridge=0.0)
    written_out = fit_blend(
        Choices(features=features[copied][order], occasion=occasion[copied][order], taken=taken[copied][order]),
        ridge=0.0,
    )

    scores = features @ np.stack([weighed, written_out], axis=1)
    assert np.corrcoef(scores.T)[0, 1] > 0.999


def occasions(many: int = 200) -> tuple[list[Replay], SeenInLists]:
    """Half of the shoppers were shown again and again what reads alike, and never took it."""
    rng, made, rows = np.random.default_rng(2), [], []
    for person in range(many):
        features = np.zeros((60, len(FEATURES)), dtype=np.float32)
        features[:, ALIKE], features[:, CONTENT] = rng.random(60), rng.random(60)
        best = np.argsort(-(features[:, ALIKE] + rng.normal(0, 0.3, 60)))[:2] + 1
        made.append(a_replay(features, sorted(best.tolist()), person=person))
        rows += [(person, int(product) + 1, 1.0) for product in np.argsort(-features[:, CONTENT])[:8]] * 4
    return made, seen(*rows)


def test_soft_negatives_lower_what_led_to_them_where_they_are_taken_in() -> None:
    replays, log = occasions()

    blend, _, gain = learned_blend(replays, log, np.random.default_rng(0), most=400)
    plain, _, nothing = learned_blend(replays, seen((10**6, 1, 1.0)), np.random.default_rng(0), most=400)

    assert nothing is None
    assert gain is not None
    assert gain.figures["passed_over_counts"] == float(gain.is_used)
    assert (blend[CONTENT] < plain[CONTENT]) == gain.is_used


def test_views_of_lists_are_read_beside_acts(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 3))
    for n in range(60):
        shop.sees(f"v{n}", "绿茶-0", days_ago=2)
    shop.sees("v1", "绿茶-1", "绿茶-2", name=EventName.VIEW_ITEM_LIST, days_ago=1)

    events, _, log = behaviour_of(shop.recommend.trainer.history, 4, Objectives())

    assert len(events) == 60
    assert sorted(log.product.tolist()) == [2, 3]
