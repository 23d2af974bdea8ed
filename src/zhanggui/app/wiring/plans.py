"""What stands behind plans per tier."""

from __future__ import annotations

from zhanggui.audience import Bulk, Looking, PausingGate, PlanDesk, PlanPlanning, PlanReaching, PlanRunning, PlanShelf
from zhanggui.audience.words.plans import message
from zhanggui.trust.service.places import InboxPlaces

from .base import Base
from .egress import leaving_of
from .predictions import CustomerNames
from .shop import Facts
from .trust import Promises


def plans_of(base: Base, facts: Facts, promises: Promises, looking: Looking, bulk: Bulk) -> PlanDesk:
    """Plans over live profiles; they compete for the inbox like every room's proposals."""
    db, clock, settings, consents = base.db, base.clock, base.settings, promises["consents"]
    proposals, floor, customers = promises["proposals"], settings.privacy.floor, CustomerNames()
    reaching = PlanReaching(
        db=db,
        clock=clock,
        looking=looking,
        gate=PausingGate(db=db, clock=clock, inner=consents),
        customers=customers,
        contesting=promises["contests"],
        history=bulk.history,
    )
    planning = PlanPlanning(
        db=db,
        clock=clock,
        live=facts["live"],
        reaching=reaching,
        history=bulk.history,
        customers=customers,
        desk=proposals,
        places=InboxPlaces(db=db, clock=clock, zone=base.zone, proposals=proposals),
        message=lambda tier: message(tier, settings.shop.language),
        currency=settings.shop.currency,
        floor=floor,
    )
    running = PlanRunning(
        db=db,
        clock=clock,
        reaching=reaching,
        history=bulk.history,
        gate=consents,
        queue=promises["queue"],
        record=promises["ledger"],
        floor=floor,
        leaving=leaving_of(base.settings, promises["egress"]),
        contest_at=f"{settings.server.address}/shop/{base.name}/contest?decision=offer",
    )
    shelf = PlanShelf(db=db, clock=clock, reaching=reaching)
    return PlanDesk(db=db, planning=planning, running=running, shelf=shelf)
