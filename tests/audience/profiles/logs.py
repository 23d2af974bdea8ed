"""Logs of one shopper's acts, made up for tests."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import HealthCheck
from hypothesis import strategies as st

from zhanggui.audience.engines.denied import Shield, shield_of
from zhanggui.audience.engines.profile.folding import Act, hours_of
from zhanggui.audience.engines.profile.goods import Good, GoodOf, Trait, own_trait
from zhanggui.kernel.clock import DAY_MS, HOUR_MS
from zhanggui.shop import EVENT_NUMBERS, EventName

NOW_MS = 1_773_453_566_000  # 2026-03-14
UNHURRIED = [HealthCheck.too_slow]
"""A busy machine may draw slowly; a law says nothing about time."""
SHANGHAI = hours_of(lambda _: 8 * HOUR_MS)


def an_act(seq: int, name: str = "view_item", product: int = 1, at_ms: int = NOW_MS, **fields: Any) -> Act:
    """One event as the store has it; quantity and value stand in columns, everything else in its JSON."""
    quantity, value = fields.pop("quantity", None), fields.pop("value_minor", None)
    extra = msgspec.json.encode(fields) if fields else None
    return seq, product, EVENT_NUMBERS[EventName(name)], at_ms, quantity, value, extra


@st.composite
def logs(draw: st.DrawFn, *, products: int = 200, most: int = 60) -> list[Act]:
    """Events of one person by arrival, late and out of order by moment."""
    acts = []
    for seq in range(1, draw(st.integers(0, most)) + 1):
        name = draw(st.sampled_from([*EventName]))
        fields: dict[str, Any] = {}
        if draw(st.booleans()):
            fields = {
                "engagement_time_msec": draw(st.integers(0, 900_000)),
                "rating": draw(st.integers(1, 5)),
                "context": {"channel": draw(st.sampled_from(["app", "web", "小程序"])), "query": draw(SEARCHES)},
                "quantity": draw(st.integers(1, 9)),
                "value_minor": draw(st.integers(1, 90_000)),
            }
            if draw(st.booleans()):
                fields["derived_from"] = draw(st.sampled_from(["order", "return"]))
        at_ms = NOW_MS - draw(st.integers(0, 40)) * DAY_MS - draw(st.sampled_from([0, 3, 60_000, 9_000_000]))
        acts.append(an_act(seq * 3, name.value, draw(st.integers(0, products)), at_ms, **fields))
    return acts


SEARCHES = st.sampled_from(["绿茶", "龙井", "杯子", "Gift box", "降压药", "佛珠", "", "kids shoes"])


def a_shelf(*words: tuple[str, str, str]) -> GoodOf:
    """A catalogue of products 1, 2, …, each with its (title, category, brand)."""
    goods = {}
    for number, (title, category, brand) in enumerate(words, 1):
        traits = (
            Trait("category", f"category:{category}", category),
            Trait("attribute", f"keyword:{title}", title),
            Trait("brand", f"brand:{brand}", brand),
        )
        own, shield = own_trait(f"p{number}", title), shield_of(title, category, brand)
        goods[number] = Good(number, f"p{number}", own, traits, shield, NOW_MS - 99 * DAY_MS)
    return goods.get


__all__ = ["NOW_MS", "SHANGHAI", "UNHURRIED", "Shield", "a_shelf", "an_act", "logs"]
