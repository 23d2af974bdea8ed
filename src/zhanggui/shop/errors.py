"""Errors of the room `shop`.

ShopError
├── UnknownProduct, UnknownCustomer, UnknownOrder
├── BadFile            a file that cannot be read at all (bad rows never raise: they go to the rejects)
└── EventTooOld        an event older than the 30 days for which ids are remembered
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
        hint = did_you_mean(seen, known, otherwise="List the ids with: zhanggui products list SHOP")
        return cls(f"No product has the id {seen!r}.", hint=hint)


class UnknownCustomer(ShopError):
    """No customer has that id."""

    code, kind = "shop.unknown_customer", Kind.NOT_FOUND


class UnknownOrder(ShopError):
    """No order has that id."""

    code, kind = "shop.unknown_order", Kind.NOT_FOUND


class BadFile(ShopError):
    """A file that cannot be read at all."""

    code, kind = "shop.bad_file", Kind.INVALID


class EventTooOld(ShopError):
    """An event older than the days for which ids are remembered."""

    code, kind = "shop.event_too_old", Kind.INVALID
