"""Separate consents on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Annotated, Protocol

import msgspec
from cyclopts import App, Parameter

from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust.service.consenting.separate import SeparateConsents
from zhanggui.trust.service.consents import Consents
from zhanggui.trust.types.separate import AskName, PublishSeparateAsk, RecordSeparate, SeparateAct, SeparateConsent

Several = Annotated[tuple[str, ...], Parameter(consume_multiple=True)]
Answer = Annotated[bool, Parameter(name="--yes", negative="--no")]


class SeparateRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def consents(self) -> Consents:
        """Who is who."""

    @property
    def separate_consents(self) -> SeparateConsents:
        """What is asked of people separately."""


OpenSeparate = Callable[[str], AbstractContextManager[SeparateRooms]]


def separate_commands(open_room: OpenSeparate) -> App:
    """`consents separate asks`, `ask`, `end`, `show` and `set`."""
    app = App(name="separate", help="Separate consents: one act each, to whom data go, are published or sent abroad.")
    _asks_command(app, open_room)
    _ask_command(app, open_room)
    _end_command(app, open_room)
    _show_command(app, open_room)
    _set_command(app, open_room)
    return app


def _asks_command(app: App, open_room: OpenSeparate) -> None:
    @app.command
    def asks(shop: str, *, json: Json = False) -> None:
        """List what is asked for, in its newest version, and how many agreed.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            found = rooms.separate_consents.asks()
        if json:
            print_json(found)
            return
        rows = [
            (
                f"{one.ask.name}@{one.ask.version}",
                one.ask.act.value,
                one.ask.receiver,
                one.ask.country,
                ", ".join(one.ask.data),
                "asked" if one.ask.is_open else "over",
                one.agreed,
            )
            for one in found
        ]
        print_table(("ask", "act", "receiver", "country", "data", "state", "agreed"), rows)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Asking:
    """What shoppers are asked.

    Attributes:
        act: what is asked for.
        data: which kinds of data.
        purpose: what for.
        receiver: who gets them, or where they are published.
        contact: how the receiver is reached.
        country: where the receiver is: two letters, CN for the mainland.
        method: how the receiver deals with them.
        effect: why sensitive data are needed, and what it means for the person.
        rights: how a person turns to a receiver abroad with their rights.
    """

    act: SeparateAct
    data: Several
    purpose: str
    receiver: str = ""
    contact: str = ""
    country: str = ""
    method: str = ""
    effect: str = ""
    rights: str = ""


def _ask_command(app: App, open_room: OpenSeparate) -> None:
    @app.command
    def ask(shop: str, name: str, *, asking: Asking) -> None:
        """Ask shoppers for a separate consent; of a name that is there, ask anew.

        Args:
            shop: the shop's name.
            name: what it is called, in small letters, figures and hyphens.
        """
        said = asdict(asking) | {"country": asking.country.upper()}
        try:
            draft, known = msgspec.convert(said, PublishSeparateAsk), msgspec.convert(name, AskName)
        except msgspec.ValidationError as error:
            hint = "Names are written tea-partner, countries CN."
            raise InvalidInput(f"The separate consent cannot be asked for: {error}.", hint=hint) from error
        with open_room(shop) as rooms:
            asked = rooms.separate_consents.publish(known, draft, actor())
        print(f"{asked.name}@{asked.version}")


def _end_command(app: App, open_room: OpenSeparate) -> None:
    @app.command
    def end(shop: str, name: str) -> None:
        """Ask no more; no yes counts from now on.

        Args:
            shop: the shop's name.
            name: what it is called.
        """
        with open_room(shop) as rooms:
            asked = rooms.separate_consents.end(name, actor())
        print(f"{asked.name}@{asked.version}")


def _show_command(app: App, open_room: OpenSeparate) -> None:
    @app.command
    def show(shop: str, person: str, *, visitor: bool = False, json: Json = False) -> None:
        """Show what a person agreed to separately.

        Args:
            shop: the shop's name.
            person: the customer's id.
            visitor: the id is a visitor's.
        """
        with open_room(shop) as rooms:
            found = rooms.separate_consents.of(_number(rooms, person, visitor=visitor))
        _print(found, json=json)


def _set_command(app: App, open_room: OpenSeparate) -> None:
    @app.command(name="set")
    def set_(
        shop: str,
        person: str,
        name: str,
        *,
        yes: Answer,
        version: int | None = None,
        visitor: bool = False,
        json: Json = False,
    ) -> None:
        """Note what a person said; the very next call to a receiver follows.

        Args:
            shop: the shop's name.
            person: the customer's id.
            name: of what is asked for.
            yes: they agree; `--no`: they refuse, or take back what they said.
            version: the version that they saw; the newest without.
            visitor: the id is a visitor's.
        """
        said = RecordSeparate(name=name, is_granted=yes, version=version)
        with open_room(shop) as rooms:
            number = _number(rooms, person, visitor=visitor)
            rooms.separate_consents.record(number, said, actor())
            found = rooms.separate_consents.of(number)
        _print(found, json=json)


def _number(rooms: SeparateRooms, id_: str, *, visitor: bool) -> int:
    return rooms.consents.person(visitor_id=id_) if visitor else rooms.consents.person(customer_id=id_)


def _print(found: tuple[SeparateConsent, ...], *, json: bool) -> None:
    if json:
        print_json(found)
        return
    rows = [
        (
            f"{one.ask.name}@{one.ask.version}",
            one.ask.act.value,
            one.ask.receiver,
            "yes" if one.is_granted else "asks again" if one.is_outdated else "no",
            one.at or "",
        )
        for one in found
    ]
    print_table(("ask", "act", "receiver", "agreed", "at"), rows)
