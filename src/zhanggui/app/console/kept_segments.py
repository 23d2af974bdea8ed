"""The table of kept segments: each with its rule in words and how large it was when it was last counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhanggui.app.web.tables import Column, TableAsk
from zhanggui.audience.types.segments import Count, Segment
from zhanggui.kernel.words import N_

from .group_words import people_words
from .rule_form import rule_words
from .shell import Console


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """One row: `words` say the rule, `people` the last count ("" before the first); `size` is None below the floor."""

    segment: Segment
    words: str
    people: str
    size: int | None


SORTS: Mapping[str, Callable[[KeptSegment], Any]] = {
    "name": lambda one: one.segment.name.casefold(),
    "people": lambda one: (bool(one.people), one.size or 0),
    "created": lambda one: one.segment.created_at,
}


@dataclass(frozen=True, slots=True)
class SegmentTable:
    """The segments that fit, and what was asked for."""

    ask: TableAsk
    rows: list[KeptSegment]
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, console: Console) -> SegmentTable:
        """Of the address that is read. The rule that is tried beside stays in it."""
        desk, say = console.rooms.audience.segments, console.view._
        words, sizes = rule_words(console), desk.counted().sizes
        held = [
            KeptSegment(one, words.say(one.rule), _people(console, sizes, one.id), sizes.get(one.id))
            for one in desk.all()
        ]
        ask = TableAsk.of(console.view.query, sorts=SORTS, path=f"{console.base}/segments")
        rows = ask.arranged(held, SORTS, lambda one: (one.segment.name, one.segment.rule, one.words))
        columns = (
            Column("name", say(N_("Segment"))),
            Column("people", say(N_("Customers")), is_number=True),
            Column("created", say(N_("Kept since")), is_wide=True),
        )
        return cls(ask, rows, columns)


def _people(console: Console, sizes: Mapping[str, int | None], id_: str) -> str:
    return people_words(console.view, sizes[id_], console.rooms.audience.segments.floor) if id_ in sizes else ""


def counted_words(console: Console, count: Count) -> str:
    """How many are in a segment, in words."""
    say, f, floor = console.view._, console.view.formats, console.rooms.audience.segments.floor
    whole = N_("%(people)s of %(of)s customers; %(reachable)s of them may be written to.")
    sample = N_("%(people)s of a sample of %(of)s customers; %(reachable)s of them may be written to.")
    return say(sample if count.is_sample else whole) % {
        "people": people_words(console.view, count.people, floor),
        "of": f.number(count.of),
        "reachable": people_words(console.view, count.reachable, floor),
    }
