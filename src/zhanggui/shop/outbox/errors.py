"""Errors of the outbox, leaves of `ShopError`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from zhanggui.kernel.errors import Kind, did_you_mean
from zhanggui.shop.errors import ShopError


class UnknownOutboxEntry(ShopError):
    """No outbox entry has that id."""

    code, kind = "shop.unknown_outbox_entry", Kind.NOT_FOUND

    @classmethod
    def of(cls, seen: str) -> Self:
        """Name the id that was asked for."""
        return cls(f"No outbox entry has the id {seen!r}.", hint="List them with GET /v1/SHOP/outbox.")


class SettledOutboxEntry(ShopError):
    """The entry has already come to its end."""

    code, kind = "shop.settled_outbox_entry", Kind.CONFLICT


class UnknownOutlet(ShopError):
    """No outlet of the shop has that name."""

    code, kind = "shop.unknown_outlet", Kind.INVALID

    @classmethod
    def among(cls, seen: str, known: Iterable[str]) -> Self:
        """Name the nearest outlet."""
        names = sorted(known)
        hint = did_you_mean(seen, names, otherwise=f"The shop's outlets are: {', '.join(names)}")
        return cls(f"The shop has no outlet {seen!r}.", hint=hint)


class PrivateTarget(ShopError):
    """A webhook points into a private network, and the settings do not allow that."""

    code, kind = "shop.private_target", Kind.INVALID
