"""What stands behind the ports of recommend."""

from __future__ import annotations

from typing import TypedDict

from zhanggui.app.budgets import MonthlyBudgets
from zhanggui.app.kept_segments import KeptSegments
from zhanggui.app.reviewed import Reviewed
from zhanggui.app.served_log import ServedLog
from zhanggui.app.shopper_tags import ShopperTags
from zhanggui.audience import Audience
from zhanggui.audience.service.predictions.outlooks import Outlooks
from zhanggui.audience.service.profiles.tag_reading import TagReading
from zhanggui.kernel.privacy import ReadingGate
from zhanggui.recommend import (
    AimDesk,
    Aims,
    Comparing,
    Earner,
    Floors,
    LabelDesk,
    ModelActs,
    ModelDesk,
    ModelStore,
    OffPolicy,
    Quality,
    Recommender,
    Rules,
    RuleTrials,
    TradeOffs,
    Watch,
)
from zhanggui.recommend.ports import Known, Record
from zhanggui.recommend.service.head_starts import HeadStarts
from zhanggui.recommend.service.models.standing import Standing
from zhanggui.recommend.service.training.served_places import ServedPlaces
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.service.person_groups import PersonGroups
from zhanggui.shop.service.unit_costs import UnitCosts
from zhanggui.trust.service.fairness.weighing import GroupWeights

from .audience import pausing_gate
from .base import Base
from .predictions import CustomerNames
from .shop import Facts
from .trust import Promises, training_gate


class Recommending(TypedDict):
    """What recommends, and the merchant's say in it."""

    recommend: Recommender
    rule_trials: RuleTrials
    model_desk: ModelDesk
    aim_desk: AimDesk
    label_desk: LabelDesk


def recommending_of(base: Base, facts: Facts, promises: Promises, audience: Audience) -> Recommending:
    """The recommender with its rules, whose changes stand in the ledger."""
    recommender = recommender_of(base, facts, pausing_gate(base, promises["consents"]), audience, promises["ledger"])
    rules = Rules(db=base.db, clock=base.clock, live=facts["live"], record=promises["ledger"])
    return Recommending(
        recommend=recommender,
        rule_trials=RuleTrials(rules=rules, recommender=recommender, zone=base.zone),
        aim_desk=_aiming_of(base, facts, promises, recommender, rules),
        model_desk=_models_of(base, facts, promises, recommender.models),
        label_desk=LabelDesk(
            db=base.db,
            clock=base.clock,
            live=facts["live"],
            record=promises["ledger"],
            earner=Earner(
                db=base.db,
                clock=base.clock,
                zone=base.zone,
                history=facts["history"],
                live=facts["live"],
                data_gate=training_gate(base, promises["consents"]),
            ),
        ),
    )


def _models_of(base: Base, facts: Facts, promises: Promises, models: ModelStore) -> ModelDesk:
    quality = Quality(
        db=base.db,
        clock=base.clock,
        zone=base.zone,
        live=facts["live"],
        history=facts["history"],
        served=facts["served"],
        gate=promises["consents"],
    )
    return ModelDesk(
        acts=ModelActs(db=base.db, models=models, record=promises["ledger"]),
        quality=quality,
        standing=Standing(
            db=base.db, clock=base.clock, quality=quality, every_hours=base.settings.recommend.train_every_hours
        ),
        off_policy=OffPolicy(
            db=base.db,
            clock=base.clock,
            zone=base.zone,
            live=facts["live"],
            history=facts["history"],
            served=facts["served"],
            gate=promises["consents"],
        ),
        comparing=_comparing_of(base, facts, promises["consents"], models),
    )


def _aiming_of(base: Base, facts: Facts, promises: Promises, recommender: Recommender, rules: Rules) -> AimDesk:
    costs = UnitCosts(base.settings.shop.currency)
    watch = Watch(
        serving=recommender.serving,
        zone=base.zone,
        history=facts["history"],
        served=facts["served"],
        gate=promises["consents"],
    )
    return AimDesk(
        aims=Aims(db=base.db, record=promises["ledger"]),
        trade_offs=TradeOffs(serving=recommender.serving, trainer=recommender.trainer, costs=costs),
        watch=watch,
        floors=Floors(serving=recommender.serving, trainer=recommender.trainer, rules=rules, watch=watch),
    )


def _comparing_of(base: Base, facts: Facts, gate: ReadingGate, models: ModelStore) -> Comparing:
    return Comparing(
        db=base.db,
        clock=base.clock,
        zone=base.zone,
        live=facts["live"],
        events=facts["events"],
        people=facts["people"],
        names=Naming(),
        log=ServedLog(facts["served"]),
        served=facts["served"],
        gate=gate,
        models=models,
        costs=UnitCosts(base.settings.shop.currency),
    )


def recommender_of(base: Base, facts: Facts, gate: ReadingGate, audience: Audience, record: Record) -> Recommender:
    """The recommender over a shop's facts; whoever reads people asks the gate."""
    known = _known_of(base, facts, gate, audience)
    groups = PersonGroups(db=base.db, clock=base.clock, gate=gate, history=facts["history"])
    share = base.settings.fairness.head_start
    return Recommender(
        db=base.db,
        clock=base.clock,
        live=facts["live"],
        events=facts["events"],
        people=facts["people"],
        served=ServedLog(facts["served"]),
        gate=gate,
        trainer=_trainer_of(base, facts, gate, groups, known),
        exports=base.folder / "exports" / "lists",
        names=Naming(),
        reviews=Reviewed(),
        record=record,
        costs=UnitCosts(base.settings.shop.currency),
        known=known,
        head_starts=HeadStarts(reductions=groups, share=share) if share > 0 else None,
        segments=KeptSegments(audience),
    )


def _trainer_of(base: Base, facts: Facts, gate: ReadingGate, groups: PersonGroups, known: Known) -> Trainer:
    return Trainer(
        db=base.db,
        clock=base.clock,
        live=facts["live"],
        history=facts["history"],
        models=ModelStore(db=base.db, folder=base.folder / "models"),
        data_gate=training_gate(base, gate),
        weights=GroupWeights(groups=groups) if base.settings.fairness.reweigh else None,
        places=ServedPlaces(db=base.db, served=facts["served"], gate=gate),
        profiles=known.profiles,
        budget_bytes=base.settings.recommend.memory_mb * 2**20,
        budget_seconds=base.settings.recommend.choose_seconds,
        zone=base.zone,
    )


def _known_of(base: Base, facts: Facts, gate: ReadingGate, audience: Audience) -> Known:
    """What the audience room knows of whoever the gate lets through, and what anybody said of their budget."""
    foretelling = audience.predictions.foretelling
    outlooks = Outlooks(
        db=base.db,
        clock=base.clock,
        history=facts["history"],
        customers=CustomerNames(),
        models=foretelling.models,
        ahead_of=foretelling.ahead_of,
        live=facts["live"],
        data_gate=training_gate(base, gate),
    )
    tags = ShopperTags(TagReading(audience.profiles))
    return Known(profiles=outlooks, tags=tags, budgets=MonthlyBudgets(base.zone))
