"""Labels that goods earn, as they cross the door. A label is of a product, never of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

LabelCode = Literal["again", "dawn", "night", "several", "together", "weekend"]
"""What a label is called in addresses; its name is in the reader's language."""


class EarnedLabel(msgspec.Struct, frozen=True, kw_only=True):
    """One label of one product, with what it rests on.

    Attributes:
        label: its code.
        name: in the reader's language.
        product_id: whose.
        title: of the product.
        share: hits / of, in [0, 1].
        shop_share: the same of the whole shop.
        hits: in how many it held.
        of: of how many: orders; buyers, for `again`.
        orders: of the product, within a year.
        chance: bound on the share of false ones among the labels that are at least this sure.
        since: the product has had it without a break.
        is_hidden: a merchant keeps it off the pages.
    """

    label: LabelCode
    name: str
    product_id: str
    title: str
    share: float
    shop_share: float
    hits: int
    of: int
    orders: int
    chance: float
    since: datetime
    is_hidden: bool = False


class LabelShelf(msgspec.Struct, frozen=True, kw_only=True):
    """A label and how many products show it now."""

    label: LabelCode
    name: str
    products: int
    shop_share: float


class LabelReport(msgspec.Struct, frozen=True):
    """What a look at the orders changed: labels that stand, that came, and that are no longer true.

    `refused` names the check of the training gate that stopped it: the labels of before stand.
    """

    labels: int
    came: int
    went: int
    refused: str = ""


class LabelChanged(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps when somebody hides an earned label, or shows it again."""

    subject: str
    act: Literal["hidden", "shown"]
    label: LabelCode


class HiddenLabel(msgspec.Struct, frozen=True, kw_only=True):
    """A label that is kept off one product, whether or not it is earned just now."""

    product_id: str
    label: LabelCode
    at: datetime
