"""The cart, kept in the browser: nothing is stored of somebody who has not ordered.

It is not signed, because nothing in it is believed: ids are looked up, amounts are bounded, and prices are always
the catalogue's.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

import msgspec

from zhanggui.kernel.ids import MerchantId
from zhanggui.shop.types.buying import MOST_LINES, MOST_UNITS

COOKIE = "zg_cart"
LIFE_S = 30 * 86_400
LARGEST = 3_500
"""Characters of a cookie; browsers keep about 4,000."""


class CartLine(msgspec.Struct, frozen=True, array_like=True):
    """So many units of a product, or of one of its variants."""

    product_id: MerchantId
    variant_id: MerchantId | None
    quantity: Annotated[int, msgspec.Meta(ge=1, le=MOST_UNITS)]


_LINES = msgspec.json.Decoder(Annotated[tuple[CartLine, ...], msgspec.Meta(max_length=MOST_LINES)])


@dataclass(frozen=True, slots=True)
class Cart:
    """What a shopper has put aside."""

    lines: tuple[CartLine, ...] = ()

    @classmethod
    def read(cls, held: str) -> Cart:
        """The cart that a cookie holds; an empty one where it holds anything else."""
        try:
            return cls(_LINES.decode(base64.urlsafe_b64decode(held.encode() + b"=="))) if held else cls()
        except (msgspec.DecodeError, binascii.Error, ValueError):
            return cls()

    def written(self) -> str:
        """As a cookie holds it."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self.lines)).decode().rstrip("=")

    @property
    def units(self) -> int:
        """Of all lines together."""
        return sum(line.quantity for line in self.lines)

    def quantity_of(self, product_id: str, variant_id: str | None) -> int:
        """Units of one product or variant."""
        return sum(
            line.quantity for line in self.lines if (line.product_id, line.variant_id) == (product_id, variant_id)
        )

    def with_units(self, product_id: str, variant_id: str | None, quantity: int) -> Cart:
        """With exactly so many units of a product or variant; none for 0. A full cart stays as it is."""
        new = CartLine(product_id, variant_id, min(max(quantity, 0), MOST_UNITS))
        is_it = [(line.product_id, line.variant_id) == (product_id, variant_id) for line in self.lines]
        if any(is_it):
            changed = Cart(_kept(new if it else line for line, it in zip(self.lines, is_it, strict=True)))
        else:
            changed = Cart(_kept((*self.lines, new)))
        return changed if len(changed.lines) <= MOST_LINES and len(changed.written()) <= LARGEST else self


def _kept(lines: Iterable[CartLine]) -> tuple[CartLine, ...]:
    return tuple(line for line in lines if line.quantity > 0)
