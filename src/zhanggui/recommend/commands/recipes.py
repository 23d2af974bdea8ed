"""Recipes on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Protocol

from cyclopts import App, Parameter, validators

from zhanggui.kernel.options import Json, Quiet, Shown
from zhanggui.kernel.terminal import Bars, print_json, print_json_lines, print_table
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.recipes import AudienceSegment, AudienceSegments, ExportLists

from .list_printing import Places, print_list


class RecipeRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def recommend(self) -> Recommender:
        """The room."""


OpenRecipes = Callable[[str], AbstractContextManager[RecipeRooms]]


def add_recipe_commands(app: App, open_room: OpenRecipes) -> None:
    """`recommend together`, `basket`, `look`, `rerank`, `again`, `trending`, `new`, `next`, `audience` and `export`."""
    _beside(app, open_room)
    _rerank(app, open_room)
    _again(app, open_room)
    _trending(app, open_room)
    _new(app, open_room)
    _next(app, open_room)
    _audience(app, open_room)
    _export(app, open_room)


def _beside(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def together(shop: str, product: str, *, k: Places = 10, language: Shown = "zh", json: Json = False) -> None:
        """Show what is bought in one go with a product.

        Args:
            shop: the shop's name.
            product: the id of a product.
            k: at most so many.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.beside.bought_together(product, k, language), json=json)

    @app.command
    def basket(shop: str, *products: str, k: Places = 10, language: Shown = "zh", json: Json = False) -> None:
        """Show what is missing in a basket.

        Args:
            shop: the shop's name.
            products: the ids of the products in it.
            k: at most so many.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.beside.complete_basket(products, k, language), json=json)

    @app.command
    def look(shop: str, product: str, *, k: Places = 10, language: Shown = "zh", json: Json = False) -> None:
        """Show one product of each other category that goes with a product.

        Args:
            shop: the shop's name.
            product: the id of a product.
            k: at most so many.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.beside.complete_look(product, k, language), json=json)


def _rerank(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def rerank(
        shop: str,
        *products: str,
        customer: str | None = None,
        visitor: str | None = None,
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Put products in the order that suits a shopper; on stderr what is none, or must not come.

        Args:
            shop: the shop's name.
            products: the ids of the products.
            customer: the id of a customer.
            visitor: the id of a browser.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            answer = rooms.recommend.personal.rerank(products, language, customer_id=customer, visitor_id=visitor)
        print_list(answer, json=json)


def _again(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def again(
        shop: str,
        *,
        customer: str | None = None,
        visitor: str | None = None,
        k: Places = 10,
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Show what a shopper bought before, the most due first.

        Args:
            shop: the shop's name.
            customer: the id of a customer.
            visitor: the id of a browser.
            k: at most so many.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.personal.buy_again(customer, visitor, k, language), json=json)


def _trending(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def trending(
        shop: str,
        *,
        category: str = "",
        hours: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=720))] = 24,
        k: Places = 10,
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Show what is wanted in the last hours, and more than in as many before.

        Args:
            shop: the shop's name.
            category: such as 茶 or 茶/绿茶; all without one.
            hours: of the window; 168 for a week.
            k: at most so many.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.shelves.trending(category, hours, k, language), json=json)


def _new(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def new(
        shop: str,
        *,
        category: str = "",
        days: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=365))] = 30,
        k: Places = 10,
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Show what came into the shop in the last days, newest first.

        Args:
            shop: the shop's name.
            category: such as 茶 or 茶/绿茶; all without one.
            days: for so long something is new.
            k: at most so many.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.shelves.new_arrivals(category, days, k, language), json=json)


def _next(app: App, open_room: OpenRecipes) -> None:
    @app.command(name="next")
    def next_(
        shop: str,
        *,
        customer: str | None = None,
        visitor: str | None = None,
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Suggest what one might do next about a shopper, and why. Nothing is shown or sent.

        Args:
            shop: the shop's name.
            customer: the id of a customer.
            visitor: the id of a browser.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            suggested = rooms.recommend.next_actions.suggest(customer, visitor, language)
        if json:
            print_json(suggested)
            return
        print(f"{suggested.action}: {suggested.explanation}")
        for item in suggested.products:
            print(f"  {item.product_id}  {item.title}")


def _audience(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def audience(
        shop: str,
        product: str,
        *,
        people: bool = False,
        segments: bool = False,
        for_messages: bool = False,
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Count the shoppers whom a product suits, say in which segments they stand, or name them.

        Args:
            shop: the shop's name.
            product: the id of a product.
            people: name them, the best fit first, at most 200.
            segments: say in which kept segments they stand more often than everybody.
            for_messages: only who agreed to marketing too.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            audiences = rooms.recommend.audiences
            if segments:
                _print_segments(audiences.segments(product, for_messages=for_messages), json=json)
                return
            if not people:
                print_json(audiences.of(product, for_messages=for_messages))
                return
            members = audiences.people(product, for_messages=for_messages, language=language)
        if json:
            print_json_lines(members)
            return
        rows = ((one.customer_id, one.visitor_id, one.place, one.explanation) for one in members)
        print_table(("customer", "visitor", "place", "why"), rows)


def _print_segments(found: AudienceSegments, *, json: bool) -> None:
    if json:
        print_json(found)
        return
    rows = (
        (one.name, one.people, f"{one.share:.1%}", f"{one.share_of_all:.1%}", f"{one.lift:.2f}", _between(one))
        for one in found.segments
    )
    print_table(("segment", "people", "share", "of all", "lift", "95%"), rows)
    if found.is_small:
        print("Fewer than 5 people: nothing is told of them.")


def _between(one: AudienceSegment) -> str:
    return f"{one.lift_low:.2f} to {one.lift_high:.2f}"


def _export(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def export(
        shop: str,
        file: Path,
        *,
        k: Places = 10,
        surface: str = "email",
        language: Shown = "zh",
        quiet: Quiet = False,
    ) -> None:
        """Write lists for all shoppers who agree to a Parquet file. Stopped and run again, it goes on.

        Args:
            shop: the shop's name.
            file: to be written; FILE.parts beside it holds what is done until it is whole.
            k: at most so many for each.
            surface: where the lists will stand; for email, sms, wechat, push and popup consent to marketing counts too.
            language: zh or en.
        """
        ask = ExportLists(k=k, surface=surface, language=language)
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            report = rooms.recommend.batches.export(file, ask, on_step=bars.begin("shoppers"))
            rooms.recommend.flush()
        print(f"{report.rows} rows for {report.shoppers} shoppers in {file}")
