from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.kernel.text import language_of, normalise, tokens

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=30)


@pytest.mark.parametrize(
    ("spellings", "normal"),
    [
        (["龍井茶葉", "龙井茶叶", "龙\u200b井茶叶"], "龙井茶叶"),
        (["ＡＢＣ　１２３", "abc 123", " ABC \t 123\n", "abc\x00123"], "abc 123"),
        (["乾燥"], "干燥"),
        (["STRASSE", "straße"], "strasse"),
        (["①号", "1号"], "1号"),
        (["\ud800茶\udfff"], "茶"),
        ([""], ""),
    ],
)
def test_spellings_of_one_word_become_one(spellings: list[str], normal: str) -> None:
    assert {normalise(spelling) for spelling in spellings} == {normal}


@settings(deadline=None)  # the first call reads the dictionaries
@given(st.one_of(st.text(max_size=40), CHINESE))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@settings(deadline=None)  # the first call reads the dictionaries
@given(st.one_of(st.text(max_size=40), CHINESE))
def test_tokens_are_normal_parts_of_the_text(text: str) -> None:
    words = tokens(text)

    assert all(word and not word.isspace() for word in words)
    assert "".join(words) == "".join(character for character in "".join(words) if character in normalise(text))
    assert tokens(normalise(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("花果茶500g 礼盒装", ["花果茶", "500g", "礼盒装"]),
        ("玻璃杯 1.5L，耐热120°C", ["玻璃杯", "1.5l", "耐热", "120°c"]),
        ("iPhone15 保护壳", ["iphone15", "保护", "壳"]),
        ("Women's T-shirt, 100% cotton", ["women's", "t-shirt", "100%", "cotton"]),
        ("！？…", []),
        ("", []),
    ],
)
def test_words_of_a_title(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("明前龙井 250g", "zh"),
        ("Apple iPhone 手机壳", "en"),
        ("iPhone 手机壳", "zh"),
        ("Loose leaf green tea", "en"),
        ("緑茶のセット", "ja"),
        ("녹차", "ko"),
        ("12.5", "und"),
        ("", "und"),
    ],
)
def test_the_language_follows_the_script(text: str, language: str) -> None:
    assert language_of(text) == language
