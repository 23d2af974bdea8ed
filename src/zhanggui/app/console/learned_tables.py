"""Tables of learned segments: all of them, what tells one apart, its parts, and how many groups were tried."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.app.web.listed import Field, Listed, figure, unseen, word
from zhanggui.app.web.tables import Column
from zhanggui.audience.types.learned import Figure, LearnedCard, LearnedSegment, Lifted, Part, Tried
from zhanggui.audience.words.learned import FIGURES, SHOWN_TRAITS
from zhanggui.kernel.words import N_

from .shell import Console

PATH = "/segments/learned"
_MONEY = frozenset({"spent_minor", "order_minor"})
_WIDE = frozenset({"order_minor", "idle_days"})


def segment_table(console: Console, segments: Sequence[LearnedSegment]) -> Listed[LearnedSegment]:
    """All learned segments, the largest first: how many they are and what they do on average."""
    say, f = console.view._, console.view.formats

    def described(one: LearnedSegment) -> str:
        traits = (f"{trait.text} {f.percent(trait.share, 0)}" for trait in one.portrait.common[:SHOWN_TRAITS])
        return "\n".join(filter(None, (one.name, " \N{MIDDLE DOT} ".join(traits))))

    fields: tuple[Field[LearnedSegment], ...] = (
        Field(Column("segment", say(N_("Segment"))), lambda one: one.name, described),
        figure(
            "customers",
            say(N_("Customers")),
            lambda one: one.portrait.people,
            lambda one: f.number(one.portrait.people),
        ),
        figure(
            "share",
            say(N_("Share")),
            lambda one: round(one.portrait.share, 4),
            lambda one: f.percent(one.portrait.share, 0),
            is_wide=True,
        ),
        *(_mean(console, name) for name in FIGURES),
        unseen("traits", lambda one: "; ".join(trait.text for trait in one.portrait.common)),
        unseen("id", lambda one: one.id),
    )
    return console.table(PATH, "segment-").listed(
        segments,
        fields,
        title=say(N_("Learned segments")),
        search=say(N_("Name or trait of a segment")),
        nothing=say(N_("None yet: the segments are learned once a week, as soon as enough customers allow it.")),
        file=f"{console.base}{PATH}.csv",
        words=lambda one: (one.name, *(trait.text for trait in one.portrait.common)),
    )


def _mean(console: Console, name: str) -> Field[LearnedSegment]:
    """The column of a mean; money in the file is in minor units, as its name says."""

    def of(one: LearnedSegment) -> Figure | None:
        return next((held for held in one.portrait.figures if held.name == name), None)

    def text(one: LearnedSegment) -> str:
        held = of(one)
        return "—" if held is None else mean_words(console, name, held.mean)

    def value(one: LearnedSegment) -> float | None:
        held = of(one)
        return None if held is None else held.mean

    return figure(name, console.view._(FIGURES[name]), value, text, is_wide=name in _WIDE)  # type: ignore[index]


def mean_words(console: Console, name: str, value: float) -> str:
    """A mean as a reader writes it."""
    f = console.view.formats
    if name in _MONEY:
        return f.money(round(value), is_whole=True)
    return f.number(value, 1 if name == "orders" else 0)


def tried_table(console: Console, card: LearnedCard | None) -> Listed[Tried]:
    """How many groups were tried, how far apart they were, and how well they came again."""
    say, f = console.view._, console.view.formats
    chosen = 0 if card is None else card.groups
    fields: tuple[Field[Tried], ...] = (
        Field(
            Column("groups", say(N_("Groups"))),
            lambda one: one.groups,
            lambda one: f"{f.number(one.groups)} {say(N_('chosen')) if one.groups == chosen else ''}".strip(),
        ),
        figure("silhouette", say(N_("Apart")), lambda one: one.silhouette, lambda one: f.number(one.silhouette, 2)),
        figure("stability", say(N_("Come again")), lambda one: one.stability, lambda one: f.number(one.stability, 2)),
    )
    return console.table(PATH, "tried-").listed(
        () if card is None else card.tried,
        fields,
        title=say(N_("How many groups")),
        search=say(N_("Find a number of groups")),
        nothing=say(N_("Nothing was tried yet.")),
        file=f"{console.base}{PATH}/tried.csv",
    )


def trait_table(console: Console, segment: LearnedSegment) -> Listed[Lifted]:
    """What tells a segment apart, the most telling first."""
    say, f, path = console.view._, console.view.formats, f"{PATH}/{segment.id}"

    def lift(one: Lifted) -> str:
        between = say(N_("%(low)s to %(high)s")) % {"low": f.number(one.low, 1), "high": f.number(one.high, 1)}
        return f"{f.number(one.lift, 1)}\n{between}"

    fields: tuple[Field[Lifted], ...] = (
        word("trait", say(N_("What tells it apart")), lambda one: one.text),
        figure("here", say(N_("Here")), lambda one: round(one.share, 4), lambda one: f.percent(one.share, 0)),
        figure(
            "everybody", say(N_("Everybody")), lambda one: round(one.of_all, 4), lambda one: f.percent(one.of_all, 0)
        ),
        figure("times", say(N_("Times as common")), lambda one: round(one.lift, 2), lift),
        unseen("low", lambda one: round(one.low, 2)),
        unseen("high", lambda one: round(one.high, 2)),
    )
    return console.table(path, "trait-").listed(
        segment.portrait.common,
        fields,
        title=say(N_("What tells it apart")),
        search=say(N_("Find a trait")),
        nothing=say(N_("Nothing tells it apart from everybody.")),
        file=f"{console.base}{path}/traits.csv",
    )


def part_table(console: Console, segment: LearnedSegment, name: str) -> Listed[Part]:
    """Its stages of the life cycle, or its hours of the day: `stages`, `hours`."""
    say, f, path = console.view._, console.view.formats, f"{PATH}/{segment.id}"
    title, parts = {
        "stages": (say(N_("Stage")), segment.portrait.stages),
        "hours": (say(N_("Hours of the day")), segment.portrait.hours),
    }[name]
    fields: tuple[Field[Part], ...] = (
        Field(Column("part", title), lambda one: one.text, lambda one: one.text, lambda one: parts.index(one)),
        figure(
            "here",
            say(N_("Here")),
            lambda one: None if one.share is None else round(one.share, 4),
            lambda one: say(N_("too few to tell")) if one.share is None else f.percent(one.share, 0),
        ),
        figure(
            "everybody", say(N_("Everybody")), lambda one: round(one.of_all, 4), lambda one: f.percent(one.of_all, 0)
        ),
    )
    return console.table(path, f"{name}-").listed(
        parts,
        fields,
        title=title,
        search=say(N_("Search this table")),
        nothing=say(N_("Nothing is known of it yet.")),
        file=f"{console.base}{path}/{name}.csv",
    )
