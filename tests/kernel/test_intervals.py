from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.kernel.intervals import wilson


@pytest.mark.parametrize(
    ("share", "ends"),
    [
        (0.5, (0.5 - 0.125**0.5, 0.5 + 0.125**0.5)),  # middle (1/2 + 4/8) / 2, half 2 √(1/16 + 4/64) / 2
        (0.0, (0.0, 0.5)),  # middle (0 + 4/8) / 2, half 2 √(0 + 4/64) / 2
        (1.0, (0.5, 1.0)),
    ],
)
def test_four_cases_at_two_standard_errors_are_as_by_hand(share: float, ends: tuple[float, float]) -> None:
    assert wilson(share, 4, 2) == pytest.approx(ends)


def test_an_interval_is_that_of_the_textbook() -> None:
    low, high = wilson(81 / 263, 263, 1.959963984540054)

    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)  # Newcombe 1998, table I, method 3


def test_of_no_case_nothing_is_known() -> None:
    assert wilson(0.5, 0, 1.96) == (0.0, 1.0)


@given(share=st.floats(0, 1), of=st.floats(0.5, 1e9), z=st.floats(0, 6))
def test_an_interval_holds_its_share_and_stays_a_share(share: float, of: float, z: float) -> None:
    low, high = wilson(share, of, z)

    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1
