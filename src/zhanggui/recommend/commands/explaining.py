"""Why a product is recommended to a shopper, or why it is not, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from cyclopts import App

from zhanggui.kernel.options import Json, Shown
from zhanggui.kernel.terminal import print_json, print_table
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.explaining import Explanation

from .list_printing import Places


class ExplainRooms(Protocol):
    """What this command needs of an open shop."""

    @property
    def recommend(self) -> Recommender:
        """The room."""


def add_explain_command(app: App, open_room: Callable[[str], AbstractContextManager[ExplainRooms]]) -> None:
    """`recommend explain`."""

    @app.command
    def explain(
        shop: str,
        product: str,
        *,
        customer: str | None = None,
        visitor: str | None = None,
        k: Places = 10,
        surface: str = "home",
        language: Shown = "zh",
        json: Json = False,
    ) -> None:
        """Say why a product stands where it does for a shopper, or which stage lost it.

        Args:
            shop: the shop's name.
            product: the id of a product.
            customer: the id of a customer; a stranger where nobody is named.
            visitor: the id of a browser.
            k: length of the list.
            surface: where the list stands.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            told = rooms.recommend.explaining.explain(product, customer, visitor, k, surface, language)
        if json:
            print_json(told)
        else:
            _print(told)


def _print(told: Explanation) -> None:
    print(f"{told.title} ({told.product_id}): {told.words}")
    if told.chance is not None:
        print(f"chance {told.chance:.2%}, score {told.score:.4f}")
    stages = (("sum", told.factors), ("ranker", told.ranker), ("aims", told.aims))
    rows = [(stage, part.words, f"{part.value:+.4f}") for stage, parts in stages for part in parts]
    rows += [("history", one.title, f"{one.value:+.4f}") for one in told.history]
    rows += [(f"against {told.against}", part.words, f"{part.value:+.4f}") for part in told.compared[:5]]
    if rows:
        print_table(("stage", "part", "adds"), rows)
