"""Log lines: one JSON object each, with the request's id, and without what is personal."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.kernel import logs


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.configure(level="info", style="json", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_time_level_and_request(out: io.StringIO) -> None:
    with logs.request_context("r-1", shop="teahouse"):
        structlog.get_logger().info("job ended", kind="train", seconds=0.25)

    (line,) = lines(out)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "job ended",
        "kind": "train",
        "seconds": 0.25,
        "level": "info",
        "request_id": "r-1",
        "shop": "teahouse",
    }


def test_lines_of_other_libraries_take_the_same_way(out: io.StringIO) -> None:
    logging.getLogger("uvicorn").warning("worker %s died", 3)

    (line,) = lines(out)
    assert (line["event"], line["logger"], line["level"]) == ("worker 3 died", "uvicorn", "warning")


def test_lines_below_the_level_are_not_written(out: io.StringIO) -> None:
    structlog.get_logger().debug("quiet")

    assert lines(out) == []


def test_an_exception_is_written_inside_its_line(out: io.StringIO) -> None:
    try:
        int("call 13912345678")
    except ValueError:
        structlog.get_logger().exception("failed")

    (line,) = lines(out)
    assert "ValueError" in line["exception"]
    assert "13912345678" not in out.getvalue()


def test_a_traceback_is_bounded_however_deep_and_long_its_error(out: io.StringIO) -> None:
    def fall(depth: int) -> None:
        if depth == 0:
            raise ValueError("seen " + "x" * 1_000_000)
        fall(depth - 1) if depth % 2 else fall_on(depth - 1)

    def fall_on(depth: int) -> None:
        fall(depth)

    try:
        fall(300)
    except ValueError:
        structlog.get_logger().exception("failed")

    (line,) = lines(out)
    assert "in fall" in line["exception"]
    assert "ValueError: seen x" in line["exception"]
    assert len(line["exception"]) <= logs.MOST_OF_A_TRACEBACK


def test_a_traceback_looks_into_no_object() -> None:
    class Huge:
        def __repr__(self) -> str:
            raise AssertionError("somebody looked")

    def fail() -> None:
        rows = [Huge()]
        raise ValueError(len(rows))

    with pytest.raises(ValueError, match="1") as caught:
        fail()

    assert logs.traceback_of(caught.value).endswith("ValueError: 1")


@pytest.mark.parametrize("field", sorted(logs.PERSONAL))
def test_personal_fields_are_withheld_whatever_they_hold(out: io.StringIO, field: str) -> None:
    structlog.get_logger().info("seen", **{field: "王小明"})

    assert lines(out)[0][field] == logs.WITHHELD


@pytest.mark.parametrize(
    "secret",
    ["wang@example.cn", "13912345678", "+86 139-1234-5678", "11010519491231002X", "zg_live_8sd7f6s8d7f6"],
)
def test_personal_numbers_and_keys_inside_a_text_are_masked(secret: str) -> None:
    assert logs.masked(f"客户（{secret}）下单") == f"客户（{logs.WITHHELD}）下单"


@given(st.integers(0, 10**12))
def test_ordinary_numbers_stay(number: int) -> None:
    text = f"order {number} of 5"
    is_mobile = len(str(number)) == 11 and str(number)[0] == "1" and str(number)[1] in "3456789"

    assert (logs.masked(text) == text) is not is_mobile


def test_the_console_style_is_for_people() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    before = list(root.handlers)
    logs.configure(style="console", stream=stream)

    structlog.get_logger().warning("low disk", free_gb=1)
    root.handlers[:] = before
    structlog.reset_defaults()

    assert "low disk" in stream.getvalue()
    assert "free_gb" in stream.getvalue()
