"""What the shop concludes of one shopper beyond their profile, each in plain words, with what it rests on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

ConclusionKind = Literal[
    "purchase", "churn", "alive", "orders", "value", "next_category", "latent", "segment", "learned_segment", "plan"
]  # fmt: skip


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is concluded.

    Attributes:
        key: by which the shopper says that it shall not be used: of a mute, see `Corrections.mute`.
        name: of the category, the group or the plan; empty where the text says all.
        text: in words and round figures: a share in tenths, an amount in a band.
        why: what it rests on, in words, the strongest first.
        products: some of those behind it (merchant's ids).
        since: when the model learned, the group was made, or the shopper was taken into the plan.
    """

    kind: ConclusionKind
    key: str
    name: str = ""
    text: str
    why: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    since: datetime | None = None


class Conclusions(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, as of a moment: worked out when it is asked for, and kept nowhere."""

    at: datetime
    items: tuple[Conclusion, ...]
