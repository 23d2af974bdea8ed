"""The places of served lists that may be counted, as flat columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.service.served_columns import ServedReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPlaces:
    """Places (n,) of lists, oldest first.

    Attributes:
        person: whose list it stood in; 0 for nobody known.
        at_ms: when.
        product: what stood there.
        lists: the list's number, from 0.
        place: in the list, from 0.
        uncounted: lists of people who may not be counted; their places are not among these.
    """

    person: Ints
    at_ms: Ints
    product: Ints
    lists: Ints
    place: Ints
    uncounted: int

    def where(self, kept: NDArray[np.bool_]) -> ServedPlaces:
        """Some of them (n,)."""
        return ServedPlaces(
            person=self.person[kept],
            at_ms=self.at_ms[kept],
            product=self.product[kept],
            lists=self.lists[kept],
            place=self.place[kept],
            uncounted=self.uncounted,
        )

    @property
    def people(self) -> int:
        """How many people's they are; each list of a stranger counts as one."""
        known = self.person > 0
        return len(np.unique(self.person[known])) + len(np.unique(self.lists[~known]))


def places_between(reader: ServedReader, since_ms: int, until_ms: int) -> ServedPlaces:
    """The places of lists of a span that may be counted for analytics."""
    held = reader.between(since_ms, until_ms, Purpose.ANALYTICS)
    counted = (held.person == 0) | held.is_allowed  # a stranger's list tells of nobody
    ends = np.cumsum(held.length)
    every = ServedPlaces(
        person=np.repeat(held.person, held.length),
        at_ms=np.repeat(held.at_ms, held.length),
        product=held.product,
        lists=np.repeat(np.arange(len(held.person)), held.length),
        place=np.arange(len(held.product)) - np.repeat(ends - held.length, held.length),
        uncounted=int((~counted).sum()),
    )
    return every.where(np.repeat(counted, held.length))
