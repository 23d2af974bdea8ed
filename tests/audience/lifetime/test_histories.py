from __future__ import annotations

import numpy as np
import pytest

from zhanggui.audience.engines.lifetime.bg_nbd import BgNbd
from zhanggui.audience.engines.lifetime.gamma_gamma import GammaGamma
from zhanggui.audience.engines.lifetime.histories import Histories, spending_of
from zhanggui.audience.engines.lifetime.lifetime_value import outlook

# Customer 7 buys on day 3 twice, on day 10 and on day 20; customer 2 once on day 5, and again after the end.
PERSON = np.array([7, 7, 2, 7, 7, 2])
DAY = np.array([3, 3, 5, 20, 10, 40])
VALUE = np.array([1.0, 2, 8, 30, 10, 99])


def test_purchases_of_one_day_are_one_and_later_ones_are_not_seen() -> None:
    spending = spending_of(PERSON, DAY, VALUE, 30)

    assert spending.persons.tolist() == [2, 7]
    assert spending.histories.frequency.tolist() == [0, 2]
    assert spending.histories.recency.tolist() == [0, 17]
    assert spending.histories.age.tolist() == [25, 27]


def test_the_mean_value_leaves_out_the_first_purchase_where_there_is_another() -> None:
    assert spending_of(PERSON, DAY, VALUE, 30).mean_value.tolist() == [8, 20]


def test_no_purchases_are_no_customers() -> None:
    assert len(spending_of(PERSON, DAY, VALUE, 2).persons) == 0


def test_a_purchase_after_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match="recency <= age"):
        Histories(frequency=np.array([1.0]), recency=np.array([9.0]), age=np.array([8.0]))


def test_an_outlook_multiplies_orders_by_their_value() -> None:
    spending = spending_of(PERSON, DAY, VALUE, 30)

    seen = outlook(BgNbd(r=1, alpha=10, a=1, b=3), GammaGamma(p=2, q=3, gamma=10), spending, 30)

    assert seen.order_value.tolist() == [10, 2 * 50 / 6]
    assert seen.value.tolist() == (seen.orders * seen.order_value).tolist()
    assert np.isnan(outlook(BgNbd(r=1, alpha=10, a=1, b=3), None, spending, 30).value).all()
