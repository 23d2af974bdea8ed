"""How the shop does today."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency

from .shell import Console


@get("/console/{shop:str}", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:read"})
def today(console: NamedDependency[Console]) -> Response[str]:
    """Today's page."""
    return console.page("shop/today.html", current="today")


TODAY_ROUTES = (today,)
