"""What stands behind the ports of trust: first what keeps record, then what people decide with."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import time
from typing import TypedDict

from zhanggui.app.briefs.channels import channels_of
from zhanggui.app.briefs.wording import BriefWords
from zhanggui.app.outlets import outlets_of
from zhanggui.audience import audience_kinds
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.egress import EgressDoor
from zhanggui.kernel.jobs import enqueue
from zhanggui.kernel.privacy import ConsentGate
from zhanggui.recommend import ModelDesk
from zhanggui.shop.outbox import OutboxQueue
from zhanggui.shop.service.naming import Naming
from zhanggui.trust import Consents, Ledger, Proposals, load_signer, shop_kinds
from zhanggui.trust.service.brief import MorningBrief
from zhanggui.trust.service.consenting.notices import Notices
from zhanggui.trust.service.consenting.separate import SeparateConsents
from zhanggui.trust.service.contesting import Contests
from zhanggui.trust.service.disclosures import Disclosures
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.service.guarding import PiiGuard
from zhanggui.trust.service.inbox import Inbox
from zhanggui.trust.service.places import InboxPlaces
from zhanggui.trust.service.training_data import TrainingGate
from zhanggui.trust.types.briefs import FactsAge, ModelHealth
from zhanggui.trust.words.ledger import KINDS

from .base import Base
from .egress import register_of
from .shop import Facts


class Promises(TypedDict):
    """What is kept to: the record of what happened, what people agreed to, what may change."""

    queue: OutboxQueue
    ledger: Ledger
    egress: EgressRegister
    consents: Consents
    notices: Notices
    separate_consents: SeparateConsents
    contests: Contests
    proposals: Proposals
    guard: PiiGuard
    training_gate: TrainingGate


class Deciding(TypedDict):
    """What the people of a shop see and decide with."""

    disclosures: Disclosures
    inbox: Inbox
    brief: MorningBrief
    places: InboxPlaces


def promises_of(base: Base) -> Promises:
    """Needs nothing of the other rooms: they all ask these first.

    Raises:
        NoSigningKey: the shop's folder has lost the key of its ledger.
        Unavailable: a webhook is named and its secret is missing.
    """
    db, clock = base.db, base.clock
    signer = load_signer(base.folder)
    ledger = Ledger(db=db, clock=clock, entropy=secrets.token_bytes, shop=base.name, signer=signer, known=KINDS)
    egress, guard = register_of(base, ledger), PiiGuard()
    outlets = outlets_of(base.settings, base.folder, clock, egress.door(), guard)
    queue = OutboxQueue(clock=clock, enqueue=enqueue, outlets=outlets)
    consents = Consents(db=db, clock=clock, ledger=ledger)
    return Promises(
        queue=queue,
        ledger=ledger,
        egress=egress,
        consents=consents,
        training_gate=training_gate(base, consents),
        notices=Notices(db=db, clock=clock, ledger=ledger),
        separate_consents=SeparateConsents(db=db, clock=clock, ledger=ledger),
        contests=Contests(db=db, clock=clock, ledger=ledger, names=Naming(), days=base.settings.shop.contest_days),
        proposals=Proposals(
            db=db, clock=clock, ledger=ledger, kinds={**shop_kinds(), **audience_kinds()}, outbox=queue
        ),
        guard=guard,
    )


def training_gate(base: Base, gate: ConsentGate) -> TrainingGate:
    """Looks at each training set of the shop, whatever room learns from it."""
    most = base.settings.recommend.most_suspect_percent / 100
    return TrainingGate(db=base.db, clock=base.clock, gate=gate, most_suspect=most)


def deciding_of(base: Base, promises: Promises, facts: Facts, models: ModelDesk) -> Deciding:
    """Shows proposals beside the facts that they rest on."""
    proposals = promises["proposals"]
    inbox = Inbox(db=base.db, kinds=proposals.kinds)
    return Deciding(
        disclosures=Disclosures(db=base.db, ledger=promises["ledger"], people=facts["people"]),
        inbox=inbox,
        brief=replace(
            _brief(base, inbox, facts, promises["egress"].door()),
            model_health=lambda: _health(models),
            late_contests=lambda: promises["contests"].waiting()[1],
        ),
        places=InboxPlaces(db=base.db, clock=base.clock, zone=base.zone, proposals=proposals),
    )


def _brief(base: Base, inbox: Inbox, facts: Facts, door: EgressDoor) -> MorningBrief:
    def facts_age() -> FactsAge:
        age = facts["figures"].data_age()
        return FactsAge(order_at=age.order_at, event_at=age.event_at)

    settings = base.settings
    words = BriefWords(name=base.name, settings=settings.shop, clock=base.clock, inbox=inbox, live=facts["live"])
    return MorningBrief(
        db=base.db,
        clock=base.clock,
        inbox=inbox,
        shop=base.name,
        zone=base.zone,
        at=time.fromisoformat(settings.brief.at),
        address=settings.server.address,
        facts_age=facts_age,
        channels=channels_of(settings, words, base.clock, door),
    )


def _health(models: ModelDesk) -> ModelHealth | None:
    """What the recommender's own watch says of the model that serves."""
    held = models.standing.now()
    if held is None:
        return None
    departs: dict[str, str] = {one.what: one.category for one in held.drifts}
    return ModelHealth(trained_at=from_ms(held.trained_ms), is_old=held.is_old, departs=departs)
