"""What speaks for a recommended product: one word for each signal on every page, and shares that sum to 100 %."""

from __future__ import annotations

from zhanggui.app.web.rendering import View
from zhanggui.kernel.money import shares
from zhanggui.recommend import Reason
from zhanggui.recommend.words import SIGNALS

_PARTS = 10_000


def signal_shares(view: View, reason: Reason) -> list[tuple[str, int]]:
    """(signal in words, share of the score in percent) of a reason, the largest first.

    They sum to 100 (largest remainder); what comes to less than one percent is left out. Empty where nothing counted.
    """
    held = sorted(reason.shares.items(), key=lambda share: -share[1])
    weights = [round(share * _PARTS) for _, share in held]
    if not any(weights):
        return []
    percents = shares(100, weights)
    return [(view._(SIGNALS[name]), percent) for (name, _), percent in zip(held, percents, strict=True) if percent]
