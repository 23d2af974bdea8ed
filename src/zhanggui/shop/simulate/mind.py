"""How a shopper decides: one utility, and chances of looking, clicking, keeping and buying.

The chain look → click → cart → purchase with a position-dependent look is the examination hypothesis with a cascade
(Craswell et al., WSDM 2008, doi:10.1145/1341531.1341545); each step is a logit of the utility.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.logistic import sigmoid

from .crowd import Crowd
from .days import Bools, Lists
from .luck import Luck
from .plan import ShopperModel
from .stock import Floats, Longs, Stock

_STEPS = ("look", "click", "cart", "buy", "other", "last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feelings:
    """What shoppers feel about products shown to them; (n, length) each."""

    match: Floats  # taste, style, brand and quality
    utility: Floats  # match with price, season, need and boredom


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What they do about them; (n, length) each, `bought` still subject to stock."""

    seen: Bools
    clicked: Bools
    wished: Bools
    carted: Bools
    removed: Bools
    bought: Bools
    dismissed: Bools


def match_of(model: ShopperModel, crowd: Crowd, stock: Stock, persons: Longs, products: Longs) -> Floats:
    """How well products fit persons, price aside; the two arrays broadcast."""
    match: Floats = (
        model.taste * (np.sqrt(crowd.taste[persons, stock.shelf[products]]) - 0.25)
        + model.style * (crowd.style[persons] * stock.style[products]).sum(axis=-1)
        + model.brand * crowd.brand[persons, stock.brand[products]]
        + model.quality * stock.quality[products]
    )
    return match


def need_of(days_since: Floats, cycle_days: Floats) -> Floats:
    """−1.5 just after a purchase; of things used up +1 about when they run out; 0 long after."""
    cycle = np.where(cycle_days > 0, cycle_days, 200)
    runs_out = np.where(cycle_days > 0, np.exp(-(((days_since - cycle) / (0.35 * cycle)) ** 2)), 0)
    need: Floats = runs_out - 1.5 * np.exp(-days_since / (0.2 * cycle))
    return need


def choose(model: ShopperModel, feelings: Feelings, lists: Lists, luck: Luck) -> Choices:
    """Draw what shoppers do with lists of products (−1: an empty place)."""
    utility, shown = feelings.utility, lists.products
    place = lists.person[:, None], lists.at_ms[:, None], shown
    look, click, cart, buy, other, last = (luck.even(step, *place) for step in _STEPS)
    reach = model.attention ** np.arange(shown.shape[1])
    seen = (look < reach) & (shown >= 0)
    clicked = seen & (click < sigmoid(utility - model.click_bar))
    carted = clicked & (cart < sigmoid(utility - model.cart_bar))
    removed = carted & (other < 0.1)
    bought = carted & ~removed & (buy < sigmoid(utility - model.buy_bar))
    return Choices(
        seen=seen,
        clicked=clicked,
        wished=clicked & ~carted & (other < 0.07),
        carted=carted,
        removed=removed,
        bought=bought,
        dismissed=seen & ~clicked & (last < 0.02 * sigmoid(-2 - utility)),
    )
