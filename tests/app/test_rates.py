from __future__ import annotations

import pytest

from zhanggui.app.http.rates import OverRate, Rate, Rates


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_caller_has_a_burst_and_then_the_rate() -> None:
    seconds, rate = Seconds(), Rate(per_s=2, burst=3)
    rates = Rates(seconds)
    for _ in range(3):
        rates.take("a", rate)

    with pytest.raises(OverRate) as refused:
        rates.take("a", rate)
    assert refused.value.params == {"retry_after_s": "1"}

    seconds.now += 0.5
    rates.take("a", rate)
    with pytest.raises(OverRate):
        rates.take("a", rate)


def test_one_caller_does_not_spend_what_is_another_s() -> None:
    rates, rate = Rates(Seconds()), Rate(per_s=1, burst=1)
    rates.take("a", rate)

    rates.take("b", rate)
