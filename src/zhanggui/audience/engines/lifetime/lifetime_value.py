"""Both models of a shop together: is this customer alive, how often will they buy, and what is it worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .bg_nbd import BgNbd
from .gamma_gamma import GammaGamma
from .histories import Doubles, Spending


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is expected of customers, rows as those asked about.

    Attributes:
        alive: (n,) chance to be still a customer.
        orders: (n,) purchases in the time asked about.
        order_value: (n,) of one of them; nan where nothing is known of values.
        value: (n,) of all of them.
    """

    alive: Doubles
    orders: Doubles
    order_value: Doubles
    value: Doubles


def outlook(purchases: BgNbd, values: GammaGamma | None, spending: Spending, days: float) -> Outlook:
    """What is expected of customers in the next `days`."""
    orders = purchases.expected(spending.histories, days)
    if values is None:
        each = np.full(len(orders), np.nan)
    else:
        known = values.expected(spending.histories.frequency, spending.mean_value)
        each = np.where(np.isfinite(known), known, np.nan)
    return Outlook(alive=purchases.alive(spending.histories), orders=orders, order_value=each, value=orders * each)
