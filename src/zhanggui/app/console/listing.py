"""What the lists of products, orders and customers share: choices above a table, days, pictures, words for states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.app.web.formats import Formats
from zhanggui.app.web.provinces import province
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.media.images import thumbnail
from zhanggui.kernel.words import N_

from .shell import Console

STORED_PICTURE = 64
"""Letters of the name of a stored picture; anything else is an address of another host, which no page loads."""
PICTURE_PX = 104
KEPT_PICTURES = 1_000

ORDER_TONES: Mapping[str, str] = {"pending": "warn", "paid": "info", "delivered": "ok"}
STANDINGS: Mapping[str, str] = {
    "on_sale": N_("On sale"),
    "sold_out": N_("Sold out"),
    "off_sale": N_("Off the shelves"),
}
STANDING_TONES: Mapping[str, str] = {"on_sale": "ok", "sold_out": "warn"}
ACTS: Mapping[str, str] = {
    "view_item": N_("Looked at"),
    "select_item": N_("Chose from a list"),
    "search": N_("Searched"),
    "add_to_cart": N_("Put in the cart"),
    "remove_from_cart": N_("Took out of the cart"),
    "add_to_wishlist": N_("Put on the wish list"),
    "begin_checkout": N_("Began to check out"),
    "purchase": N_("Bought"),
    "refund": N_("Gave back"),
    "dismiss": N_("Asked for less like it"),
    "undismiss": N_("Took back the wish for less like it"),
    "rate": N_("Rated"),
    "share": N_("Shared"),
    "follow": N_("Followed"),
    "invite": N_("Invited somebody"),
    "identify": N_("Logged in"),
}
PROPOSAL_STATES: Mapping[str, str] = {
    "proposed": N_("Waits for a decision"),
    "approved": N_("Approved"),
    "queued": N_("On its way out"),
    "applied": N_("In effect"),
    "undone": N_("Taken back"),
    "rejected": N_("Turned down"),
    "failed": N_("Could not be done"),
    "expired": N_("Ran out of time"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A selection above a table: the name in addresses, its label, (value, words) of each option."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""


def choice(console: Console, name: str, label: str, words: Mapping[str, str], chosen: str) -> Choice:
    """A choice among words of the catalogue."""
    return Choice(name, label, tuple((key, console.view._(word)) for key, word in words.items()), chosen)


def province_choice(console: Console, chosen: str) -> Choice:
    """A choice among the provinces that orders went to, named in the reader's language."""
    held = console.rooms.browsing.provinces()
    options = tuple((name, province(name, console.view.language)) for name in held)
    return Choice("province", console.view._("Province"), options, chosen)


def day_span(formats: Formats, text: str) -> tuple[int, int] | None:
    """The first millisecond of a day of the shop (`2026-11-21`) and that of the next; None for anything else."""
    try:
        day = date.fromisoformat(text)
        start = datetime(day.year, day.month, day.day, tzinfo=formats.zone)
        after = start + timedelta(days=1)
        return to_ms(start.astimezone(UTC)), to_ms(after.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def stored_picture(name: str) -> str:
    """The name, when it is one of a stored picture."""
    return name if len(name) == STORED_PICTURE and name.isalnum() else ""


@get(
    "/console/{shop:str}/pictures/{name:str}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:read"},
)
def picture(console: NamedDependency[Console], name: FromPath[str]) -> Response[bytes]:
    """A small version of a stored picture; its name says its content, so that it may be kept."""
    body = _small(console.rooms.media, name)
    return Response(body, media_type="image/webp", headers={"cache-control": "private, max-age=31536000, immutable"})


@lru_cache(maxsize=KEPT_PICTURES)
def _small(media: MediaStore, name: str) -> bytes:
    return thumbnail(media.get(name), PICTURE_PX)


PICTURE_ROUTES = (picture,)
