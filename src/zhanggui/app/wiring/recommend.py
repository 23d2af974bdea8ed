"""What stands behind the ports of recommend."""

from __future__ import annotations

from zhanggui.app.served_log import ServedLog
from zhanggui.kernel.privacy import ConsentGate
from zhanggui.recommend import ModelStore, Recommender

from .base import Base
from .shop import Facts


def recommender_of(base: Base, facts: Facts, gate: ConsentGate) -> Recommender:
    """The recommender over a shop's facts; whoever reads people asks the gate."""
    return Recommender(
        db=base.db,
        clock=base.clock,
        live=facts["live"],
        events=facts["events"],
        people=facts["people"],
        served=ServedLog(facts["served"]),
        gate=gate,
        history=facts["history"],
        models=ModelStore(db=base.db, folder=base.folder / "models"),
        budget_bytes=base.settings.recommend.memory_mb * 2**20,
    )
