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
├── UnknownTier         there is no tier of that name, or no such batch of its plan
├── TooFewForPlan       too few of a tier may be written to
├── NobodyMeant         neither customer nor visitor given where one is needed
└── NotYourself         a key or token that speaks for one shopper asked for somebody else
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Self

from zhanggui.kernel.errors import Kind, ZhangguiError
from zhanggui.kernel.words import N_

MISFIT = N_("'%(seen)s' does not fit at character %(place)s.")
ENDS_EARLY = N_("The rule ends too early, at character %(place)s.")


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
    """A rule of a segment that cannot be understood, or asks for what may not be asked.

    Message and hint are sentences of the catalogue with `values` in them; `words.segments.rule_problem` says them in
    the reader's language.
    """

    code, kind = "audience.bad_segment_rule", Kind.INVALID

    def __init__(self, sentence: str, *, cure: str, values: Mapping[str, object] | None = None) -> None:
        self.sentence, self.cure, self.values = sentence, cure, dict(values or {})
        super().__init__(sentence % self.values, hint=cure % self.values)

    @classmethod
    def at(cls, seen: str, place: int, cure: str, **values: object) -> Self:
        """Something does not fit where it stands; `place` is counted from 0."""
        sentence = MISFIT if seen else ENDS_EARLY
        return cls(sentence, cure=cure, values={"seen": seen, "place": place + 1, **values})

    @classmethod
    def unknown(cls, seen: str, place: int, known: Iterable[str]) -> Self:
        """A word that there is not."""
        names = list(known)
        near = difflib.get_close_matches(seen, names, n=1)
        if near:
            return cls.at(seen, place, N_("Did you mean '%(near)s'?"), near=near[0])
        return cls.at(seen, place, N_("It may be one of: %(known)s."), known=", ".join(names))

    @classmethod
    def denied(cls, seen: str, place: int) -> Self:
        """It asks for what may be inferred of nobody (PIPL art. 28 to 31; not read here)."""
        sentence = N_("'%(seen)s' at character %(place)s may not be asked of anybody.")
        cure = N_("Health, faith, love life, politics, origin and children are inferred of nobody: leave it out.")
        return cls(sentence, cure=cure, values={"seen": seen, "place": place + 1})


class UnknownSegment(AudienceError):
    """There is no segment of that id."""

    code, kind = "audience.unknown_segment", Kind.NOT_FOUND


class UnknownTier(AudienceError):
    """There is no tier of that name, or no such batch of its plan."""

    code, kind = "audience.unknown_tier", Kind.NOT_FOUND


class TooFewForPlan(AudienceError):
    """Too few of a tier agreed to be written to: nobody is written to in a small group, and nothing could be seen."""

    code, kind = "audience.too_few_for_plan", Kind.CONFLICT
