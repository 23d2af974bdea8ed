"""Earned labels on the command line."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated, Protocol

import msgspec
from cyclopts import App, Parameter, validators
from rich.console import Console
from rich.table import Table

from zhanggui.kernel.options import Json, Shown
from zhanggui.recommend.service.labels.desk import LabelDesk
from zhanggui.recommend.service.recommender import Recommender

from .list_printing import print_list

Places = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=200))]


class LabelRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def recommend(self) -> Recommender:
        """The room."""

    @property
    def label_desk(self) -> LabelDesk:
        """The labels."""


OpenLabels = Callable[[str], AbstractContextManager[LabelRooms]]


def label_commands(open_room: OpenLabels) -> App:
    """`recommend labels list`, `earn`, `shelf`, `hide` and `show`."""
    app = App(name="labels", help="What goods have earned by how they are ordered.")
    _looking(app, open_room)
    _shelving(app, open_room)
    _deciding(app, open_room)
    return app


def _looking(app: App, open_room: OpenLabels) -> None:
    @app.command(name="list")
    def list_(shop: str, *, language: Shown = "zh", json: Json = False) -> None:
        """List every earned label with what it rests on.

        Args:
            shop: the shop's name.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            found = rooms.label_desk.evidence(language)
        if json:
            for one in found:
                print(msgspec.json.encode(one).decode())
            return
        table = Table("label", "", "product", "share", "shop", "orders", "hidden")
        for one in found:
            share, average = f"{one.share:.1%}", f"{one.shop_share:.1%}"
            hidden = "hidden" if one.is_hidden else ""
            table.add_row(one.label, one.name, one.product_id, share, average, str(one.orders), hidden)
        Console().print(table)

    @app.command
    def earn(shop: str) -> None:
        """Look at the orders of the last year now; the jobs do so once a day.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            done = rooms.label_desk.earner.refresh()
        print(f"{done.labels} labels: {done.came} came, {done.went} went.")


def _shelving(app: App, open_room: OpenLabels) -> None:
    @app.command
    def shelf(
        shop: str,
        label: str,
        *,
        customer: str | None = None,
        visitor: str | None = None,
        k: Places = 10,
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Show the products with a label.

        Args:
            shop: the shop's name.
            label: its code, such as again; `recommend labels list` names them.
            customer: the id of a customer, whose taste has a say.
            visitor: the id of a browser, likewise.
            k: at most so many.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            answer = rooms.recommend.labelled.products(label, k, language, customer_id=customer, visitor_id=visitor)
        print_list(answer, json=json)


def _deciding(app: App, open_room: OpenLabels) -> None:
    @app.command
    def hide(shop: str, label: str, product: str) -> None:
        """Keep a label off a product, until it is shown again.

        Args:
            shop: the shop's name.
            label: its code.
            product: the id of a product.
        """
        with open_room(shop) as rooms:
            print(msgspec.json.encode(rooms.label_desk.hide(label, product, _who())).decode())

    @app.command
    def show(shop: str, label: str, product: str) -> None:
        """Show a hidden label again.

        Args:
            shop: the shop's name.
            label: its code.
            product: the id of a product.
        """
        with open_room(shop) as rooms:
            print(msgspec.json.encode(rooms.label_desk.show(label, product, _who())).decode())


def _who() -> str:
    """Who sits at the machine: whoever may open the store may do everything."""
    return f"local:{getpass.getuser()}"
