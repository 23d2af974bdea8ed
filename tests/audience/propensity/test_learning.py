from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.audience.propensity.acting import a_shop, acts_of

from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.engines.propensity.judging import judge
from zhanggui.audience.engines.propensity.learning import Lessons, Taught, lesson_at, teach
from zhanggui.audience.engines.propensity.rules import recency_rule
from zhanggui.audience.engines.propensity.windows import needed_days, windows


@cache
def shop() -> Acts:
    return a_shop(700, 240, seed=5)


@cache
def taught() -> Taught:
    found = teach(Lessons(shop(), 30), 209, seed=0)
    assert found is not None
    return found


def test_dates_that_teach_end_before_the_one_that_calibrates() -> None:
    dates = windows(0, 200, 30)

    assert dates is not None
    assert dates.calibrating == 170
    assert max(dates.teaching) == 140
    assert min(dates.teaching) >= 30
    assert len(dates.teaching) <= 12


def test_a_history_that_is_too_short_teaches_nothing() -> None:
    assert windows(0, 89, 30) is None
    assert windows(0, 90, 30) is not None
    assert needed_days(30) == 120
    assert teach(Lessons(a_shop(20, 60), 30), 59, seed=0) is None
    assert teach(Lessons(acts_of(), 30), 59, seed=0) is None


def test_chances_of_a_later_month_come_true_and_beat_recency() -> None:
    test = lesson_at(shop(), 209, 30)

    ours = judge(taught().model.chances(test.rows), test.came)
    rule = judge(recency_rule(taught().calibrating).chances(test.rows), test.came)

    assert ours.auc > rule.auc > 0.6
    assert ours.brier < rule.brier
    assert ours.ece < 0.08


def test_what_happens_later_changes_no_model() -> None:
    again = teach(Lessons(shop().until(209), 30), 209, seed=0)

    assert again is not None
    assert np.array_equal(again.model.trees.value, taught().model.trees.value)
    assert np.array_equal(again.model.calibration.numbers, taught().model.calibration.numbers)


def test_a_shop_in_which_nobody_comes_back_has_nothing_to_tell_apart() -> None:
    once = acts_of(*[(person, person % 200, Act.PURCHASE, 1, 5.0) for person in range(1, 300)])

    with pytest.raises(ValueError, match="nobody bought"):
        teach(Lessons(once, 30), 199, seed=0)
