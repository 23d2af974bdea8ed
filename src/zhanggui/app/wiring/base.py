"""What every service of a shop stands on: its settings, its folder, its store, its keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from zhanggui.app.key_ring import ring_of
from zhanggui.app.places import shop_folder
from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.settings import Settings
from zhanggui.shop.service.day_files import DayFiles
from zhanggui.trust.service.persons.erased_list import ErasedList


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What the services of one shop stand on."""

    name: str
    settings: Settings
    folder: Path
    clock: Clock
    db: Database
    cipher: SubjectCipher
    media: MediaStore
    day_files: DayFiles
    zone: ZoneInfo
    erased: ErasedList

    @classmethod
    def of(cls, name: str, settings: Settings, db: Database, clock: Clock) -> Base:
        """Find the folder and the keys of a shop whose store is open."""
        folder, cipher = shop_folder(settings, name), SubjectCipher.over(db, ring_of(settings))
        return cls(
            name=name,
            settings=settings,
            folder=folder,
            clock=clock,
            db=db,
            cipher=cipher,
            media=MediaStore(folder / "media"),
            day_files=DayFiles(folder / "events"),
            zone=ZoneInfo(settings.shop.time_zone),
            erased=ErasedList(cipher),
        )
