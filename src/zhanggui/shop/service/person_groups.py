"""Which group a customer belongs to, for figures about groups (PIPL art. 24: no unreasonable difference)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.shop.tables.bases import subjects_of
from zhanggui.shop.tables.person_groups import reduced_products, trait_rows

from .checking import allowed
from .history import History

Longs = npt.NDArray[np.int64]
TENURES = ((30, "under-30d"), (180, "30-179d"), (365, "180-364d"))
"""Days as a customer, and the label of who has been one for fewer."""
LONGEST = "365d+"
DEVICE_DAYS = 35


class _Where(msgspec.Struct, frozen=True, gc=False):
    device: str = ""


class _Told(msgspec.Struct, frozen=True, gc=False):
    """The one field of an event's extra that is looked at."""

    context: _Where = _Where()


_told = msgspec.json.Decoder(_Told).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonGroups:
    """Reads groups of those who allow the purpose.

    `device` is the class of device (desktop, phone, tablet) that most of a person's events of 35 days came from.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        gate: says whose traits may be read.
        history: behaviour, for the device.
        market: whose offers count as reduced.
    """

    db: Database
    clock: Clock
    gate: ConsentGate | None
    history: History
    market: str = "default"

    def labels(self, purpose: Purpose) -> Mapping[str, Mapping[int, str]]:
        """Kind of group (gender, age, region, tenure, device) → person → label; who has none of a kind is not in it."""
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            rows = trait_rows(db, purpose)
        may = allowed([row.person for row in rows], purpose, self.gate)
        rows = [row for row in rows if row.person in may]
        return {
            "gender": {row.person: row.gender for row in rows if row.gender},
            "age": {row.person: row.age_band for row in rows if row.age_band},
            "region": {row.person: row.province for row in rows if row.province},
            "tenure": {row.person: tenure(now_ms - row.joined_ms) for row in rows if row.joined_ms is not None},
            "device": self._devices(purpose, now_ms),
        }

    def reduced(self, db: sa.Connection, now_ms: int) -> Longs:
        """The numbers of products that are offered below their list price now."""
        return np.array(reduced_products(db, now_ms, self.market), dtype=np.int64)

    def _devices(self, purpose: Purpose, now_ms: int) -> dict[int, str]:
        seen: dict[int, Counter[str]] = {}
        for person, device in self._told_devices(purpose, now_ms):
            seen.setdefault(person, Counter())[device] += 1
        with self.db.read() as db:
            roots, _ = subjects_of(db, list(seen))
        for person in [person for person in seen if roots[person] != person]:
            seen.setdefault(roots[person], Counter()).update(seen.pop(person))
        return {person: min(counts, key=lambda name: (-counts[name], name)) for person, counts in seen.items()}

    def _told_devices(self, purpose: Purpose, now_ms: int) -> Iterator[tuple[int, str]]:
        since = from_ms(now_ms) - timedelta(days=DEVICE_DAYS)
        for batch in self.history.history(purpose, since, with_extra=True):
            for person, extra in zip(batch["person"].to_pylist(), batch["extra"].to_pylist(), strict=True):
                device = "" if extra is None else _told(extra).context.device
                if device:
                    yield person, device


def tenure(age_ms: int) -> str:
    """The label of how long somebody has been a customer."""
    return next((label for days, label in TENURES if age_ms < days * DAY_MS), LONGEST)
