"""What leaves the shop for others than itself, for the attack by date, amount and city.

A route or page that an analyst or an auditor may read, or that carries rows out, stands either in `LEAVING` (and is
attacked) or in `TELLS_NO_ORDER` with the reason; a test holds that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from zhanggui.audience import Audience
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend import AimDesk, LabelDesk, ModelDesk
from zhanggui.recommend.types.off_policy import AskOutcomes
from zhanggui.shop import Catalogue, Orders
from zhanggui.shop.engines.coarse_figures import coarse
from zhanggui.shop.service.figures import RangeDays, ShopFigures
from zhanggui.shop.types import Order
from zhanggui.trust.service.fairness.reporting import Fairness
from zhanggui.trust.service.figures import AnalystFigures
from zhanggui.trust.service.linking import Linkage
from zhanggui.trust.service.reports.yearly import YearlyReview
from zhanggui.trust.types.figures import AskFigures, Cut, Measure
from zhanggui.trust.types.linkage import KnownOrder

from .base import Base
from .ethics import Keeping, LookedAt
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
    "GetListExportFile": "lists for mailing, as they lie in the shop's folder, without the ids of their people",
    "ListPlans": "tiers of customers, and what plans brought",
    "ListLearnedSegments": "portraits of learned segments",
    "ReleaseFigures": "figures for analysts, each measure by each cut",
    "GetYearlyReview": "the review of the year",
    "TodayPage": "the console's first page as an analyst reads it: figures, curve, parts",
}
"""Operation, or page → what it is; each is read and attacked."""

_MODEL = "metrics and parameters of a model: no row is about an order"
_LAW = "clauses, checks and articles of law"
_LEDGER = "the shop's own record, for its owner and its auditor; names no shopper but by number"
_SIZES = "how many people a rule holds, none below the floor: no row tells an amount beside a day or a place"
_PORTRAITS = "means of three digits and shares over people, none below the floor, beside everybody's"
_OWN_COPY = "the shop's own copy of its own facts: it names whose each order is, and only who runs it may take it"
TELLS_NO_ORDER: Mapping[str, str] = {
    "ReleaseFiguresAcross": "figures of ReleaseFigures, of several shops added up before the noise or the floor",
    "GetPrivacyBudget": "what is left of a budget",
    "ListModels": _MODEL,
    "GetModel": _MODEL,
    "CompareModels": _MODEL,
    "ListPredictionModels": _MODEL,
    "EstimatePolicy": "three means over places that the asker names",
    "ListFloors": "shares of exposure over all lists of a day and of a week, none of fewer than five people",
    "GetTradeOff": "means over all lists at each position of the dial",
    "GetMeasuring": "how far a measurement is",
    "ListOfferGroups": "means over groups of the experiment's size",
    "GetAudience": "a count of people by taste, never who",
    "ListAudienceSegments": _SIZES,
    "ListSegments": _SIZES,
    "GetSegment": _SIZES,
    "CountSegment": _SIZES,
    "ListSegmentSizes": _SIZES,
    "ListOverlaps": _SIZES,
    "GetLearnedSegment": _PORTRAITS,
    "ListLearnedSegmentSizes": _SIZES,
    "ListCohorts": _SIZES,
    "ListDatasheets": "counts of whole training sets, and the findings of their gate",
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
    "Export": _OWN_COPY,
    "GetRejects": "the shop's own file, what of it was refused, for itself",
}
"""Operation → why it cannot be matched with an order."""
NAMES_PEOPLE: Mapping[str, str] = {
    "/console/{shop}/orders.csv": "each order with whose it is, for whoever packs and answers for it: shop:people",
    "/console/{shop}/customers.csv": "each customer, for whoever serves them: shop:people",
    "/console/{shop}/contests.csv": "what somebody contested, for whoever answers them: contests:read",
    "/console/{shop}/import/{import_id}/rejects.csv": "refused rows of the shop's own file, for itself: shop:export",
    "/console/{shop}/import/history.csv": "names of files that the shop brought, which may say whose: shop:write",
    "/console/{shop}/rules.csv": "rules in words, for whoever sets them: recommend:admin",
    "/console/{shop}/labels.csv": "goods and labels they earned, for whoever sets them: recommend:admin",
}
"""File of the console behind a scope about people → why; none of them is for an analyst or an auditor."""
_PAGE = 200
_IDS = frozenset({"customer_id", "visitor_id"})


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
    shop_figures: ShopFigures
    audience: Audience
    lists: Path
    this_year: Callable[[], int]
    zone: ZoneInfo

    @classmethod
    def of(
        cls,
        base: Base,
        facts: Facts,
        models: Recommending,
        looked_at: LookedAt,
        kept: Keeping,
        told: Telling,
    ) -> Outgoing:
        """The services of one shop."""
        return cls(
            orders=facts["orders"],
            catalogue=facts["catalogue"],
            fairness=looked_at.fairness,
            model_desk=models["model_desk"],
            aim_desk=models["aim_desk"],
            label_desk=models["label_desk"],
            yearly_review=kept["yearly_review"],
            figures=told["analyst_figures"],
            shop_figures=facts["figures"],
            audience=looked_at.audience,
            lists=base.folder / "exports" / "lists",
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
            "GetListExportFile": lambda: list(self._lists()),
            "ListPlans": self.audience.plans.all,
            "ListLearnedSegments": self.audience.learned.all,
            "ReleaseFigures": lambda: [self.figures.preview(ask) for ask in _questions()],
            "GetYearlyReview": lambda: self.yearly_review.of(self.this_year()),
            "TodayPage": lambda: list(self._today()),
        }

    def _today(self) -> Iterator[dict[str, object]]:
        """A row for each figure and part of the page's three ranges, and for each point of their curves."""
        for days in get_args(RangeDays):
            told = coarse(self.shop_figures.overview(days))
            day = told.day.isoformat()
            yield {"day": day, "sales": told.sales.now, "returned_minor": told.returned_minor}
            yield {"day": told.before_day.isoformat(), "sales": told.sales.before}
            yield from ({"day": day, "sales": part.now} for part in (*told.categories, *told.channels))
            points = told.curve.now
            for at, value, before in zip(told.curve.moments, points, (0, *points), strict=False):
                yield {"day": at.date().isoformat(), "sales": value - before if days == 1 else value}

    def _lists(self) -> Iterator[dict[str, object]]:
        """The newest file of lists for mailing, as somebody would hold it who took the ids of people out."""
        import pyarrow.parquet as pq

        for path in sorted(self.lists.glob("*.parquet"))[-1:]:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches():
                    for row in batch.to_pylist():
                        yield {name: value for name, value in row.items() if name not in _IDS}

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


def _questions() -> Iterator[AskFigures]:
    """Each measure by each cut, over the shortest window: the fewest people stand behind its cells."""
    for measure in get_args(Measure):
        yield from (AskFigures(measure=measure, by=cut, days=7) for cut in get_args(Cut))


def _known(orders: Orders, zone: ZoneInfo) -> Iterator[KnownOrder]:
    after: str | None = None
    while page := orders.orders(after, _PAGE, purpose=Purpose.SERVICE):
        yield from (_as_known(order, zone) for order in page)
        after = page[-1].id


def _as_known(order: Order, zone: ZoneInfo) -> KnownOrder:
    lines = [line.worth_minor for line in order.lines]
    pieces = [line.unit_price_minor for line in order.lines]
    amounts = frozenset((sum(lines), *lines, *pieces)) - {0}
    person = order.customer_id or order.visitor_id or f"guest of {order.id}"
    day = order.at.astimezone(zone).date().isoformat()
    return KnownOrder(person, day, amounts, order.province, order.city_tier or 0)
