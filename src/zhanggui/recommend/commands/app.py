"""Recommendations on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from cyclopts import App

from zhanggui.kernel.options import Json, Shown
from zhanggui.recommend.service.aims.desk import AimDesk
from zhanggui.recommend.service.labels.desk import LabelDesk
from zhanggui.recommend.service.models.desk import ModelDesk
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.service.rules.trials import RuleTrials

from .aims import aim_commands
from .explaining import add_explain_command
from .labels import label_commands
from .list_printing import Places, print_list
from .models import model_commands
from .off_policy import add_off_policy_command
from .preferences import preference_commands
from .reaching import add_reaching_commands
from .recipes import add_recipe_commands
from .rules import rule_commands
from .vectors import vector_commands


class RecommendRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def recommend(self) -> Recommender:
        """The room."""

    @property
    def rule_trials(self) -> RuleTrials:
        """The merchant's rules."""

    @property
    def model_desk(self) -> ModelDesk:
        """The shop's models."""

    @property
    def aim_desk(self) -> AimDesk:
        """What the shop aims at."""

    @property
    def label_desk(self) -> LabelDesk:
        """The labels that goods have earned."""


OpenRoom = Callable[[str], AbstractContextManager[RecommendRooms]]


def commands(open_room: OpenRoom) -> App:
    """`recommend for`, `similar`, `popular`, `train`, `models`, `rollback`, `rules` and the recipes."""
    app = App(name="recommend", help="What a shopper may like next, with reasons.")
    _shopper_command(app, open_room)
    _list_commands(app, open_room)
    add_explain_command(app, open_room)
    model_commands(app, open_room)
    add_recipe_commands(app, open_room)
    add_reaching_commands(app, open_room)
    add_off_policy_command(app, open_room)
    app.command(rule_commands(open_room))
    app.command(aim_commands(open_room))
    app.command(label_commands(open_room))
    app.command(vector_commands(open_room))
    app.command(preference_commands(open_room))
    return app


def _shopper_command(app: App, open_room: OpenRoom) -> None:
    @app.command(name="for")
    def for_(
        shop: str,
        *,
        customer: str | None = None,
        visitor: str | None = None,
        k: Places = 10,
        language: Shown = "zh",
        only: str = "",
        json: Json = False,
    ) -> None:
        """Recommend to a shopper, by their own last events.

        Args:
            shop: the shop's name.
            customer: the id of a customer.
            visitor: the id of a browser.
            k: at most so many.
            language: zh or en.
            only: a filter, such as 'price_minor < 20000'; nothing else comes.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.for_shopper(customer, visitor, k, language=language, only=only), json=json)


def _list_commands(app: App, open_room: OpenRoom) -> None:
    @app.command
    def similar(shop: str, product: str, *, k: Places = 10, language: Shown = "zh", json: Json = False) -> None:
        """Show what is like a product.

        Args:
            shop: the shop's name.
            product: the id of a product.
            k: at most so many.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.similar(product, k, language), json=json)

    @app.command
    def popular(shop: str, *, k: Places = 10, language: Shown = "zh", json: Json = False) -> None:
        """Show what everybody likes now.

        Args:
            shop: the shop's name.
            k: at most so many.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            print_list(rooms.recommend.popular(k, language), json=json)
