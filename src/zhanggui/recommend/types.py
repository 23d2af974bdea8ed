"""What crosses the door of this room."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from zhanggui.kernel.ids import MerchantId, Ulid

from .learning_types import TriedMethod


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


class RankedProduct(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place of a list. `propensity` is the chance that this place showed this product.

    Where rules moved it, `ranked_at` is the place that its score alone gave it, and `moved_by` the rule that took it
    out of that order; 0 and empty where none did.
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


class Recommendations(msgspec.Struct, frozen=True, omit_defaults=True):
    """A served list. `notice` says why it is not personal: `no_history`, `personalization_off`; empty when it is.

    On a surface that pushes, `low_intent` says that the list is shorter than asked for, or empty. `hints` name what a
    filter asks for and no product has; `intent` is how much the shopper seems to want anything, in [0, 1]. Where
    products were named, `unknown` are the ids of none, and `left_out` what must not come, with why.
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

    `unavailable` counts all products of the shop that nobody can buy now.
    """

    items: tuple[RankedProduct, ...]
    model: str
    surface: str
    notice: str
    notice_text: str
    acts: dict[int, PastAct]
    excluded: tuple[ExcludedProduct, ...]
    unavailable: int


class ServedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What the log of served lists keeps of one list, by dense numbers."""

    id: str
    person: int  # 0: nobody known
    surface: str
    at_ms: int
    products: tuple[int, ...]
    propensities: tuple[float, ...]
    model: str


class ShowLess(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shopper wants less like this. Without `chips` the telling ones are chosen; their keys are in the answer."""

    product_id: MerchantId
    customer_id: MerchantId | None = None
    visitor_id: MerchantId | None = None
    chips: Annotated[tuple[str, ...], msgspec.Meta(max_length=20)] | None = None
    strength: Annotated[float, msgspec.Meta(gt=0, le=20)] = 3.0


class ChipChoice(msgspec.Struct, frozen=True):
    """A trait of a product that a shopper may see less of, and whether this preference lowers it."""

    kind: str
    value: str
    key: str
    is_chosen: bool


class Preference(msgspec.Struct, frozen=True):
    """A "show me less": the product that goes, and the chips that are lowered."""

    id: str
    product_id: str
    chips: tuple[ChipChoice, ...]
    strength: float
    is_undone: bool = False


class ChooseChips(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other chips for a preference."""

    chips: Annotated[tuple[str, ...], msgspec.Meta(max_length=20)]


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a model was made from, how it did, and where it stands: `current`, `kept` or `refused`.

    Of a model that a person put back into service, `replaced` is the one that served until then, and `held_seq` the
    newest event that any model had counted: nothing learned from no more than that takes its place by itself.
    `tried` are the methods that its neighbour lists were chosen among; empty where a shop has the usual ones.
    """

    id: str
    kind: str
    state: str
    at_ms: int
    rows: int
    people: int
    products: int
    from_ms: int
    until_ms: int
    until_seq: int
    seed: int
    parameters: dict[str, str]
    metrics: dict[str, float]
    libraries: dict[str, str]
    reason: str = ""
    view_seq: int = 0
    replaced: str = ""
    held_seq: int = 0
    tried: tuple[TriedMethod, ...] = ()


class PutBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which kept model shall serve again; the one that served before the present one where none is named."""

    model_id: Ulid | None = None


class ModelChanged(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of a model that a person put into service: which served, and which serves."""

    subject: str
    act: Literal["put_back", "undone"]
    before: str
    after: str


class TrainReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a training ended."""

    model: str
    in_service: bool
    summary: str
    metrics: dict[str, float]
    seconds: float


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
    """A rule as it is asked for. What `value` means depends on the kind; see docs/recommend.md."""

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
