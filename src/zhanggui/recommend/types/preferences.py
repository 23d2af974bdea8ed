"""What a shopper wants less of."""

from __future__ import annotations

from typing import Annotated

import msgspec

from zhanggui.kernel.ids import MerchantId


class ShowLess(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shopper wants less like this. Without `chips` the telling ones are chosen; their keys are in the answer."""

    product_id: MerchantId
    customer_id: MerchantId | None = None
    visitor_id: MerchantId | None = None
    chips: Annotated[tuple[str, ...], msgspec.Meta(max_length=20)] | None = None
    strength: Annotated[float, msgspec.Meta(gt=0, le=20)] = 3.0


class ChipChoice(msgspec.Struct, frozen=True):
    """A trait of a product that a shopper may see less of, and whether this preference lowers it."""

    kind: str
    value: str
    key: str
    is_chosen: bool


class Preference(msgspec.Struct, frozen=True):
    """A "show me less": the product that goes, and the chips that are lowered."""

    id: str
    product_id: str
    chips: tuple[ChipChoice, ...]
    strength: float
    is_undone: bool = False


class ChooseChips(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other chips for a preference."""

    chips: Annotated[tuple[str, ...], msgspec.Meta(max_length=20)]
