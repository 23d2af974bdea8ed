"""What is concluded of a shopper, in words that they can use: shares in tenths, amounts in bands, no false digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from zhanggui.audience.types.predictions import PredictionReason
from zhanggui.kernel.money import exponent
from zhanggui.kernel.words import N_, catalogue_language, words

from .rules import Shown

LIKELY: Sequence[tuple[float, str]] = (
    (0.05, N_("hardly (less than 1 time in 20)")),
    (0.25, N_("unlikely (about %(n)s in 10)")),
    (0.45, N_("rather not (about %(n)s in 10)")),
    (0.55, N_("as likely as not (about %(n)s in 10)")),
    (0.75, N_("rather likely (about %(n)s in 10)")),
    (0.95, N_("likely (about %(n)s in 10)")),
    (1.01, N_("almost surely (more than 19 times in 20)")),
)
"""Below which share what is said."""
PURCHASE = N_("That you buy here within %(days)s days: %(likely)s")
CHURN = N_("That you stay away for %(days)s days: %(likely)s")
ALIVE = N_("That you are still a customer: %(likely)s")
ORDERS = N_("Orders from you in the next %(days)s days: %(band)s")
VALUE = N_("What these may come to: %(band)s")
NEXT = N_("That your next purchase is from %(name)s: %(likely)s")
LATENT = N_("That you come to %(name)s, which you never looked at, within %(days)s days: %(likely)s")
NEAR = N_("It lies near what you looked at or bought; about %(n)s times as likely as for others who never looked at it")
SEGMENT = N_('You are in the group "%(name)s", by a rule that a person wrote')
LEARNED = N_('You are in the group "%(name)s", which was learned from how people shop')
REACHED = N_('The plan "%(name)s" runs for you: the shop wrote to you, or will, by %(channel)s')
HELD = N_('The plan "%(name)s" leaves you alone: what it does is seen by comparing with people like you')
RULE = N_("The rule: %(rule)s")
COMMON = N_("What is common there: %(traits)s")
SAME_PRICE = N_("You see the prices that everybody sees")
FOR_IT, AGAINST_IT = N_("Speaks for it: %(reason)s"), N_("Speaks against it: %(reason)s")
BOUGHT = N_("Days with a purchase so far: %(orders)s; days since the last: %(idle)s")
OWN_CATEGORY = N_("You bought from it: %(n)s times")
USUAL_CATEGORY = N_("People who bought what you bought last often go on with it")
BETWEEN, UNDER = N_("between %(low)s and %(high)s"), N_("less than %(high)s")
ORDER_BANDS: Sequence[tuple[float, str]] = (
    (0.3, N_("hardly any")),
    (0.8, N_("none or one")),
    (1.5, N_("about one")),
    (3.0, N_("two or three")),
    (6.0, N_("three to six")),
    (12.0, N_("six to twelve")),
    (float("inf"), N_("more than twelve")),
)
MUTES: Mapping[str, str] = {
    "foretold": N_("What is foretold of you"),
    "plans": N_("Plans for you"),
    "segment": N_("A group that you were in"),
}
"""What a mute is about, by the first word of its key."""


class Figures(Shown, Protocol):
    """How the reader writes figures, round amounts too."""

    def money(self, minor: int | None, currency: str = "", *, is_whole: bool = False) -> str:
        """An amount of the shop's currency in its minor units, or in whole units alone."""


def said(language: str, msgid: str, **values: object) -> str:
    """A sentence in the reader's language."""
    return words(catalogue_language(language)).gettext(msgid) % values


def likely(share: float, language: str) -> str:
    """A chance in words and tenths: 「比较可能（约 7 成）」."""
    msgid = next(text for below, text in LIKELY if share < below)
    return said(language, msgid, n=min(9, max(1, round(10 * share))))


def orders_band(orders: float, language: str) -> str:
    """How many orders, roughly."""
    return said(language, next(text for below, text in ORDER_BANDS if orders < below))


def value_band(minor: int, currency: str, figures: Figures, language: str) -> str:
    """Between which two round amounts (1, 2, 5, 10, 20, … of the currency) it lies."""
    low, high = 0, 10 ** (exponent(currency) + 1)
    while minor >= high:
        low, high = high, _next_round(high)
    written = {"low": low, "high": high}
    amounts = {name: figures.money(one, currency, is_whole=True) for name, one in written.items()}
    return said(language, BETWEEN if low else UNDER, **amounts)


def _next_round(amount: int) -> int:
    """After 10 comes 20, after 20 50, after 50 100."""
    return amount * 5 // 2 if str(amount).startswith("2") else amount * 2


def weighed(reasons: Sequence[PredictionReason], language: str, *, is_turned: bool = False) -> tuple[str, ...]:
    """Reasons with what they speak for; turned around for the opposite of what they are reasons of."""
    return tuple(
        said(language, FOR_IT if (one.effect > 0) != is_turned else AGAINST_IT, reason=one.text) for one in reasons
    )
