"""What stands behind the ports of audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from zhanggui.app.web.formats import Formats
from zhanggui.audience import (
    Audience,
    Concluding,
    Corrections,
    Keeping,
    PausingGate,
    Profiles,
    Shoppers,
    WordVectors,
    hours_of,
)
from zhanggui.kernel.changes import announce
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.words import catalogue_language
from zhanggui.recommend.tables import preferences as preference_tables
from zhanggui.recommend.tables.preferences import StoredPreference
from zhanggui.shop import Following
from zhanggui.trust import Consents

from .base import Base
from .plans import plans_of
from .predictions import predictions_of
from .segments import journeys_of, learned_of, segments_of
from .shop import Facts
from .tastes import erasing_of
from .trust import Promises, training_gate

USUAL_STRENGTH = 3.0
"""Of a wish, as of "show me less"."""


class Knowing(TypedDict):
    """What the shop knows of its shoppers."""

    audience: Audience


@dataclass(frozen=True, slots=True)
class SpokenConsent:
    """Whether somebody said yes to personalization themselves, and did not just buy something."""

    consents: Consents

    def agreed(self, person: int) -> bool:
        """Whether the newest that they said of it is yes."""
        said = next(one for one in self.consents.of(person) if one.purpose is Purpose.PERSONALIZATION)
        return said.is_granted and said.is_recorded


class RecommenderWishes:
    """Writes wishes where the recommender reads what shoppers want less of, at every answer."""

    def lower(self, db: sa.Connection, person: int, product: int, keys: Sequence[str], at_ms: int) -> str:
        """Keep a product away, or lower all with these chips; returns the id of the wish."""
        id_ = new_id()
        wish = StoredPreference(id_, person, product, tuple(keys), USUAL_STRENGTH, at_ms, is_undone=False)
        preference_tables.add_preference(db, wish)
        announce(db, "preference", [id_])
        return id_

    def undo(self, db: sa.Connection, wish: str) -> None:
        """Take it back."""
        preference_tables.set_undone(db, wish)
        announce(db, "preference", [wish])


def _ahead_of(zone: ZoneInfo, at_ms: int) -> int:
    ahead = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds() * 1000)


def knowing_of(base: Base, facts: Facts, promises: Promises) -> Knowing:
    """The room over the shop's facts; whoever reads people asks the gate."""
    consents, past, db, clock = promises["consents"], facts["history"], base.db, base.clock
    shoppers = Shoppers(people=facts["people"], gate=consents)
    local_hour = hours_of(lambda at_ms: _ahead_of(base.zone, at_ms))
    keeping = Keeping(db=db, clock=clock, log=Following(db=db, past=past), gate=consents, local_hour=local_hour)
    profiles = _profiles_of(base, facts, promises, keeping)
    data_gate = training_gate(base, consents)
    heeding = Shoppers(people=facts["people"], gate=pausing_gate(base, consents))
    predictions = predictions_of(base, facts, heeding, lambda at_ms: _ahead_of(base.zone, at_ms), data_gate)
    learned = learned_of(base, facts, promises, profiles, predictions.bulk)
    segments = segments_of(base, promises, learned)
    plans = plans_of(base, facts, promises, learned.counting.looking, predictions.bulk)
    return Knowing(
        audience=Audience(
            shoppers=shoppers,
            profiles=profiles,
            keeping=keeping,
            corrections=_corrections_of(base, facts, promises, keeping),
            predictions=predictions,
            segments=segments,
            learned=learned,
            journeys=journeys_of(base, predictions.bulk),
            plans=plans,
            concluding=Concluding(
                db=db,
                clock=clock,
                shoppers=heeding,
                looking=learned.counting.looking,
                predictions=predictions,
                segments=segments,
                learned=learned,
                reaching=plans.planning.reaching,
                figures=lambda language: Formats(
                    catalogue_language(language), base.zone, base.settings.shop.currency, clock()
                ),
                currency=base.settings.shop.currency,
            ),
        )
    )


def _profiles_of(base: Base, facts: Facts, promises: Promises, keeping: Keeping) -> Profiles:
    """Profiles over the log that `keeping` follows, in the same hours."""
    consents = promises["consents"]
    return Profiles(
        db=base.db,
        clock=base.clock,
        live=facts["live"],
        log=keeping.log,
        shoppers=Shoppers(people=facts["people"], gate=consents),
        social=SpokenConsent(consents),
        vectors=WordVectors(),
        eraser=erasing_of(base, facts, consents),
        local_hour=keeping.local_hour,
    )


def _corrections_of(base: Base, facts: Facts, promises: Promises, keeping: Keeping) -> Corrections:
    """What shoppers say of their profiles."""
    consents = promises["consents"]
    return Corrections(
        db=base.db,
        clock=base.clock,
        live=facts["live"],
        log=keeping.log,
        shoppers=Shoppers(people=facts["people"], gate=consents),
        keeping=keeping,
        wishes=RecommenderWishes(),
        switch=consents,
        record=promises["ledger"],
    )


def pausing_gate(base: Base, consents: Consents) -> PausingGate:
    """The gate of whoever personalizes: closed while a shopper pauses."""
    return PausingGate(db=base.db, clock=base.clock, inner=consents)


def followed(facts: Facts, audience: Audience) -> Facts:
    """The facts, from which no event goes to the archive before it was folded into its shopper's profile."""
    archive = facts["archive"]
    count_visits = archive.before_leaving

    def before_leaving() -> None:
        count_visits()
        audience.keeping.catch_up()

    return Facts(**{**facts, "archive": replace(archive, before_leaving=before_leaving)})
