"""What people did, as arrays: all that predictions rest on."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles, Ints


class Act(enum.IntEnum):
    """What was done, as far as predictions tell acts apart."""

    PURCHASE = 0
    BROWSE = 1
    CART = 2
    REFUND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """One row an act, in any order.

    Attributes:
        person: (n,)
        day: (n,) number of the shop's own day.
        act: (n,) of `Act`.
        product: (n,) 0 for none.
        value: (n,) of a purchase, minor units; 0 for others.
    """

    person: Ints
    day: Ints
    act: NDArray[np.int8]
    product: Ints
    value: Doubles

    def __len__(self) -> int:
        return len(self.person)

    def where(self, chosen: NDArray[np.bool_]) -> Acts:
        """The rows that are chosen (n,)."""
        return Acts(
            person=self.person[chosen],
            day=self.day[chosen],
            act=self.act[chosen],
            product=self.product[chosen],
            value=self.value[chosen],
        )

    def until(self, day: int) -> Acts:
        """What was done by the end of a day."""
        return self.where(self.day <= day)

    def of(self, act: Act) -> Acts:
        """Acts of one kind."""
        return self.where(self.act == act)


def bought_between(acts: Acts, persons: Ints, after_day: int, until_day: int) -> NDArray[np.bool_]:
    """(n,) whether each of `persons`, ascending, bought after one day and by the end of another."""
    inside = (acts.act == Act.PURCHASE) & (acts.day > after_day) & (acts.day <= until_day)
    return np.isin(persons, acts.person[inside])
