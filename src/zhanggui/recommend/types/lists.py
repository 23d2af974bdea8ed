"""A list as it is served: its places, their reasons, and what stands behind them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing the shopper did that speaks for a product: its event, and its share of the score."""

    seq: int
    product_id: str
    share: float


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a product is shown: a code with its parameters, the events it rests on, and the score by factor.

    `code` is one of `words.REASONS`; `shares` are the positive parts of the score by factor and sum to 1.
    """

    code: str
    params: dict[str, str] = {}
    evidence: tuple[Evidence, ...] = ()
    shares: dict[str, float] = {}

    @property
    def is_grounded(self) -> bool:
        """Whether what the code says is borne out: by the shopper's own acts, and by the shares that it speaks of."""
        speaks_of = SPEAKS_OF.get(self.code, ())
        has_shares = not speaks_of or any(self.shares.get(factor, 0.0) > 0 for factor in speaks_of)
        return has_shares and (bool(self.evidence) or self.code not in OWED)


OWED = frozenset(
    {
        "because_viewed",
        "because_carted",
        "because_bought_with",
        "same_keyword",
        "alike_in_words",
        "described_alike",
        "looks_alike",
        "buy_again",
    }
)
"""Codes that speak of what the shopper did."""
SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    "because_bought_with": ("alike", "together"),
    "chosen_with": ("alike", "together"),
    "alike_in_words": ("content",),
    "described_alike": ("described_alike",),
    "looks_alike": ("looks_alike",),
    "buy_again": ("bought",),
    "trending": ("trend",),
    "popular": ("trend",),
    "new_arrival": ("newness",),
}
"""Factors of which one at least must speak for a product where a code names them."""


class RankedProduct(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place of a list. `propensity` is the chance that this place showed this product.

    Where rules moved it, `ranked_at` is the place that its score alone gave it, and `moved_by` the rule that took it
    out of that order; 0 and empty where none did. A tag of the shopper's is told as `tag:CODE`, and `moved_text` says
    it in words. `promote` is an ad: show `moved_text` beside it.
    """

    product_id: str
    score: float
    reason: Reason
    position: int
    title: str = ""
    explanation: str = ""
    propensity: float = 1.0
    ranked_at: int = 0
    moved_by: str = ""
    moved_text: str = ""


class Recommendations(msgspec.Struct, frozen=True, omit_defaults=True):
    """A served list. `notice` says why it is not personal: `no_history`, `personalization_off`; empty when it is.

    Of what somebody may buy again, `nothing_bought` says that nothing is known that they bought. On a surface that
    pushes, `low_intent` says that the list is shorter than asked for, or empty. `hints` name what a filter asks for and
    no product has; `intent` is how much the shopper seems to want anything, in [0, 1]. Where products were named,
    `unknown` are the ids of none, and `left_out` what must not come, with why.
    """

    list_id: str
    items: tuple[RankedProduct, ...]
    model: str
    surface: str = "home"
    is_personal: bool = True
    notice: str = ""
    notice_text: str = ""
    hints: tuple[str, ...] = ()
    intent: float = 0.0
    unknown: tuple[str, ...] = ()
    left_out: tuple[ExcludedProduct, ...] = ()


class PastAct(msgspec.Struct, frozen=True):
    """One thing that a shopper did with a product; `kind` is an `EventName`."""

    kind: str
    product_id: str
    at_ms: int


class ExcludedProduct(msgspec.Struct, frozen=True):
    """A product kept away: `dismissed`, `sold_out`, `not_for_sale`, `bought_lately`, `filtered`; since `at_ms`."""

    product_id: str
    why: str
    at_ms: int


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a shopper would see now. `acts` are their last acts by the `seq` that evidence names.

    `unavailable` counts all products of the shop that nobody can buy now; `intent` is how much the shopper seems to
    want anything, in [0, 1].
    """

    items: tuple[RankedProduct, ...]
    model: str
    surface: str
    notice: str
    notice_text: str
    acts: dict[int, PastAct]
    excluded: tuple[ExcludedProduct, ...]
    unavailable: int
    intent: float = 0.0


class ServedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What the log of served lists keeps of one list, by dense numbers."""

    id: str
    person: int  # 0: nobody known
    surface: str
    at_ms: int
    products: tuple[int, ...]
    propensities: tuple[float, ...]
    model: str
