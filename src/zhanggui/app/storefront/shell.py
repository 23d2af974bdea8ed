"""What every page of the storefront has around it: categories, search, cart, who is there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from zhanggui.app.budgets import Budget, MonthlyBudgets
from zhanggui.app.rooms import Rooms
from zhanggui.app.web.rendering import View, query_of
from zhanggui.kernel.clock import to_ms
from zhanggui.shop import CatalogueView
from zhanggui.trust import VISITOR_COOKIE

from .cart import Cart
from .categories import Category, categories_of
from .goods import Goods
from .shoppers import Logins, Shopper, is_simulated
from .telling import Teller

CATEGORIES_SHOWN = 8
VISITOR_LIFE_S = 31_536_000
PASSING = frozenset({"less", "at", "shelf", "done", "list", "on", "lang"})
"""Parameters that say how one came to a page, and are not part of its address."""
_PLAIN = re.compile(r"[!-~]*")


@dataclass(frozen=True, kw_only=True)
class Storefront:
    """One request of a shopper: its view, the shop's rooms, who asks, and what they have in the cart."""

    view: View
    rooms: Rooms
    logins: Logins
    shopper: Shopper
    cart: Cart
    teller: Teller

    @property
    def base(self) -> str:
        """Where this shop begins."""
        return f"/shop/{self.rooms.name}"

    @property
    def title(self) -> str:
        """What the shop is called."""
        return self.rooms.settings.shop.title or self.rooms.name

    @property
    def is_simulated(self) -> bool:
        """Whether the shop is invented, which its pages must say."""
        return is_simulated(self.rooms)

    @property
    def language(self) -> str:
        """Of the reader."""
        return self.view.language

    @cached_property
    def planned(self) -> tuple[str, ...]:
        """What a plan of the shop shows this customer; a browser that was logged in once is told nothing of it."""
        if self.shopper.customer_id is None:
            return ()
        shown = self.rooms.audience.plans.shelf.of(self.shopper.numbers(self.rooms))
        return () if shown is None else shown.goods

    @cached_property
    def budget(self) -> Budget | None:
        """The budget in force with what was ordered this month on the shop's calendar; None where none was set."""
        now = self.rooms.clock()
        zone, numbers = self.view.formats.local(now).tzinfo, self.shopper.numbers(self.rooms)
        if not numbers or zone is None:
            return None
        with self.rooms.db.read() as db:
            return MonthlyBudgets(zone).of(db, numbers, to_ms(now))

    @cached_property
    def catalogue(self) -> CatalogueView:
        """The catalogue as of this request."""
        with self.rooms.db.read() as db:
            return self.rooms.live.view(db)

    @cached_property
    def categories(self) -> list[Category]:
        """The categories at the top, the fullest first."""
        return categories_of(self.catalogue, self.language)

    @cached_property
    def goods(self) -> Goods:
        """Makes product cards."""
        return Goods(self.rooms, self.catalogue, self.view)

    def page(self, template: str, /, *, status: int = 200, current: str = "", **context: Any) -> Response[str]:
        """A page within the shell; `current` is the key of its entry in the bar at the bottom."""
        answer = self.view.page(f"storefront/{template}", status=status, **(self.shell(current) | context))
        return self.teller.settled(answer)

    def part(self, template: str, /, **context: Any) -> Response[str]:
        """A part of a page, for the script."""
        return self.view.page(f"storefront/{template}", **self.shell(""), **context)

    def shell(self, current: str) -> dict[str, Any]:
        """What `storefront/shell.html` is given."""
        return {
            "store": self,
            "base": self.base,
            "shop_title": self.title,
            "current": current,
            "categories": self.categories[:CATEGORIES_SHOWN],
            "cart_count": self.cart.units,
            "query": "",
        }

    def go(self, path: str = "", place: str = "", **query: str) -> Redirect:
        """Lead to another page of this shop, by a path within it; `place` is an id on that page."""
        asked = f"?{urlencode(query)}" if query else ""
        return self._sent(f"{self.base}{path}{asked}{f'#{place}' if place else ''}")

    def back(self, asked: str, place: str = "", **query: str) -> Redirect:
        """Lead back to the page of this shop that a form named; to the home page for any other address."""
        is_ours = asked == self.base or asked.startswith((f"{self.base}/", f"{self.base}?"))
        if not is_ours or not _PLAIN.fullmatch(asked) or "//" in asked or "\\" in asked:
            return self.go(place=place, **query)
        path, _, held = asked.partition("?")
        kept = {name: value for name, value in query_of(held.encode()).items() if name not in PASSING}
        return self.go(path.removeprefix(self.base), place, **{**kept, **query})

    def cookie(self, name: str, value: str, max_age_s: int | None = None) -> Cookie:
        """A cookie of this shop alone."""
        return replace(self.view.cookie(name, value, max_age_s), path=self.base)

    @property
    def here(self) -> str:
        """This page, for forms that lead back to it."""
        kept = {name: value for name, value in self.view.query.items() if name not in PASSING}
        return f"{quote(self.view.path)}?{urlencode(kept)}" if kept else quote(self.view.path)

    def _sent(self, address: str) -> Redirect:
        answer = Redirect(address, status_code=303)
        if self.view.is_new_visitor:
            answer.cookies.append(self.view.cookie(VISITOR_COOKIE, self.view.visitor_id, VISITOR_LIFE_S))
        return answer
