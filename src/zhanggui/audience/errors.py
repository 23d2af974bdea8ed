"""Errors of the room `audience`.

AudienceError
├── UnknownShopper      the shop knows no customer and no visitor of that id
├── NoProfile           the shopper has not allowed personalization, has taken it back, or pauses it
├── UnknownTrait        a tag that there is not, or a trait that no product has
├── UnknownCorrection   the shopper has said nothing of that id
├── BadCorrection       a correction whose parts do not go together
├── BrokenPrediction    the files of a model of predictions are not what was written
├── NoPredictions       no model of predictions serves yet
├── BadSegmentRule      a rule of a segment that cannot be understood
├── UnknownSegment      there is no segment of that id
├── NobodyMeant         neither customer nor visitor given where one is needed
└── NotYourself         a key or token that speaks for one shopper asked for somebody else
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from zhanggui.kernel.errors import Kind, ZhangguiError, did_you_mean


class AudienceError(ZhangguiError):
    """Root of this room's errors."""

    code = "audience.error"


class UnknownShopper(AudienceError):
    """The shop knows no customer and no visitor of that id."""

    code, kind = "audience.unknown_shopper", Kind.NOT_FOUND

    @classmethod
    def named(cls, customer_id: str | None, visitor_id: str | None) -> Self:
        """Nobody has the id that was asked for."""
        what = f"customer {customer_id!r}" if customer_id is not None else f"visitor {visitor_id!r}"
        return cls(f"The shop knows no {what}.", hint="Import the customer, or post an event first.")


class NoProfile(AudienceError):
    """The shopper has not allowed that a profile of them is kept or read (PIPL art. 13, 15 and 24)."""

    code, kind = "audience.no_profile", Kind.FORBIDDEN

    @classmethod
    def refused(cls) -> Self:
        """Personalization is off for them."""
        return cls(
            "This shopper has not allowed personalization, so there is no profile of them.",
            hint="Ask for their consent first; without it the shop answers them as it answers everybody.",
        )

    @classmethod
    def paused(cls) -> Self:
        """They pause it for a while."""
        return cls(
            "This shopper pauses their profile.",
            hint="It comes back when the pause is over, or when they end it on their own page.",
        )


class UnknownTrait(AudienceError):
    """There is no such tag, and no product has such a trait."""

    code, kind = "audience.unknown_trait", Kind.NOT_FOUND


class UnknownCorrection(AudienceError):
    """The shopper has said nothing of that id."""

    code, kind = "audience.unknown_correction", Kind.NOT_FOUND


class BadCorrection(AudienceError):
    """The parts of a correction do not go together."""

    code, kind = "audience.bad_correction", Kind.INVALID


class NobodyMeant(AudienceError):
    """Neither a customer nor a visitor is named."""

    code, kind = "audience.nobody_meant", Kind.INVALID


class NotYourself(AudienceError):
    """A key or token that speaks for one shopper asked for somebody else."""

    code, kind = "audience.not_yourself", Kind.FORBIDDEN


class BrokenPrediction(AudienceError):
    """The files of a model of predictions are not what was written."""

    code, kind = "audience.broken_prediction", Kind.UNAVAILABLE

    @classmethod
    def seen(cls, model: str, why: str) -> Self:
        """What is wrong with its files."""
        return cls(f"Model {model} cannot be read: {why.rstrip('.')}.", hint="Train anew: zhanggui audience train SHOP")


class NoPredictions(AudienceError):
    """No model of predictions serves yet."""

    code, kind = "audience.no_predictions", Kind.CONFLICT

    @classmethod
    def yet(cls) -> Self:
        """None was trained, or there was too little to learn from."""
        return cls(
            "No model of predictions serves yet.",
            hint="Train them: zhanggui audience train SHOP; it says what is missing.",
        )


class BadSegmentRule(AudienceError):
    """A rule of a segment that cannot be understood."""

    code, kind = "audience.bad_segment_rule", Kind.INVALID

    @classmethod
    def at(cls, seen: str, place: int, hint: str) -> Self:
        """Something does not fit where it stands; `place` is counted from 0."""
        return cls(f"{seen or 'The end'!r} does not fit at character {place + 1}.", hint=hint)

    @classmethod
    def unknown(cls, seen: str, place: int, known: Iterable[str]) -> Self:
        """A word that there is not."""
        names = list(known)
        return cls.at(seen, place, did_you_mean(seen, names, otherwise=f"It may be one of: {', '.join(names)}."))


class UnknownSegment(AudienceError):
    """There is no segment of that id."""

    code, kind = "audience.unknown_segment", Kind.NOT_FOUND
