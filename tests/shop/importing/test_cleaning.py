from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.kernel.clock import to_ms
from zhanggui.shop.importers.cleaning import (
    AS_TEXT,
    BadCell,
    clean_text,
    to_count,
    to_decimal,
    to_id,
    to_price,
    to_text,
)
from zhanggui.shop.importers.dates import to_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ('="0012"', "0012"),
        ('="say ""hi"""', 'say "hi"'),
        ("12345\t", "12345"),
        ("\u3000龙井\u3000", "龙井"),
        ("a\x00b", "ab"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_a_cell_loses_what_spreadsheets_and_exports_add(raw: object, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    ("raw", "id_"),
    [
        ("１２３４５", "12345"),
        ("'00123", "00123"),
        (536365.0, "536365"),
        ("17850.0", "17850"),
        (85123, "85123"),
        ('="3.0001"', "3.0001"),
        ("85123A", "85123A"),
        ("10E3", "10E3"),
        ("nan", None),
    ],
)
def test_ids_come_out_as_they_were_meant(raw: object, id_: str | None) -> None:
    assert to_id(raw) == id_


@pytest.mark.parametrize("raw", ["1.23E+17", "1.23457E+17", "1e+15", 1.23e17, "4.5E17"])
def test_an_id_that_a_spreadsheet_rounded_is_refused_with_the_cure(raw: object) -> None:
    bad = to_id(raw)

    assert isinstance(bad, BadCell)
    assert bad.cure == AS_TEXT


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("¥1,234.50", "1234.50"),
        ("１２．５元", "12.5"),
        ("12%", "0.12"),
        ("1.2万", "12000"),
        ("(5.00)", "-5.00"),
        ("US$ 3", "3"),
        ("25.00 USD", "25.00"),
        (2.55, "2.55"),
        (1e-05, "0.00001"),
        (6.0, "6"),
        (7, "7"),
        ("-", None),
        ("", None),
    ],
)
def test_numbers_keep_their_exact_decimal(raw: object, number: str | None) -> None:
    assert to_decimal(raw) == number


def test_a_decimal_comma_is_read_only_when_the_map_says_so() -> None:
    assert to_decimal("1.234,56", comma=True) == "1234.56"
    bad = to_decimal("1.234,56")
    assert isinstance(bad, BadCell)
    assert "decimal_comma" in bad.cure


@pytest.mark.parametrize("raw", ["abc", "1.2.3", "Infinity", "1e400", "٣٫٤x"])
def test_what_is_no_number_is_refused(raw: str) -> None:
    assert isinstance(to_decimal(raw), BadCell)


def test_counts_are_whole_and_bounded() -> None:
    assert to_count("6.0") == 6
    assert isinstance(to_count("6.5"), BadCell)
    assert isinstance(to_count("99999999999"), BadCell)


def test_a_price_below_zero_is_refused() -> None:
    assert isinstance(to_price("-1"), BadCell)


def test_text_beyond_its_limit_is_refused_and_not_cut() -> None:
    assert isinstance(to_text("x" * 20_001), BadCell)


@pytest.mark.parametrize(
    "raw",
    [
        "2024年1月5日 13:05",
        "2024年01月05日13时05分",
        "2024/1/5 13:05",
        "2024.1.5 下午1:05",
        "2024-01-05T13:05:00+08:00",
        "2024-01-05T05:05:00Z",
        "20240105130500",
        "2024-01-05 13:05:00.000",
        "1704431100",
        "1704431100000",
        datetime(2024, 1, 5, 13, 5),  # noqa: DTZ001  (as workbooks give it)
    ],
)
def test_dates_as_merchants_write_them(raw: object) -> None:
    assert to_moment(raw, SHANGHAI) == to_ms(datetime(2024, 1, 5, 5, 5, tzinfo=UTC))


@pytest.mark.parametrize("raw", ["01/02/2024", "2024-02-30", "yesterday", "99991231", "0001-01-01"])
def test_dates_that_nobody_can_tell_are_refused(raw: str) -> None:
    assert isinstance(to_moment(raw, SHANGHAI), BadCell)


def test_a_named_format_settles_which_comes_first() -> None:
    assert to_moment("12/1/2010 8:26", ZoneInfo("UTC"), ("%m/%d/%Y %H:%M",)) == to_ms(
        datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    )


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_any_decimal_comes_back_with_and_without_separators(value: Decimal) -> None:
    plain = to_decimal(f"{value:f}")
    grouped = to_decimal(f"{value:,f}")

    assert isinstance(plain, str)
    assert isinstance(grouped, str)
    assert Decimal(plain) == Decimal(grouped) == value


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12).filter(
        lambda x: abs(x) > 1e-9 or x == 0
    )
)
def test_a_float_keeps_the_shortest_decimal_that_gives_it(value: float) -> None:
    text = to_decimal(value)

    assert isinstance(text, str)
    assert abs(float(text) - value) <= 1e-12


@given(st.datetimes(min_value=datetime(1901, 1, 1), max_value=datetime(2199, 1, 1)))  # noqa: DTZ001
def test_any_moment_comes_back(value: datetime) -> None:
    moment = value.replace(tzinfo=UTC)

    assert to_moment(moment.isoformat(), SHANGHAI) == to_ms(moment)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none()))
def test_no_cell_whatever_raises(raw: object) -> None:
    for parse in (to_text, to_id, to_decimal, to_count, to_price, lambda cell: to_moment(cell, SHANGHAI)):
        parse(raw)
