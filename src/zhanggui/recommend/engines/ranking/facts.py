"""What trees know of products beside the first stage: age, price, category, and when they are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS, HOUR_MS
from zhanggui.recommend.engines.interactions import Floats, Interactions, Ints

HOURS, WEEKDAYS, SEASONS = 6, 2, 4
"""Parts of a day (of four hours), of a week (working days, its end), of a year (from December on)."""
PARTS = (HOURS, WEEKDAYS, SEASONS)
PRIOR = 20.0
"""Acts like everybody's that every product begins with: ten acts at night are not yet a habit."""
EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday; Monday is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """By product number.

    Attributes:
        first_ms: (size,) when it was first met.
        log_price: (size,) 0 for unknown.
        category: (size,) number, 0 for none.
        fits: (size, 12) how much more than others it is wanted in each of `PARTS`, end to end; logarithms.
    """

    first_ms: Ints
    log_price: Floats
    category: NDArray[np.int32]
    fits: Floats

    @classmethod
    def of(
        cls,
        first_ms: Ints,
        fits: Floats,
        *,
        price_minor: Ints,
        created_ms: Ints,
        category: NDArray[np.int32],
    ) -> Facts:
        """What behaviour said of products, (n,), beside the catalogue of now, which may hold more or fewer.

        Args:
            first_ms: 0 for what nobody met: its age is since it came into the shop.
            fits: as above.
            price_minor: below 0 for unknown.
            created_ms: when products came into the shop.
            category: (size,) by the size that is wanted.
        """
        size = len(category)
        met, shaped = np.zeros(size, dtype=np.int64), np.zeros((size, fits.shape[1]), dtype=np.float32)
        known = min(size, len(first_ms))
        met[:known], shaped[:known] = first_ms[:known], fits[:known]
        known = min(size, len(created_ms))
        met[:known] = np.where(met[:known] == 0, created_ms[:known], met[:known])
        return cls(first_ms=met, log_price=log_prices(price_minor, size), category=category, fits=shaped)

    @property
    def arrays(self) -> tuple[Ints, Floats, NDArray[np.int32], Floats]:
        """As the compiled loops take them."""
        return self.first_ms, self.log_price, self.category, self.fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment by the shop's clock: (3,) hour, weekday from 0, month; and (3,) columns of `Facts.fits`."""

    told: Floats
    columns: NDArray[np.int64]

    @classmethod
    def of(cls, at_ms: int, offset_ms: int) -> Moment:
        """At `at_ms`, where clocks show `offset_ms` more than UTC."""
        return _moment((at_ms + offset_ms) // HOUR_MS)


@lru_cache(maxsize=256)
def _moment(local_hour: int) -> Moment:
    """The moment of all answers of one hour, counted from 1970."""
    hour, weekday, month = (int(one[0]) for one in _calendar(np.array([local_hour * HOUR_MS])))
    columns = (hour // 4, HOURS + (weekday >= 5), HOURS + WEEKDAYS + month % 12 // 3)
    return Moment(told=np.array([hour, weekday, month], dtype=np.float32), columns=np.array(columns, dtype=np.int64))


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
    """(size, 12) see `Facts.fits`; 0 for what nobody met."""
    used = events.strength > 0
    product, weight = events.product[used].astype(np.int64), events.strength[used]
    hour, weekday, month = _calendar(events.at_ms[used] + offset_ms)
    columns, fits = (hour // 4, weekday // 5, month % 12 // 3), []
    for column, parts in zip(columns, PARTS, strict=True):
        counts = np.bincount(product * parts + column, weights=weight, minlength=events.size * parts)
        counts = counts.reshape(events.size, parts)
        usual = (counts.sum(axis=0) + 1.0) / (counts.sum() + parts)
        fits.append(np.log((counts + PRIOR * usual) / ((counts.sum(axis=1, keepdims=True) + PRIOR) * usual)))
    return np.concatenate(fits, axis=1).astype(np.float32)


def log_prices(price_minor: Ints, size: int) -> Floats:
    """(size,) from minor units, where below 0 is unknown."""
    held = np.zeros(size, dtype=np.float32)
    known = min(size, len(price_minor))
    held[:known] = np.log1p(np.maximum(price_minor[:known], 0))
    return held
