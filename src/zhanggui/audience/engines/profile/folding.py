"""Grow a state by events, one by one in the order of their arrival.

Each event changes the state by itself alone, so cutting a log into parts anywhere gives the same state to the last
bit: the live path (a stored row and its tail) and the bulk path (the whole log at once) are one function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from zhanggui.audience.engines.denied import is_unsaid
from zhanggui.kernel.acts import EVENT_NUMBERS, EventName
from zhanggui.kernel.clock import DAY_MS, HOUR_MS
from zhanggui.kernel.text import normalise

from .decay import habit, interest
from .state import (
    KEPT_THINGS,
    MOST_CHANNELS,
    MOST_LINES,
    MOST_ORDERS,
    MOST_THINGS,
    MOST_WORDS,
    OrderMark,
    Searched,
    State,
    Thing,
)

Act = tuple[int, int, int, int, int | None, int | None, bytes | None]
"""(seq, product or 0, event number, at_ms, quantity, value_minor, JSON of the rest)."""
LocalHour = Callable[[int], int]
"""The shop's own hour of a moment: hours since 1970 on its wall clock."""


class _Where(msgspec.Struct, frozen=True, gc=False):
    channel: str = ""
    query: str = ""


class _Rest(msgspec.Struct, frozen=True, gc=False):
    """What of the rest of an event counts here; all other fields are passed over."""

    engagement_time_msec: int | None = None
    rating: int | None = None
    context: _Where = _Where()
    derived_from: str | None = None


_NO_REST = _Rest()
_rest_of = msgspec.json.Decoder(_Rest).decode

PURCHASE, REFUND, DISMISS = (EVENT_NUMBERS[name] for name in (EventName.PURCHASE, EventName.REFUND, EventName.DISMISS))
UNDISMISS = EVENT_NUMBERS[EventName.UNDISMISS]
SEARCH, RATE, VIEW = (EVENT_NUMBERS[name] for name in (EventName.SEARCH, EventName.RATE, EventName.VIEW_ITEM))
QUIET = frozenset(EVENT_NUMBERS[name] for name in (EventName.VIEW_ITEM_LIST, EventName.MESSAGE_SENT))
"""Done to a shopper rather than by them: counted, but no act."""
SOCIAL = frozenset(EVENT_NUMBERS[name] for name in (EventName.SHARE, EventName.FOLLOW, EventName.INVITE))
_WEIGHTS = {
    EventName.VIEW_ITEM: 1.0,
    EventName.SELECT_ITEM: 0.5,
    EventName.SEARCH: 1.0,
    EventName.ADD_TO_CART: 3.0,
    EventName.REMOVE_FROM_CART: -1.5,
    EventName.ADD_TO_WISHLIST: 3.0,
    EventName.BEGIN_CHECKOUT: 1.5,
    EventName.PURCHASE: 6.0,
    EventName.REFUND: -4.0,
    EventName.DISMISS: -8.0,
    EventName.SHARE: 3.0,
    EventName.FOLLOW: 3.0,
    EventName.INVITE: 3.0,
}
WEIGHT = tuple(_WEIGHTS.get(name, 0.0) for name in EventName)
"""By event number: how much an act says in favour of its product. Set by hand, as views to purchases are 1 to 6."""
_STARS = (0.0, -4.0, -2.0, 0.0, 2.0, 4.0)
_CARTED = frozenset({EVENT_NUMBERS[EventName.ADD_TO_CART], EVENT_NUMBERS[EventName.ADD_TO_WISHLIST]})
_RARE = _CARTED | {PURCHASE, REFUND, DISMISS, UNDISMISS, SEARCH, RATE}
_LONG_LOOK_MS, _MOST_LOOKS = 10_000, 3.0
_MOST_DWELL_MS = 600_000
"""A page that was left open says no more than ten minutes."""


def fold(state: State, acts: Iterable[Act], local_hour: LocalHour) -> State:
    """Grow a state in place and give it back.

    Args:
        state: of one person; events up to its `seq` are passed over.
        acts: of the same person, by arrival upwards.
        local_hour: what the shop's clock shows.
    """
    things = {thing.product: thing for thing in state.things}
    for act in acts:
        if act[0] > state.seq:
            _count(state, things, act, local_hour)
            state.seq = act[0]
    state.things = list(things.values())
    return state


def _count(state: State, things: dict[int, Thing], act: Act, local_hour: LocalHour) -> None:
    product, kind, at_ms, extra = act[1], act[2], act[3], act[6]
    state.counts[kind] += 1
    if kind in QUIET:
        return
    rest = _NO_REST if extra is None else _rest_of(extra)
    if at_ms > state.last_ms:
        state.last_ms = at_ms
    if not 0 < state.first_ms <= at_ms:
        state.first_ms = at_ms
    _note_habit(state, at_ms, rest.context.channel, local_hour)
    if kind in _RARE:
        _note_rare(state, things.get(product), act, rest)
    dwell_ms = rest.engagement_time_msec or 0
    if dwell_ms > _MOST_DWELL_MS:
        dwell_ms = _MOST_DWELL_MS
    state.dwell_ms += dwell_ms
    if product:
        _say(_note_thing(things, product, at_ms), act, dwell_ms, rest.rating or 0)


def _note_rare(state: State, thing: Thing | None, act: Act, rest: _Rest) -> None:
    """What only some acts say: orders, what was given back, searches, stars."""
    _, product, kind, at_ms, quantity, value_minor, _ = act
    if kind == PURCHASE and rest.derived_from != "return":
        _note_order(state, thing, product, at_ms, quantity or 1, value_minor or 0)
    elif kind == REFUND:
        _take_back(state, product, quantity or 1, value_minor or 0, is_order=rest.derived_from == "order")
    elif kind == SEARCH and rest.context.query:
        _note_search(state, rest.context.query, at_ms)
    state.ratings += rest.rating or 0


def _note_habit(state: State, at_ms: int, channel: str, local_hour: LocalHour) -> None:
    hour = local_hour(at_ms)
    day, weight = hour // 24, habit(at_ms)
    state.hours[hour % 24] += weight
    state.weekdays[(day + 3) % 7] += weight  # 1970-01-01 was a Thursday
    if day > state.last_day:
        state.days, state.last_day = state.days + 1, day
    if channel:
        channels = state.channels
        if channel in channels:
            channels[channel] += weight
            return
        if len(channels) >= MOST_CHANNELS:
            del channels[min(channels, key=lambda name: (channels[name], name))]
        channels[channel] = weight


def _note_thing(things: dict[int, Thing], product: int, at_ms: int) -> Thing:
    thing = things.get(product)
    if thing is None:
        if len(things) >= MOST_THINGS:
            _forget_least(things)
        thing = things[product] = Thing(product, first_ms=at_ms)
    if at_ms > thing.last_ms:
        thing.last_ms = at_ms
    if at_ms < thing.first_ms:
        thing.first_ms = at_ms
    return thing


def _forget_least(things: dict[int, Thing]) -> None:
    ranked = sorted(things.values(), key=lambda one: (abs(one.weight + one.social), one.product))
    for thing in ranked[:-KEPT_THINGS]:
        del things[thing.product]


def _say(thing: Thing, act: Act, dwell_ms: int, stars: int) -> None:
    """Let an act speak for its product, or against it."""
    kind, at_ms = act[2], act[3]
    weight = interest(at_ms)
    if kind in SOCIAL:
        thing.social += WEIGHT[kind] * weight
        return
    said = WEIGHT[kind]
    if kind == VIEW:
        thing.views += 1
    elif kind in _RARE:
        said += _STARS[stars] if kind == RATE else 0.0
        _note_rare_act(thing, kind, at_ms, act[4] or 1)
    if dwell_ms:
        thing.dwell_ms += dwell_ms
        said += 0.5 * min(dwell_ms / _LONG_LOOK_MS, _MOST_LOOKS)
    thing.weight += said * weight


def _note_rare_act(thing: Thing, kind: int, at_ms: int, quantity: int) -> None:
    if kind in _CARTED:
        thing.carts += 1
    elif kind == PURCHASE:
        thing.bought, thing.units = thing.bought + 1, thing.units + quantity
        thing.bought_ms = at_ms if not thing.bought_ms else min(thing.bought_ms, at_ms)
    elif kind == DISMISS:
        thing.dismissed, thing.against = thing.dismissed + 1, thing.against + WEIGHT[DISMISS] * interest(at_ms)
    elif kind == UNDISMISS:
        thing.weight, thing.dismissed, thing.against = thing.weight - thing.against, 0, 0.0


def _note_order(state: State, thing: Thing | None, product: int, at_ms: int, units: int, value_minor: int) -> None:
    """Purchases at one moment are one order."""
    is_first = int(thing is None or not thing.bought)
    state.lines, state.units = state.lines + 1, state.units + units
    state.spent_minor += value_minor
    mark = next((mark for mark in reversed(state.marks) if mark.at_ms == at_ms), None) or _new_order(state, at_ms)
    mark.value_minor, mark.units, mark.lines = mark.value_minor + value_minor, mark.units + units, mark.lines + 1
    mark.first_lines, mark.most_units = mark.first_lines + is_first, max(mark.most_units, units)
    if product and len(mark.products) < MOST_LINES:
        mark.products.append(product)


def _new_order(state: State, at_ms: int) -> OrderMark:
    mark = OrderMark(at_ms, 0, 0, 0, 0, [])
    if at_ms == state.old_order_ms:
        return mark
    state.orders += 1
    state.first_order_ms = at_ms if not state.first_order_ms else min(state.first_order_ms, at_ms)
    state.last_order_ms = max(state.last_order_ms, at_ms)
    state.marks.append(mark)
    state.marks.sort(key=lambda one: one.at_ms)
    if len(state.marks) > MOST_ORDERS:
        state.old_order_ms = state.marks.pop(0).at_ms
    return mark


def _take_back(state: State, product: int, units: int, value_minor: int, *, is_order: bool) -> None:
    """Money that went back; where the order itself was cancelled or changed, its line counts no more."""
    state.spent_minor -= value_minor
    if not is_order:
        state.returned_units += units
        return
    state.lines, state.units = max(state.lines - 1, 0), max(state.units - units, 0)
    mark = next((mark for mark in reversed(state.marks) if product in mark.products), None)
    if mark is None:
        return
    mark.products.remove(product)
    mark.value_minor, mark.units, mark.lines = mark.value_minor - value_minor, mark.units - units, mark.lines - 1
    mark.first_lines = min(mark.first_lines, mark.lines)
    if mark.lines <= 0:
        state.marks.remove(mark)
        state.orders = max(state.orders - 1, 0)
        state.last_order_ms = state.marks[-1].at_ms if state.marks else 0
        state.first_order_ms = state.first_order_ms if state.orders else 0


def _note_search(state: State, query: str, at_ms: int) -> None:
    words = normalise(query)[:64]
    if is_unsaid(words):
        return
    found = next((one for one in state.searches if one.words == words), None)
    if found is None:
        if len(state.searches) >= MOST_WORDS:
            state.searches.remove(min(state.searches, key=lambda one: (one.weight, one.words)))
        found = Searched(words, 0.0, 0, at_ms)
        state.searches.append(found)
    found.weight += interest(at_ms)
    found.count, found.last_ms = found.count + 1, max(found.last_ms, at_ms)


def hours_of(offset_ms: Callable[[int], int]) -> LocalHour:
    """A `LocalHour` from what the shop's clock is ahead of UTC at a moment; each hour is asked for once."""
    known: dict[int, int] = {}

    def local_hour(at_ms: int) -> int:
        utc = at_ms // HOUR_MS
        ahead = known.get(utc)
        if ahead is None:
            if len(known) > _MOST_HOURS:
                known.clear()
            ahead = known[utc] = offset_ms(utc * HOUR_MS)
        return (at_ms + ahead) // HOUR_MS

    return local_hour


_MOST_HOURS = 20 * 365 * DAY_MS // HOUR_MS
