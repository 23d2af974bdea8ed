"""What stands behind the ports of trust's fairness: the recommender's log of lists, and the shop's own people."""

from __future__ import annotations

from typing import TypedDict

from zhanggui.app.rehearsing import FlippedAnswers, Wire
from zhanggui.kernel.settings import FairnessSettings
from zhanggui.recommend import Watch
from zhanggui.recommend.service.models.by_person import ByPerson
from zhanggui.recommend.service.models.looking_back import LookBack
from zhanggui.recommend.service.tastes import Tastes
from zhanggui.shop.service.person_groups import PersonGroups
from zhanggui.trust.service.fairness.flipping import FlipTest
from zhanggui.trust.service.fairness.mitigations import MitigationTest
from zhanggui.trust.service.fairness.reporting import Fairness
from zhanggui.trust.types.fairness import Mitigation

from .base import Base
from .shop import Facts
from .tastes import erasing_of, limits_of
from .trust import Promises, training_gate


class Watched(TypedDict):
    """What looks whether people are served alike."""

    fairness: Fairness
    flip_test: FlipTest
    mitigation_test: MitigationTest


def fairness_of(base: Base, facts: Facts, promises: Promises, watch: Watch, wire: Wire) -> Watched:
    """Counts only whom the gate allows to count; `wire` puts the shop together a second time, to be tried out."""
    gate = promises["consents"]
    groups = PersonGroups(db=base.db, clock=base.clock, gate=gate, history=facts["history"])
    past = LookBack(db=base.db, history=facts["history"], served=facts["served"], gate=gate)
    counts = ByPerson(db=base.db, clock=base.clock, past=past, reductions=groups)
    limits, settings = limits_of(base.settings.fairness), base.settings.fairness
    stage = FlippedAnswers(db=base.db, clock=base.clock, counts=counts, wire=wire)
    return Watched(
        fairness=Fairness(
            clock=base.clock,
            counts=counts,
            groups=groups,
            exposure=watch.kept,
            limits=limits,
            folder=base.folder / "reports",
        ),
        flip_test=FlipTest(clock=base.clock, stage=stage),
        mitigation_test=MitigationTest(
            clock=base.clock,
            tastes=Tastes(
                db=base.db,
                clock=base.clock,
                live=facts["live"],
                history=facts["history"],
                reductions=groups,
                data_gate=training_gate(base, gate),
            ),
            groups=groups,
            limits=limits,
            erasing=erasing_of(base, facts, gate),
            in_force=_in_force(settings),
            head_start=settings.head_start,
            folder=base.folder / "reports",
        ),
    )


def _in_force(settings: FairnessSettings) -> tuple[Mitigation, ...]:
    switched: dict[Mitigation, bool] = {
        "reweigh": settings.reweigh,
        "erase": settings.erase_tastes,
        "exposure": settings.head_start > 0,
    }
    return tuple(name for name, is_on in switched.items() if is_on)
