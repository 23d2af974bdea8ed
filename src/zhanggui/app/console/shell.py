"""What every page of the console has around it: navigation, counts, who is there, the pause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.response import Redirect

from zhanggui.app.rooms import Control, Rooms
from zhanggui.app.web.listed import TablePlace
from zhanggui.app.web.rendering import View
from zhanggui.kernel.words import N_
from zhanggui.trust import AccessActs, Caller, KeyActs, ProposalState


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. Who lacks `scope` does not see it."""

    key: str
    label: str
    icon: str
    path: str
    scope: str


SECTIONS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place("today", N_("Today"), "home", "", "shop:measure"),
            Place("inbox", N_("To decide"), "inbox", "/inbox", "trust:read"),
        ),
    ),
    (
        N_("Shop"),
        (
            Place("products", N_("Products"), "box", "/products", "shop:read"),
            Place("orders", N_("Orders"), "cart", "/orders", "shop:people"),
            Place("reasons", N_("Recommendations"), "spark", "/recommendations", "recommend:admin"),
            Place("rules", N_("Rules and promotions"), "horn", "/rules", "recommend:admin"),
            Place("variety", N_("Sales and variety"), "leaf", "/variety", "recommend:measure"),
            Place("labels", N_("Earned labels"), "star", "/labels", "recommend:admin"),
        ),
    ),
    (
        N_("Audience"),
        (
            Place("customers", N_("Customers"), "users", "/customers", "shop:people"),
            Place("profile", N_("Person"), "user", "/profile", "audience:serve"),
            Place("segments", N_("Segments"), "circles", "/segments", "audience:measure"),
            Place("journeys", N_("How customers stay"), "steps", "/journeys", "audience:measure"),
            Place("predictions", N_("Predictions"), "lamp", "/predictions", "audience:measure"),
        ),
    ),
    (
        N_("Trust"),
        (
            Place("contests", N_("Contests"), "chat", "/contests", "contests:read"),
            Place("ledger", N_("Ledger"), "book", "/ledger", "ledger:read"),
            Place("ethics", N_("Promises"), "check", "/ethics", "ethics:read"),
            Place("fairness", N_("Fairness"), "scale", "/fairness", "trust:measure"),
            Place("protection", N_("Protection of data"), "shield", "/protection", "protection:read"),
            Place("guard", N_("Personal data in texts"), "lock", "/guard", "trust:guard"),
            Place("figures", N_("Figures for analysts"), "chart", "/figures", "trust:figures"),
        ),
    ),
    (
        N_("System"),
        (
            Place("imports", N_("Import"), "import", "/import", "shop:write"),
            Place("jobs", N_("Background work"), "clock", "/jobs", "shop:read"),
            Place("models", N_("Models"), "flask", "/models", "recommend:measure"),
            Place("settings", N_("Settings"), "gear", "/settings", "keys:read"),
        ),
    ),
)
FOLDED = {"Trust": "shield", "System": "gear"}
"""Sections that stand folded while another is looked at, with the icon that stands for each in a narrow bar."""
DOCK = ("today", "inbox", "orders", "products", "customers")
"""The first of the bar at the bottom of a phone, in order; others follow where a role has not all of these."""
MOST_DOCKED = 5


def first_place(may: Callable[[str], bool]) -> str:
    """Where the console begins for a role, below the shop's address."""
    places = (place for _, section in SECTIONS for place in section)
    return next((place.path for place in places if may(place.scope)), "/account")


def _docked(allowed: Sequence[Place]) -> list[Place]:
    first = sorted((place for place in allowed if place.key in DOCK), key=lambda place: DOCK.index(place.key))
    return [*first, *(place for place in allowed if place.key not in DOCK)][:MOST_DOCKED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """One request of the console: its view, the shop's rooms, and who asks."""

    view: View
    rooms: Rooms
    control: Control
    caller: Caller

    @property
    def base(self) -> str:
        """Where this shop's console begins."""
        return f"/console/{self.rooms.name}"

    @property
    def actor(self) -> str:
        """What the ledger writes down."""
        return self.caller.actor

    def page(self, template: str, /, *, current: str, status: int = 200, **context: Any) -> Response[str]:
        """A page within the shell; `current` is the key of its entry in the navigation."""
        return self.view.page(template, status=status, **self.shell(current), **context)

    def shell(self, current: str) -> dict[str, Any]:
        """What `console/shell.html` is given."""
        is_allowed = {place.key: self.may(place.scope) for _, places in SECTIONS for place in places}
        allowed = [(title, [place for place in places if is_allowed[place.key]]) for title, places in SECTIONS]
        return {
            "console": self,
            "base": self.base,
            "shop_title": self.rooms.settings.shop.title or self.rooms.name,
            "current": current,
            "sections": [(title, shown) for title, shown in allowed if shown],
            "folded": FOLDED,
            "dock": _docked([place for _, shown in allowed for place in shown]),
            "home": self.base + first_place(self.may),
            "late_contests": self.rooms.contests.waiting()[1] if is_allowed["contests"] else 0,
            "open_count": self._open_count() if is_allowed["inbox"] else 0,
            "is_paused": self.rooms.proposals.autonomy().is_paused if is_allowed["inbox"] else False,
            "account": self.account,
        }

    def table(self, path: str, prefix: str = "") -> TablePlace:
        """Where a table stands: the page below this shop's console, and what its names in the address begin with."""
        return TablePlace(query=self.view.query, path=f"{self.base}{path}", prefix=prefix)

    def may(self, scope: str) -> bool:
        """Whether who asks holds a scope in this shop."""
        return self.caller.may(scope, self.rooms.name)

    @property
    def account(self) -> str:
        """The name of who asks."""
        user = self.control.users.by_id(self.caller.id)
        return user.account if user else self.caller.id

    @property
    def acts(self) -> AccessActs:
        """What its owner does about users."""
        return AccessActs(users=self.control.users, ledger=self.rooms.ledger, shop=self.rooms.name)

    @property
    def key_acts(self) -> KeyActs:
        """What its owner does about keys."""
        keys, rooms, by = self.control.keys, self.rooms, self.caller
        return KeyActs(keys=keys, ledger=rooms.ledger, shop=rooms.name, actor=by.actor, by=by)

    def redacted(self, text: str) -> str:
        """A free text as somebody reads it who may not see people."""
        return self.rooms.guard.redacted(text, "zh" if self.view.language == "zh" else "en")

    def go(self, path: str, **query: str) -> Redirect:
        """Lead to another page of this shop's console."""
        return self.view.go(f"{self.base}{path}", **query)

    def _open_count(self) -> int:
        counts = self.rooms.inbox.counts().items()
        return sum(count for (_, state), count in counts if state is ProposalState.PROPOSED)
