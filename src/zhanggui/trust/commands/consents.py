"""Consent and notices on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Protocol

from cyclopts import App, Parameter

from zhanggui.kernel.options import Json
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust.service.consenting.notices import Notices
from zhanggui.trust.service.consenting.separate import SeparateConsents
from zhanggui.trust.service.consents import Consents
from zhanggui.trust.types.consents import Consent
from zhanggui.trust.types.notices import NoticeVersion, PublishNotice

from .separate import separate_commands

Several = Annotated[tuple[Purpose, ...], Parameter(consume_multiple=True)]
Channels = Annotated[tuple[Channel, ...], Parameter(consume_multiple=True)]
Answer = Annotated[bool, Parameter(name="--yes", negative="--no")]


class ConsentRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def consents(self) -> Consents:
        """What people agreed to."""

    @property
    def notices(self) -> Notices:
        """What they agreed by."""

    @property
    def separate_consents(self) -> SeparateConsents:
        """What is asked of them separately."""


OpenConsents = Callable[[str], AbstractContextManager[ConsentRooms]]


def consents_commands(open_room: OpenConsents) -> App:
    """`consents show`, `set`, `notices`, `publish` and `separate`."""
    app = App(name="consents", help="What people agreed to, by purpose and channel, and the notices they agreed by.")
    _show_command(app, open_room)
    _set_command(app, open_room)
    _notices_command(app, open_room)
    _publish_command(app, open_room)
    app.command(separate_commands(open_room))
    return app


def _show_command(app: App, open_room: OpenConsents) -> None:
    @app.command
    def show(shop: str, person: str, *, visitor: bool = False, json: Json = False) -> None:
        """Show what holds for a person, and why.

        Args:
            shop: the shop's name.
            person: the customer's id.
            visitor: the id is a visitor's.
        """
        with open_room(shop) as rooms:
            found = rooms.consents.of(_number(rooms, person, visitor=visitor))
        _print(found, json=json)


def _set_command(app: App, open_room: OpenConsents) -> None:
    @app.command(name="set")
    def set_(
        shop: str,
        person: str,
        purpose: Purpose,
        *,
        yes: Answer,
        channel: Channel | None = None,
        notice: str = "",
        visitor: bool = False,
        json: Json = False,
    ) -> None:
        """Note what a person said; it holds from the next answer on.

        Args:
            shop: the shop's name.
            person: the customer's id.
            purpose: what their data may or may not be used for.
            yes: they agree; `--no`: they refuse, or take back what they said.
            channel: of this way to reach them alone.
            notice: the text that they agreed to; its newest version, or `name@2`.
            visitor: the id is a visitor's.
        """
        with open_room(shop) as rooms:
            number = _number(rooms, person, visitor=visitor)
            rooms.consents.record(number, purpose, granted=yes, actor=actor(), notice=notice, channel=channel)
            found = rooms.consents.of(number)
        _print(found, json=json)


def _notices_command(app: App, open_room: OpenConsents) -> None:
    @app.command
    def notices(shop: str, notice: str | None = None, *, json: Json = False) -> None:
        """List the versions of notices: what each grants, and whether it asked again.

        Args:
            shop: the shop's name.
            notice: only of this one.
        """
        with open_room(shop) as rooms:
            found = rooms.notices.versions(notice)
        if json:
            print_json(found)
            return
        _print_versions(found)


def _publish_command(app: App, open_room: OpenConsents) -> None:
    @app.command
    def publish(
        shop: str,
        notice: str,
        *,
        purposes: Several,
        channels: Channels = (),
        text: Path | None = None,
        changes: str = "",
        language: str = "zh",
        asks_again: bool = False,
    ) -> None:
        """Publish the next version of a notice; what people agreed to before stays as it was.

        Args:
            shop: the shop's name.
            notice: its name.
            purposes: what agreeing to it grants.
            channels: the ways by which it asks to write; none: it says nothing of them.
            text: a file with the words.
            changes: what is different from the version before, in a sentence.
            language: of the words.
            asks_again: agreements to older versions count no more.
        """
        words = {} if text is None else {language: text.read_text(encoding="utf-8")}
        told = {language: changes} if changes else {}
        draft = PublishNotice(purposes=purposes, channels=channels, texts=words, changes=told, asks_again=asks_again)
        with open_room(shop) as rooms:
            version = rooms.notices.publish(notice, draft, actor())
        print(f"{version.notice}@{version.version}")


def _number(rooms: ConsentRooms, id_: str, *, visitor: bool) -> int:
    return rooms.consents.person(visitor_id=id_) if visitor else rooms.consents.person(customer_id=id_)


def _print(found: tuple[Consent, ...], *, json: bool) -> None:
    if json:
        print_json(found)
        return
    rows = []
    for one in found:
        why = "asks again" if one.is_outdated else ("said" if one.is_recorded else "by default")
        rows.append((one.purpose.value, _word(is_granted=one.is_granted), why, one.notice, one.at))
        rows += [
            (
                f"  by {way.channel.value}",
                _word(is_granted=way.is_granted),
                "said" if way.is_recorded else "",
                "",
                way.at,
            )
            for way in one.channels
        ]
    print_table(("purpose", "allowed", "why", "notice", "at"), rows)


def _print_versions(found: Sequence[NoticeVersion]) -> None:
    rows = [_version_row(one) for one in found]
    print_table(("notice", "version", "at", "purposes", "channels", "asks again", "changes"), rows)


def _version_row(one: NoticeVersion) -> tuple[object, ...]:
    changes = next(iter(one.changes.values()), "")
    purposes, channels = ", ".join(one.purposes), ", ".join(one.channels)
    return (one.notice, one.version, one.at, purposes, channels, "yes" if one.asks_again else "", changes)


def _word(*, is_granted: bool) -> str:
    return "yes" if is_granted else "no"
