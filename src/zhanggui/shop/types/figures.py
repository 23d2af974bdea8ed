"""The figures of a day or of some weeks, each with what it is compared with and what it follows from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One contribution to a difference.

    `kind` says what it is: `orders` and `basket` (number of orders, value of each), `visitors`, a `product`,
    `category`, `channel`, `new_buyers`, `returning_buyers`, `newcomers`, `regulars` or `returns`. `delta` is in the
    unit of the figure (minor units, orders, visitors, millionths of a share); `now` and `before` count the orders or
    visitors it rests on.
    """

    kind: str
    name: str = ""
    delta: int
    now: int
    before: int


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why a figure changed. `is_enough` False: so few rows that naming causes would be guessing; `parts` is empty."""

    delta: int
    now: int
    before: int
    is_enough: bool
    parts: tuple[Part, ...] = ()


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure and the same one before; None where nothing is known."""

    now: float | None
    before: float | None
    why: Why | None = None

    @property
    def change(self) -> float | None:
        """The difference as a share of what it was; None where that says nothing."""
        return None if self.now is None or not self.before else self.now / self.before - 1


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """What one category or channel brought in."""

    name: str
    now: int
    before: int
    orders_now: int
    orders_before: int


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a chart: sales cumulated over a day, or of each day. Amounts in minor units.

    `now` ends where the present is; `low`, `middle`, `high` begin there and are empty without an outlook, which rests
    on `days` earlier days.
    """

    moments: tuple[datetime, ...]
    now: tuple[int, ...]
    before: tuple[int, ...]
    low: tuple[int, ...] = ()
    middle: tuple[int, ...] = ()
    high: tuple[int, ...] = ()
    days: int = 0


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """How the shop does. Sales are what paid orders come to, returns not deducted.

    Attributes:
        range_days: 1, 7 or 28.
        day: the last day shown: today, or the last one with anything to show.
        is_today: whether that is today; it is then compared up to the same time of day.
        before_day: what `day` is compared with.
        until: the end of what is shown.
        unpaid: orders of the time shown that nobody has paid yet; they are in no figure.
        visitors_until: how far visits are counted; None before they ever were.
    """

    range_days: Literal[1, 7, 28]
    first_day: date
    day: date
    is_today: bool
    before_first_day: date
    before_day: date
    until: datetime
    currency: str
    sales: Figure
    orders: Figure
    visitors: Figure
    conversion: Figure
    returns: int
    returned_minor: int
    other_money: int
    unpaid: int
    curve: Curve
    categories: tuple[Slice, ...]
    channels: tuple[Slice, ...]
    visitors_until: datetime | None


class TodaysVisits(msgspec.Struct, frozen=True, kw_only=True):
    """Who came today so far: how many are counted already, and when the newest behaviour was; None without any."""

    visitors: int
    last_at: datetime | None


class DataAge(msgspec.Struct, frozen=True, kw_only=True):
    """When the newest facts are of; None where there is none."""

    order_at: datetime | None
    event_at: datetime | None
