from __future__ import annotations

import numpy as np
from tests.audience.propensity.acting import a_shop, acts_of

from zhanggui.audience.engines.propensity.acts import Act, Acts, bought_between
from zhanggui.audience.engines.propensity.columns import COLUMNS, NEVER
from zhanggui.audience.engines.propensity.describing import Described, Lifetime, describe, fit_lifetime

NOTHING = Lifetime(purchases=None, values=None)
HISTORY = acts_of(
    (7, 10, Act.PURCHASE, 1, 300),
    (7, 10, Act.PURCHASE, 2, 100),
    (7, 20, Act.PURCHASE, 1, 200),
    (7, 50, Act.PURCHASE, 3, 600),
    (7, 55, Act.REFUND, 3, 0),
    (7, 58, Act.BROWSE, 4, 0),
    (7, 58, Act.CART, 4, 0),
    (7, 61, Act.PURCHASE, 4, 999),  # after the day that is asked about
    (3, 60, Act.PURCHASE, 1, 100),
    (5, 59, Act.BROWSE, 1, 0),  # has not bought: nobody's customer yet
)


def row_of(described: Described, person: int) -> dict[str, float]:
    at = described.persons.tolist().index(person)
    return dict(zip(COLUMNS, described.rows[at].tolist(), strict=True))


def test_the_columns_of_a_customer_are_those_worked_out_by_hand() -> None:
    described = describe(HISTORY, 60, NOTHING, 30)

    assert described.persons.tolist() == [3, 7]
    assert row_of(described, 7) == {
        "idle_days": 10, "orders": 3, "orders_30": 1, "orders_90": 3, "tenure_days": 50, "usual_gap": 20,
        "gap_spread": 0.5, "lateness": 0.5, "order_value": 400, "last_value": 600, "spent_90": 1200, "products": 3,
        "refunds": 1, "last_year": 0, "visit_idle": 2, "visits_7": 1, "visits_30": 1, "carts_7": 1,
        "alive": 0, "foreseen_orders": 0, "foreseen_chance": 0, "foreseen_value": 0,
    }  # fmt: skip
    assert row_of(described, 3)["visit_idle"] == NEVER
    assert row_of(described, 3)["usual_gap"] == row_of(described, 3)["lateness"] == 0


def test_the_same_window_a_year_ago_is_counted() -> None:
    acts = acts_of((1, 10, Act.PURCHASE, 1, 5), (1, 40, Act.PURCHASE, 1, 5))

    assert row_of(describe(acts, 365, NOTHING, 30), 1)["last_year"] == 1


def test_nothing_later_is_looked_at() -> None:
    acts = a_shop(60, 200)
    lifetime = fit_lifetime(acts, 120)

    whole, cut = describe(acts, 120, lifetime, 30), describe(acts.until(120), 120, lifetime, 30)

    assert np.array_equal(whole.rows, cut.rows)
    assert fit_lifetime(acts.until(120), 120) == lifetime


def test_one_person_alone_is_described_as_among_all() -> None:
    acts = a_shop(40, 200)
    lifetime = fit_lifetime(acts, 199)
    everybody = describe(acts, 199, lifetime, 30)

    for place, person in enumerate(everybody.persons.tolist()):
        alone = describe(acts.where(acts.person == person), 199, lifetime, 30)
        assert np.array_equal(alone.rows[0], everybody.rows[place])


def test_who_buys_in_the_horizon_is_found_by_its_edges() -> None:
    acts: Acts = acts_of((1, 10, Act.PURCHASE, 1, 5), (2, 11, Act.PURCHASE, 1, 5), (3, 40, Act.PURCHASE, 1, 5))

    assert bought_between(acts, np.array([1, 2, 3]), 10, 40).tolist() == [False, True, True]


def test_nobody_is_described_by_nothing() -> None:
    assert len(describe(acts_of(), 10, NOTHING, 30).persons) == 0
