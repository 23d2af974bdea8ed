"""What segments are learned from, how people are grouped, and what is told of a group."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.audience.segments.sketches import a_crowd, a_sketch, liking

from zhanggui.audience import Interest, Profile, Rfm, Rhythm, Stage
from zhanggui.audience.engines.learned.grouping import agreement, best, candidates, merged, nearest, silhouette
from zhanggui.audience.engines.learned.matching import matched
from zhanggui.audience.engines.learned.naming import names
from zhanggui.audience.engines.learned.portraits import _hidden, portrait
from zhanggui.audience.engines.learned.sketching import Sketch, may_group, sketch_of
from zhanggui.audience.engines.learned.space import learned_space, points
from zhanggui.audience.engines.learned.traits import lifted
from zhanggui.audience.types.profiles import Evidence, Tag
from zhanggui.audience.words.learned import name_of, spoken

FLOOR = 10
AT = datetime(2026, 3, 1, tzinfo=UTC)
TRUTH = np.repeat([0, 1, 2], 30)


def an_interest(level: str, key: str, value: str) -> Interest:
    return Interest(
        level=level,  # type: ignore[arg-type]
        key=key,
        value=value,
        strength=0.6,
        share=0.5,
        views=1,
        carts=0,
        purchases=0,
        since=AT,
        last=AT,
    )


def a_profile(orders: int = 3, acts: int = 9, *interests: Interest) -> Profile:
    tags = ("stocks_up", "shares", "follows")
    return Profile(
        customer_id="u1",
        visitor_id=None,
        seen_seq=1,
        acts=acts,
        first_seen=AT,
        last_seen=AT,
        stage=Stage(code="active", orders=orders, idle_days=3.0, usual_days=45.0, is_own_rhythm=False),
        rfm=Rfm(recency_days=3.0, frequency=orders, monetary_minor=30_000),
        rhythm=Rhythm(hours=tuple(1 / 24 for _ in range(24)), weekdays=tuple(1 / 7 for _ in range(7))),
        interests=interests,
        avoided=(),
        searches=(),
        channels=(),
        language="zh",
        tags=tuple(Tag(code=code, strength=0.6, evidence=Evidence(), since=AT, last=AT) for code in tags),
    )


@pytest.mark.parametrize("words", ["女装", "男士衬衫", "中老年服饰", "Women's shoes", "Elderly care", "血糖仪", "母婴"])
def test_nobody_is_grouped_by_goods_that_say_sex_age_or_what_is_denied(words: str) -> None:
    assert not may_group(words)
    sketch = sketch_of(a_profile(3, 9, an_interest("category", f"category:{words.casefold()}", words)))
    assert sketch is not None
    assert sketch.categories == {}


def test_language_channel_and_what_rests_on_express_consent_stay_out_of_a_sketch() -> None:
    sketch = sketch_of(a_profile(3, 9, an_interest("category", "category:绿茶", "绿茶")))

    assert sketch is not None
    assert sketch.tags == {"stocks_up"}
    assert set(sketch.categories) == {"category:绿茶"}
    assert not {"language", "channel", "customer_id"} & set(Sketch.__struct_fields__)


def test_of_whom_too_little_is_known_there_is_no_sketch() -> None:
    assert sketch_of(a_profile(0, 2)) is None
    assert sketch_of(a_profile(0, 3)) is not None
    assert sketch_of(a_profile(1, 1)) is not None


def test_people_who_shop_alike_are_found_and_a_seed_gives_the_same_groups() -> None:
    _, rows = learned_space(a_crowd(), FLOOR)

    one, again = (best(candidates(rows, FLOOR, np.random.default_rng(3))) for _ in range(2))

    assert one is not None
    assert again is not None
    assert one.is_sound
    assert agreement(one.labels, TRUTH) == 1.0
    assert np.array_equal(one.centroids, again.centroids)


def test_people_who_lie_about_evenly_are_no_groups() -> None:
    rows = np.random.default_rng(5).normal(size=(300, 8))

    found = best(candidates(rows, FLOOR, np.random.default_rng(5)))

    assert found is None or not found.is_sound


def test_one_person_lies_where_the_learning_put_them() -> None:
    crowd = a_crowd()
    space, rows = learned_space(crowd, FLOOR)

    assert np.allclose(points(space, crowd[5:6]), rows[5:6])


def test_groups_below_the_floor_are_merged_into_the_nearest() -> None:
    rows = np.array([[0.0, 0]] * 12 + [[9.0, 0]] * 12 + [[10.0, 0]] * 3)
    middles = merged(rows, np.array([[0.0, 0], [9.0, 0], [10.0, 0]]), FLOOR)

    assert middles.tolist() == [[0.0, 0.0], [9.0, 0.0]]
    assert np.bincount(nearest(rows, middles)).tolist() == [12, 15]


@given(st.lists(st.integers(0, 4), min_size=2, max_size=40), st.permutations(range(5)))
def test_agreement_is_one_whatever_the_groups_are_called(labels: list[int], called: list[int]) -> None:
    own = np.array(labels)
    assert agreement(own, np.array(called)[own]) == pytest.approx(1.0)


def test_the_silhouette_of_two_pairs_is_as_by_hand() -> None:
    rows = np.array([[0.0], [1.0], [10.0], [11.0]])

    # Own distance 1; to the other pair 10.5 or 9.5 on average.
    by_hand = (2 * (1 - 1 / 10.5) + 2 * (1 - 1 / 9.5)) / 4
    assert silhouette(rows, np.array([0, 0, 1, 1])) == pytest.approx(by_hand)


def test_a_group_keeps_its_identity_while_its_middle_is_near() -> None:
    before = np.array([[0.0, 0], [10.0, 0], [0.0, 10]])
    now = np.array([[0.5, 9.8], [0.2, 0.1], [30.0, 30]])

    assert matched(before, now) == {0: 2, 1: 0}
    assert matched(np.array([[np.nan, np.nan]]), now) == {}


def test_what_tells_a_group_apart_is_told_with_its_lift_and_interval() -> None:
    dawn, night, _ = lifted(a_crowd(), TRUTH, 3, FLOOR)

    assert {("tag", "stocks_up"), ("category", "category:tea"), ("stage", "loyal"), ("hours", "dawn")} <= {
        (one.kind, one.key) for one in dawn
    }
    tea = next(one for one in dawn if one.kind == "category")
    assert (tea.people, tea.share, tea.of_all, tea.lift, tea.text) == (30, 1.0, 0.33, 3.0, "绿茶")
    assert tea.low < tea.lift <= tea.high
    assert ("tag", "stocks_up") not in {(one.kind, one.key) for one in night}


def test_no_trait_and_no_example_of_fewer_than_the_floor_is_told() -> None:
    few = [a_sketch(tags=frozenset({"asks"}), **liking("nuts")) for _ in range(FLOOR - 1)]
    crowd = [*few, *(a_sketch(**liking("tea")) for _ in range(21)), *(a_sketch() for _ in range(30))]
    labels = np.repeat([0, 1], 30)

    telling = lifted(crowd, labels, 2, FLOOR)
    told = portrait(crowd[:30], crowd, telling[0], FLOOR)

    assert {one.key for one in told.common} == {"category:tea"}
    assert [one.product_id for one in told.examples] == ["tea-1"]


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40)))
def test_what_is_hidden_cannot_be_reckoned_from_what_is_told(counted: dict[str, int]) -> None:
    hidden = _hidden(counted, FLOOR)
    together = sum(counted[key] for key in hidden)

    assert all(people >= FLOOR for key, people in counted.items() if people and key not in hidden)
    assert together >= FLOOR or together == 0 or hidden == {key for key, people in counted.items() if people}


def test_names_are_composed_of_facts_and_differ_in_both_languages() -> None:
    found = names(lifted(a_crowd(), TRUTH, 3, FLOOR), spoken)

    zh, en = [name_of(one, "zh") for one in found], [name_of(one, "en") for one in found]
    assert zh[0] == "清晨来、偏爱绿茶的熟客"
    assert en[0] == "Regulars who come at dawn and like Green tea"
    assert zh[1] == "深夜来、偏爱坚果的新客"
    assert len(set(zh)) == len(set(en)) == 3


def test_groups_that_nothing_tells_apart_still_have_names_of_their_own() -> None:
    found = names([[], [], []], spoken)

    assert [name_of(one, "zh") for one in found] == ["客户（1）", "客户（2）", "客户（3）"]
