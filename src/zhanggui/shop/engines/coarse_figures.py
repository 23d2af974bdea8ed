"""The figures of the shop for who works with sums: no amount is told of fewer orders than a crowd.

Who knows what somebody paid on a day must find it nowhere in what an analyst reads. Amounts therefore stand in steps
of what a crowd of orders comes to, parts of fewer orders are left out, and causes, which name products, are not told.
"""

from __future__ import annotations

import math

import msgspec

from zhanggui.shop.types.figures import Curve, Figure, Overview, Slice

CROWD = 10
"""Orders: as many as the smallest group that any other figure tells."""


def coarse(overview: Overview) -> Overview:
    """An overview whose amounts all rest on `CROWD` orders or more; counts of orders and visitors stay."""
    step = _step(overview)
    return msgspec.structs.replace(
        overview,
        sales=Figure(now=_told(overview.sales.now, step), before=_told(overview.sales.before, step)),
        orders=_without_why(overview.orders),
        visitors=_without_why(overview.visitors),
        conversion=_without_why(overview.conversion),
        returned_minor=_floored(overview.returned_minor, step) if overview.returns >= CROWD else 0,
        curve=_curve(overview.curve, step),
        categories=_crowded(overview.categories, step),
        channels=_crowded(overview.channels, step),
    )


def _step(overview: Overview) -> int:
    """What `CROWD` orders of this time or the one before come to, rounded up to one digit; 1 where there are none."""
    means = [
        sales / orders
        for sales, orders in (
            (overview.sales.now, overview.orders.now),
            (overview.sales.before, overview.orders.before),
        )
        if sales and orders
    ]
    if not means:
        return 1
    worth = CROWD * max(means)
    power: int = 10 ** max(math.floor(math.log10(worth)), 0)
    return math.ceil(worth / power) * power


def _told(value: float | None, step: int) -> float | None:
    return None if value is None else float(_floored(int(value), step))


def _floored(value: int, step: int) -> int:
    return value // step * step


def _without_why(figure: Figure) -> Figure:
    return msgspec.structs.replace(figure, why=None)


def _curve(curve: Curve, step: int) -> Curve:
    lines = {
        name: tuple(_floored(value, step) for value in getattr(curve, name))
        for name in ("now", "before", "low", "middle", "high")
    }
    return msgspec.structs.replace(curve, **lines)


def _crowded(slices: tuple[Slice, ...], step: int) -> tuple[Slice, ...]:
    return tuple(
        msgspec.structs.replace(
            one,
            now=_floored(one.now, step),
            before=_floored(one.before, step) if one.orders_before >= CROWD else 0,
        )
        for one in slices
        if one.orders_now >= CROWD
    )
