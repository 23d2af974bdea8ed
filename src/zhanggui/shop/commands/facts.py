"""The facts on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from cyclopts import App, Parameter

from zhanggui.kernel.money import format_money
from zhanggui.kernel.options import Json, Limit, Quiet
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.terminal import Bars, print_json, print_json_lines, print_table
from zhanggui.shop.errors import NotWritten
from zhanggui.shop.exporters import Exporter, Restorer
from zhanggui.shop.service.catalogue import Catalogue
from zhanggui.shop.service.orders import OpenState, Orders
from zhanggui.shop.service.people import People
from zhanggui.shop.types import Order, Product


class FactRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def catalogue(self) -> Catalogue:
        """What it sells."""

    @property
    def orders(self) -> Orders:
        """What was bought."""

    @property
    def people(self) -> People:
        """To whom."""

    @property
    def exporter(self) -> Exporter:
        """The way out."""

    @property
    def restorer(self) -> Restorer:
        """The way back in."""


OpenRoom = Callable[[str], AbstractContextManager[FactRooms]]


def product_commands(open_room: OpenRoom) -> App:
    """`products list` and `products show`."""
    app = App(name="products", help="What the shop sells.")

    @app.command(name="list")
    def list_(shop: str, *, after: str | None = None, limit: Limit = 50, json: Json = False) -> None:
        """List products in the order in which the shop came to know them.

        Args:
            shop: the shop's name.
            after: id of the product to go on after.
            limit: most products to list.
        """
        with open_room(shop) as rooms:
            products = rooms.catalogue.products(after, limit)
        _show(products, json, ("id", "title", "category", "brand", "state"), _product_cells)

    @app.command
    def show(shop: str, product_id: str) -> None:
        """Show one product with its offers and labels as JSON.

        Args:
            shop: the shop's name.
            product_id: the merchant's id.
        """
        with open_room(shop) as rooms:
            whole = {
                "product": rooms.catalogue.product(product_id),
                "offers": rooms.catalogue.offers([product_id]),
                "labels": rooms.catalogue.labels([product_id]),
            }
        print_json(whole)

    return app


def order_commands(open_room: OpenRoom) -> App:
    """`orders list`, `orders cancel` and `orders reinstate`."""
    app = App(name="orders", help="What was bought.")

    @app.command(name="list")
    def list_(
        shop: str, *, customer: str | None = None, after: str | None = None, limit: Limit = 50, json: Json = False
    ) -> None:
        """List orders in the order in which they came.

        Args:
            shop: the shop's name.
            customer: id of the customer whose orders are wanted.
            after: id of the order to go on after.
            limit: most orders to list.
        """
        with open_room(shop) as rooms:
            orders = rooms.orders.orders(after, limit, customer, purpose=Purpose.SERVICE)
        _show(orders, json, ("id", "at", "customer", "state", "lines", "total"), _order_cells)

    _state_commands(app, open_room)
    return app


def _state_commands(app: App, open_room: OpenRoom) -> None:
    @app.command
    def cancel(shop: str, order_id: str, *, outlet: str = "") -> None:
        """Call an order off that is not shipped: what it allocated is free again, and your own systems are told.

        Args:
            shop: the shop's name.
            order_id: the order.
            outlet: how they are told: webhook, file, by-hand, or store for not at all; left out, the webhook where
                there is one, else by hand.
        """
        with open_room(shop) as rooms:
            order = rooms.orders.cancel(order_id, outlet)
        print(f"{order.id}\t{order.state}")

    @app.command
    def reinstate(shop: str, order_id: str, *, state: OpenState = "pending") -> None:
        """Take up an order again that was called off; its units are allocated anew.

        Args:
            shop: the shop's name.
            order_id: the order.
            state: where it stands then.
        """
        with open_room(shop) as rooms:
            order = rooms.orders.reinstate(order_id, state)
        print(f"{order.id}\t{order.state}")


def people_commands(open_room: OpenRoom) -> App:
    """`people identify` and `people undo-identify`."""
    app = App(name="people", help="Who the shop's shoppers are.")

    @app.command
    def identify(shop: str, visitor_id: str, customer_id: str) -> None:
        """Say that a visitor is a customer, as a login does; prints the id that takes it back.

        Args:
            shop: the shop's name.
            visitor_id: the visitor.
            customer_id: the customer.
        """
        with open_room(shop) as rooms:
            print(rooms.people.identify(visitor_id, customer_id))

    @app.command
    def find(shop: str, kind: Literal["phone", "email", "name"], value: str) -> None:
        """Print the ids of the customers whose phone, e-mail address or whole name this is, however it is spelled.

        Args:
            shop: the shop's name.
            kind: what the value is.
            value: the number, the address or the name; a nickname is a name.
        """
        with open_room(shop) as rooms:
            for one in rooms.people.find(kind, value, purpose=Purpose.SERVICE):
                print(one.id)

    @app.command
    def undo_identify(shop: str, link_id: str) -> None:
        """Take a login back: what held before it holds again.

        Args:
            shop: the shop's name.
            link_id: what `people identify` printed.
        """
        with open_room(shop) as rooms:
            rooms.people.undo_identify(link_id)

    return app


def export_command(open_room: OpenRoom) -> Callable[..., None]:
    """`export SHOP [KIND] --to FOLDER`."""

    def export(
        shop: str,
        kind: str = "all",
        *,
        to: Path,
        form: Annotated[str, Parameter(name="--format")] = "jsonl",
        quiet: Quiet = False,
    ) -> None:
        """Write everything that the shop knows into files, direct identifiers in clear.

        Args:
            shop: the shop's name.
            kind: products, offers, labels, rival-prices, customers, links, orders, returns, reviews, questions,
                events, allocations, entries, event-ids, served-lists, notices, consents, preferences, contests, ledger,
                proposals, media, or all.
            to: the folder; made if need be.
            form: jsonl, csv or parquet; they hold the same.
        """
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            try:
                files = rooms.exporter.export(kind, to, form, on_step=bars.begin("exporting"))
            except OSError as error:
                raise NotWritten(
                    f"{to} cannot be written: {error.strerror or error}.", hint="Name another folder with --to."
                ) from error
        for file in files:
            print(f"{file.rows}\t{file.path}")

    return export


def restore_command(open_room: OpenRoom) -> Callable[..., None]:
    """`restore SHOP FOLDER`."""

    def restore(shop: str, folder: Path) -> None:
        """Take in what `export` wrote; what is there already stays, so it may be repeated.

        Args:
            shop: the shop's name.
            folder: what was exported to.
        """
        with open_room(shop) as rooms:
            reports = rooms.restorer.restore(folder)
        for kind, report in reports.items():
            print(f"{kind}\t{report.created} new\t{report.updated} changed\t{report.unchanged} as they were")

    return restore


def _show(facts: list[Any], json: bool, columns: tuple[str, ...], cells: Callable[[Any], Iterator[str]]) -> None:  # noqa: FBT001
    if json:
        print_json_lines(facts)
    else:
        print_table(columns, (tuple(cells(fact)) for fact in facts))


def _product_cells(product: Product) -> Iterator[str]:
    text = product.texts.get("zh") or next(iter(product.texts.values()), None)
    yield from (product.id, text.title if text else "", "/".join(product.category), product.brand, product.state.value)


def _order_cells(order: Order) -> Iterator[str]:
    yield from (order.id, f"{order.at:%Y-%m-%d %H:%M}", order.customer_id or "", order.state.value)
    yield from (str(len(order.lines)), format_money(order.worth_minor, order.currency))
