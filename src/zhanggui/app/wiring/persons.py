"""Who gives and who forgets what the shop holds of a person: every room's stores, and what is looked through besides.

A room that keeps rows about people adds its `PersonalStore` here (see `trust/ports.py`); files outside of the shop's
folder, or texts in another store, need a `PersonalTrail`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

import sqlalchemy as sa

from zhanggui.audience import Audience
from zhanggui.audience.jobs.learned import WEEK_S as SEGMENTS_EVERY_S
from zhanggui.audience.jobs.predictions import WEEK_S as PREDICTIONS_EVERY_S
from zhanggui.audience.service.persons import AudienceStore
from zhanggui.audience.tables.learned import cards as segment_cards
from zhanggui.audience.tables.predictions import models as prediction_models
from zhanggui.audience.types.learned import LearnedCard
from zhanggui.audience.types.predictions import PredictionCard
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.persons import KnownPerson
from zhanggui.recommend.service.model_store import KIND
from zhanggui.recommend.service.persons import PreferenceStore
from zhanggui.recommend.tables.models import models as recommend_models
from zhanggui.shop.exporters.persons import BehaviourStore, OrderStore, PeopleNames, PeopleStore, WordStore
from zhanggui.shop.exporters.trails import ArchiveTrail, ImportTrail, OrderTrail, PictureTrail
from zhanggui.shop.service.naming import Naming
from zhanggui.trust.ports import PersonalStore, PersonalTrail
from zhanggui.trust.service.consenting.store import ConsentingStore
from zhanggui.trust.service.persons.cleaning import Cleaning
from zhanggui.trust.service.persons.data_subjects import DataSubjects
from zhanggui.trust.service.persons.folder import FolderTrail
from zhanggui.trust.service.persons.persons import Persons
from zhanggui.trust.service.persons.store import TrustStore
from zhanggui.trust.service.persons.texts import LedgerTrail, TextTrail
from zhanggui.trust.types.persons import LearnedModel

from .base import Base
from .shop import Facts
from .trust import Promises


class Rights(TypedDict):
    """Access and erasure."""

    persons: Persons
    cleaning: Cleaning


def rights_of(base: Base, facts: Facts, promises: Promises, audience: Audience) -> Rights:
    """What gives a person what the shop holds of them, and what takes it away."""
    ledger, names = promises["ledger"], PeopleNames(cipher=base.cipher)
    subjects = DataSubjects(people=facts["people"], names=names)
    stores = _stores(base, promises, audience)
    persons = Persons(
        db=base.db,
        clock=base.clock,
        shop=base.name,
        cipher=base.cipher,
        subjects=subjects,
        ledger=ledger,
        erased=base.erased,
        stores=stores,
        learned=_Models(hours=base.settings.recommend.train_every_hours),
    )
    cleaning = Cleaning(
        db=base.db,
        clock=base.clock,
        cipher=base.cipher,
        subjects=subjects,
        trails=_trails(base, facts, promises, stores),
        signer=ledger.signer,
        again=persons.erase_again,
    )
    return Rights(persons=persons, cleaning=cleaning)


def _stores(base: Base, promises: Promises, audience: Audience) -> tuple[PersonalStore, ...]:
    """Every table of the shop's store with a person in it is one of theirs; a test holds that."""
    return (
        PeopleStore(cipher=base.cipher),
        OrderStore(),
        WordStore(),
        BehaviourStore(files=base.day_files),
        PreferenceStore(names=Naming()),
        AudienceStore(names=Naming(), concluding=audience.concluding),
        TrustStore(ledger=promises["ledger"]),
        ConsentingStore(),
    )


def _trails(
    base: Base, facts: Facts, promises: Promises, stores: tuple[PersonalStore, ...]
) -> tuple[PersonalTrail, ...]:
    answered_for = frozenset(table for store in stores for table in store.tables)
    return (
        ArchiveTrail(archive=facts["archive"]),
        OrderTrail(db=base.db),
        PictureTrail(db=base.db, media=base.media),
        ImportTrail(folder=base.folder / "imports"),
        TextTrail(db=base.db, tables=shop_metadata.tables, answered_for=answered_for),
        LedgerTrail(db=base.db, ledger=promises["ledger"]),
        FolderTrail(folder=base.folder),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Models:
    """The models that count what people did; `hours`: so often they are made anew, 0 for never by themselves."""

    hours: int

    def models(self, db: sa.Connection, person: KnownPerson) -> list[LearnedModel]:
        """Those that serve or are kept: each may have counted the person, and holds nothing that says so."""
        del person
        wait = timedelta(hours=self.hours) if self.hours else None
        return [
            LearnedModel(
                kind=card.kind,
                id=card.id,
                trained_at=from_ms(card.at_ms),
                retrained_by=None if wait is None else from_ms(card.at_ms) + wait,
            )
            for card in recommend_models.all(db, KIND)
            if card.state != "refused"
        ] + [
            LearnedModel(kind=kind, id=card.id, trained_at=card.at, retrained_by=card.at + timedelta(seconds=every_s))
            for kind, card, every_s in _of_audience(db)
            if card.state != "refused"
        ]


def _of_audience(db: sa.Connection) -> Iterator[tuple[str, PredictionCard | LearnedCard, int]]:
    for foretelling in prediction_models.all(db):
        yield f"audience.{foretelling.kind}", foretelling, PREDICTIONS_EVERY_S
    for grouping in segment_cards(db):
        yield "audience.segments", grouping, SEGMENTS_EVERY_S
