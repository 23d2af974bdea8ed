"""Segments on the command line."""

from __future__ import annotations

from collections.abc import Callable

from cyclopts import App

from zhanggui.audience.service.audience import Audience
from zhanggui.audience.service.learned.desk import LearnedDesk
from zhanggui.audience.service.segments.segments import Segments
from zhanggui.audience.types.segments import Count, NewSegment
from zhanggui.kernel.options import Json
from zhanggui.kernel.privacy import Channel
from zhanggui.kernel.terminal import actor, print_json, print_table

from .profiles import OpenAudience


def add_segment_commands(app: App, open_room: OpenAudience) -> None:
    """`audience segments list`, `count`, `sizes`, `overlaps`, `add`, `people` and `drop`."""
    segments = App(name="segments", help="Groups of customers by rules over their live profiles.")
    app.command(segments)
    _listing(segments, open_room)
    _telling(segments, open_room)
    _over_time(segments, open_room)
    add_people_command(segments, open_room, lambda audience: audience.segments)
    _keeping(segments, open_room)


def _listing(app: App, open_room: OpenAudience) -> None:
    @app.command(name="list")
    def all_(shop: str, *, json: Json = False) -> None:
        """Show all segments.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            found = rooms.audience.segments.all()
        if json:
            print_json(found)
            return
        print_table(("id", "name", "rule"), ((one.id, one.name, one.rule) for one in found))


def _telling(app: App, open_room: OpenAudience) -> None:
    @app.command
    def count(shop: str, rule: str, *, json: Json = False) -> None:
        """Count whom a rule means now; fewer than ten are not told.

        Args:
            shop: the shop's name.
            rule: such as `stage in (at_risk, dormant) and orders >= 3`.
        """
        with open_room(shop) as rooms:
            segments = rooms.audience.segments
            found = segments.count(rule)
        print_json(found) if json else print(said(found, segments.floor))


def _over_time(app: App, open_room: OpenAudience) -> None:
    @app.command
    def sizes(shop: str, id: str, *, json: Json = False) -> None:  # noqa: A002
        """Show how large a segment was day by day, as the job counted it; fewer than ten are not told.

        Args:
            shop: the shop's name.
            id: of the segment.
        """
        with open_room(shop) as rooms:
            segments = rooms.audience.segments
            found, few = segments.sizes(id), f"fewer than {segments.floor}"
        if json:
            print_json(found)
            return
        print_table(("day", "people"), ((one.day, few if one.people is None else one.people) for one in found))

    @app.command
    def overlaps(shop: str, *, json: Json = False) -> None:
        """Show for any two segments how many customers are in both now; fewer than ten are not told.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            segments = rooms.audience.segments
            found, few = segments.overlaps(), f"fewer than {segments.floor}"
        if json:
            print_json(found)
            return
        rows = ((one.first, one.second, few if one.people is None else one.people) for one in found)
        print_table(("first", "second", "people in both"), rows)


def _keeping(app: App, open_room: OpenAudience) -> None:
    @app.command
    def add(shop: str, name: str, rule: str) -> None:
        """Keep a rule as a segment; prints its id.

        Args:
            shop: the shop's name.
            name: of the segment.
            rule: whom it means.
        """
        with open_room(shop) as rooms:
            print(rooms.audience.segments.add(NewSegment(name=name, rule=rule), actor()).id)

    @app.command
    def drop(shop: str, id: str) -> None:  # noqa: A002
        """Delete a segment; nobody in it is touched.

        Args:
            shop: the shop's name.
            id: of the segment.
        """
        with open_room(shop) as rooms:
            rooms.audience.segments.drop(id, actor())


def add_people_command(app: App, open_room: OpenAudience, of: Callable[[Audience], Segments | LearnedDesk]) -> None:
    """`people`, of segments by rule and of learned ones alike."""

    @app.command
    def people(
        shop: str,
        id: str,  # noqa: A002
        *,
        for_messages: bool = False,
        channel: Channel | None = None,
        limit: int = 200,
    ) -> None:
        """Show who is in a segment at this moment, an id a line.

        Args:
            shop: the shop's name.
            id: of the segment.
            for_messages: only who may be written to by any channel.
            channel: only who may be written to by this one.
            limit: at most so many.
        """
        with open_room(shop) as rooms:
            page = of(rooms.audience).people(id, limit=limit, for_messages=for_messages, channel=channel)
        for one in page.items:
            print(one.customer_id)


def said(found: Count, floor: int) -> str:
    """A count as a line."""
    few = f"fewer than {floor}"
    people = few if found.people is None else str(found.people)
    reachable = few if found.reachable is None else str(found.reachable)
    sample = " (a sample)" if found.is_sample else ""
    return f"{people} of {found.of} customers{sample}; {reachable} of them may be written to."
