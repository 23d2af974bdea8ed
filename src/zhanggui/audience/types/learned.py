"""Segments that were learned from how people shop: their names, their portraits, and on what they rest."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from zhanggui.kernel.datasheets import Datasheet

from .segments import Count

TraitKind = Literal["category", "tag", "stage", "unbought", "hours", "weekend", "price", "order"]
FigureName = Literal["orders", "spent_minor", "order_minor", "idle_days"]


class Lifted(msgspec.Struct, frozen=True, kw_only=True):
    """How common something is in a segment, beside everybody.

    Attributes:
        kind: what kind of thing it is.
        key: of an interest its key, of a tag, a stage or a part of the day its code.
        text: in words; of an interest the merchant's own.
        people: of the segment, who have it.
        share: of the segment, in [0, 1].
        of_all: of everybody who was learned from.
        lift: how many times as common as among everybody.
        low, high: of the lift, by the 90% interval of the share (Wilson).
    """

    kind: TraitKind
    key: str
    text: str = ""
    people: int
    share: float
    of_all: float
    lift: float
    low: float
    high: float


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A mean of a segment, with its 90% interval and everybody's mean; three digits, so that it is nobody's own."""

    name: FigureName
    mean: float
    low: float
    high: float
    of_all: float


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a whole: of the day, the week or the life cycle. None below the floor."""

    key: str
    text: str = ""
    share: float | None
    of_all: float


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A product that many of a segment like, as evidence."""

    product_id: str
    title: str
    people: int
    lift: float


class Portrait(msgspec.Struct, frozen=True, kw_only=True):
    """What a segment was when it was learned; aggregates alone, none of fewer people than the floor.

    Attributes:
        people: in it, of those who were learned from.
        share: of them.
        figures: orders, money and silence, as means.
        categories: favourite ones, the most telling first.
        common: what tells the segment apart, the most telling first, categories too.
        stages: of the life cycle.
        hours: parts of the day.
        weekend: share of acts at weekends.
        weekend_of_all: everybody's.
        examples: products that many of them like.
    """

    people: int
    share: float
    figures: tuple[Figure, ...]
    categories: tuple[Lifted, ...]
    common: tuple[Lifted, ...]
    stages: tuple[Part, ...]
    hours: tuple[Part, ...]
    weekend: float
    weekend_of_all: float
    examples: tuple[Example, ...]


class LearnedSegment(msgspec.Struct, frozen=True, kw_only=True):
    """A learned segment: its identity stays through re-learning while its middle does.

    Attributes:
        id: of the segment.
        name: in words, composed from what tells it apart.
        since: when it was first learned.
        portrait: as of the learning.
        count: of this moment, where it was asked for.
    """

    id: str
    name: str
    since: datetime
    portrait: Portrait
    count: Count | None = None


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """One number of groups that was tried.

    Attributes:
        groups: how many were left after those below the floor were merged.
        silhouette: mean silhouette, in [-1, 1]: how much nearer people are to their own group than to the next.
        stability: mean adjusted Rand index of groups learned from bootstrap samples against these, at most 1.
    """

    groups: int
    silhouette: float
    stability: float


class LearnedCard(msgspec.Struct, frozen=True, kw_only=True):
    """One learning: from whom, how well, and whether it serves.

    Attributes:
        state: `current` serves, `kept` served before, `refused` never did.
        reason: why it was refused: `few`, `loose`, `unstable`, `worse`, or `data:` with the gate's check.
        people: who were learned from.
        tried: all numbers of groups that were looked at.
        groups, silhouette, stability: of the one that was chosen; 0 where none was.
        matched: segments that keep their identity from the version before.
    """

    id: str
    state: Literal["current", "kept", "refused"]
    reason: str = ""
    at: datetime
    people: int
    seed: int
    tried: tuple[Tried, ...] = ()
    groups: int = 0
    silhouette: float = 0.0
    stability: float = 0.0
    matched: int = 0
    seconds: float = 0.0
    libraries: dict[str, str] = {}
    datasheet: Datasheet | None = None


class LearnedSegments(msgspec.Struct, frozen=True, kw_only=True):
    """All learned segments, the largest first; the learning that they come from, and the last one that was tried."""

    segments: tuple[LearnedSegment, ...]
    serving: LearnedCard | None
    last: LearnedCard | None
