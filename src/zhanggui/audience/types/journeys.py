"""How customers stay, month by month, and how they move between stages."""

from __future__ import annotations

import msgspec

from .profiles import StageCode


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """Who bought first in one month.

    Attributes:
        month: ISO 8601, such as 2026-03.
        people: how many they are; None below the floor, and then `kept` is empty.
        kept: of them, by months since, how many bought again in that month; the first is all of them.
    """

    month: str
    people: int | None
    kept: tuple[int | None, ...] = ()


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """From a stage at the end of one month to a stage at the end of the next; None: no customer yet.

    `people` is None below the floor.
    """

    before: StageCode | None
    after: StageCode
    people: int | None


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """All moves between the ends of two months, by their first days after: empty moves are left out."""

    since: str
    until: str
    moves: tuple[Move, ...]
