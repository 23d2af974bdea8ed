"""One subject's state from the states of its numbers: the customer's own, and those of visitors who logged in."""

from __future__ import annotations

from collections.abc import Sequence

from .state import MOST_ORDERS, OrderMark, Searched, State, Thing


def merged(states: Sequence[State]) -> State:
    """What all of them say together; a single one is given back as it is, none is an empty state.

    Things and searches are not cut down again, so a subject may have as many as its numbers have together.
    """
    if len(states) == 1:
        return states[0]
    whole = State()
    for state in states:
        _add_counts(whole, state)
    whole.things = _things(states)
    whole.marks = _marks(states)
    whole.searches = _searches(states)
    return whole


def _add_counts(whole: State, state: State) -> None:
    whole.seq = max(whole.seq, state.seq)
    whole.first_ms = _first(whole.first_ms, state.first_ms)
    whole.last_ms = max(whole.last_ms, state.last_ms)
    whole.counts = [a + b for a, b in zip(whole.counts, state.counts, strict=True)]
    whole.days, whole.dwell_ms = whole.days + state.days, whole.dwell_ms + state.dwell_ms
    whole.orders += state.orders
    whole.first_order_ms = _first(whole.first_order_ms, state.first_order_ms)
    whole.last_order_ms = max(whole.last_order_ms, state.last_order_ms)
    whole.lines, whole.units = whole.lines + state.lines, whole.units + state.units
    whole.returned_units += state.returned_units
    whole.spent_minor, whole.ratings = whole.spent_minor + state.spent_minor, whole.ratings + state.ratings
    whole.hours = [a + b for a, b in zip(whole.hours, state.hours, strict=True)]
    whole.weekdays = [a + b for a, b in zip(whole.weekdays, state.weekdays, strict=True)]
    for channel, weight in state.channels.items():
        whole.channels[channel] = whole.channels.get(channel, 0.0) + weight


def _first(one: int, other: int) -> int:
    return min(one, other) if one and other else one or other


def _things(states: Sequence[State]) -> list[Thing]:
    found: dict[int, Thing] = {}
    for state in states:
        for one in state.things:
            held = found.get(one.product)
            found[one.product] = one if held is None else _both(held, one)
    return list(found.values())


def _both(one: Thing, other: Thing) -> Thing:
    return Thing(
        one.product,
        one.weight + other.weight,
        one.social + other.social,
        one.views + other.views,
        one.carts + other.carts,
        one.bought + other.bought,
        one.units + other.units,
        one.dwell_ms + other.dwell_ms,
        one.dismissed + other.dismissed,
        _first(one.first_ms, other.first_ms),
        max(one.last_ms, other.last_ms),
        _first(one.bought_ms, other.bought_ms),
        one.against + other.against,
    )


def _marks(states: Sequence[State]) -> list[OrderMark]:
    marks = [mark for state in states for mark in state.marks]
    return sorted(marks, key=lambda mark: mark.at_ms)[-MOST_ORDERS:]


def _searches(states: Sequence[State]) -> list[Searched]:
    found: dict[str, Searched] = {}
    for state in states:
        for one in state.searches:
            held = found.get(one.words)
            if held is not None:
                last_ms = max(held.last_ms, one.last_ms)
                found[one.words] = Searched(one.words, held.weight + one.weight, held.count + one.count, last_ms)
            else:
                found[one.words] = one
    return list(found.values())
