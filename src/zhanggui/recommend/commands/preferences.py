"""What shoppers want less of, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated, Protocol

from cyclopts import App, Parameter, validators

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, print_json_lines, print_table
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.preferences import Preference, ShowLess


class PreferenceRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def recommend(self) -> Recommender:
        """The room."""


Strength = Annotated[float, Parameter(validator=validators.Number(gt=0, lte=20))]
OpenPreferences = Callable[[str], AbstractContextManager[PreferenceRooms]]


def preference_commands(open_room: OpenPreferences) -> App:
    """`recommend less add`, `list` and `undo`."""
    app = App(name="less", help="What a shopper wants to see less of.")
    _add_command(app, open_room)
    _kept_commands(app, open_room)
    return app


def _add_command(app: App, open_room: OpenPreferences) -> None:
    """`add`."""

    @app.command
    def add(
        shop: str,
        product: str,
        *,
        customer: str | None = None,
        visitor: str | None = None,
        chip: list[str] | None = None,
        strength: Strength = 3.0,
    ) -> None:
        """Show a shopper less like a product, as they asked: it goes, and what shares its chips is lowered.

        Args:
            shop: the shop's name.
            product: the id of a product.
            customer: the id of a customer.
            visitor: the id of a browser.
            chip: key of a chip to lower; may be given again. Without, the one that tells most.
            strength: how much, above 0 and at most 20.
        """
        chips = None if chip is None else tuple(chip)
        ask = ShowLess(product_id=product, customer_id=customer, visitor_id=visitor, chips=chips, strength=strength)
        with open_room(shop) as rooms:
            print_json(rooms.recommend.show_less(ask))


def _kept_commands(app: App, open_room: OpenPreferences) -> None:
    """`list` and `undo`."""

    @app.command(name="list")
    def list_(shop: str, *, customer: str | None = None, visitor: str | None = None, json: Json = False) -> None:
        """List what a shopper wants less of, the newest first.

        Args:
            shop: the shop's name.
            customer: the id of a customer.
            visitor: the id of a browser.
        """
        with open_room(shop) as rooms:
            found = rooms.recommend.preferences(customer, visitor)
        if json:
            print_json_lines(found)
            return
        print_table(("id", "product", "lowered", "strength", ""), map(_row, found))

    @app.command
    def undo(shop: str, preference: str) -> None:
        """Take it back: the next answer is what it would have been without.

        Args:
            shop: the shop's name.
            preference: its id, as `add` and `list` say it.
        """
        with open_room(shop) as rooms:
            print_json(rooms.recommend.undo_show_less(preference))


def _row(one: Preference) -> tuple[object, ...]:
    chosen = ", ".join(chip.key for chip in one.chips if chip.is_chosen)
    return one.id, one.product_id, chosen, one.strength, "taken back" if one.is_undone else ""
