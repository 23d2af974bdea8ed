"""What stands behind the ports of audience."""

from __future__ import annotations

from typing import TypedDict

from zhanggui.audience import Audience, Shoppers

from .shop import Facts
from .trust import Promises


class Knowing(TypedDict):
    """What the shop knows of its shoppers."""

    audience: Audience


def knowing_of(facts: Facts, promises: Promises) -> Knowing:
    """The room over the shop's facts; whoever reads people asks the gate."""
    shoppers = Shoppers(people=facts["people"], gate=promises["consents"])
    return Knowing(audience=Audience(shoppers=shoppers))
