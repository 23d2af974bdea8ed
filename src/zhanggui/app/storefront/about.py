"""How the shop recommends, what it keeps, and that prices are equal for all."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency

from zhanggui.kernel.words import N_

from .mine import PURPOSES
from .shell import Storefront

WORKS = (
    (N_("Picks products"), N_("what you look at, put aside and buy here"), N_("Orders the shelves, and says why.")),
    (N_("Thinks of you"), N_("the same, and when you come"), N_("Interests and habits, each with what it rests on.")),
    (N_("Foretells"), N_("your orders here"), N_("How likely you buy again soon. No price is made of it.")),
    (N_("Groups customers"), N_("the two above"), N_("Whom news may interest; only of who agreed to be written to.")),
    (
        N_("Puts labels on products"),
        N_("sales and reviews of all"),
        N_("Such as: often bought again. Each can be checked."),
    ),
)
"""What is done, from what, and what comes of it."""


@get("/shop/{shop:str}/about", include_in_schema=False, sync_to_thread=True)
def about(store: NamedDependency[Storefront]) -> Response[str]:
    """Recommendations, prices and privacy in plain words."""
    return store.page("about.html", current="about", purposes=PURPOSES, works=WORKS)


ABOUT_ROUTES = (about,)
