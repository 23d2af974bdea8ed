"""People: customers the shop knows by id, visitors it knows by a cookie, and the link between them."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from .base import Fact, Id, Language, Moment, ShortText, Url


class LegalBasis(Fact, frozen=True, kw_only=True):
    """Why the shop may hold a row (PIPL art. 13): `contract`, `public-data`, or `consent` with the notice agreed to."""

    kind: Annotated[str, msgspec.Meta(pattern=r"^(contract|consent|public-data)$(?!\n)")]
    notice: ShortText = ""


class AgeBand(enum.StrEnum):
    """Coarse on purpose."""

    UNDER_18 = "under-18"
    FROM_18 = "18-24"
    FROM_25 = "25-34"
    FROM_35 = "35-44"
    FROM_45 = "45-54"
    FROM_55 = "55+"


class Identifiers(Fact, frozen=True, kw_only=True):
    """Direct identifiers: ciphertext at rest, opened for a purpose only."""

    name: ShortText = ""
    phone: ShortText = ""
    email: ShortText = ""
    address: Url = ""
    platform_ids: dict[ShortText, ShortText] = {}

    @property
    def nickname(self) -> str:
        """What a platform's file calls somebody; empty where it did not."""
        return self.platform_ids.get("nickname", "")


class Customer(Fact, frozen=True, kw_only=True):
    """Somebody the shop knows by id (客户). Region is province and city tier, never finer."""

    id: Id
    identifiers: Identifiers = Identifiers()
    province: ShortText = ""
    city_tier: Annotated[int, msgspec.Meta(ge=1, le=6)] | None = None
    age_band: AgeBand | None = None
    gender: Annotated[str, msgspec.Meta(pattern=r"^(female|male|other)$(?!\n)")] | None = None
    language: Language = "zh"
    joined_at: Moment | None = None
    basis: LegalBasis | None = None  # of this row alone, as an export names it; else that of the whole import


class Identified(Fact, frozen=True, kw_only=True):
    """A login: this visitor is this customer."""

    visitor_id: Id
    customer_id: Id
    at: Moment | None = None
