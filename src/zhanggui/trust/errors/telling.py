"""Errors of what leaves the shop or is told of it: hosts, alerts, the brief, figures and reviews."""

from __future__ import annotations

from typing import Self

from zhanggui.kernel.errors import Kind

from .root import TrustError


class UnknownHost(TrustError):
    """No entry of the egress register names that host for that use."""

    code, kind = "trust.unknown_host", Kind.NOT_FOUND


class NoContract(TrustError):
    """Personal data were to cross the border, and nothing binds the receiver."""

    code, kind = "trust.no_contract", Kind.INVALID


class UnfitSeparateAsk(TrustError):
    """A host was to be called on separate consents that are not about it."""

    code, kind = "trust.unfit_separate_ask", Kind.INVALID

    @classmethod
    def of(cls, host: str, country: str, name: str) -> Self:
        """Name the host and what was named for it."""
        return cls(
            f"The separate consent {name!r} is not about handing data to a receiver in {country}; {host!r} cannot rest "
            "on it.",
            hint="Ask for one of its own: zhanggui consents separate ask SHOP NAME --act hand_over (or abroad) …",
        )


class UnknownAlert(TrustError):
    """No alert has that id."""

    code, kind = "trust.unknown_alert", Kind.NOT_FOUND


class AlertNotSent(TrustError):
    """A channel did not take alerts; it is tried again."""

    code, kind = "trust.alert_not_sent", Kind.UNAVAILABLE


class BriefNotSent(TrustError):
    """A channel did not take the morning brief; the next try reaches only the channels that are left."""

    code, kind = "trust.brief_not_sent", Kind.UNAVAILABLE


class BudgetSpent(TrustError):
    """An audience asked for more than is left of its privacy budget: nothing was computed."""

    code, kind = "trust.privacy_budget_spent", Kind.FORBIDDEN


class TooManyFigures(TrustError):
    """A question asks for more cells than noise is made for at once."""

    code, kind = "trust.too_many_figures", Kind.INVALID


class ShopStaysOut(TrustError):
    """A shop is in no figure across shops, or who asks may not be told of it."""

    code, kind = "trust.shop_stays_out", Kind.FORBIDDEN


class TooFewShops(TrustError):
    """Figures across shops were asked for, and fewer than two would be in it."""

    code, kind = "trust.too_few_shops", Kind.INVALID


class BadYear(TrustError):
    """There is no year of that number to review."""

    code, kind = "trust.bad_year", Kind.NOT_FOUND


class CannotWrite(TrustError):
    """A file cannot be written where it was asked for."""

    code, kind = "trust.cannot_write", Kind.UNAVAILABLE
