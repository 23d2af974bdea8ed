"""Why a product is recommended to a shopper, or why it is not, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec
from cyclopts import App
from rich.console import Console
from rich.table import Table

from zhanggui.kernel.options import Json, Shown
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.explaining import Explanation


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
        k: int = 10,
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
            print(msgspec.json.encode(told).decode())
        else:
            _print(told)


def _print(told: Explanation) -> None:
    out = Console()
    out.print(f"{told.title} ({told.product_id}): {told.words}", markup=False)
    if told.chance is not None:
        out.print(f"chance {told.chance:.2%}, score {told.score:.4f}", markup=False)
    table = Table("stage", "part", "adds")
    for stage, parts in (("sum", told.factors), ("ranker", told.ranker), ("aims", told.aims)):
        for part in parts:
            table.add_row(stage, part.words, f"{part.value:+.4f}")
    for one in told.history:
        table.add_row("history", one.title, f"{one.value:+.4f}")
    for part in told.compared[:5]:
        table.add_row(f"against {told.against}", part.words, f"{part.value:+.4f}")
    if table.row_count:
        out.print(table)
