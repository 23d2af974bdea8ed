"""How much a shopper means to spend here in a month, and what is left of it; see `app/budgets.py`."""

from __future__ import annotations

from zhanggui.audience import Corrected, UnknownShopper
from zhanggui.recommend import RankedProduct
from zhanggui.recommend.words import notice

from .shell import Storefront


def said_of(store: Storefront) -> list[Corrected]:
    """All that this shopper said of their profile and did not take back; nothing for whom the shop does not know."""
    try:
        return store.rooms.audience.corrections.of(**store.shopper.named)
    except UnknownShopper:
        return []


def within_budget(store: Storefront, ranked: list[RankedProduct]) -> tuple[list[RankedProduct], str]:
    """What of a list costs no more than is left, and what the shopper is to be told; all of it without a budget."""
    held = store.budget
    if held is None:
        return ranked, ""
    view, left = store.catalogue, held.left_minor
    kept = [one for one in ranked if 0 <= view.price_minor[view.numbers[one.product_id]] <= left]
    return kept, notice(("within_budget" if left else "budget_spent",), store.language)
