"""What stands behind segments."""

from __future__ import annotations

from zhanggui.audience import Bulk, Journeys, Looking, Profiles, Segments

from .base import Base
from .predictions import CustomerNames
from .trust import Promises


def segments_of(base: Base, promises: Promises, profiles: Profiles, bulk: Bulk) -> Segments:
    """Segments over live profiles; whoever reads people asks the gate."""
    looking = Looking(
        db=base.db,
        gate=promises["consents"],
        customers=CustomerNames(),
        profiles=profiles,
        bulk=bulk,
    )
    return Segments(
        db=base.db,
        clock=base.clock,
        today=lambda: base.clock().astimezone(base.zone).date(),
        looking=looking,
        record=promises["ledger"],
        floor=base.settings.privacy.floor,
    )


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
