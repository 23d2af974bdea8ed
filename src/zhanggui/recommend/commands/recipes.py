"""Recipes on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated, Protocol

from cyclopts import App, Parameter, validators

from zhanggui.kernel.options import Json, Shown
from zhanggui.kernel.terminal import print_json
from zhanggui.recommend.service.recommender import Recommender

from .list_printing import Places, print_list


class RecipeRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def recommend(self) -> Recommender:
        """The room."""


OpenRecipes = Callable[[str], AbstractContextManager[RecipeRooms]]


def add_recipe_commands(app: App, open_room: OpenRecipes) -> None:
    """`recommend together`, `basket`, `look`, `rerank`, `again`, `trending`, `new` and `next`."""
    _beside(app, open_room)
    _basket(app, open_room)
    _rerank(app, open_room)
    _again(app, open_room)
    _trending(app, open_room)
    _new(app, open_room)
    _next(app, open_room)


def _beside(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def together(
        shop: str, product: str, *, k: Places = 10, only: str = "", language: Shown = "zh", json: Json = False
    ) -> None:
        """Show what is bought in one go with a product.

        Args:
            shop: the shop's name.
            product: the id of a product.
            k: at most so many.
            only: a filter, such as 'price_minor < 20000'; nothing else comes.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.beside.bought_together(product, k, language, only=only), json=json)

    @app.command
    def look(
        shop: str, product: str, *, k: Places = 10, only: str = "", language: Shown = "zh", json: Json = False
    ) -> None:
        """Show one product of each other category that goes with a product.

        Args:
            shop: the shop's name.
            product: the id of a product.
            k: at most so many.
            only: a filter, such as 'price_minor < 20000'; nothing else comes.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.beside.complete_look(product, k, language, only=only), json=json)


def _basket(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def basket(
        shop: str, *products: str, k: Places = 10, only: str = "", language: Shown = "zh", json: Json = False
    ) -> None:
        """Show what is missing in a basket.

        Args:
            shop: the shop's name.
            products: the ids of the products in it.
            k: at most so many.
            only: a filter, such as 'price_minor < 20000'; nothing else comes.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.beside.complete_basket(products, k, language, only=only), json=json)


def _rerank(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def rerank(
        shop: str,
        *products: str,
        customer: str | None = None,
        visitor: str | None = None,
        only: str = "",
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Put products in the order that suits a shopper; on stderr what is none, or must not come.

        Args:
            shop: the shop's name.
            products: the ids of the products.
            customer: the id of a customer.
            visitor: the id of a browser.
            only: a filter, such as 'price_minor < 20000'; nothing else comes.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            answer = rooms.recommend.personal.rerank(
                products, language, customer_id=customer, visitor_id=visitor, only=only
            )
        print_list(answer, json=json)


def _again(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def again(
        shop: str,
        *,
        customer: str | None = None,
        visitor: str | None = None,
        k: Places = 10,
        only: str = "",
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Show what a shopper bought before, the most due first.

        Args:
            shop: the shop's name.
            customer: the id of a customer.
            visitor: the id of a browser.
            k: at most so many.
            only: a filter, such as 'price_minor < 20000'; nothing else comes.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.personal.buy_again(customer, visitor, k, language, only), json=json)


def _trending(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def trending(
        shop: str,
        *,
        category: str = "",
        hours: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=720))] = 24,
        k: Places = 10,
        only: str = "",
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Show what is wanted in the last hours, and more than in as many before.

        Args:
            shop: the shop's name.
            category: such as 茶 or 茶/绿茶; all without one.
            hours: of the window; 168 for a week.
            k: at most so many.
            only: a filter, such as 'price_minor < 20000'; nothing else comes.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.shelves.trending(category, hours, k, language, only=only), json=json)


def _new(app: App, open_room: OpenRecipes) -> None:
    @app.command
    def new(
        shop: str,
        *,
        category: str = "",
        days: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=365))] = 30,
        k: Places = 10,
        only: str = "",
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Show what came into the shop in the last days, newest first.

        Args:
            shop: the shop's name.
            category: such as 茶 or 茶/绿茶; all without one.
            days: for so long something is new.
            k: at most so many.
            only: a filter, such as 'price_minor < 20000'; nothing else comes.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.shelves.new_arrivals(category, days, k, language, only=only), json=json)


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
