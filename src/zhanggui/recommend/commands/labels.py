"""Earned labels on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated, Protocol

from cyclopts import App, Parameter, validators

from zhanggui.kernel.options import Json, Shown
from zhanggui.kernel.terminal import actor, print_json, print_json_lines, print_table
from zhanggui.recommend.service.labels.desk import LabelDesk
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.labels import EarnedLabel

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
            print_json_lines(found)
            return
        print_table(("label", "", "product", "share", "shop", "orders", "hidden"), map(_row, found))

    @app.command
    def earn(shop: str) -> None:
        """Look at the orders of the last year now; the jobs do so once a day.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            done = rooms.label_desk.earner.refresh()
        if done.refused:
            print(
                f"Nothing was learned: the orders did not pass the check {done.refused!r}. The labels of before stand."
            )
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
            print_json(rooms.label_desk.hide(label, product, actor()))

    @app.command
    def show(shop: str, label: str, product: str) -> None:
        """Show a hidden label again.

        Args:
            shop: the shop's name.
            label: its code.
            product: the id of a product.
        """
        with open_room(shop) as rooms:
            print_json(rooms.label_desk.show(label, product, actor()))


def _row(one: EarnedLabel) -> tuple[object, ...]:
    hidden = "hidden" if one.is_hidden else ""
    return one.label, one.name, one.product_id, f"{one.share:.1%}", f"{one.shop_share:.1%}", one.orders, hidden
