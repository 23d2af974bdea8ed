"""What served lists showed over the last weeks, as aggregates: nobody's own lists leave this module."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS, from_ms, to_ms
from zhanggui.kernel.lately import Lately
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.recommend.engines.aims.exposure import Wares, bubbles_of, exposure_of, rarity_of
from zhanggui.recommend.engines.interactions import Ints, gather
from zhanggui.recommend.ports import PastBehaviour, ServedHistory
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.ordering import NEW_SELLER_MS, sellers_since
from zhanggui.recommend.service.served_columns import ServedReader
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.strengths import STRENGTH
from zhanggui.recommend.tables import settings as setting_tables
from zhanggui.recommend.types.watching import BubbleBin, BubbleWeek, ExposureDay, ExposureReport

from .floor_check import FloorChecking
from .floored import standing_floors
from .served_places import ServedPlaces, places_between

DAYS = 35
KEPT_MS = 600_000
"""An answer is kept for so long in a process: it reads 35 days."""
FEWEST = 5
"""People below which nothing is told of a group."""
BINS = 10
COLUMNS = ("person", "product", "kind")
NAME = "exposure"
_decode = msgspec.json.Decoder(ExposureReport)


class Watch:
    """Looks back over 35 days of served lists.

    Args:
        serving: of the shop: its catalogue and clock.
        zone: whose days count.
        history: behaviour that may be counted.
        served: the log of served lists.
        gate: says whose lists may be counted.
    """

    def __init__(
        self,
        *,
        serving: Serving,
        zone: tzinfo,
        history: PastBehaviour,
        served: ServedHistory,
        gate: ConsentGate,
    ) -> None:
        self._zone = zone
        self._serving, self._history = serving, history
        self._reader = ServedReader(db=serving.db, served=served, gate=gate)
        self._lately: Lately[ExposureReport] = Lately(KEPT_MS)

    def report(self) -> ExposureReport:
        """The last 35 days, at most ten minutes old."""
        now_ms = to_ms(self._serving.clock())
        return self._lately.get(now_ms, lambda: self._looked(now_ms)).value

    def kept(self) -> ExposureReport:
        """What was counted last, whenever that was: for pages, which do not wait. Counted now where it never was."""
        with self._serving.db.read() as db:
            held = setting_tables.setting(db, NAME)
        return self.count() if held is None else _decode.decode(held)

    def count(self) -> ExposureReport:
        """Count the last 35 days now, and keep what came of it for all processes; aggregates of five people or more."""
        found = self.report()
        self._serving.db.write(lambda db: setting_tables.put_setting(db, NAME, msgspec.json.encode(found)))
        return found

    def _looked(self, now_ms: int) -> ExposureReport:
        with self._serving.db.read() as db:
            snapshot = self._serving.state.snapshot(db, now_ms)
            floors = standing_floors(db)
        midnight = self._midnight(now_ms)
        every = places_between(self._reader, to_ms(midnight - timedelta(days=DAYS)), now_ms)
        places = every.where(every.product < len(snapshot.category))
        person, at_ms, product = places.person, places.at_ms, places.product
        wares = self._wares(snapshot, now_ms)
        kinds = len(np.unique(wares.category[wares.category > 0]))
        narrow = _bubbles(person, at_ms, wares.category[product], kinds)
        checking = FloorChecking(snapshot=snapshot, places=places, midnight=midnight, days=DAYS, fewest=FEWEST)
        return ExposureReport(
            days=tuple(self._days(places, wares, midnight)),
            bubbles=tuple(_bins(narrow)),
            people=len(narrow) if len(narrow) >= FEWEST else 0,
            median_bubble=round(float(np.median(narrow)), 4) if len(narrow) >= FEWEST else None,
            uncounted=places.uncounted,
            at_ms=now_ms,
            weeks=tuple(self._weeks(person, at_ms, wares.category[product], kinds, midnight)),
            floors=tuple(checking.check(decided) for rule, decided in floors if rule.is_on),
        )

    def _midnight(self, now_ms: int) -> datetime:
        return from_ms(now_ms).astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def _wares(self, snapshot: Snapshot, now_ms: int) -> Wares:
        size = len(snapshot.category)
        since = from_ms(now_ms) - timedelta(days=DAYS)
        batches = (
            tuple(batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64) for name in COLUMNS)
            for batch in self._history.history(Purpose.ANALYTICS, since)
        )
        person, product, kind = gather(batches, len(COLUMNS))
        wanted = (STRENGTH[np.clip(kind, 0, len(STRENGTH) - 1)] > 0) & (product > 0) & (product < size)
        pairs = np.unique(np.stack([person[wanted], product[wanted]]), axis=1)
        wanted_by = np.bincount(pairs[1], minlength=size)
        return Wares(
            category=snapshot.category,
            seller_ms=sellers_since(snapshot),
            rarity=rarity_of(wanted_by, len(np.unique(pairs[0]))),
            is_sellable=~snapshot.blocked,
        )

    def _weeks(
        self, person: Ints, at_ms: Ints, category: NDArray[np.int32], kinds: int, midnight: datetime
    ) -> Iterator[BubbleWeek]:
        """The last whole weeks, seven days each back from last midnight, with five people or more."""
        for back in range(DAYS // 7 * 7, 0, -7):
            since = midnight - timedelta(days=back)
            of = (at_ms >= to_ms(since)) & (at_ms < to_ms(since + timedelta(days=7)))
            narrow = _bubbles(person[of], at_ms[of], category[of], kinds)
            if len(narrow) >= FEWEST:
                median, ninth = (round(float(one), 4) for one in np.quantile(narrow, (0.5, 0.9)))
                yield BubbleWeek(since=since.date().isoformat(), people=len(narrow), median=median, ninth=ninth)

    def _days(self, places: ServedPlaces, wares: Wares, midnight: datetime) -> Iterator[ExposureDay]:
        """The whole days in the shop's zone on which at least five people were shown something."""
        for back in range(DAYS - 1, 0, -1):
            first, last = (to_ms(midnight - timedelta(days=back - n)) for n in (0, 1))
            day = places.where((places.at_ms >= first) & (places.at_ms < last))
            if day.people < FEWEST:
                continue
            seen = exposure_of(day.product, day.at_ms, wares, NEW_SELLER_MS)
            yield ExposureDay(
                day=(midnight - timedelta(days=back)).date().isoformat(),
                lists=len(np.unique(day.lists)),
                entropy=round(seen.entropy, 4),
                novelty=round(seen.novelty, 4),
                new_sellers=round(seen.new_sellers, 4),
                gini=round(seen.gini, 4),
                shown=round(seen.shown, 4),
            )


def _bubbles(person: Ints, at_ms: Ints, category: NDArray[np.int32], kinds: int) -> NDArray[np.float64]:
    """Of people who were shown lists on two days or more."""
    known = person > 0
    days = np.unique(np.stack([person[known], at_ms[known] // DAY_MS]), axis=1)
    numbers, count = np.unique(days[0], return_counts=True)
    of = np.isin(person, numbers[count >= 2])
    return bubbles_of(person[of], category[of], kinds)


def _bins(narrow: NDArray[np.float64]) -> Iterator[BubbleBin]:
    """Ten of equal width; groups of fewer than five are not told, unless nobody is in them."""
    counts = np.bincount(np.minimum((narrow * BINS).astype(np.int64), BINS - 1), minlength=BINS).tolist()
    for place, people in enumerate(counts):
        is_told = people == 0 or people >= FEWEST
        yield BubbleBin(low=place / BINS, high=(place + 1) / BINS, people=people if is_told else None)
