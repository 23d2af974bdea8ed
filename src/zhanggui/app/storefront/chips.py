"""Labels that goods have earned, as cards show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhanggui.app.rooms import Rooms
from zhanggui.app.web.rendering import View
from zhanggui.recommend.types.labels import EarnedLabel


@dataclass(frozen=True, slots=True)
class Chip:
    """A label as a card shows it: its name, share and count, and where its shelf is."""

    name: str
    percent: str
    orders: int
    href: str


def chips_of(rooms: Rooms, page: View, ids: Sequence[str]) -> dict[str, tuple[Chip, ...]]:
    """The labels of some products, the largest share first; those without one are left out."""
    found = rooms.label_desk.of(ids, page.language)
    return {id_: tuple(_chip(rooms, page, one) for one in labels) for id_, labels in found.items()}


def _chip(rooms: Rooms, page: View, one: EarnedLabel) -> Chip:
    return Chip(one.name, page.formats.percent(one.share, 0), one.orders, f"/shop/{rooms.name}/l/{one.label}")
