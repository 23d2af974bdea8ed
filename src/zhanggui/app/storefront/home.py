"""The first page: what the shop proposes, what is new, and where things are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from litestar import Response, get
from litestar.di import NamedDependency

from .categories import Category
from .goods import Card
from .shell import Storefront
from .shelves import HOME, OWN, shelf_of

NEW = 4
TILES = 6


@dataclass(frozen=True, slots=True)
class Tile:
    """A category with a picture of something in it."""

    category: Category
    card: Card


@get("/shop/{shop:str}", include_in_schema=False, sync_to_thread=True)
def home(store: NamedDependency[Storefront]) -> Response[str]:
    """The first page."""
    query = store.view.query
    less, at, on = query.get("less", ""), query.get("at", ""), query.get("shelf", HOME)
    shelf, plan = (shelf_of(store, one, less=less if one == on else "", at=at) for one in OWN)
    shown = {proposed.card.id for proposed in (*shelf.products, *plan.products)}
    return store.page("home.html", current="home", shelf=shelf, plan=plan, new=_new(store, shown), tiles=_tiles(store))


def _new(store: Storefront, shown: set[str]) -> list[Card]:
    """What came last and is not on the page already."""
    view = store.catalogue
    numbers = np.flatnonzero(view.is_sellable)
    newest = numbers[np.argsort(-view.created_ms[numbers], kind="stable")][: NEW + len(shown)].tolist()
    return store.goods.numbers([number for number in newest if view.ids[number] not in shown][:NEW], "new")


def _tiles(store: Storefront) -> list[Tile]:
    """The fullest categories, each with what came into it last."""
    view, tiles = store.catalogue, []
    for category in store.categories[:TILES]:
        newest = category.numbers[int(np.argmax(view.created_ms[category.numbers]))]
        tiles += [Tile(category, card) for card in store.goods.numbers([int(newest)], "")]
    return tiles


HOME_ROUTES = (home,)
