"""What a shelf shows of a product beside its title and reason: picture, price, whether it can be had."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from zhanggui.app.rooms import Rooms
from zhanggui.app.storefront.goods import picture_of
from zhanggui.app.web.formats import Formats

PICTURE_PX = 480


class ShelfCard(msgspec.Struct, frozen=True):
    """One product. `price` is written out for the reader, `picture` is a path of this server; "" for none."""

    product_id: str
    price: str
    picture: str
    is_sold_out: bool


def cards_of(rooms: Rooms, ids: Sequence[str], language: str) -> list[ShelfCard]:
    """The cards of some products, in their order; unknown ids are left out."""
    shop = rooms.settings.shop
    formats = Formats(language, ZoneInfo(shop.time_zone), shop.currency, rooms.clock())
    products = rooms.catalogue.products_of(ids)
    with rooms.db.read() as db:
        view = rooms.live.view(db)
    cards = []
    for id_ in (one for one in ids if one in products and one in view.numbers):
        number = view.numbers[id_]
        minor = int(view.price_minor[number])
        name = picture_of(products[id_])
        cards.append(
            ShelfCard(
                product_id=id_,
                price="" if minor < 0 else formats.money(minor),
                picture=f"/shop/{rooms.name}/img/{name}-{PICTURE_PX}.webp" if name else "",
                is_sold_out=not view.is_sellable[number],
            )
        )
    return cards
