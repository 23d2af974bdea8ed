"""Separate consents (单独同意): one act each, asked by itself and never together with a purpose.

Law: PIPL art. 23 (to another handler), 25 (publishing), 26 (pictures of public places for another end), 29 and 30
(sensitive data), 39 (abroad). Which of their texts were read stands in `law.toml`.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

import msgspec

Words = Annotated[str, msgspec.Meta(max_length=1_000)]
AskName = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$(?!\n)")]
"""Stands in the egress register, in addresses and in the ledger."""
CountryOrNone = Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{2})?$(?!\n)")]


class SeparateAct(enum.StrEnum):
    """What is asked for, each by an article of its own."""

    HAND_OVER = "hand_over"
    PUBLISH = "publish"
    PUBLIC_PLACES = "public_places"
    SENSITIVE = "sensitive"
    ABROAD = "abroad"


class PublishSeparateAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person is told before they agree, in the merchant's words.

    Attributes:
        receiver: who gets the data; `contact`: how they are reached.
        country: where that is, ISO 3166-1 alpha-2. Hong Kong, Macao and Taiwan count as across the border.
        data: which kinds of data.
        method: how the receiver deals with it.
        effect: why it is needed, and what it means for the person (art. 30).
        rights: how a person turns to the receiver with their rights (art. 39).
    """

    act: SeparateAct
    receiver: Words = ""
    contact: Words = ""
    country: CountryOrNone = ""
    data: Annotated[tuple[Words, ...], msgspec.Meta(max_length=32)] = ()
    purpose: Words = ""
    method: Words = ""
    effect: Words = ""
    rights: Words = ""


class SeparateAsk(PublishSeparateAsk, frozen=True, kw_only=True):
    """A version as it was published. It is never changed: who agreed to it agreed to exactly this.

    `is_open`: False in the version that ended it: nobody is asked any more, and no yes counts.
    """

    name: AskName
    version: Annotated[int, msgspec.Meta(ge=1)]
    at: datetime
    by: str
    is_open: bool = True


class RecordSeparate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A separate consent given or withdrawn. `version`: the one that the person saw, the newest without it."""

    name: AskName
    is_granted: bool
    version: Annotated[int, msgspec.Meta(ge=1)] | None = None


class SeparateConsent(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for one ask. Silence is a no; `is_outdated`: they agreed to a version that a newer one replaced."""

    ask: SeparateAsk
    is_granted: bool
    at: datetime | None = None
    is_outdated: bool = False


class SeparateCount(msgspec.Struct, frozen=True, kw_only=True):
    """The newest version of an ask, and how many people's yes to it holds."""

    ask: SeparateAsk
    agreed: int
