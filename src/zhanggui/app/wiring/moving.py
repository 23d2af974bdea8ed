"""What brings a shop's data in, takes it out, puts it back or invents it."""

from __future__ import annotations

from typing import TypedDict

from zhanggui.audience.service.learned.parts import LearnedPart
from zhanggui.audience.service.plans.parts import PlanPart, PlanPersonPart, PlanResultPart
from zhanggui.audience.service.profiles.correction_part import CorrectionPart
from zhanggui.audience.service.profiles.unlearning import Unlearning
from zhanggui.audience.service.segments.parts import SegmentPart, SegmentSizePart
from zhanggui.kernel.egress import EgressUse
from zhanggui.recommend import HiddenLabelPart, ObjectivesPart, PreferencePart, RulePart
from zhanggui.shop import Exporter, Following, Restorer
from zhanggui.shop.exporters import AllocationPart, EntryPart, EventIdPart, ExportPart, ServedPart
from zhanggui.shop.importers.conversion import Defaults
from zhanggui.shop.importers.fetching import PictureFetcher
from zhanggui.shop.outbox import Outbox
from zhanggui.shop.service.drafts import Drafts
from zhanggui.shop.service.import_undo import ImportUndoing
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.service.past_rows import PastRows
from zhanggui.shop.service.uploads import Uploads
from zhanggui.shop.simulate import Simulator
from zhanggui.shop.tables.returning import Returning
from zhanggui.trust import ConsentPart, Ledger, NoticePart
from zhanggui.trust.service.moved_parts import ChannelPart, ContestPart, NoticeVersionPart
from zhanggui.trust.service.record_parts import LedgerRecord, ProposalRecord
from zhanggui.trust.service.separate_parts import SeparateAskPart, SeparateConsentPart

from .base import Base
from .shop import Facts
from .trust import Promises


class Moving(TypedDict):
    """The ways of data in and out."""

    importer: Importer
    uploads: Uploads
    drafts: Drafts
    undoing: ImportUndoing
    exporter: Exporter
    restorer: Restorer
    simulator: Simulator
    outbox: Outbox


def moving_of(base: Base, promises: Promises, facts: Facts) -> Moving:
    """Data in and out; an export carries the parts of every room."""
    db, cipher, media = base.db, base.cipher, base.media
    importer = _importer(base, promises)
    uploads = Uploads(importer=importer)
    past, parts = PastRows(files=base.day_files), _parts(promises["ledger"], Following(db=db, past=facts["history"]))
    records = LedgerRecord(), ProposalRecord()
    return Moving(
        importer=importer,
        uploads=uploads,
        drafts=Drafts(uploads=uploads),
        undoing=_undoing(base, promises, facts),
        exporter=Exporter(db=db, cipher=cipher, past=past, media=media, parts=parts, records=records),
        restorer=Restorer(
            db=db,
            clock=base.clock,
            cipher=cipher,
            past=past,
            media=media,
            parts=parts,
            returning=Returning(base.erased),
        ),
        simulator=_simulator(base),
        outbox=Outbox(db=db, queue=promises["queue"], settle=promises["proposals"].settle),
    )


def _parts(ledger: Ledger, log: Following) -> tuple[ExportPart, ...]:
    names = Naming()
    return (
        AllocationPart(),
        EntryPart(),
        EventIdPart(),
        ServedPart(names=names),
        NoticePart(ledger=ledger),
        NoticeVersionPart(ledger=ledger),
        ConsentPart(ledger=ledger, names=names),
        ChannelPart(ledger=ledger, names=names),
        SeparateAskPart(ledger=ledger),
        SeparateConsentPart(ledger=ledger, names=names),
        ContestPart(ledger=ledger, names=names),
        PreferencePart(names=names),
        CorrectionPart(log=log, names=names),
        SegmentPart(),
        SegmentSizePart(),
        LearnedPart(),
        PlanPart(record=ledger),
        PlanPersonPart(names=names),
        PlanResultPart(),
        RulePart(),
        ObjectivesPart(),
        HiddenLabelPart(names=names),
    )


def _importer(base: Base, promises: Promises) -> Importer:
    shop, egress = base.settings.shop, promises["egress"]
    fetch = PictureFetcher(door=egress.door(), register=lambda host: egress.note(host, EgressUse.PICTURES))
    return Importer(
        db=base.db,
        cipher=base.cipher,
        clock=base.clock,
        folder=base.folder,
        defaults=Defaults(currency=shop.currency, time_zone=shop.time_zone, language=shop.language),
        media=base.media,
        fetch=fetch if base.settings.features.fetch_pictures else None,
        returning=Returning(base.erased),
        guard=promises["guard"],
    )


def _undoing(base: Base, promises: Promises, facts: Facts) -> ImportUndoing:
    return ImportUndoing(
        db=base.db,
        clock=base.clock,
        cipher=base.cipher,
        archive=facts["archive"],
        visits=facts["visits"],
        record=promises["ledger"],
        unlearning=Unlearning(),
    )


def _simulator(base: Base) -> Simulator:
    return Simulator(
        db=base.db,
        cipher=base.cipher,
        media=base.media,
        clock=base.clock,
        folder=base.folder,
        truth_folder=base.settings.home / "simulated-truth" / base.name,
    )
