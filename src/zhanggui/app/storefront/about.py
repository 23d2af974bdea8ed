"""How the shop recommends, what it keeps, and that prices are equal for all."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency

from .mine import PURPOSES
from .shell import Storefront


@get("/shop/{shop:str}/about", include_in_schema=False, sync_to_thread=True)
def about(store: NamedDependency[Storefront]) -> Response[str]:
    """Recommendations, prices and privacy in plain words."""
    return store.page("about.html", current="about", purposes=PURPOSES)


ABOUT_ROUTES = (about,)
