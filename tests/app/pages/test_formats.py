"""Figures and names as a reader sees them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from tests.conftest import FixedClock

from zhanggui.app.web.formats import Formats


@pytest.mark.parametrize(
    ("reader", "tag", "said"),
    [("zh", "zh-Hans", "中文"), ("en", "zh", "Chinese"), ("zh", "en-GB", "英语"), ("en", "qqq", "qqq"), ("en", "", "")],
)
def test_a_language_is_called_by_its_name(reader: str, tag: str, said: str) -> None:
    formats = Formats(language=reader, zone=ZoneInfo("Asia/Shanghai"), currency="CNY", now=FixedClock()())

    assert formats.tongue(tag) == said
