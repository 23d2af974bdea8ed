"""Reasons of what BG/NBD and Gamma-Gamma foretell of one customer, beside the shop's typical one."""

from __future__ import annotations

from zhanggui.audience.engines.lifetime.accounting import FIGURES, Foretell, Typical, account, figures_of
from zhanggui.audience.engines.lifetime.histories import Spending
from zhanggui.audience.engines.lifetime.lifetime_value import outlook
from zhanggui.audience.engines.propensity.describing import Lifetime
from zhanggui.audience.types.predictions import PredictionReason
from zhanggui.audience.words.predictions import beside_text

Reasons = tuple[PredictionReason, ...]
_LEAST = 1e-9


def lifetime_reasons(
    lifetime: Lifetime, typical: Typical | None, one: Spending, days: float, language: str
) -> tuple[Reasons, Reasons, Reasons]:
    """Why they are thought to be a customer still, to order so often, and to spend so much; the strongest first.

    Empty where the card knows no typical customer; of the value also where nothing is known of values.
    """
    purchases, values = lifetime.purchases, lifetime.values
    if purchases is None or typical is None:
        return (), (), ()
    worth = (
        () if values is None else _told(lambda at: outlook(purchases, values, at, days).value, one, typical, language)
    )
    return (
        _told(lambda at: purchases.alive(at.histories), one, typical, language),
        _told(lambda at: purchases.expected(at.histories, days), one, typical, language),
        worth,
    )


def _told(foretell: Foretell, one: Spending, typical: Typical, language: str) -> Reasons:
    shares = account(foretell, one, typical)
    own = dict(zip(FIGURES, figures_of(one).tolist(), strict=True))
    strongest = sorted((name for name in FIGURES if abs(shares[name]) > _LEAST), key=lambda name: -abs(shares[name]))
    return tuple(
        PredictionReason(
            column=name,
            value=round(own[name], 4),
            effect=round(shares[name], 4),
            text=beside_text(name, own[name], getattr(typical, name), language),
        )
        for name in strongest
    )
