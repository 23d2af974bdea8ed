"""What words are worth of a product that nobody took yet, rehearsed on products hidden on purpose."""

from __future__ import annotations

import numpy as np
import pytest

from zhanggui.recommend.engines.blend import ALIKE, BOUGHT, CONTENT, FEATURES, NEWNESS, POPULAR
from zhanggui.recommend.engines.choosing import Replay
from zhanggui.recommend.engines.first_stage import Candidates, Digest, History
from zhanggui.recommend.engines.newcomer_rate import rehearsed_rate, unknown

BLEND = np.array([float(name == "alike") for name in FEATURES], dtype=np.float32)
NOTHING = np.zeros(0, dtype=np.int32)
HISTORY = History(
    product=NOTHING,
    strength=np.zeros(0, dtype=np.float32),
    is_purchase=np.zeros(0, dtype=bool),
    at_ms=np.zeros(0, dtype=np.int64),
    now_ms=0,
)
PAST = Digest(products=NOTHING, newest=NOTHING, columns=np.zeros((0, 7), dtype=np.float32))


def occasions(*, words_say: bool, many: int = 120) -> list[Replay]:
    """Forty products; what is alike is taken, and where words say anything they say the same."""
    rng, made = np.random.default_rng(1), []
    for _ in range(many):
        features = np.zeros((40, len(FEATURES)), dtype=np.float32)
        features[:, ALIKE] = rng.gamma(1.0, 2.0, 40)
        features[:, CONTENT] = features[:, ALIKE] if words_say else rng.gamma(1.0, 2.0, 40)
        chance = np.exp(features[:, ALIKE] - features[:, ALIKE].max())
        taken = rng.choice(40, 6, replace=False, p=chance / chance.sum())
        found = Candidates(ids=np.arange(1, 41, dtype=np.int32), features=features)
        made.append(Replay(candidates=found, taken=np.sort(taken + 1).astype(np.int32), history=HISTORY, past=PAST))
    return made


def rate(replays: list[Replay]) -> float | None:
    return rehearsed_rate(replays, BLEND, np.random.default_rng(0), 41)


def test_words_that_say_what_behaviour_says_stand_for_it_whole() -> None:
    assert rate(occasions(words_say=True)) == pytest.approx(1.0, abs=0.4)


def test_words_that_say_nothing_are_worth_less() -> None:
    nothing, whole = rate(occasions(words_say=False)), rate(occasions(words_say=True))

    assert nothing is not None
    assert whole is not None
    assert nothing < whole


def test_too_few_takings_rehearse_nothing() -> None:
    assert rate(occasions(words_say=True, many=5)) is None


def test_a_hidden_product_is_seen_by_its_words_alone() -> None:
    features = np.full((1, len(FEATURES)), 3.0, dtype=np.float32)

    seen = unknown(features)[0]

    assert seen[CONTENT] == 3.0
    assert 0 < seen[NEWNESS] < 1
    assert not seen[[ALIKE, POPULAR, BOUGHT]].any()
    assert seen.astype(bool).sum() == 2
