"""The room's door."""

from __future__ import annotations

from inspect import ismodule

from zhanggui import recommend
from zhanggui.recommend import words


def test_the_door_lists_exactly_what_it_shows() -> None:
    seen = {name for name, thing in vars(recommend).items() if name[0] != "_" and not ismodule(thing)}

    assert set(recommend.__all__) == seen


def test_every_reason_has_words_in_both_languages() -> None:
    params = {"title": "龙井", "value": "绿茶"}

    for code, (chinese, english) in words.REASONS.items():
        assert words.explain(code, params, "zh-Hans") == chinese.format_map(params)
        assert words.explain(code, params, "en") == english.format_map(params)
