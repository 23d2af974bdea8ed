"""The composition root: the one place that knows which part stands behind which port."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from zhanggui.kernel.cipher import SubjectCipher, load_master_key
from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.jobs import JobRunner, enqueue
from zhanggui.kernel.jobs.runner import OnEnd
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.settings import Settings
from zhanggui.recommend import ModelStore, PreferencePart, Recommender
from zhanggui.shop import Catalogue, Exporter, LiveCatalogue, Orders, People, Restorer, Words
from zhanggui.shop.exporters import EntryPart, EventIdPart, ExportPart, ExportRecord, ServedPart
from zhanggui.shop.importers.conversion import Defaults
from zhanggui.shop.importers.fetching import PictureFetcher
from zhanggui.shop.outbox import Outbox, OutboxQueue
from zhanggui.shop.service.archive import Archive
from zhanggui.shop.service.browsing import Browsing
from zhanggui.shop.service.checkout import Checkout
from zhanggui.shop.service.day_files import DayFiles
from zhanggui.shop.service.discoveries import ShopDiscoveries
from zhanggui.shop.service.drafts import Drafts
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.figures import ShopFigures
from zhanggui.shop.service.history import History
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.service.past_rows import PastRows
from zhanggui.shop.service.product_browsing import ProductBrowsing
from zhanggui.shop.service.served_lists import ServedLists
from zhanggui.shop.service.uploads import Uploads
from zhanggui.shop.service.visits import Visits
from zhanggui.shop.simulate import Simulator
from zhanggui.trust import (
    Access,
    ConsentPart,
    Consents,
    InboxPlaces,
    Keys,
    Ledger,
    NoticePart,
    Passwords,
    Proposals,
    Users,
    access_pepper,
    load_signer,
    shop_kinds,
)
from zhanggui.trust.service.brief import MorningBrief
from zhanggui.trust.service.disclosures import Disclosures
from zhanggui.trust.service.inbox import Inbox
from zhanggui.trust.service.record_parts import LedgerRecord, ProposalRecord
from zhanggui.trust.types.briefs import FactsAge

from .briefs.channels import channels_of
from .briefs.wording import BriefWords
from .jobs import handlers, schedules
from .outlets import outlets_of
from .places import known_shops, open_checked_control, open_checked_shop, shop_folder
from .rooms import Control, Rooms
from .served_log import ServedLog


def open_rooms(name: str, settings: Settings, *, clock: Clock = system_clock) -> Rooms:
    """Open a shop.

    Raises:
        UnknownShop: there is none of that name here.
        WrongRevision: its store stands at another revision.
        NoSigningKey: its folder has lost the key of its ledger.
    """
    control = open_checked_control(settings)
    try:
        db = open_checked_shop(settings, name, known_shops(control))
    finally:
        control.close()
    try:
        return wire(name, settings, db, clock=clock)
    except ZhangguiError:
        db.close()
        raise


def wire(name: str, settings: Settings, db: Database, *, clock: Clock) -> Rooms:
    """Build the services of a shop over its open store."""
    base = _base(name, settings, db, clock)
    folder, cipher, media, day_files = base.folder, base.cipher, base.media, DayFiles(base.folder / "events")
    queue, ledger, consents, proposals = _trust(base)
    live, events, served = LiveCatalogue(db, clock), Events(db, clock), ServedLists(db)
    archive, visits, figures = _counting(base, live, day_files)
    history = History(db=db, files=day_files, gate=consents)
    people = People(db=db, clock=clock, cipher=cipher, gate=consents)
    importer = _importer(base)
    past, parts = PastRows(files=day_files), _parts(ledger)
    inbox = Inbox(db=db, kinds=proposals.kinds)
    return Rooms(
        name=name,
        settings=settings,
        folder=folder,
        clock=clock,
        db=db,
        catalogue=Catalogue(db=db, clock=clock),
        live=live,
        people=people,
        orders=Orders(db=db, clock=clock, gate=consents),
        checkout=Checkout(db=db, clock=clock),
        words=Words(db=db, clock=clock, gate=consents),
        browsing=Browsing(db=db, clock=clock, cipher=cipher, live=live, gate=consents),
        product_browsing=ProductBrowsing(db=db, clock=clock, live=live),
        events=events,
        history=history,
        archive=archive,
        visits=visits,
        figures=figures,
        discoveries=_discoveries(base, live, consents),
        served=served,
        media=media,
        importer=importer,
        uploads=Uploads(importer=importer),
        drafts=Drafts(uploads=Uploads(importer=importer)),
        exporter=Exporter(db=db, cipher=cipher, past=past, media=media, parts=(*parts, *_records())),
        restorer=Restorer(db=db, clock=clock, cipher=cipher, past=past, media=media, parts=parts),
        simulator=_simulator(base),
        queue=queue,
        outbox=Outbox(db=db, queue=queue, settle=proposals.settle),
        ledger=ledger,
        consents=consents,
        disclosures=Disclosures(db=db, ledger=ledger, people=people),
        proposals=proposals,
        inbox=inbox,
        brief=_brief(base, inbox, live, figures),
        places=InboxPlaces(db=db, clock=clock, zone=ZoneInfo(settings.shop.time_zone), proposals=proposals),
        recommend=_recommender(
            base, live=live, events=events, people=people, served=served, gate=consents, history=history
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What the services of one shop stand on."""

    name: str
    settings: Settings
    folder: Path
    clock: Clock
    db: Database
    cipher: SubjectCipher
    media: MediaStore


def _base(name: str, settings: Settings, db: Database, clock: Clock) -> _Base:
    folder = shop_folder(settings, name)
    cipher = SubjectCipher(load_master_key(settings.home, os.environ))
    media = MediaStore(folder / "media")
    return _Base(name=name, settings=settings, folder=folder, clock=clock, db=db, cipher=cipher, media=media)


def _trust(base: _Base) -> tuple[OutboxQueue, Ledger, Consents, Proposals]:
    db, clock = base.db, base.clock
    queue = OutboxQueue(clock=clock, enqueue=enqueue, outlets=outlets_of(base.settings, base.folder, clock))
    signer = load_signer(base.folder)
    ledger = Ledger(db=db, clock=clock, entropy=secrets.token_bytes, shop=base.name, signer=signer)
    consents = Consents(db=db, clock=clock, ledger=ledger)
    return queue, ledger, consents, Proposals(db=db, clock=clock, ledger=ledger, kinds=shop_kinds(), outbox=queue)


def _counting(base: _Base, live: LiveCatalogue, files: DayFiles) -> tuple[Archive, Visits, ShopFigures]:
    db, clock, shop = base.db, base.clock, base.settings.shop
    zone = ZoneInfo(shop.time_zone)
    visits = Visits(db=db, clock=clock, files=files, zone=zone)
    archive = Archive(db=db, clock=clock, files=files, hot_days=shop.hot_days, before_leaving=visits.count)
    return archive, visits, ShopFigures(db=db, clock=clock, live=live, zone=zone, currency=shop.currency)


def _discoveries(base: _Base, live: LiveCatalogue, gate: Consents) -> ShopDiscoveries:
    shop = base.settings.shop
    return ShopDiscoveries(db=base.db, live=live, gate=gate, zone=ZoneInfo(shop.time_zone), currency=shop.currency)


def _brief(base: _Base, inbox: Inbox, live: LiveCatalogue, figures: ShopFigures) -> MorningBrief:
    def facts_age() -> FactsAge:
        age = figures.data_age()
        return FactsAge(order_at=age.order_at, event_at=age.event_at)

    shop = base.settings.shop
    words = BriefWords(name=base.name, settings=shop, clock=base.clock, inbox=inbox, live=live)
    return MorningBrief(
        db=base.db,
        clock=base.clock,
        inbox=inbox,
        shop=base.name,
        zone=ZoneInfo(shop.time_zone),
        at=time.fromisoformat(base.settings.brief.at),
        address=base.settings.server.address,
        facts_age=facts_age,
        channels=channels_of(base.settings, words, base.clock),
    )


def _parts(ledger: Ledger) -> tuple[ExportPart, ...]:
    names = Naming()
    return (
        EntryPart(),
        EventIdPart(),
        ServedPart(names=names),
        NoticePart(ledger=ledger),
        ConsentPart(ledger=ledger, names=names),
        PreferencePart(names=names),
    )


def _records() -> tuple[ExportRecord, ...]:
    return LedgerRecord(), ProposalRecord()


def _importer(base: _Base) -> Importer:
    shop = base.settings.shop
    return Importer(
        db=base.db,
        cipher=base.cipher,
        clock=base.clock,
        folder=base.folder,
        defaults=Defaults(currency=shop.currency, time_zone=shop.time_zone, language=shop.language),
        media=base.media,
        fetch=PictureFetcher() if base.settings.features.fetch_pictures else None,
    )


def _simulator(base: _Base) -> Simulator:
    return Simulator(
        db=base.db,
        cipher=base.cipher,
        media=base.media,
        clock=base.clock,
        folder=base.folder,
        truth_folder=base.settings.home / "simulated-truth" / base.name,
    )


def _recommender(
    base: _Base,
    *,
    live: LiveCatalogue,
    events: Events,
    people: People,
    served: ServedLists,
    gate: Consents,
    history: History,
) -> Recommender:
    return Recommender(
        db=base.db,
        clock=base.clock,
        live=live,
        events=events,
        people=people,
        served=ServedLog(served),
        gate=gate,
        history=history,
        models=ModelStore(db=base.db, folder=base.folder / "models"),
        budget_bytes=base.settings.recommend.memory_mb * 2**20,
    )


def open_control(settings: Settings, *, clock: Clock = system_clock) -> Control:
    """Open the installation's own store: its keys and users.

    Raises:
        Unavailable: there is no installation yet.
        WrongRevision: the store stands at another revision.
    """
    return wire_control(settings, open_checked_control(settings), clock=clock)


def wire_control(settings: Settings, db: Database, *, clock: Clock) -> Control:
    """Build the services of the installation over its open store."""
    pepper = access_pepper(load_master_key(settings.home, os.environ))
    return Control(
        db=db,
        access=Access(db=db, clock=clock, pepper=pepper),
        keys=Keys(db=db, clock=clock, entropy=secrets.token_bytes, pepper=pepper),
        users=Users(db=db, clock=clock, entropy=secrets.token_bytes, pepper=pepper, passwords=Passwords()),
    )


def job_runner(
    name: str, settings: Settings, worker_id: str, on_end: OnEnd | None = None, *, clock: Clock = system_clock
) -> JobRunner:
    """What does the background work of one shop; its store is closed with `runner.db.close()`."""
    rooms = open_rooms(name, settings, clock=clock)
    return JobRunner(
        rooms.db,
        handlers(rooms),
        clock,
        worker_id,
        schedules=schedules(),
        lease_s=settings.jobs.lease_s,
        on_end=on_end,
    )
