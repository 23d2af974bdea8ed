"""What a span of time brought in, as arrays; sums, comparisons and what contributes to a difference.

Everything is computed from rows: a part of a difference is the difference of the part, so that all parts of one kind
add up to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]
Trait = Literal["product", "category", "channel", "buyer"]


@dataclass(frozen=True, slots=True)
class Takings:
    """Orders and returns of a span, each by time; amounts in minor units of one currency.

    Attributes:
        at_ms: (n,) when each order was placed, ascending.
        value: (n,) what its lines come to.
        channel: (n,) number of its channel.
        is_new: (n,) 1 where its buyer had never ordered before that day, else 0.
        line_order: (m,) row of the order that a line belongs to, ascending.
        line_product: (m,) number of its product.
        line_value: (m,) what it comes to.
        back_ms: (r,) when goods came back, ascending.
        back_value: (r,) what they had come to.
    """

    at_ms: Longs
    value: Longs
    channel: Longs
    is_new: Longs
    line_order: Longs
    line_product: Longs
    line_value: Longs
    back_ms: Longs
    back_value: Longs

    def __len__(self) -> int:
        return len(self.at_ms)

    @property
    def sales(self) -> int:
        """What all orders come to."""
        return int(self.value.sum())

    @property
    def returned(self) -> int:
        """What came back."""
        return int(self.back_value.sum())

    def until(self, moment_ms: int) -> Takings:
        """The part before a moment."""
        orders = int(np.searchsorted(self.at_ms, moment_ms))
        lines = int(np.searchsorted(self.line_order, orders))
        backs = int(np.searchsorted(self.back_ms, moment_ms))
        return Takings(
            self.at_ms[:orders],
            self.value[:orders],
            self.channel[:orders],
            self.is_new[:orders],
            self.line_order[:lines],
            self.line_product[:lines],
            self.line_value[:lines],
            self.back_ms[:backs],
            self.back_value[:backs],
        )

    def cumulated(self, moments_ms: Longs) -> Longs:
        """(k,) sales before each of k moments."""
        sums = np.concatenate(([0], np.cumsum(self.value)))
        return np.asarray(sums[np.searchsorted(self.at_ms, moments_ms)], dtype=np.int64)


def together(spans: Sequence[Takings]) -> Takings:
    """One span of several that follow one another; at least one."""
    starts = np.cumsum([0, *(len(span) for span in spans[:-1])])
    lines = [span.line_order + start for span, start in zip(spans, starts, strict=True)]
    return Takings(
        np.concatenate([span.at_ms for span in spans]),
        np.concatenate([span.value for span in spans]),
        np.concatenate([span.channel for span in spans]),
        np.concatenate([span.is_new for span in spans]),
        np.concatenate(lines),
        np.concatenate([span.line_product for span in spans]),
        np.concatenate([span.line_value for span in spans]),
        np.concatenate([span.back_ms for span in spans]),
        np.concatenate([span.back_value for span in spans]),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """What one value of a trait had in a span and in the span before: its sum, and the orders it rests on."""

    key: int
    now: int
    before: int
    orders_now: int
    orders_before: int

    @property
    def delta(self) -> int:
        """How much it adds to the difference of the whole."""
        return self.now - self.before


def shares(now: Takings, before: Takings, trait: Trait, *, categories: Longs | None = None) -> list[Share]:
    """Both spans cut by a trait; the sums of all shares are the sales of the spans.

    Args:
        now: a span.
        before: the one to compare with.
        trait: `product` and `category` cut lines, `channel` and `buyer` (1: new, 0: returning) cut orders.
        categories: (p,) number of the category of each product number; needed for `category`.

    Returns:
        One for each value that either span has, the largest difference first; of equal ones the smaller key.
    """
    keys_now, sums_now, orders_now = _cut(now, trait, categories)
    keys_before, sums_before, orders_before = _cut(before, trait, categories)
    of_now = {int(key): (int(s), int(n)) for key, s, n in zip(keys_now, sums_now, orders_now, strict=True)}
    of_before = {int(key): (int(s), int(n)) for key, s, n in zip(keys_before, sums_before, orders_before, strict=True)}
    found = []
    for key in of_now.keys() | of_before.keys():
        (sum_now, n_now), (sum_before, n_before) = of_now.get(key, (0, 0)), of_before.get(key, (0, 0))
        found.append(Share(key, sum_now, sum_before, n_now, n_before))
    return sorted(found, key=lambda share: (-abs(share.delta), share.key))


def _cut(span: Takings, trait: Trait, categories: Longs | None) -> tuple[Longs, Longs, Longs]:
    """(keys, sums, orders) of a span; an order counts once for each key that it has."""
    if trait in ("channel", "buyer"):
        keys, owner = (span.channel if trait == "channel" else span.is_new), np.arange(len(span))
        values = span.value
    else:
        keys, owner, values = span.line_product, span.line_order, span.line_value
        if trait == "category":
            assert categories is not None, "cutting by category needs the category of each product"
            keys = categories[keys]
    if not len(keys):
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    room = int(keys.max()) + 1  # keys are dense numbers: counting by place costs no sorting
    sums = np.zeros(room, dtype=np.int64)
    np.add.at(sums, keys, values)
    if trait in ("product", "category"):
        size = max(len(span), 1)
        keys = np.unique(keys * size + owner) // size  # each key and order once
    counted = np.bincount(keys, minlength=room).astype(np.int64)
    found = np.flatnonzero(counted)
    return found, sums[found], counted[found]


def product_of_two(now: tuple[float, float], before: tuple[float, float]) -> tuple[float, float]:
    """How far each of two factors moved their product; the two add up to its difference.

    Each factor's effect is the mean over both orders of changing them (Shapley value).

    Args:
        now: both factors now.
        before: both factors before.
    """
    return (
        (now[0] - before[0]) * (now[1] + before[1]) / 2,
        (now[1] - before[1]) * (now[0] + before[0]) / 2,
    )
