"""The merchant's rules, and what one would do."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from zhanggui.kernel.ids import MerchantId, Ulid

from .lists import RankedProduct


class RuleKind(enum.StrEnum):
    """What a rule does with the products that its target names; the last six are about the list as a whole."""

    FILTER = "filter"
    PIN = "pin"
    BOOST = "boost"
    BURY = "bury"
    CAP = "cap"
    PROMOTE = "promote"
    VARIETY = "variety"
    TASTE = "taste"
    EXPLORE = "explore"
    FAIR = "fair"
    REST = "rest"
    MIX = "mix"


CapBy = Literal["", "brand", "category", "seller"]


class PutRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule as it is asked for. What `value` means depends on the kind; see docs/recommend-rules.md."""

    kind: RuleKind
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    target: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    surface: Annotated[str, msgspec.Meta(max_length=64)] = ""
    by: CapBy = ""
    value: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0.0
    starts_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    ends_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    is_on: bool = True


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that stands: on every surface where `surface` is empty, from `starts_at` until before `ends_at`."""

    id: str
    kind: RuleKind
    name: str
    target: str
    surface: str
    by: CapBy
    value: float
    starts_at: datetime | None
    ends_at: datetime | None
    is_on: bool
    changed_at: datetime
    is_gone: bool = False


class TryRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule to be tried, in place of the one of `rule_id` where that is named; for a stranger where nobody is."""

    rule: PutRule
    rule_id: Ulid | None = None
    customer_id: MerchantId | None = None
    visitor_id: MerchantId | None = None
    k: Annotated[int, msgspec.Meta(ge=1, le=200)] = 10
    surface: Annotated[str, msgspec.Meta(max_length=64)] = "home"
    language: Annotated[str, msgspec.Meta(max_length=35)] = "zh"


class RuleMove(msgspec.Struct, frozen=True):
    """One move of a list: the product at place `start` went to place `end` (from 1), by this rule."""

    rule: str
    kind: str
    product_id: str
    start: int
    end: int


class RulePreview(msgspec.Struct, frozen=True, kw_only=True):
    """A list without and with a rule, the moves that were made, and how many products its target names."""

    before: tuple[RankedProduct, ...]
    after: tuple[RankedProduct, ...]
    moves: tuple[RuleMove, ...]
    ranked: tuple[str, ...]
    products: int
    examples: tuple[str, ...]
