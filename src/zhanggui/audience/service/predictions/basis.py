"""What one training rests on, and the cards and arrays that it makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.engines.propensity.judging import Bin
from zhanggui.audience.types.predictions import CheckCode, DataCheck, Kind, PredictionCard, ReliabilityBin
from zhanggui.kernel.datasheets import Datasheet
from zhanggui.kernel.ids import new_id

from .reading import Past

LIBRARIES = ("numpy", "scipy", "lightgbm")
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A model that is made, and not yet on disk."""

    card: PredictionCard
    arrays: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A draft where there was enough to learn from, and what was looked at to say so."""

    draft: Draft | None
    checks: tuple[DataCheck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a training learns from: everything until the end of the last whole day.

    `present` are the cards of the models that serve, with their arrays; `sheet` is what the gate found.
    """

    past: Past
    until_day: int
    at: datetime
    seed: int
    present: Mapping[Kind, tuple[PredictionCard, Mapping[str, Any]]]
    sheet: Datasheet | None = None

    @property
    def acts(self) -> Acts:
        """All acts."""
        return self.past.acts

    @property
    def bought(self) -> Acts:
        """Purchases until the last whole day."""
        return self.past.acts.until(self.until_day).of(Act.PURCHASE)

    @property
    def days(self) -> int:
        """From the first purchase to the last whole day."""
        bought = self.bought
        return self.until_day - int(bought.day.min()) + 1 if len(bought) else 0

    def card(self, kind: Kind, *, rows: int, **more: Any) -> PredictionCard:
        """A card of this training; see `PredictionCard` for the rest."""
        first = int(self.acts.day.min()) if len(self.acts) else self.until_day
        drafted = PredictionCard(
            id=new_id(),
            kind=kind,
            state="current",
            at=self.at,
            people=self.past.people,
            rows=rows,
            from_day=day_text(first),
            until_day=day_text(self.until_day),
            until_seq=self.past.until_seq,
            seed=self.seed,
            libraries={name: version(name) for name in LIBRARIES},
            datasheet=None if self.sheet is None else msgspec.structs.replace(self.sheet, kind=kind),
        )
        return msgspec.structs.replace(drafted, **more)


def bins_of(found: Sequence[Bin]) -> tuple[ReliabilityBin, ...]:
    """Of a reliability plot."""
    return tuple(
        ReliabilityBin(people=one.people, said=one.said, came=one.came, low=one.low, high=one.high) for one in found
    )


def day_text(day: int) -> str:
    """ISO 8601 of a day's number."""
    return (EPOCH + timedelta(days=day)).isoformat()


def check(kind: Kind, code: CheckCode, needed: int, seen: int) -> DataCheck:
    """Whether there is enough."""
    return DataCheck(kind=kind, code=code, needed=needed, seen=seen, holds=seen >= needed)


def rounded(figures: Mapping[str, float]) -> dict[str, float]:
    """Six places are enough for people."""
    return {name: round(float(value), 6) for name, value in figures.items()}
