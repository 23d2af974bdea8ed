"""API keys on the command line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json, print_table, say
from zhanggui.trust.service.key_acts import KeyActs
from zhanggui.trust.types.access import CreateKey, IssuedKey, KeyKind
from zhanggui.trust.types.scopes import SCOPES

from .opening import OpenRoom, TrustRooms

Words = Annotated[tuple[str, ...], Parameter(consume_multiple=True)]
Scopes = Annotated[
    tuple[str, ...],
    Parameter(
        consume_multiple=True,
        help=f"what it may do, of: {', '.join(SCOPES)}; room:* for a whole room, * for everything",
    ),
]


def commands(open_room: OpenRoom) -> App:
    """`keys create`, `rotate`, `revoke` and `list`."""
    app = App(name="keys", help="Who may call a shop's API.")
    _create_command(app, open_room)
    _change_commands(app, open_room)
    _list_command(app, open_room)
    return app


def _create_command(app: App, open_room: OpenRoom) -> None:
    @app.command
    def create(
        shop: str,
        name: str,
        *,
        scopes: Scopes = (),
        publishable: Annotated[bool, Parameter(negative="")] = False,
        origins: Words = (),
        expires_at: datetime | None = None,
        json: Json = False,
    ) -> None:
        """Make a key; its secret is shown this once, on stdout.

        Args:
            shop: the shop's name.
            name: what it is for.
            publishable: for public JavaScript: it posts events, reads and says "show me less" for its visitor alone.
            origins: pages that may use a publishable key.
            expires_at: when it ends.
        """
        kind: KeyKind = "publishable" if publishable else "service"
        fields = {"name": name, "kind": kind, "scopes": scopes, "origins": origins}
        try:
            wanted = msgspec.convert(fields, CreateKey)
        except msgspec.ValidationError as error:
            hint = "Scopes are written shop:read, origins https://shop.example."
            raise InvalidInput(f"The key cannot be made: {error}.", hint=hint) from error
        moment = expires_at if expires_at is None or expires_at.tzinfo is not None else expires_at.astimezone()
        with open_room(shop) as rooms:
            _print(_acts(rooms, shop).create(msgspec.structs.replace(wanted, expires_at=moment)), json=json)


def _change_commands(app: App, open_room: OpenRoom) -> None:
    @app.command
    def rotate(shop: str, key: str, *, overlap_h: float = 24, json: Json = False) -> None:
        """Make a key that may do the same; the old one goes on for a while.

        Args:
            shop: the shop's name.
            key: the id of the old key.
            overlap_h: hours that the old key goes on.
        """
        with open_room(shop) as rooms:
            _print(_acts(rooms, shop).rotate(key, overlap=timedelta(hours=overlap_h)), json=json)

    @app.command
    def revoke(shop: str, key: str) -> None:
        """End a key and all tokens it minted, from the next request on."""
        with open_room(shop) as rooms:
            _acts(rooms, shop).revoke(key)
        print(f"Key {key} is revoked.")


def _list_command(app: App, open_room: OpenRoom) -> None:
    @app.command(name="list")
    def list_(shop: str, *, json: Json = False) -> None:
        """List a shop's keys, oldest first."""
        with open_room(shop) as rooms:
            found = rooms.keys.list(shop)
        if json:
            print_json(found)
            return
        rows = (
            (key.id, key.name, key.kind, " ".join(key.scopes), key.last_used_at, key.expires_at, key.revoked_at)
            for key in found
        )
        print_table(("id", "name", "kind", "scopes", "last used", "expires", "revoked"), rows)


def _acts(rooms: TrustRooms, shop: str) -> KeyActs:
    return KeyActs(keys=rooms.keys, ledger=rooms.ledger, shop=shop, actor=actor())


def _print(issued: IssuedKey, *, json: bool) -> None:
    if json:
        print_json(issued)
        return
    print(issued.secret)
    say(f"Key {issued.key.id}: this is the only time that its secret is shown.")
