"""Figures and names as a reader sees them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import FixedClock

from zhanggui.app.web.formats import Formats
from zhanggui.app.web.order_words import channel


@pytest.mark.parametrize(
    ("reader", "tag", "said"),
    [("zh", "zh-Hans", "中文"), ("en", "zh", "Chinese"), ("zh", "en-GB", "英语"), ("en", "qqq", "qqq"), ("en", "", "")],
)
def test_a_language_is_called_by_its_name(reader: str, tag: str, said: str) -> None:
    formats = Formats(language=reader, zone=ZoneInfo("Asia/Shanghai"), currency="CNY", now=FixedClock()())

    assert formats.tongue(tag) == said


@pytest.mark.parametrize(
    ("reader", "name", "said"),
    [
        ("zh", "shop", "本店"),
        ("en", "storefront", "The shop itself"),
        ("zh", "default", "本店"),
        ("en", "抖音", "抖音"),
    ],
)
def test_the_shops_own_channel_is_said_in_words(reader: str, name: str, said: str) -> None:
    assert channel(name, reader) == said


@pytest.mark.parametrize("reader", ["zh", "en"])
@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (330, "330 B"), (12_345, "12.3 kB"), (999_949, "999.9 kB"), (4_000_000, "4.0 MB")],
)
def test_the_size_of_a_file_has_signs_that_both_languages_read(reader: str, count: int, said: str) -> None:
    formats = Formats(language=reader, zone=ZoneInfo("Asia/Shanghai"), currency="CNY", now=FixedClock()())

    assert formats.bytes(count) == said


def test_what_was_just_now_is_not_to_come() -> None:
    now = FixedClock()()
    formats = Formats(language="zh", zone=ZoneInfo("Asia/Shanghai"), currency="CNY", now=now)

    assert formats.ago(now) == "1秒钟前"
    assert formats.ago(now - timedelta(minutes=3)) == "3分钟前"
