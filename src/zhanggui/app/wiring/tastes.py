"""What takes groups out of the tastes of profiles: the audience's tastes, the shop's groups, trust's mathematics."""

from __future__ import annotations

from zhanggui.audience import WordVectors
from zhanggui.audience.service.profiles.tastes import PersonTastes
from zhanggui.kernel.privacy import ConsentGate
from zhanggui.kernel.settings import FairnessSettings
from zhanggui.shop.service.person_groups import PersonGroups
from zhanggui.trust.service.fairness.erasing import TasteErasing
from zhanggui.trust.types.fairness import FairnessLimits

from .base import Base
from .shop import Facts
from .trust import training_gate


def erasing_of(base: Base, facts: Facts, gate: ConsentGate) -> TasteErasing:
    """Learned from whom the gate allows to learn from."""
    return TasteErasing(
        tastes=PersonTastes(db=base.db, clock=base.clock, live=facts["live"], gate=gate, vectors=WordVectors()),
        groups=PersonGroups(db=base.db, clock=base.clock, gate=gate, history=facts["history"]),
        limits=limits_of(base.settings.fairness),
        path=base.folder / "models" / "fairness" / "eraser.npy",
        is_on=base.settings.fairness.erase_tastes,
        data_gate=training_gate(base, gate),
    )


def limits_of(settings: FairnessSettings) -> FairnessLimits:
    """From where on a figure about groups is told."""
    return FairnessLimits(**{name: getattr(settings, name) for name in FairnessLimits.__struct_fields__})
