"""Errors of the room `shop`.

ShopError
├── UnknownProduct, UnknownCustomer, UnknownOrder, UnknownReturn, UnknownReview, UnknownQuestion, UnknownLink
├── InvalidFact        a fact that does not fit its type
├── IdMismatch         a path and a body that name different things
├── OrderIsCancelled   a parcel for an order that was called off
├── OrderIsShipped     an order that cannot be called off any more
├── PurposeRefused     personal data asked for a purpose that its owner has not allowed
├── PersonErased       somebody who was erased, under an id of then
├── UnknownFormat      an export in a format that there is not
│   └── UnknownExport  or of a kind that there is not, asked for by its address
├── BadFile            a file that cannot be read at all (bad rows never raise: they go to the rejects)
├── NotWritten         a file or folder that an export cannot write
├── BadEvents          a body of events that cannot be read at all (single bad events are refused by place)
├── TooManyEvents      more events in one batch than are taken
├── ArchiveBusy        a file that must go is being read
├── ArchiveBroken      a day's file that is not what the store recorded
└── EventRefused       one event that was not taken
    └── EventTooOld    it is older than the 30 days for which ids are remembered
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from zhanggui.kernel.errors import Kind, ZhangguiError, did_you_mean


class ShopError(ZhangguiError):
    """Root of this room's errors."""

    code = "shop.error"


class UnknownProduct(ShopError):
    """No product has that id."""

    code, kind = "shop.unknown_product", Kind.NOT_FOUND

    @classmethod
    def among(cls, seen: str, known: Iterable[str]) -> Self:
        """Name the nearest known id."""
        near = did_you_mean(seen, known)
        hint, api_hint = (
            near or "List the ids with: zhanggui products list SHOP",
            near or "GET /v1/SHOP/products lists them.",
        )
        return cls(f"No product has the id {seen!r}.", hint=hint, api_hint=api_hint)


class UnknownCustomer(ShopError):
    """No customer has that id."""

    code, kind = "shop.unknown_customer", Kind.NOT_FOUND


class UnknownOrder(ShopError):
    """No order has that id."""

    code, kind = "shop.unknown_order", Kind.NOT_FOUND


class UnknownReturn(ShopError):
    """No return has that id."""

    code, kind = "shop.unknown_return", Kind.NOT_FOUND


class UnknownReview(ShopError):
    """No review has that id."""

    code, kind = "shop.unknown_review", Kind.NOT_FOUND


class UnknownQuestion(ShopError):
    """No question has that id."""

    code, kind = "shop.unknown_question", Kind.NOT_FOUND


class UnknownLink(ShopError):
    """No login has that id."""

    code, kind = "shop.unknown_link", Kind.NOT_FOUND


class InvalidFact(ShopError):
    """A fact that does not fit its type; the message names the place."""

    code, kind = "shop.invalid_fact", Kind.INVALID


class IdMismatch(ShopError):
    """The path names one thing and the body another."""

    code, kind = "shop.id_mismatch", Kind.INVALID

    @classmethod
    def between(cls, path: str, body: str) -> Self:
        """Name both."""
        return cls(f"The path says {path!r} and the body {body!r}.", hint="Send the same id in both.")


class OrderIsCancelled(ShopError):
    """The order was called off."""

    code, kind = "shop.order_is_cancelled", Kind.CONFLICT


class OrderIsShipped(ShopError):
    """The order is on its way, or has arrived."""

    code, kind = "shop.order_is_shipped", Kind.CONFLICT


class PurposeRefused(ShopError):
    """The person has not allowed this use of their data."""

    code, kind = "shop.purpose_refused", Kind.FORBIDDEN


class UnknownFormat(ShopError):
    """There is no export of that kind or in that format."""

    code, kind = "shop.unknown_format", Kind.INVALID


class UnknownExport(UnknownFormat):
    """No export has that address."""

    code, kind = "shop.unknown_export", Kind.NOT_FOUND


class BadFile(ShopError):
    """A file that cannot be read at all."""

    code, kind = "shop.bad_file", Kind.INVALID


class NotWritten(ShopError):
    """A file or folder that an export cannot write."""

    code, kind = "shop.not_written", Kind.INVALID


class BadEvents(ShopError):
    """A body of events that cannot be read at all."""

    code, kind = "shop.bad_events", Kind.INVALID


class TooManyEvents(ShopError):
    """More events in one batch than are taken."""

    code, kind = "shop.too_many_events", Kind.TOO_LARGE


class PersonErased(ShopError):
    """An id that was an erased person's is to be somebody's again."""

    code, kind = "shop.person_erased", Kind.CONFLICT

    @classmethod
    def on_login(cls) -> Self:
        """Whoever comes with an id of then."""
        return cls(
            "Whoever had this id was erased.",
            hint="Give the browser a new visitor id; a customer who comes back: zhanggui person readmit SHOP ID",
        )


class ArchiveBusy(ShopError):
    """A reader holds a file of the archive that must go."""

    code, kind = "shop.archive_busy", Kind.UNAVAILABLE


class ArchiveBroken(ShopError):
    """A day's file of the archive that is missing, or is not what the store recorded."""

    code, kind = "shop.archive_broken", Kind.UNAVAILABLE


class EventRefused(ShopError):
    """One event that was not taken."""

    code, kind = "shop.event_refused", Kind.INVALID


class EventTooOld(EventRefused):
    """An event older than the days for which ids are remembered."""

    code, kind = "shop.event_too_old", Kind.INVALID
