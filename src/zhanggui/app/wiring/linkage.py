"""What leaves the shop for others than itself, for the attack by date, amount and city.

A route or page that an analyst or an auditor may read, or that carries rows out, stands either in `LEAVING` (and is
attacked) or in `TELLS_NO_ORDER` with the reason; a test holds that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend import AimDesk, LabelDesk, ModelDesk
from zhanggui.recommend.types.off_policy import AskOutcomes
from zhanggui.shop import Catalogue, Orders
from zhanggui.shop.types import Order
from zhanggui.trust.service.fairness.reporting import Fairness
from zhanggui.trust.service.figures import AnalystFigures
from zhanggui.trust.service.linking import Linkage
from zhanggui.trust.service.reports.yearly import YearlyReview
from zhanggui.trust.types.figures import AskFigures
from zhanggui.trust.types.linkage import KnownOrder

from .base import Base
from .ethics import Keeping
from .figures import Telling
from .recommend import Recommending
from .shop import Facts

LEAVING = {
    "GetFairness": "shares by group",
    "GetOutcomes": "what served places led to, by surface",
    "GetPlaces": "served places, a row each",
    "GetModelQuality": "figures of the model",
    "GetExposure": "who gets the places",
    "ListLabels": "labels that goods earned, with evidence",
    "ReleaseFigures": "figures for analysts",
    "GetYearlyReview": "the review of the year",
}
"""Operation → what it is; each is read and attacked."""

_MODEL = "metrics and parameters of a model: no row is about an order"
_LAW = "clauses, checks and articles of law"
_LEDGER = "the shop's own record, for its owner and its auditor; names no shopper but by number"
_SIZES = "how many people a rule holds, none below the floor: no row tells an amount beside a day or a place"
_PORTRAITS = "means of three digits and shares over people, none below the floor, beside everybody's"
TELLS_NO_ORDER: Mapping[str, str] = {
    "GetPrivacyBudget": "what is left of a budget",
    "ListModels": _MODEL,
    "GetModel": _MODEL,
    "CompareModels": _MODEL,
    "ListPredictionModels": _MODEL,
    "EstimatePolicy": "three means over places that the asker names",
    "GetTradeOff": "means over all lists at each position of the dial",
    "ListOfferGroups": "means over groups of the experiment's size",
    "GetAudience": "a count of people by taste, never who",
    "ListSegments": _SIZES,
    "GetSegment": _SIZES,
    "CountSegment": _SIZES,
    "ListSegmentSizes": _SIZES,
    "ListOverlaps": _SIZES,
    "ListLearnedSegments": _PORTRAITS,
    "GetLearnedSegment": _PORTRAITS,
    "ListLearnedSegmentSizes": _SIZES,
    "ListCohorts": _SIZES,
    "ListPlans": "how many of a tier may be written to, none below the floor, and what a plan brought over its arms",
    "GetStageFlow": _SIZES,
    "RunFlipTest": "how many answers differ",
    "GetMitigations": "what was measured of mitigations: means",
    "MeasureMitigations": "gaps between groups before and after a mitigation, and what it costs: means",
    "GetEthics": _LAW,
    "CheckEthics": _LAW,
    "GetLawMatrix": _LAW,
    "GetYearlyReviewPage": "the same as GetYearlyReview",
    "GetYearlyReviewPdf": "the same as GetYearlyReview",
    "ListLedger": _LEDGER,
    "ExportLedger": _LEDGER,
    "AnchorLedger": _LEDGER,
    "VerifyLedger": _LEDGER,
    "ListErasures": "receipts that name nobody",
    "GetErasure": "receipts that name nobody",
    "AssessImpact": "what is processed, not whose",
    "ListAlerts": "counts above a limit",
    "ListEgressHosts": "hosts",
    "Export": "the shop's own copy of its own facts, for itself",
    "GetRejects": "the shop's own file, what of it was refused, for itself",
}
"""Operation → why it cannot be matched with an order."""
_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """The services whose answers leave."""

    orders: Orders
    catalogue: Catalogue
    fairness: Fairness
    model_desk: ModelDesk
    aim_desk: AimDesk
    label_desk: LabelDesk
    yearly_review: YearlyReview
    figures: AnalystFigures
    this_year: Callable[[], int]
    zone: ZoneInfo

    @classmethod
    def of(
        cls, base: Base, facts: Facts, models: Recommending, fairness: Fairness, kept: Keeping, told: Telling
    ) -> Outgoing:
        """The services of one shop."""
        return cls(
            orders=facts["orders"],
            catalogue=facts["catalogue"],
            fairness=fairness,
            model_desk=models["model_desk"],
            aim_desk=models["aim_desk"],
            label_desk=models["label_desk"],
            yearly_review=kept["yearly_review"],
            figures=told["analyst_figures"],
            this_year=lambda: base.clock().astimezone(base.zone).year,
            zone=base.zone,
        )

    def readers(self) -> Mapping[str, Callable[[], object]]:
        """How each of `LEAVING` is read as somebody outside gets it."""
        return {
            "GetFairness": self.fairness.report,
            "GetOutcomes": lambda: self.model_desk.off_policy.outcomes(AskOutcomes(reward="purchase")),
            "GetPlaces": lambda: list(self._places()),
            "GetModelQuality": self.model_desk.quality.report,
            "GetExposure": self.aim_desk.watch.report,
            "ListLabels": self.label_desk.evidence,
            "ReleaseFigures": lambda: self.figures.preview(AskFigures(measure="sales", by="region", days=7)),
            "GetYearlyReview": lambda: self.yearly_review.of(self.this_year()),
        }

    def _places(self) -> Iterator[dict[str, object]]:
        """Places that led to a purchase; whoever reads them knows what the product costs."""
        prices: dict[str, int] = {}
        for row in self.model_desk.off_policy.rows(AskOutcomes(days=90, hours=168, reward="purchase")).to_pylist():
            product = row["product_id"]
            if not row["reward"] or not product:
                continue
            if product not in prices:
                offers = self.catalogue.offers([product])
                prices[product] = min((offer.price_minor for offer in offers), default=0)
            yield {**row, "price_minor": prices[product]}


def linkage_of(outgoing: Outgoing) -> Linkage:
    """The attack, with every order of the shop as what the attacker knows."""
    return Linkage(known=lambda: list(_known(outgoing.orders, outgoing.zone)), leaving=outgoing.readers())


def _known(orders: Orders, zone: ZoneInfo) -> Iterator[KnownOrder]:
    after: str | None = None
    while page := orders.orders(after, _PAGE, purpose=Purpose.SERVICE):
        yield from (_as_known(order, zone) for order in page)
        after = page[-1].id


def _as_known(order: Order, zone: ZoneInfo) -> KnownOrder:
    lines: Sequence[int] = [line.quantity * line.unit_price_minor - line.discount_minor for line in order.lines]
    pieces = [line.unit_price_minor for line in order.lines]
    amounts = frozenset((sum(lines), *lines, *pieces)) - {0}
    person = order.customer_id or order.visitor_id or f"guest of {order.id}"
    return KnownOrder(person, order.at.astimezone(zone).date().isoformat(), amounts, order.province)
