"""The kinds of proposals about a shop's facts: reprice an offer, edit a product, label a product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhanggui.trust.types.kinds import ProposalKind

from .edit_product import EDIT_PRODUCT, EditProduct
from .label_product import LABEL_PRODUCT, Label, LabelProduct
from .reprice import REPRICE_OFFER, OfferKey, RepriceOffer, offer_subject


def shop_kinds() -> Mapping[str, ProposalKind[Any, Any]]:
    """The three kinds by name, ready to be joined with those of other rooms."""
    kinds: tuple[ProposalKind[Any, Any], ...] = (REPRICE_OFFER, EDIT_PRODUCT, LABEL_PRODUCT)
    return {kind.name: kind for kind in kinds}


__all__ = [
    "EDIT_PRODUCT",
    "LABEL_PRODUCT",
    "REPRICE_OFFER",
    "EditProduct",
    "Label",
    "LabelProduct",
    "OfferKey",
    "RepriceOffer",
    "offer_subject",
    "shop_kinds",
]
