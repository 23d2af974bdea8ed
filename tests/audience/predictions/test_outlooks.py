"""What ranking is told of customers: as they stand, by consent, and as they stood, from what came before alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from zhanggui.audience.engines.lifetime.gamma_gamma import GammaGamma
from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.service.predictions.outlooks import PastOutlooks, levels
from zhanggui.kernel.clock import DAY_MS
from zhanggui.recommend.ports import PastProfiles

CUSTOMERS, DAYS = 80, 120


def bought(until: int = DAYS) -> Acts:
    """Customers who buy every 3 to 22 days from day 0 on, dearer the higher their number; odd ones stop at day 40."""
    rows = [
        (person, day, 1000.0 + 100 * person)
        for person in range(1, CUSTOMERS + 1)
        for day in range(0, 40 if person % 2 else until, 3 + person % 20)
    ]
    person, day, value = np.array(rows).T
    return Acts(
        person=person.astype(np.int64),
        day=day.astype(np.int64),
        act=np.full(len(rows), Act.PURCHASE, dtype=np.int8),
        product=np.ones(len(rows), dtype=np.int64),
        value=value,
    )


def past(acts: Callable[[], Acts]) -> PastProfiles:
    return PastOutlooks(acts, 0)


def test_nothing_that_comes_at_or_after_a_moment_changes_what_was_foreseen_then() -> None:
    whole, cut = past(bought), past(lambda: bought().until(69))
    at_ms = 73 * DAY_MS  # in the week that begins with day 70

    told = [(whole.then(person, at_ms), cut.then(person, at_ms)) for person in range(1, CUSTOMERS + 1)]

    assert all(one == other for one, other in told)
    assert all(len(one) == 3 for one, _ in told)


def test_who_stays_away_is_thought_gone_and_who_pays_more_stands_higher() -> None:
    then = past(bought).then

    gone, here = then(41, 100 * DAY_MS), then(42, 100 * DAY_MS)
    cheap, dear = then(2, 100 * DAY_MS), then(80, 100 * DAY_MS)

    assert gone[1] < 0.2 < 0.8 < here[1] <= 1
    assert 0 <= cheap[2] < 0.3 < 0.7 < dear[2] <= 1
    assert dear[0] > gone[0] >= 0


def test_nothing_is_foreseen_before_enough_came_back_or_of_strangers() -> None:
    then = past(bought).then

    assert then(1, 20 * DAY_MS) == ()  # the models of its month have seen nothing
    assert then(CUSTOMERS + 1, 100 * DAY_MS) == ()


def test_behaviour_is_read_once_and_not_before_it_is_asked_for() -> None:
    read: list[int] = []
    asked = past(lambda: read.append(1) or bought())
    assert read == []

    for day in (60, 61, 90):
        asked.then(1, day * DAY_MS)

    assert read == [1]


def test_a_level_is_the_share_of_customers_who_usually_spend_less() -> None:
    known = GammaGamma(p=6.0, q=4.0, gamma=15.0)
    rng = np.random.default_rng(0)
    spent = known.p / rng.gamma(known.q, 1 / known.gamma, 20_000)

    told = levels(known, np.quantile(spent, [0.1, 0.5, 0.9]))

    assert told == pytest.approx([0.1, 0.5, 0.9], abs=0.02)
    assert levels(None, np.array([10.0])).tolist() == levels(known, np.array([0.0])).tolist() == [0.0]
