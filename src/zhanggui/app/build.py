"""The composition root: the one place that knows which part stands behind which port."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from zhanggui.kernel.cipher import SubjectCipher, load_master_key
from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import enqueue
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Catalogue, LiveCatalogue, Orders, People, Words
from zhanggui.shop.outbox import Outbox, OutboxQueue
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.served_lists import ServedLists
from zhanggui.trust import Ledger, Proposals, make_signing_key, shop_kinds

from .outlets import outlets_of
from .places import known_shops, open_checked_control, open_checked_shop, shop_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """All services of one shop, wired."""

    name: str
    settings: Settings
    folder: Path
    clock: Clock
    db: Database
    catalogue: Catalogue
    live: LiveCatalogue
    people: People
    orders: Orders
    words: Words
    events: Events
    served: ServedLists
    queue: OutboxQueue
    outbox: Outbox
    ledger: Ledger
    proposals: Proposals

    def close(self) -> None:
        """Finish the writes that wait, and let go of the store."""
        self.db.close()


def open_rooms(name: str, settings: Settings, *, clock: Clock = system_clock) -> Rooms:
    """Open a shop.

    Raises:
        UnknownShop: there is none of that name here.
        WrongRevision: its store stands at another revision.
    """
    control = open_checked_control(settings)
    try:
        db = open_checked_shop(settings, name, known_shops(control))
    finally:
        control.close()
    return wire(name, settings, db, clock=clock)


def wire(name: str, settings: Settings, db: Database, *, clock: Clock) -> Rooms:
    """Build the services of a shop over its open store."""
    folder = shop_folder(settings, name)
    cipher = SubjectCipher(load_master_key(settings.home, os.environ))
    queue = OutboxQueue(clock=clock, enqueue=enqueue, outlets=outlets_of(settings, folder, clock))
    ledger = Ledger(db=db, clock=clock, entropy=secrets.token_bytes, shop=name, signer=make_signing_key(folder))
    proposals = Proposals(db=db, clock=clock, ledger=ledger, kinds=shop_kinds(), outbox=queue)
    return Rooms(
        name=name,
        settings=settings,
        folder=folder,
        clock=clock,
        db=db,
        catalogue=Catalogue(db=db, clock=clock),
        live=LiveCatalogue(db, clock),
        people=People(db=db, clock=clock, cipher=cipher),
        orders=Orders(db=db, clock=clock),
        words=Words(db=db, clock=clock),
        events=Events(db, clock),
        served=ServedLists(db),
        queue=queue,
        outbox=Outbox(db=db, queue=queue, settle=proposals.settle),
        ledger=ledger,
        proposals=proposals,
    )
