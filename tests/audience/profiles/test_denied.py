"""What may not be inferred is inferred from nothing: no interest, no tag, no evidence, no taste."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audience.profiles.logs import NOW_MS, SHANGHAI, UNHURRIED, a_shelf, an_act, logs

from zhanggui.audience.engines.denied import SPARED, Shield, Topic, denied, is_gendered, is_unsaid, shield_of, words_of
from zhanggui.audience.engines.profile.folding import Act, fold
from zhanggui.audience.engines.profile.portrait import Beside, portrait
from zhanggui.audience.engines.profile.state import State
from zhanggui.audience.engines.profile.taste import word_vector
from zhanggui.audience.types.profiles import Profile, TagCode

HARMLESS = ["龙井", "马克杯", "坚果礼盒", "Green tea", "Tote bag", "铁观音", "山药片", "prosexual", "healthy oats"]
SENSITIVE = sorted({word.replace("-", " ") for topic in Topic for words in words_of(topic) for word in words})
WORDS = st.one_of(st.sampled_from(HARMLESS), st.sampled_from(SENSITIVE))
GOODS = st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=12)


def texts(profile: Profile) -> list[str]:
    likes = [*profile.interests, *profile.avoided]
    return [
        *(text for one in likes if one.level != "product" for text in (one.key, one.value)),
        *(one.name for one in profile.searches),
        *(text for tag in profile.tags for text in (tag.code, tag.about)),
    ]


@settings(max_examples=40, suppress_health_check=UNHURRIED)
@given(GOODS, logs(products=12))
def test_no_profile_says_anything_sensitive_whatever_was_bought(
    goods: list[tuple[str, str, str]], log: list[Act]
) -> None:
    shelf = a_shelf(*goods)

    vector_of = {n: word_vector(words) for n, words in enumerate(goods, 1)}.get
    beside = Beside(good_of=shelf, local_hour=SHANGHAI, now_ms=NOW_MS, is_social=True, vector_of=vector_of)
    profile = portrait(fold(State(), log, SHANGHAI), beside)

    assert not [text for text in texts(profile) if denied(text)]
    silent = {f"p{n}" for n, words in enumerate(goods, 1) if shield_of(*words) is Shield.NOTHING}
    shielded = {f"p{n}" for n, words in enumerate(goods, 1) if shield_of(*words) is not Shield.OPEN}
    likes = [*profile.interests, *profile.avoided]
    assert not silent & {product for one in likes for product in one.products}
    assert not shielded & {product for one in likes if one.level != "product" for product in one.products}
    assert not shielded & {product for tag in profile.tags for product in tag.evidence.products}
    if len(shielded) == len(goods):
        assert profile.taste == ()


def test_tags_are_a_closed_list_in_which_nothing_sensitive_stands() -> None:
    codes = TagCode.__args__  # type: ignore[attr-defined]

    assert not [code for code in codes if denied(code.replace("_", " "))]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert("has_diabetes", TagCode)


def test_each_word_is_found_alone_and_within_a_title() -> None:
    for word in SENSITIVE:
        shield = Shield.PRODUCT if denied(word) == {Topic.MINORS} else Shield.NOTHING
        assert denied(word), word
        assert denied(f"新款 {word} 礼盒"), word
        assert denied(f"Best {word.upper()} 2026"), word
        assert shield_of("Gift box", word) is shield, word


@pytest.mark.parametrize("word", [*HARMLESS, *SPARED, "明前茶", "Traces of paradise", "T恤"])
def test_what_only_looks_alike_is_let_through(word: str) -> None:
    assert not denied(word)


@pytest.mark.parametrize("word", ["降壓藥", "ｓｅｘ toy", "清真牛肉", "嬰兒奶粉"])
def test_other_spellings_hide_nothing(word: str) -> None:
    assert denied(word)


def test_words_that_hint_at_health_are_told_of_nobody_while_their_goods_speak() -> None:
    assert shield_of("暖胃红茶") is Shield.OPEN
    assert is_unsaid("暖胃")
    assert is_unsaid("sugar free")
    assert not is_unsaid("红茶")

    log = [an_act(1, "search", 0, context={"query": "养胃茶"}), an_act(2, "search", 0, context={"query": "红茶"})]
    assert [one.words for one in fold(State(), log, SHANGHAI).searches] == ["红茶"]


def test_goods_for_children_may_be_bought_again_and_say_nothing_of_their_buyer() -> None:
    shelf = a_shelf(("纸尿裤", "母婴", "好奇"))
    log = [an_act(n, "purchase", 1, NOW_MS - n * 86_400_000, quantity=5) for n in range(9, 0, -1)]
    log = [(n, *act[1:]) for n, act in enumerate(log, 1)]

    profile = portrait(fold(State(), log, SHANGHAI), Beside(good_of=shelf, local_hour=SHANGHAI, now_ms=NOW_MS))

    assert [(one.level, one.value) for one in profile.interests] == [("product", "纸尿裤")]
    assert all(not tag.evidence.products and not tag.about for tag in profile.tags)


def test_a_taste_knows_no_words_for_a_sex() -> None:
    assert is_gendered("男士")
    assert is_gendered("Women's")
    assert not is_gendered("mended")
    assert (word_vector(["衬衫", "女士"]) == word_vector(["衬衫", "男士"])).all()
