"""What stands behind segments."""

from __future__ import annotations

from zhanggui.audience import Bulk, Counting, Journeys, LearnedDesk, Learning, Looking, Profiles, Segments

from .base import Base
from .predictions import CustomerNames
from .shop import Facts
from .trust import Promises, training_gate


def learned_of(base: Base, facts: Facts, promises: Promises, profiles: Profiles, bulk: Bulk) -> LearnedDesk:
    """Learned segments over live profiles; whoever reads people asks the gate, and so does whoever learns."""
    looking, floor = _looking(base, promises, profiles, bulk), base.settings.privacy.floor
    return LearnedDesk(
        db=base.db,
        learning=Learning(
            db=base.db,
            clock=base.clock,
            live=facts["live"],
            looking=looking,
            data_gate=training_gate(base, promises["consents"]),
            floor=floor,
        ),
        counting=Counting(looking=looking, floor=floor),
    )


def segments_of(base: Base, promises: Promises, learned: LearnedDesk) -> Segments:
    """Segments by rule, and their overlaps with those that were learned."""
    return Segments(
        db=base.db,
        clock=base.clock,
        today=lambda: base.clock().astimezone(base.zone).date(),
        looking=learned.counting.looking,
        others=learned,
        record=promises["ledger"],
        floor=learned.counting.floor,
    )


def _looking(base: Base, promises: Promises, profiles: Profiles, bulk: Bulk) -> Looking:
    return Looking(db=base.db, gate=promises["consents"], customers=CustomerNames(), profiles=profiles, bulk=bulk)


def journeys_of(base: Base, bulk: Bulk) -> Journeys:
    """Cohorts and moves over the history of purchases."""
    return Journeys(
        db=base.db,
        clock=base.clock,
        history=bulk.history,
        customers=CustomerNames(),
        ahead_of=bulk.ahead_of,
        floor=base.settings.privacy.floor,
    )
