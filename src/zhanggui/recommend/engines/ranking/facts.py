"""What trees know of products beside the first stage: age, price, category, and when they are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS, HOUR_MS
from zhanggui.recommend.engines.interactions import Floats, Interactions, Ints

from .context import CHANNELS, DEVICES, UNKNOWN, classes_of

HOURS, WEEKDAYS, SEASONS = 6, 2, 4
"""Parts of a day (of four hours), of a week (working days, its end), of a year (from December on)."""
PARTS = (HOURS, WEEKDAYS, SEASONS, len(CHANNELS), len(DEVICES))
FITS = sum(PARTS)
_FIRST_CHANNEL, _FIRST_DEVICE = HOURS + WEEKDAYS + SEASONS, FITS - len(DEVICES)
PRIOR = 20.0
"""Acts like everybody's that every product begins with: ten acts at night are not yet a habit."""
STOCK_STEPS = 12
"""Steps of a unit of the logarithm of stock: one byte holds each."""
EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday; Monday is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """By product number.

    Attributes:
        first_ms: (size,) when it was first met.
        log_price: (size,) 0 for unknown.
        category: (size,) number, 0 for none.
        fits: (size, 23) how much more than others it is wanted in each of `PARTS`, end to end; logarithms.
        log_stock: (size,) of what is available; 0 for unknown or uncounted.
    """

    first_ms: Ints
    log_price: Floats
    category: NDArray[np.int32]
    fits: Floats
    log_stock: Floats

    @classmethod
    def of(
        cls,
        first_ms: Ints,
        fits: Floats,
        *,
        price_minor: Ints,
        created_ms: Ints,
        category: NDArray[np.int32],
        log_stock: Floats | None = None,
    ) -> Facts:
        """What behaviour said of products, (n,), beside the catalogue of now, which may hold more or fewer.

        Args:
            first_ms: 0 for what nobody met: its age is since it came into the shop.
            fits: as above.
            price_minor: below 0 for unknown.
            created_ms: when products came into the shop.
            category: (size,) by the size that is wanted.
            log_stock: see `log_stocks`; None: not known.
        """
        size = len(category)
        met, shaped = np.zeros(size, dtype=np.int64), np.zeros((size, fits.shape[1]), dtype=np.float32)
        known = min(size, len(first_ms))
        met[:known], shaped[:known] = first_ms[:known], fits[:known]
        known = min(size, len(created_ms))
        met[:known] = np.where(met[:known] == 0, created_ms[:known], met[:known])
        stock = fitted(np.zeros(0, dtype=np.float32) if log_stock is None else log_stock, size)
        return cls(
            first_ms=met, log_price=log_prices(price_minor, size), category=category, fits=shaped, log_stock=stock
        )

    @property
    def arrays(self) -> tuple[Ints, Floats, NDArray[np.int32], Floats, Floats]:
        """As the compiled loops take them."""
        return self.first_ms, self.log_price, self.category, self.fits, self.log_stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment by the shop's clock, and where the shopper is.

    `told` (5,) are hour, weekday from 0, month, and the classes of channel and device; `columns` (5,) those of
    `Facts.fits` that belong to them.
    """

    told: Floats
    columns: NDArray[np.int64]

    @classmethod
    def of(cls, at_ms: int, offset_ms: int, context: int = UNKNOWN) -> Moment:
        """At `at_ms`, where clocks show `offset_ms` more than UTC; `context` as `context_of` gives it."""
        return _moment((at_ms + offset_ms) // HOUR_MS, context)


@lru_cache(maxsize=1024)
def _moment(local_hour: int, context: int) -> Moment:
    """The moment of all answers of one hour, counted from 1970, and of one context."""
    hour, weekday, month = (int(one[0]) for one in _calendar(np.array([local_hour * HOUR_MS])))
    channel, device = classes_of(context)
    columns = (
        hour // 4,
        HOURS + (weekday >= 5),
        HOURS + WEEKDAYS + month % 12 // 3,
        _FIRST_CHANNEL + channel,
        _FIRST_DEVICE + device,
    )
    told = np.array([hour, weekday, month, channel, device], dtype=np.float32)
    return Moment(told=told, columns=np.array(columns, dtype=np.int64))


def _calendar(local_ms: Ints) -> tuple[Ints, Ints, Ints]:
    """(n,) hours, weekdays from 0 and months of local moments."""
    days = local_ms // DAY_MS
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    return local_ms % DAY_MS // HOUR_MS, (days + EPOCH_WEEKDAY) % 7, month


def first_met(events: Interactions) -> Ints:
    """(size,) when each product was first met; 0 for never."""
    never = np.iinfo(np.int64).max
    first_ms = np.full(events.size, never, dtype=np.int64)
    np.minimum.at(first_ms, events.product, events.at_ms)
    first_ms[first_ms == never] = 0
    return first_ms


def fits_of(events: Interactions, offset_ms: int) -> Floats:
    """(size, 23) see `Facts.fits`; 0 for what nobody met, and for a channel or device that is unknown."""
    used = events.strength > 0
    product, weight = events.product[used].astype(np.int64), events.strength[used]
    hour, weekday, month = _calendar(events.at_ms[used] + offset_ms)
    by_time = [
        _fits(product, column, weight, (events.size, parts))
        for column, parts in zip((hour // 4, weekday // 5, month % 12 // 3), PARTS[:3], strict=True)
    ]
    context = np.zeros(0, dtype=np.int64) if events.context is None else events.context[used].astype(np.int64)
    by_place = []
    for classes, parts in zip(np.divmod(context, len(DEVICES)), PARTS[3:], strict=True):
        known = np.flatnonzero(classes != UNKNOWN)
        fits = _fits(product[known], classes[known], weight[known], (events.size, parts))
        fits[:, UNKNOWN] = 0.0
        by_place.append(fits)
    return np.concatenate([*by_time, *by_place], axis=1).astype(np.float32)


def _fits(product: Ints, column: Ints, weight: Floats, shape: tuple[int, int]) -> NDArray[np.float64]:
    """(size, parts) logarithm of a product's share in each part over that of all products, leaned on theirs."""
    size, parts = shape
    counts = np.bincount(product * parts + column, weights=weight, minlength=size * parts).reshape(shape)
    usual = (counts.sum(axis=0) + 1.0) / (counts.sum() + parts)
    fits: NDArray[np.float64] = np.log((counts + PRIOR * usual) / ((counts.sum(axis=1, keepdims=True) + PRIOR) * usual))
    return fits


def log_prices(price_minor: Ints, size: int) -> Floats:
    """(size,) from minor units, where below 0 is unknown."""
    return fitted(np.log1p(np.maximum(price_minor[:size], 0)), size)


def log_stocks(available: Ints) -> Floats:
    """(n,) of what is available, where below 0 is uncounted, in steps of a twelfth as a book of stock keeps them."""
    steps = np.minimum(np.round(STOCK_STEPS * np.log1p(np.maximum(available, 0))), 255)
    return (steps / STOCK_STEPS).astype(np.float32)


def fitted(values: NDArray[Any], size: int) -> Floats:
    """(size,) the first of `values`; 0 where there are fewer."""
    held = np.zeros(size, dtype=np.float32)
    known = min(size, len(values))
    held[:known] = values[:known]
    return held
