"""The yearly review: figures, each with the query that made it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure.

    Attributes:
        label: a msgid; `name` is put into it where it has a place for one.
        name: what the figure is of, such as a purpose or a kind; empty for a total.
        value: as it stands in the report; a share is between 0 and 1.
        unit: `count`, `share`, `days`, `hours`; `text`: the value is a msgid.
        query: what made it: the SQL, or the door of a room and what it was asked.
        is_of_today: it is as things stand now, although the year is over: nothing tells how they stood then.
    """

    label: str
    value: float | str
    query: str
    name: str = ""
    unit: str = "count"
    is_of_today: bool = False


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One chapter: a msgid as its title, and its figures. `why_empty` is a msgid, where there is nothing to tell."""

    title: str
    figures: tuple[Figure, ...]
    why_empty: str = ""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A year of a shop: from its first moment (included) to its last (excluded), as it was known at `made_at`."""

    shop: str
    year: int
    begins: datetime
    ends: datetime
    made_at: datetime
    sections: tuple[Section, ...]
