"""Times of every notation that is known are read to the second, and digits that write a date are no count."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from zhanggui.recommend.errors import BadLog
from zhanggui.recommend.service.evaluating.moments import FORMATS, to_moments

MOMENT = datetime(2024, 1, 31, 13, 5, 7, tzinfo=UTC)


def ms_of(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@pytest.mark.parametrize("pattern", FORMATS)
def test_every_notation_is_read(pattern: str) -> None:
    text = MOMENT.strftime(pattern)
    at_ms, has_time, order = to_moments(pa.chunked_array([[text, None]]), "time")
    expected = ms_of(datetime.strptime(text, pattern).replace(tzinfo=UTC))
    assert (at_ms[0], has_time.tolist(), order) == (expected, [True, False], "time")


@pytest.mark.parametrize("pattern", [one for one in FORMATS if one.startswith(("%d/%m", "%d-%m", "%m/%d", "%m-%d"))])
def test_a_day_that_may_be_a_month_is_refused_in_every_notation(pattern: str) -> None:
    with pytest.raises(BadLog, match="told apart"):
        to_moments(pa.chunked_array([[MOMENT.replace(day=2).strftime(pattern)]]), "time")


@pytest.mark.parametrize(("pattern", "second"), [("%Y%m%d%H%M%S", 7), ("%Y%m%d%H%M", 0)])
@pytest.mark.parametrize("kind", [str, int, float])
def test_digits_that_write_a_date_and_an_hour_are_one(pattern: str, second: int, kind: type) -> None:
    cells = [kind(MOMENT.strftime(pattern)), None, kind(0)]
    at_ms, has_time, order = to_moments(pa.chunked_array([pa.array(cells[:2] * 3 + cells[2:])]), "time")
    assert (at_ms[0], order) == (ms_of(MOMENT.replace(second=second)), "time")
    assert has_time.tolist() == [True, False] * 3 + [False]


@pytest.mark.parametrize("count", [20_249_931_130_500, 20_240_131_996_100, 170_670_631_999])
def test_digits_that_write_no_date_are_a_count(count: int) -> None:
    assert to_moments(pa.chunked_array([[count]]), "time")[0].tolist() == [count]
