"""First findings on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from zhanggui.kernel.money import format_money
from zhanggui.kernel.options import Json, Shown
from zhanggui.kernel.terminal import print_json, print_table
from zhanggui.shop.service.discoveries import ShopDiscoveries
from zhanggui.shop.types.discoveries import Discoveries


class DiscoveryRooms(Protocol):
    """What the command needs of an open shop."""

    @property
    def discoveries(self) -> ShopDiscoveries:
        """What its rows say."""


def discover_command(open_room: Callable[[str], AbstractContextManager[DiscoveryRooms]]) -> Callable[..., None]:
    """`discover SHOP`."""

    def discover(shop: str, *, most: int = 5, language: Shown = "zh", json: Json = False) -> None:
        """What the shop's rows say at the first look: what runs out, what lies, what goes together, who stays away.

        Args:
            shop: the shop's name.
            most: findings of each sort, at most.
            language: of the names of products.
        """
        with open_room(shop) as rooms:
            found = rooms.discoveries(language, most)
        if json:
            print_json(found)
            return
        print(f"{found.lines:,} order lines, {found.first_day} to {found.last_day}.")
        print_table(("what", "about", "seen", "money"), _rows(found))

    return discover


def _rows(found: Discoveries) -> Iterator[tuple[str, str, str, str]]:
    def money(minor: int | None) -> str:
        return "unknown" if minor is None else format_money(minor, found.currency)

    for soon in found.soon_out:
        seen = f"{soon.available} left, {soon.per_day:g} a day: {soon.days_left:g} days"
        yield "runs out", soon.product.title, seen, f"{money(soon.lost_minor)} of margin in the week"
    for dead in found.dead_stock:
        seen = f"{dead.sold_before} sold, none for {dead.idle_days} days"
        yield "no longer sells", dead.product.title, seen, f"{money(dead.tied_minor)} tied up"
    for pair in found.bought_together:
        seen = f"{pair.together} times, {pair.lift:g} times chance"
        yield "bought together", f"{pair.first.title} + {pair.second.title}", seen, ""
    if found.lapsed is not None:
        lapsed = found.lapsed
        spent = f"{money(lapsed.yearly_minor)} a year"
        yield "regulars stay away", f"{lapsed.people} customers", f"{lapsed.orders} orders", spent
