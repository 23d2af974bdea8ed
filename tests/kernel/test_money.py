from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.kernel.money import BadAmount, UnknownCurrency, exponent, format_money, shares, to_decimal, to_minor

CURRENCIES = st.sampled_from(["CNY", "USD", "JPY", "KWD", "CLF"])


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "CNY", 1250),
        ("0.125", "CNY", 12),
        ("0.135", "CNY", 14),
        ("-0.125", "CNY", -12),
        ("2.55", "GBP", 255),
        ("100", "JPY", 100),
        ("0.5", "JPY", 0),
        ("1.5", "JPY", 2),
        ("1.2345", "KWD", 1234),
        (Decimal("1E+2"), "CNY", 10000),
    ],
)
def test_amounts_round_half_even_once(amount: str, currency: str, minor: int) -> None:
    assert to_minor(amount, currency) == minor


@given(minor=st.integers(-(2**53), 2**53), currency=CURRENCIES)
def test_minor_units_survive_the_way_there_and_back(minor: int, currency: str) -> None:
    assert to_minor(to_decimal(minor, currency), currency) == minor


@given(amount=st.decimals(-(10**9), 10**9, places=6), currency=CURRENCIES)
def test_rounding_is_never_off_by_more_than_half_a_unit(amount: Decimal, currency: str) -> None:
    error = Fraction(amount) * 10 ** exponent(currency) - to_minor(amount, currency)

    assert abs(error) <= Fraction(1, 2)


@pytest.mark.parametrize("text", ["", "abc", "1,234.50", "¥12", "1e5", "NaN", "12.", ".5", "9" * 19, "９"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        to_minor(text, "CNY")


def test_an_amount_beyond_exact_counting_is_refused() -> None:
    with pytest.raises(BadAmount, match="more than can be counted"):
        to_minor("99999999999999999", "CNY")


def test_an_unknown_currency_is_named_with_its_neighbour() -> None:
    with pytest.raises(UnknownCurrency) as refused:
        to_minor("1", "CNX")

    assert "CN" in refused.value.hint or "ISO" in refused.value.hint


@given(total=st.integers(-(10**12), 10**12), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_shares_sum_to_the_total_and_stay_within_one_unit(total: int, weights: list[int]) -> None:
    if sum(weights) == 0:
        with pytest.raises(ValueError, match="not all zero"):
            shares(total, weights)
        return

    parts = shares(total, weights)

    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * weight, sum(weights))) < 1 for part, weight in zip(parts, weights, strict=True)
    )


def test_the_largest_remainder_gets_the_odd_unit() -> None:
    assert shares(100, [1, 1, 1]) == [34, 33, 33]
    assert shares(10, [3, 7, 0]) == [3, 7, 0]
    assert shares(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize(
    ("minor", "currency", "language", "text"),
    [
        (123450, "CNY", "zh", "¥1,234.50"),
        (123450, "CNY", "zh-Hant", "¥1,234.50"),
        (123450, "CNY", "en", "CN¥1,234.50"),
        (-5, "USD", "en", "-$0.05"),
        (1234, "JPY", "zh", "JP¥1,234"),
        (1234567, "KWD", "en", "KWD\u00a01,234.567"),
    ],
)
def test_money_reads_as_its_reader_expects(minor: int, currency: str, language: str, text: str) -> None:
    assert format_money(minor, currency, language) == text
