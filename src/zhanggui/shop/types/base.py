"""What the fact structs have in common."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

import msgspec

from zhanggui.kernel import notations
from zhanggui.kernel.ids import MerchantId

Id = MerchantId
Language = notations.Language
Currency = notations.Currency
Decimal = notations.ExactDecimal
Text = Annotated[str, msgspec.Meta(max_length=20_000, pattern=r"^[^\x00]*$")]
"""Anything but NUL, which PostgreSQL cannot hold."""
ShortText = Annotated[str, msgspec.Meta(max_length=512, pattern=r"^[^\x00]*$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=512, pattern=r"^[^\x00]*$")]
Url = Annotated[str, msgspec.Meta(max_length=2048, pattern=r"^[^\x00]*$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its time zone; kept in UTC, to the millisecond."""
MAX_MINOR = 2**53
Minor = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""Minor units of a currency (分, pence)."""
Quantity = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]


class TextLicence(enum.StrEnum):
    """What the shop may do with words that it did not write today; they may be shown in any case."""

    OWN = "own"  # the shop's own, or written for it
    TRAINING = "training"  # somebody else's, who permits that models learn from them
    DISPLAY = "display"  # may be shown, and no more
    UNKNOWN = "unknown"  # nobody knows: nothing learns from them

    @property
    def may_train(self) -> bool:
        """Whether models may learn from such words."""
        return self in {TextLicence.OWN, TextLicence.TRAINING}


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Root of all facts: frozen; a field that the shop does not know is refused by name."""
