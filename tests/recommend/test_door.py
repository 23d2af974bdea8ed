"""The room's door."""

from __future__ import annotations

from inspect import ismodule

from zhanggui import recommend
from zhanggui.recommend import words


def test_the_door_lists_exactly_what_it_shows() -> None:
    seen = {name for name, thing in vars(recommend).items() if name[0] != "_" and not ismodule(thing)}

    assert set(recommend.__all__) == seen


def test_every_reason_has_words_in_both_languages() -> None:
    counts = ("people", "buyers", "count", "before", "hours", "days", "ago", "percent", "average", "orders", "label")
    params = {"title": "100% 龙井", "value": "绿茶", **dict.fromkeys(counts, "7")}

    assert words.explain("same_keyword", params, "zh-Hans") == "和「100% 龙井」同为绿茶"
    assert words.explain("same_keyword", params, "en-GB") == 'Green tea, like "100% 龙井"'
    for code, english in words.REASONS.items():
        assert words.explain(code, params, "fr") == english % {**params, "value": "Green tea"}
        assert words.explain(code, params, "zh") != english % params


def test_every_notice_has_words_in_both_languages() -> None:
    for code, english in words.NOTICES.items():
        assert words.notice([code], "en") == english != words.notice([code], "zh")
    assert words.notice([], "zh") == words.notice([], "en") == ""
