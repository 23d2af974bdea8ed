"""What aims bring: lists over time, how narrow people's lists are, and what each place of the slider costs."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.jobs import JobState

from .floors import FloorCheck


class ExposureDay(msgspec.Struct, frozen=True, kw_only=True):
    """What the lists of one day of the shop were like.

    Attributes:
        day: in the shop's zone.
        lists: that were served.
        entropy: of the categories of all places, in bits.
        novelty: mean of -log2(share of people who wanted the product), in bits.
        new_sellers: share of the places with products of sellers who came within 90 days.
        gini: how unevenly the products that can be bought were shown: 0 all alike, near 1 a few only.
        shown: share of the products that can be bought which stood in any list.
    """

    day: str
    lists: int
    entropy: float
    novelty: float
    new_sellers: float
    gini: float
    shown: float


class BubbleBin(msgspec.Struct, frozen=True, kw_only=True):
    """How many people's lists are so narrow: from `low` until before `high`. None: fewer than five, not told."""

    low: float
    high: float
    people: int | None


class BubbleWeek(msgspec.Struct, frozen=True, kw_only=True):
    """How narrow the lists of a week were, of people with lists on two of its days or more.

    Attributes:
        since: its first day, in the shop's zone.
        people: who were counted; weeks of fewer than five are not told.
        median: bubble of the person in the middle.
        ninth: nine of ten people have a smaller one.
    """

    since: str
    people: int
    median: float
    ninth: float


class ExposureReport(msgspec.Struct, frozen=True, kw_only=True):
    """The last 35 days of served lists.

    A person's bubble is 1 - entropy of the categories they were shown over that of all categories alike: 0 everything,
    1 one category only. It is counted for people with lists on two days or more; `uncounted` lists are of those who may
    not be counted, and days with lists for fewer than five people are left out. `at_ms` is when it was counted;
    `weeks` tells the same bubble week by week, the oldest first; `floors` holds lists against the floors that stand.
    """

    days: tuple[ExposureDay, ...]
    bubbles: tuple[BubbleBin, ...]
    people: int
    median_bubble: float | None
    uncounted: int
    at_ms: int = 0
    weeks: tuple[BubbleWeek, ...] = ()
    floors: tuple[FloorCheck, ...] = ()


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class TradeOffRow(msgspec.Struct, frozen=True, kw_only=True):
    """What lists are like with the slider at `position`, twenty places each.

    Attributes:
        position: of the slider.
        recall: share of what shoppers took next that stood in their list.
        margin: minor units earned by what they took next that stood in it, a list; None where no cost is known.
        entropy: of the categories of a list, in bits.
        new_sellers: share of the places with products of sellers who came within 90 days.
        coverage: share of the products that stood in any list.
    """

    position: float
    recall: Estimate
    margin: Estimate | None
    entropy: Estimate
    new_sellers: Estimate
    coverage: Estimate


class Measuring(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far the measurement of the slider is that was asked for last; `error` says why one ended without figures."""

    job: str
    state: JobState
    sessions_done: int = 0
    sessions_of: int = 0
    error: str = ""


class TradeOff(msgspec.Struct, frozen=True, kw_only=True):
    """The measured cost of the slider: the last sessions, foreseen with models that have not seen them."""

    at_ms: int
    model: str
    occasions: int
    rows: tuple[TradeOffRow, ...]
