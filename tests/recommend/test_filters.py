"""The filter language: what it means, and what it says to whom it does not understand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recommend.filter_goods import DAY_MS, NOW_MS, Meant, Row, RowGoods, filters, rows

from zhanggui.recommend import BadFilter
from zhanggui.recommend.engines.filters import Acts, FilterContext, MaskCache, mask, parse
from zhanggui.recommend.engines.filters.fields import ACTS
from zhanggui.recommend.engines.filters.masks import due_ms

TOLD = FilterContext(
    now_ms=NOW_MS,
    counts={"context.hour": 20},
    words={"context.surface": "home"},
    states=frozenset({"shopper.is_known"}),
)


def acts_of(held: list[Row]) -> Acts:
    touched = [number for number, row in enumerate(held, start=1) if row.acts]
    last = {
        act: np.array(
            [NOW_MS - held[n - 1].acts[act] if act in held[n - 1].acts else -1 for n in touched], dtype=np.int64
        )
        for act in ACTS
    }
    return Acts(products=np.array(touched, dtype=np.int64), last_ms=last)


@settings(max_examples=80, deadline=None)
@given(st.lists(rows, max_size=8), filters)
def test_a_filter_lets_through_what_it_means_for_each_product(held: list[Row], meant: Meant) -> None:
    goods, wanted, acts = RowGoods(held), parse(meant.text), acts_of(held)

    seen = mask(wanted, goods, TOLD)
    seen[acts.products] = mask(wanted, goods, TOLD, acts=acts)

    assert seen[1:].tolist() == [meant.fits(row) for row in held]


@settings(max_examples=30, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8), filters, st.data())
def test_some_rows_are_judged_as_all_are(held: list[Row], meant: Meant, data: st.DataObject) -> None:
    goods, wanted = RowGoods(held), parse(meant.text)
    some = np.array(data.draw(st.lists(st.integers(1, len(held)), unique=True)), dtype=np.int64)

    assert mask(wanted, goods, TOLD, some).tolist() == mask(wanted, goods, TOLD)[some].tolist()


@settings(max_examples=30, deadline=None)
@given(st.lists(rows, min_size=1, max_size=5), filters, st.integers(0, 4 * DAY_MS))
def test_nothing_changes_by_itself_before_it_is_due(held: list[Row], meant: Meant, later_ms: int) -> None:
    goods, wanted = RowGoods(held), parse(meant.text)
    due = due_ms(wanted, goods, NOW_MS)

    then = FilterContext(
        now_ms=min(NOW_MS + later_ms, due - 1), counts=TOLD.counts, words=TOLD.words, states=TOLD.states
    )

    assert mask(wanted, goods, then).tolist() == mask(wanted, goods, TOLD).tolist()


def test_words_bind_as_one_says_them() -> None:
    cheap, dear = Row(price_minor=1, brand="A"), Row(price_minor=9, brand="B")
    goods = RowGoods([cheap, dear])

    def seen(text: str) -> list[bool]:
        return mask(parse(text), goods, TOLD)[1:].tolist()

    assert seen('brand = "a" or brand = "B" and price_minor < 5') == [True, False]
    assert seen('(brand = "a" or brand = "B") and price_minor < 5') == [True, False]
    assert seen('not brand = "A" and price_minor > 5') == [False, True]
    assert seen("brand not in (“A”， “C”)") == [False, True]
    assert seen("PRICE_MINOR >= 1_000 OR stock = 3") == [True, True]


@pytest.mark.parametrize(
    ("text", "at", "says", "hint"),
    [
        ("", 1, "the filter ends here", "Fields are"),
        ("prise_minor < 3", 1, "no field 'prise_minor'", "price_minor"),
        ("price_minor < 3 and catgory under '茶'", 21, "no field 'catgory'", "category"),
        ("brand = Nike", 9, "'Nike' stands here", 'Put it in quotes: "Nike"'),
        ("brand under 'Nike'", 7, "expected is one of !=, =, in after brand", ""),
        ("keyword hass 'x'", 9, "'hass' stands here", "has"),
        ("bought within 30", 15, "'30' is no span of time", "30d"),
        ("age < 3", 7, "'3' is no span of time", "30d"),
        ("price_minor < 3d", 15, "takes a bare number", ""),
        ("price_minor < ", 15, "the filter ends here", "200 yuan is 20000"),
        ("price_minor < -3", 15, "may not be negative", ""),
        ("price_minor 3", 13, "a comparison after price_minor", ""),
        ("(bought or viewed", 18, "the filter ends here; expected is `)`", ""),
        ("bought viewed", 8, "'viewed' stands here; expected is `and`", ""),
        ("brand = '茶", 9, "never closes", ""),
        ("brand = ' '", 9, "the quotes are empty", ""),
        ("brand @ 'x'", 7, "'@' means nothing", "quotes"),
        ("not " * 30 + "bought", 81, "more than 20 deep", ""),
        (" or ".join(["bought"] * 101), 1001, "at most 100 tests", ""),
        ("bought or " * 300, 2001, "at most 2000 characters", ""),
    ],
)
def test_what_is_not_understood_is_told_with_its_place_and_a_hint(text: str, at: int, says: str, hint: str) -> None:
    with pytest.raises(BadFilter) as caught:
        parse(text)

    assert str(caught.value).startswith(f"At character {at} of the filter: "), str(caught.value)
    assert says in str(caught.value)
    assert hint in caught.value.hint


SNIPPETS = [*"abnot (),<>=\"'“”30d_.茶\n", "bought ", "and ", "in "]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(SNIPPETS), max_size=30).map("".join))
def test_any_text_is_understood_or_refused_at_a_place_in_it(text: str) -> None:
    place = 1
    try:
        parse(text)
    except BadFilter as refused:
        place = int(refused.params["at"])

    assert 1 <= place <= len(text) + 1


@settings(max_examples=25, deadline=None)
@given(st.lists(rows, min_size=1, max_size=6), st.lists(filters, min_size=1, max_size=3), st.data())
def test_kept_masks_follow_every_change_of_the_catalogue(
    held: list[Row], meant: list[Meant], data: st.DataObject
) -> None:
    cache = MaskCache(RowGoods(held))
    for _ in range(data.draw(st.integers(1, 5))):
        for one in data.draw(st.lists(st.sampled_from(meant))):
            cache.left_out(cache.parsed(one.text), TOLD)
        if data.draw(st.booleans()):
            cache.groups("brand")
        touched = data.draw(st.lists(st.integers(0, len(held) - 1), max_size=2))
        held = [data.draw(rows) if at in touched else row for at, row in enumerate(held)]
        held = [*held, *data.draw(st.lists(rows, max_size=2))]
        cache.moved(RowGoods(held), np.array(touched, dtype=np.int64) + 1 if data.draw(st.booleans()) else None)

    for one in meant:
        wanted = cache.parsed(one.text)
        assert cache.left_out(wanted, TOLD).tolist() == (~mask(wanted, RowGoods(held), TOLD)).tolist()
    groups, first_ms = cache.groups("brand")
    for at, row in enumerate(held, start=1):
        same = [other for other in held if other.brand == row.brand]
        assert (groups[at] == 0) == (row.brand == "")
        assert {groups[n] for n, other in enumerate(held, start=1) if other in same} == {groups[at]}
        assert groups[at] == 0 or first_ms[groups[at]] <= min(NOW_MS - other.age_ms for other in same)


def test_a_kept_mask_does_not_outlive_an_age() -> None:
    cache = MaskCache(RowGoods([Row(age_ms=0)]))
    wanted = cache.parsed("age < 1d")

    outs = [cache.left_out(wanted, FilterContext(now_ms=NOW_MS + later))[1] for later in (0, DAY_MS - 1, DAY_MS)]

    assert outs == [False, False, True]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("price_minor ＜ 200", "price_minor < 200"),
        ("price_minor ＞＝ 200", "price_minor >= 200"),
        ("price_minor ≤ 200", "price_minor <= 200"),
        ("brand ＝ “山”", 'brand = "山"'),
        ("brand ≠ 「山」", 'brand != "山"'),
        ("brand in （“山”、“湖”）", 'brand in ("山", "湖")'),
    ],
)
def test_signs_of_a_chinese_keyboard_mean_their_plain_likes(typed: str, plain: str) -> None:
    held = [Row(price_minor=100, brand="山"), Row(price_minor=200, brand="湖"), Row(price_minor=300, brand="海")]

    assert mask(parse(typed), RowGoods(held), TOLD).tolist() == mask(parse(plain), RowGoods(held), TOLD).tolist()
