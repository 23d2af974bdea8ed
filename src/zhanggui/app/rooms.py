"""What a shop and an installation consist of, once `build` has wired them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from zhanggui.audience import Audience
from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.settings import Settings
from zhanggui.recommend import AimDesk, LabelDesk, ModelDesk, Recommender, RuleTrials
from zhanggui.shop import Catalogue, Exporter, LiveCatalogue, Orders, People, Restorer, Words
from zhanggui.shop.outbox import Outbox, OutboxQueue
from zhanggui.shop.service.archive import Archive
from zhanggui.shop.service.browsing import Browsing
from zhanggui.shop.service.checkout import Checkout
from zhanggui.shop.service.discoveries import ShopDiscoveries
from zhanggui.shop.service.drafts import Drafts
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.figures import ShopFigures
from zhanggui.shop.service.history import History
from zhanggui.shop.service.import_undo import ImportUndoing
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.service.product_browsing import ProductBrowsing
from zhanggui.shop.service.served_lists import ServedLists
from zhanggui.shop.service.uploads import Uploads
from zhanggui.shop.service.visits import Visits
from zhanggui.shop.simulate import Simulator
from zhanggui.trust import Access, Consents, Keys, Ledger, Proposals, Users
from zhanggui.trust.service.assessing import Assessor
from zhanggui.trust.service.breach import Drills
from zhanggui.trust.service.brief import MorningBrief
from zhanggui.trust.service.consenting.notices import Notices
from zhanggui.trust.service.consenting.separate import SeparateConsents
from zhanggui.trust.service.contesting import Contests
from zhanggui.trust.service.disclosures import Disclosures
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.service.ethics import Ethics
from zhanggui.trust.service.fairness.flipping import FlipTest
from zhanggui.trust.service.fairness.mitigations import MitigationTest
from zhanggui.trust.service.fairness.reporting import Fairness
from zhanggui.trust.service.figures import AnalystFigures
from zhanggui.trust.service.guarding import PiiGuard
from zhanggui.trust.service.inbox import Inbox
from zhanggui.trust.service.linking import Linkage
from zhanggui.trust.service.persons.cleaning import Cleaning
from zhanggui.trust.service.persons.persons import Persons
from zhanggui.trust.service.places import InboxPlaces
from zhanggui.trust.service.reports import YearlyReview
from zhanggui.trust.service.training_data import TrainingGate
from zhanggui.trust.service.watch import Watch


class OverStore:
    """Services over one store, which is closed with them."""

    __slots__ = ()
    db: Database

    def close(self) -> None:
        """Finish the writes that wait, and let go of the store."""
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms(OverStore):
    """All services of one shop, wired."""

    name: str
    settings: Settings
    folder: Path
    clock: Clock
    db: Database
    catalogue: Catalogue
    live: LiveCatalogue
    people: People
    orders: Orders
    checkout: Checkout
    words: Words
    browsing: Browsing
    product_browsing: ProductBrowsing
    events: Events
    history: History
    archive: Archive
    visits: Visits
    figures: ShopFigures
    discoveries: ShopDiscoveries
    served: ServedLists
    media: MediaStore
    importer: Importer
    uploads: Uploads
    drafts: Drafts
    undoing: ImportUndoing
    exporter: Exporter
    restorer: Restorer
    simulator: Simulator
    queue: OutboxQueue
    outbox: Outbox
    ledger: Ledger
    egress: EgressRegister
    watch: Watch
    assessor: Assessor
    drills: Drills
    ethics: Ethics
    yearly_review: YearlyReview
    consents: Consents
    notices: Notices
    separate_consents: SeparateConsents
    contests: Contests
    training_gate: TrainingGate
    disclosures: Disclosures
    audience: Audience
    recommend: Recommender
    rule_trials: RuleTrials
    model_desk: ModelDesk
    aim_desk: AimDesk
    label_desk: LabelDesk
    fairness: Fairness
    guard: PiiGuard
    linkage: Linkage
    analyst_figures: AnalystFigures
    flip_test: FlipTest
    mitigation_test: MitigationTest
    proposals: Proposals
    inbox: Inbox
    brief: MorningBrief
    places: InboxPlaces
    persons: Persons
    cleaning: Cleaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Control(OverStore):
    """The services of the installation: who may do what, in all its shops. `root`: the secret behind its seals."""

    db: Database
    root: bytes = field(repr=False)
    access: Access
    keys: Keys
    users: Users
