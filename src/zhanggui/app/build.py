"""The composition root: the one place that knows which part stands behind which port."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from zhanggui.kernel.cipher import SubjectCipher, load_master_key
from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Catalogue, LiveCatalogue, Orders, People, Words

from .places import known_shops, open_checked_control, open_checked_shop, shop_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """All services of one shop, wired."""

    name: str
    settings: Settings
    folder: Path
    db: Database
    catalogue: Catalogue
    live: LiveCatalogue
    people: People
    orders: Orders
    words: Words

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
    return Rooms(
        name=name,
        settings=settings,
        folder=folder,
        db=db,
        catalogue=Catalogue(db=db, clock=clock),
        live=LiveCatalogue(db, clock),
        people=People(db=db, clock=clock, cipher=cipher),
        orders=Orders(db=db, clock=clock),
        words=Words(db=db, clock=clock),
    )
