"""Readable tags: how somebody shops, each with the share that it rests on.

A tag stands where even the lower end of its share's interval (one-sided 90%, Wilson's) reaches the tag's own bar, so
three orders of three say less than thirty of forty. That lower end is its strength. The bars are set by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise

import msgspec

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.types.profiles import Evidence, Tag, TagCode
from zhanggui.kernel.acts import EVENT_NUMBERS, EventName
from zhanggui.kernel.clock import DAY_MS, from_ms
from zhanggui.kernel.intervals import wilson

from .folding import LocalHour
from .goods import GoodOf
from .interests import Liked
from .places import four
from .state import OrderMark, State

_Z = 1.2816
_MOST = 3
_SENT, _OPENED = EVENT_NUMBERS[EventName.MESSAGE_SENT], EVENT_NUMBERS[EventName.MESSAGE_OPENED]
_VIEW, _SEARCH = EVENT_NUMBERS[EventName.VIEW_ITEM], EVENT_NUMBERS[EventName.SEARCH]
_SHARE, _FOLLOW = EVENT_NUMBERS[EventName.SHARE], EVENT_NUMBERS[EventName.FOLLOW]
_INVITE = EVENT_NUMBERS[EventName.INVITE]

BARS: Mapping[TagCode, tuple[float, int]] = {
    "dawn_orders": (0.35, 3),
    "lunch_orders": (0.45, 3),
    "night_orders": (0.35, 3),
    "weekend_orders": (0.5, 3),
    "steady_rhythm": (0.6, 4),
    "stocks_up": (0.4, 3),
    "big_baskets": (0.4, 3),
    "tries_new": (0.6, 4),
    "early_bird": (0.35, 3),
    "keeps_to_favourites": (0.5, 4),
    "one_brand": (0.55, 4),
    "compares": (0.75, 6),
    "decides_fast": (0.55, 4),
    "collects": (0.5, 4),
    "searches": (0.2, 5),
    "lingers": (0.4, 4),
    "reviews": (0.25, 2),
    "asks": (0.2, 2),
    "reads_messages": (0.4, 3),
    "leaves_messages": (0.8, 8),
    "shares": (0.0, 2),
    "follows": (0.0, 2),
}
"""By tag: the least share, and the least hits."""
_TIMES: tuple[tuple[TagCode, frozenset[int]], ...] = (
    ("dawn_orders", frozenset(range(5, 9))),
    ("lunch_orders", frozenset(range(11, 14))),
    ("night_orders", frozenset((22, 23, 0, 1))),
)
_SATURDAY = 5
_LOOK_MS = 45_000
_FRESH_DAYS = 30
_STOCK = 3


class Seen(msgspec.Struct, frozen=True):
    """What tags are made of.

    Attributes:
        state: of the subject.
        among: its things that may speak.
        order_ids: ids of orders by moment.
        reviews, questions: how many the subject wrote.
        is_social: whether sharing, following and inviting may be told.
    """

    state: State
    among: Sequence[Liked]
    order_ids: Mapping[int, str]
    reviews: int = 0
    questions: int = 0
    is_social: bool = False


class _Case(msgspec.Struct, gc=False):
    """What speaks for one tag."""

    code: TagCode
    hits: int
    total: int
    orders: Sequence[OrderMark] = ()
    things: Sequence[Liked] = ()
    about: str = ""


class GoodsTag(msgspec.Struct, frozen=True, gc=False):
    """A tag that rests on goods and orders, as `tags` gives it, without evidence."""

    code: TagCode
    strength: float
    about: str


def tags(seen: Seen, local_hour: LocalHour) -> tuple[Tag, ...]:
    """The tags that stand, the strongest first."""
    open_ = [one for one in seen.among if one.good.shield is Shield.OPEN]
    standing = _standing(_cases(seen, open_, local_hour))
    open_ids = {one.thing.product: one.good.id for one in open_} if standing else {}
    found = [_tag(case, strength, seen, open_ids) for case, strength in standing]
    return tuple(sorted(found, key=lambda tag: (-tag.strength, tag.code)))


def goods_tags(state: State, good_of: GoodOf) -> list[GoodsTag]:
    """Those of `tags` that rest on goods and orders, in the same order, at a fraction of the cost.

    Args:
        state: of the subject.
        good_of: the catalogue.
    """
    met = [(thing, good_of(thing.product)) for thing in state.things]
    open_ = [Liked(thing, good, 0.0) for thing, good in met if good is not None and good.shield is Shield.OPEN]
    orders = _of_orders(state) if state.marks else ()
    cases = chain(orders, _of_goods(open_), _of_looking(state, open_))
    found = [GoodsTag(case.code, four(strength), case.about) for case, strength in _standing(cases)]
    return sorted(found, key=lambda tag: (-tag.strength, tag.code))


def _standing(cases: Iterable[_Case]) -> list[tuple[_Case, float]]:
    """The cases that reach their bars, each with its strength."""
    standing = []
    for case in cases:
        bar, least = BARS[case.code]
        if case.hits < least or case.hits < bar * case.total:  # the lower end is never above the share itself
            continue
        strength = lower_end(case.hits, case.total)
        if strength >= bar:
            standing.append((case, strength))
    return standing


def lower_end(hits: int, total: int) -> float:
    """The lower end of Wilson's interval of a share; 0 of none."""
    if total <= 0:
        return 0.0
    return wilson(min(hits / total, 1.0), total, _Z)[0]


def _cases(seen: Seen, open_: Sequence[Liked], local_hour: LocalHour) -> Iterator[_Case]:
    if seen.state.marks:
        yield from _of_hours(seen.state.marks, local_hour)
        yield from _of_orders(seen.state)
    yield from _of_goods(open_)
    yield from _of_looking(seen.state, open_)
    yield from _of_words(seen)


def _of_hours(marks: Sequence[OrderMark], local_hour: LocalHour) -> Iterator[_Case]:
    hours = [local_hour(mark.at_ms) for mark in marks]
    times = [(mark, hour % 24) for mark, hour in zip(marks, hours, strict=True)]
    for code, then in _TIMES:
        hits = [mark for mark, hour in times if hour in then]
        yield _Case(code, len(hits), len(marks), hits)
    weekend = [mark for mark, hour in zip(marks, hours, strict=True) if (hour // 24 + 3) % 7 >= _SATURDAY]
    yield _Case("weekend_orders", len(weekend), len(marks), weekend)


def _of_orders(state: State) -> Iterator[_Case]:
    marks = state.marks
    gaps = [later.at_ms - earlier.at_ms for earlier, later in pairwise(marks)]
    if gaps:
        middle = sorted(gaps)[len(gaps) // 2]
        even = sum(0.65 * middle <= gap <= 1.35 * middle for gap in gaps) if middle >= DAY_MS else 0
        yield _Case("steady_rhythm", even, len(gaps), marks)
    stocked = [mark for mark in marks if mark.most_units >= _STOCK]
    yield _Case("stocks_up", len(stocked), len(marks), stocked)
    wide = [mark for mark in marks if mark.lines >= _STOCK]
    yield _Case("big_baskets", len(wide), len(marks), wide)
    later = marks if state.orders > len(marks) else marks[1:]  # the very first order is new to everybody
    lines = sum(mark.lines for mark in later)
    new = sum(mark.first_lines for mark in later)
    yield _Case("tries_new", new, lines, [mark for mark in later if mark.first_lines])
    yield _Case("keeps_to_favourites", lines - new, lines, [mark for mark in later if mark.first_lines < mark.lines])


def _of_goods(among: Sequence[Liked]) -> Iterator[_Case]:
    bought = [one for one in among if one.thing.bought]
    fresh = [one for one in bought if 0 <= one.thing.bought_ms - one.good.created_ms <= _FRESH_DAYS * DAY_MS]
    yield _Case("early_bird", len(fresh), len(bought), things=fresh)
    by_brand: dict[str, list[Liked]] = {}
    for one in bought:
        for trait in one.good.traits:
            if trait.level == "brand":
                by_brand.setdefault(trait.value, []).append(one)
    if by_brand:
        lines = {brand: sum(one.thing.bought for one in of_it) for brand, of_it in by_brand.items()}
        brand = max(lines, key=lambda name: (lines[name], name))
        total = sum(one.thing.bought for one in bought)
        yield _Case("one_brand", lines[brand], total, things=by_brand[brand], about=brand)
    quick = [one for one in bought if one.thing.views <= 1]
    yield _Case("decides_fast", len(quick), len(bought) if any(one.thing.views for one in among) else 0, things=quick)


def _of_looking(state: State, among: Sequence[Liked]) -> Iterator[_Case]:
    looked = [one for one in among if one.thing.views]
    if state.orders:
        left = [one for one in looked if not one.thing.bought]
        yield _Case("compares", len(left), len(looked), things=left)
    carted = [one for one in among if one.thing.carts]
    kept = [one for one in carted if not one.thing.bought]
    yield _Case("collects", len(kept), len(carted), things=kept)
    long = [one for one in looked if one.thing.dwell_ms >= _LOOK_MS * one.thing.views]
    yield _Case("lingers", len(long), len(looked), things=long)
    asked = state.counts[_SEARCH]
    yield _Case("searches", asked, asked + state.counts[_VIEW])


def _of_words(seen: Seen) -> Iterator[_Case]:
    state = seen.state
    yield _Case("reviews", seen.reviews, max(state.lines, seen.reviews))
    yield _Case("asks", seen.questions, max(state.orders, seen.questions))
    sent, opened = state.counts[_SENT], min(state.counts[_OPENED], state.counts[_SENT])
    yield _Case("reads_messages", opened, sent)
    yield _Case("leaves_messages", sent - opened, sent)
    if seen.is_social:
        passed_on = state.counts[_SHARE] + state.counts[_INVITE]
        yield _Case("shares", passed_on, passed_on)
        yield _Case("follows", state.counts[_FOLLOW], state.counts[_FOLLOW])


def _tag(case: _Case, strength: float, seen: Seen, open_ids: Mapping[int, str]) -> Tag:
    state = seen.state
    since_ms, last_ms = state.first_ms, state.last_ms
    products: list[str] = []
    if case.orders:
        since_ms, last_ms = case.orders[0].at_ms, case.orders[-1].at_ms
        products = [
            open_ids[number] for mark in reversed(case.orders) for number in mark.products if number in open_ids
        ]
    elif case.things:
        since_ms = min([one.thing.first_ms for one in case.things])
        last_ms = max([one.thing.last_ms for one in case.things])
        products = [one.good.id for one in sorted(case.things, key=_heaviest)[:_MOST]]
    orders = [seen.order_ids[mark.at_ms] for mark in reversed(case.orders) if mark.at_ms in seen.order_ids]
    return Tag(
        code=case.code,
        about=case.about,
        strength=four(strength),
        evidence=Evidence(
            case.hits, case.total, tuple(dict.fromkeys(orders))[:_MOST], tuple(dict.fromkeys(products))[:_MOST]
        ),
        since=from_ms(since_ms),
        last=from_ms(last_ms),
    )


def _heaviest(one: Liked) -> tuple[float, str]:
    return -one.weight, one.good.id
