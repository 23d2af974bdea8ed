"""What speaks for a product is called the same on every page, and its shares sum to the whole."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.app.console.models import WEIGHTS
from zhanggui.app.web.rendering import View
from zhanggui.app.web.signals import signal_shares
from zhanggui.recommend import Reason
from zhanggui.recommend.engines.blend import FACTORS
from zhanggui.recommend.service.reasons import CODES
from zhanggui.recommend.words import SIGNALS

READER = cast("View", SimpleNamespace(_=str))


def reason(*parts: int) -> Reason:
    whole = sum(parts) or 1
    shares: dict[str, Any] = {name: part / whole for name, part in zip(FACTORS, parts, strict=False) if part}
    return Reason("trending", shares=shares)


def test_every_factor_has_a_word() -> None:
    assert set(SIGNALS) == {*FACTORS, *CODES.values()}


def test_a_model_card_calls_a_signal_as_the_shelves_do() -> None:
    assert {name: WEIGHTS[name] for name in SIGNALS if name in WEIGHTS} == {
        name: word for name, word in SIGNALS.items() if name not in {"trend", "margin", "long_term", *CODES.values()}
    }


@given(st.lists(st.integers(0, 1000), min_size=6, max_size=6).filter(any))
def test_shares_sum_to_a_hundred_with_the_largest_first(parts: list[int]) -> None:
    percents = [percent for _, percent in signal_shares(READER, reason(*parts))]

    assert sum(percents) == 100
    assert percents == sorted(percents, reverse=True)
    assert min(percents) > 0


def test_three_thirds_are_not_101() -> None:
    assert [percent for _, percent in signal_shares(READER, reason(665, 165, 170))] == [67, 17, 16]


def test_a_reason_in_which_nothing_counted_has_no_shares() -> None:
    assert signal_shares(READER, Reason("popular")) == []
