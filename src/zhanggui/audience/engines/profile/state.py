"""What is stored of one person's acts: small, and enough for everything that a profile says.

A state belongs to a customer's or a visitor's number, never to a subject: logins are undone without any of it being
reckoned anew. It holds numbers of products and no words about them, so a category that is renamed, denied or taken out
acts in the next reading.
"""

from __future__ import annotations

import msgspec

from zhanggui.kernel.acts import EVENT_NUMBERS

VERSION = 1
MOST_THINGS, KEPT_THINGS = 96, 64
"""Products remembered at most, and how many stay, those with the most weight, once there are so many."""
MOST_ORDERS = 32
"""Orders remembered one by one, the latest."""
MOST_LINES = 8
"""Products named by one remembered order."""
MOST_WORDS = 12
"""Searches remembered."""
MOST_CHANNELS = 8
HOURS, WEEKDAYS = 24, 7


class Thing(msgspec.Struct, array_like=True, gc=False):
    """One product as this person met it. Weights are in units of `decay.START_MS`; moments are epoch ms UTC."""

    product: int
    weight: float = 0.0
    social: float = 0.0  # by sharing, following and inviting: counts only with the person's express consent
    views: int = 0
    carts: int = 0
    bought: int = 0  # order lines
    units: int = 0
    dwell_ms: int = 0
    dismissed: int = 0
    first_ms: int = 0
    last_ms: int = 0
    bought_ms: int = 0  # the first purchase; 0 for none
    against: float = 0.0  # what of `weight` dismissals made: it goes when they are taken back


class OrderMark(msgspec.Struct, array_like=True, gc=False):
    """One remembered order: all purchases at one moment."""

    at_ms: int
    value_minor: int
    units: int
    lines: int
    first_lines: int  # of products that this person had not bought before
    products: list[int]
    most_units: int = 0  # of one line


class Searched(msgspec.Struct, array_like=True, gc=False):
    """One search, in the spelling of `kernel.text`."""

    words: str
    weight: float
    count: int
    last_ms: int


class State(msgspec.Struct, array_like=True, gc=False):
    """Everything counted of one person up to `seq`, the last event that it has seen."""

    version: int = VERSION
    seq: int = 0
    first_ms: int = 0
    last_ms: int = 0
    counts: list[int] = msgspec.field(default_factory=lambda: [0] * len(EVENT_NUMBERS))  # by event number
    days: int = 0  # days with an act, as long as acts come in order
    last_day: int = 0
    dwell_ms: int = 0
    orders: int = 0
    first_order_ms: int = 0
    last_order_ms: int = 0
    old_order_ms: int = 0  # the last order that was too old to be remembered: its next line is no new order
    lines: int = 0
    units: int = 0
    returned_units: int = 0
    spent_minor: int = 0
    ratings: int = 0  # sum of stars
    hours: list[float] = msgspec.field(default_factory=lambda: [0.0] * HOURS)  # acts by the shop's hour, decayed
    weekdays: list[float] = msgspec.field(default_factory=lambda: [0.0] * WEEKDAYS)  # Monday first
    things: list[Thing] = msgspec.field(default_factory=list)
    marks: list[OrderMark] = msgspec.field(default_factory=list)  # by moment upwards
    searches: list[Searched] = msgspec.field(default_factory=list)
    channels: dict[str, float] = msgspec.field(default_factory=dict)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(State).decode


def pack(state: State) -> bytes:
    """A state as it is stored."""
    return _encode(state)


def unpack(packed: bytes) -> State:
    """What `pack` wrote; states of fewer event kinds are filled up."""
    state = _decode(packed)
    missing = len(EVENT_NUMBERS) - len(state.counts)
    if missing > 0:
        state.counts += [0] * missing
    return state
