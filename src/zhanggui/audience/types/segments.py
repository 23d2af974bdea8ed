"""Segments of customers: by rule or learned, their sizes, who is in them, and charts of the whole shop."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from zhanggui.kernel.ids import Ulid

Origin = Literal["rule", "learned"]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]
Rule = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]


class NewSegment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A segment by rule."""

    name: Name
    rule: Rule


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many a rule means now.

    Attributes:
        people: of those who allow counting; None below the floor.
        reachable: those of them who agreed to be written to; None below the floor.
        of: everybody who was looked at.
        is_sample: whether the shop is larger than what was looked at; `people` is then of the sample.
    """

    people: int | None
    reachable: int | None
    of: int
    is_sample: bool = False


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A segment; `portrait` says in a learned one what is common to it, as facts beside everybody's."""

    id: str
    name: str
    rule: str
    origin: Origin
    author: str
    created_at: datetime
    count: Count | None = None


class DaySize(msgspec.Struct, frozen=True, kw_only=True):
    """A segment on a day of the shop; None below the floor."""

    day: str
    people: int | None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is in a segment at this moment."""

    customer_id: str


class MemberPage(msgspec.Struct, frozen=True, kw_only=True):
    """People in a segment, by number upwards; `next` goes on."""

    items: tuple[Member, ...]
    next: str | None = None


class RuleAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule that is tried."""

    rule: Rule


class Overlap(msgspec.Struct, frozen=True, kw_only=True):
    """How many are in two segments at once; None below the floor."""

    first: Ulid
    second: Ulid
    people: int | None


class OverlapTable(msgspec.Struct, frozen=True, kw_only=True):
    """What any two segments had in common when they were counted last.

    Attributes:
        day: of the count; None before the first.
        sizes: people in each that was counted; None below the floor.
        overlaps: any two, but for two learned ones, which have nobody in common.
    """

    day: str | None
    sizes: dict[str, int | None]
    overlaps: tuple[Overlap, ...]
