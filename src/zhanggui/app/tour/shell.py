"""One request of the tour: its view, the invented shop, and what the visitor keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.response import Redirect

from zhanggui.app.rooms import Rooms
from zhanggui.app.web.rendering import View
from zhanggui.kernel.errors import NotFound
from zhanggui.shop import CatalogueView

from .boxes import BOXES
from .trials import LIFE, Trials

COOKIE = "zg_tour"
PICTURE = 64
"""Letters of the name of a stored picture; anything else is an address of another host, which no page loads."""


class NoInventedShop(NotFound):
    """The tour needs a shop that the simulator made, and this installation has none."""

    code = "tour.no_shop"


@dataclass(frozen=True, slots=True)
class Good:
    """A product as the tour shows it; the figures are those of the shop's own catalogue."""

    id: str
    number: int
    title: str
    picture: str
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """What the pages of the tour are handed.

    Attributes:
        find_shop: the rooms of the invented shop, None where there is none.
        token: tells this visitor from others; nobody else knows it.
    """

    view: View
    find_shop: Callable[[], Rooms | None]
    trials: Trials
    token: str
    is_new: bool

    @property
    def visitor_id(self) -> str:
        """The visitor as the shop knows them: nobody that any page has seen before."""
        return f"tour-{self.token[:20]}"

    def shop(self) -> Rooms:
        """The invented shop.

        Raises:
            NoInventedShop: there is none. A real shop's rows are nobody's to look at without a login.
        """
        rooms = self.find_shop()
        if rooms is None:
            raise NoInventedShop("There is no invented shop here to look around in.", hint="Make one: zhanggui demo")
        return rooms

    def page(self, template: str, /, *, status: int = 200, current: str = "", **context: Any) -> Response[str]:
        """A page within the tour's shell."""
        shared = {"tour": self, "boxes": BOXES, "current": current}
        answer = self.view.page(f"tour/{template}", status=status, **shared, **context)
        if self.is_new:
            answer.cookies.append(self.cookie(self.token))
        return answer

    def cookie(self, token: str) -> Any:
        """What the browser keeps for as long as a trial lives, twice over."""
        return self.view.cookie(COOKIE, token, 2 * int(LIFE.total_seconds()))

    def go(self, path: str, **query: str) -> Redirect:
        """Lead on, after a form was taken."""
        return self.view.go(path, **query)

    def goods(self, rooms: Rooms, catalogue: CatalogueView, ids: list[str]) -> dict[str, Good]:
        """Products by id, for showing; what is not in the catalogue is left out."""
        facts = rooms.catalogue.products_of(ids)
        found = {}
        for id_, fact in facts.items():
            number = catalogue.numbers[id_]
            minor = int(catalogue.price_minor[number])
            found[id_] = Good(
                id=id_,
                number=number,
                title=catalogue.titles(number, self.view.language),
                picture=next((name for name in fact.images if len(name) == PICTURE and name.isalnum()), ""),
                price=self.view.formats.money(minor) if minor >= 0 else self.view.formats.money(None),
            )
        return found
