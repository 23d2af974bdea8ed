"""How much a shopper means to spend here in a month, and what is left of it; see `app/budgets.py`."""

from __future__ import annotations

from collections.abc import Sequence

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


def within_budget(store: Storefront, ranked: Sequence[RankedProduct]) -> list[RankedProduct]:
    """What of a list costs no more than is left; all of it without a budget."""
    held, view = store.budget, store.catalogue
    if held is None:
        return list(ranked)
    return [one for one in ranked if 0 <= view.price_minor[view.numbers[one.product_id]] <= held.left_minor]


def budget_notice(store: Storefront) -> str:
    """What the shopper is to be told of a list that heeds their budget; nothing without one."""
    held = store.budget
    return "" if held is None else notice(("within_budget" if held.left_minor else "budget_spent",), store.language)
