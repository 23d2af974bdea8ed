"""What an audit asks for: the impact assessment, and drills for a leak."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypedDict

import sqlalchemy as sa

from zhanggui.app.backups.layout import KEYS_KEPT
from zhanggui.kernel.privacy import Duty
from zhanggui.kernel.settings import Settings
from zhanggui.kernel.words import N_
from zhanggui.shop.tables.people import CUSTOMER, customers, persons_by_number
from zhanggui.trust.service.assessing import Assessor
from zhanggui.trust.service.breach import Drills
from zhanggui.trust.tables.consents import consents

from .base import Base
from .trust import Promises


class Protecting(TypedDict):
    """The impact assessment and drills."""

    assessor: Assessor
    drills: Drills


def protecting_of(base: Base, promises: Promises) -> Protecting:
    """Both read what all rooms hold, as it stands."""
    return Protecting(
        assessor=Assessor(
            db=base.db,
            clock=base.clock,
            shop=base.name,
            ledger=promises["ledger"],
            egress=promises["egress"],
            separate=promises["separate_consents"],
            autonomy=promises["proposals"].autonomy,
            bases=lambda: _bases(base),
            consents=lambda: _consents(base),
            retention=_retention(base.settings),
        ),
        drills=Drills(
            db=base.db,
            clock=base.clock,
            ledger=promises["ledger"],
            shop=base.name,
            title=base.settings.shop.title or base.name,
            people=_people,
        ),
    )


def _people(db: sa.Connection, numbers: Collection[int]) -> Mapping[int, tuple[bool, str]]:
    return {number: (kind == CUSTOMER, id_) for number, (kind, id_) in persons_by_number(db, numbers).items()}


def _bases(base: Base) -> Sequence[tuple[str, int]]:
    table = customers.for_(Duty.RIGHTS)
    ask = sa.select(table.c.basis, sa.func.count()).group_by(table.c.basis).order_by(table.c.basis)
    with base.db.read() as db:
        return [(str(basis), int(count)) for basis, count in db.execute(ask)]


def _consents(base: Base) -> Sequence[tuple[str, int, int]]:
    c = consents.for_(Duty.RIGHTS).c
    yes = sa.func.sum(sa.case((c.granted, 1), else_=0))
    ask = sa.select(c.purpose, yes, sa.func.count() - yes).group_by(c.purpose).order_by(c.purpose)
    with base.db.read() as db:
        return [(str(purpose), int(granted), int(refused)) for purpose, granted, refused in db.execute(ask)]


def _retention(settings: Settings) -> Sequence[tuple[str, str]]:
    hot = f"{settings.shop.hot_days} d"
    return (
        (N_("Events in the store, before they are folded and archived"), hot),
        (N_("Archive of events, orders, reviews"), N_("until the person is erased or the merchant deletes them")),
        (N_("Ids of events, to know them again"), "30 d"),
        (N_("Keys in backups"), f"{KEYS_KEPT.days} d"),
        (N_("Sessions of people who work here"), N_("8 idle hours, 7 days at most")),
        (N_("Background jobs that are done"), "7 d"),
        (N_("Counts of the watch"), "28 d"),
        (N_("The ledger"), N_("for ever; contents about a person go with their erasure")),
    )
