"""Learned segments on the command line."""

from __future__ import annotations

from cyclopts import App

from zhanggui.audience.jobs.segments import request_counting
from zhanggui.audience.types.learned import Lifted, Portrait
from zhanggui.audience.words.learned import FIGURES, reason_text
from zhanggui.kernel.options import Json, Quiet, Shown
from zhanggui.kernel.terminal import Bars, print_json, print_table

from .profiles import OpenAudience
from .segments import add_people_command, said


def add_learned_commands(app: App, open_room: OpenAudience) -> None:
    """`audience learned learn`, `list`, `show` and `people`."""
    learned = App(name="learned", help="Segments that are learned from how customers shop.")
    app.command(learned)
    _learning(learned, open_room)
    _telling(learned, open_room)
    add_people_command(learned, open_room, lambda audience: audience.learned)


def _learning(app: App, open_room: OpenAudience) -> None:
    @app.command
    def learn(shop: str, *, seed: int = 0, language: Shown = "zh", quiet: Quiet = False, json: Json = False) -> int:
        """Learn the segments anew; they serve when they are sound and no worse. Exit code 3 when they do not.

        Args:
            shop: the shop's name.
            seed: equal seeds and facts give equal segments.
            language: zh or en.
        """
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            card = rooms.audience.learned.learning.learn(seed, bars.begin("learning"))
            if card.state == "current":
                request_counting(rooms.audience.learned.db)  # the sizes are those of the groups before
        if json:
            print_json(card)
        else:
            shown = f"{card.groups} segments of {card.people} customers in {card.seconds:.1f} s; "
            judged = f"silhouette {card.silhouette:.2f}, stability {card.stability:.2f}, {card.matched} as before."
            print(shown + judged if card.state == "current" else reason_text(card.reason, language))
        return 0 if card.state == "current" else 3

    @app.command(name="list")
    def all_(shop: str, *, language: Shown = "zh", json: Json = False) -> None:
        """Show the learned segments.

        Args:
            shop: the shop's name.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            found = rooms.audience.learned.all(language)
        if json:
            print_json(found)
            return
        rows = ((one.id, one.name, one.portrait.people, f"{one.portrait.share:.0%}") for one in found.segments)
        print_table(("id", "name", "customers", "share"), rows)


def _telling(app: App, open_room: OpenAudience) -> None:
    @app.command
    def show(shop: str, id: str, *, language: Shown = "zh", json: Json = False) -> None:  # noqa: A002
        """Show the portrait of a learned segment, and how many are in it now.

        Args:
            shop: the shop's name.
            id: of the segment.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            desk = rooms.audience.learned
            found = desk.get(id, language)
        if json or found.count is None:
            print_json(found)
            return
        print(found.name)
        print(said(found.count, desk.counting.floor))
        _show(found.portrait)


def _show(portrait: Portrait) -> None:
    figures = ((FIGURES[one.name], one.mean, f"{one.low} to {one.high}", one.of_all) for one in portrait.figures)
    print_table(("on average", "here", "in 9 of 10 cases", "everybody"), figures)
    print_table(("what tells it apart", "customers", "share", "times as common"), map(_row, portrait.common))


def _row(one: Lifted) -> tuple[str, int, str, str]:
    return one.text, one.people, f"{one.share:.0%}", f"{one.lift} ({one.low} to {one.high})"
