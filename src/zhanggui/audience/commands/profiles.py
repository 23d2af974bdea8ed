"""Profiles on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from cyclopts import App

from zhanggui.audience.service.audience import Audience
from zhanggui.audience.types.profiles import Interest, Profile, Tag
from zhanggui.audience.words.profiles import meaning
from zhanggui.kernel.options import Json, Shown
from zhanggui.kernel.terminal import print_json, print_table


class AudienceRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def audience(self) -> Audience:
        """The room."""


OpenAudience = Callable[[str], AbstractContextManager[AudienceRooms]]


def add_profile_commands(app: App, open_room: OpenAudience) -> None:
    """`audience profile`, `fold` and `rebuild`."""
    _telling(app, open_room)
    _counting(app, open_room)


def _telling(app: App, open_room: OpenAudience) -> None:
    @app.command
    def profile(
        shop: str,
        id: str,  # noqa: A002  (what the reader of the help types)
        *,
        visitor: bool = False,
        taste: bool = False,
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Show what the shop may know of a shopper now, and on what it rests.

        Args:
            shop: the shop's name.
            id: of a customer.
            visitor: the id is a browser's.
            taste: with the taste vector (JSON only).
            language: zh or en.
        """
        who = (None, id) if visitor else (id, None)
        with open_room(shop) as rooms:
            told = rooms.audience.profiles.of(*who, language=language, with_taste=taste)
        print_json(told) if json else _show(told, language)


def _counting(app: App, open_room: OpenAudience) -> None:
    @app.command
    def fold(shop: str) -> None:
        """Fold what people did into their profiles now; the jobs do so every quarter of an hour.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            done = rooms.audience.keeping.catch_up()
        print(f"{done.events} events of {done.persons} persons folded, {done.dropped} profiles dropped.")

    @app.command
    def rebuild(shop: str) -> None:
        """Reckon all profiles anew from the whole log, the archive too.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            done = rooms.audience.keeping.rebuild()
        print(f"{done.events} events of {done.persons} persons folded, {done.dropped} profiles dropped.")


def _show(told: Profile, language: str) -> None:
    days = f"{told.stage.idle_days:.0f} d idle, usually {told.stage.usual_days:.0f} d apart"
    print(f"{told.stage.name} · {told.stage.orders} orders · {days}")
    print_table(("tag", "", "strength", "since", "last"), (_tag(tag, language) for tag in told.tags), title="tags")
    likes = map(_interest, (*told.interests, *told.avoided))
    print_table(("level", "interest", "strength", "share", "acts", "last"), likes, title="interests")


def _tag(tag: Tag, language: str) -> tuple[str, ...]:
    why = meaning(tag.code, tag.evidence.hits, tag.evidence.total, tag.about, language)
    return tag.name, why, f"{tag.strength:.2f}", f"{tag.since:%Y-%m-%d}", f"{tag.last:%Y-%m-%d}"


def _interest(one: Interest) -> tuple[str, ...]:
    acts = f"{one.views}/{one.carts}/{one.purchases}"
    return one.level, one.value, f"{one.strength:.2f}", f"{one.share:.0%}", acts, f"{one.last:%Y-%m-%d}"
