"""Chips: what a shopper can choose to see less of."""

from __future__ import annotations

from typing import Literal

import msgspec

ChipKind = Literal["category", "keyword", "brand", "price"]


class Chip(msgspec.Struct, frozen=True):
    """One trait of a product in words. `key` is stable: equal for equal traits, whatever their case and width."""

    kind: ChipKind
    value: str
    key: str
