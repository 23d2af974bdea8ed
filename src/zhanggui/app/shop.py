"""What a Python user holds: one shop, its rooms as attributes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Self, TypedDict, Unpack

from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.settings import Settings, load_settings

from .build import open_rooms
from .places import create_shop
from .rooms import Rooms


class Where(TypedDict, total=False):
    """Where a shop lies; each may be left out.

    Attributes:
        home: folder of all data; without one, the settings say.
        settings: all of them; without, they are read from the file and `environ`.
        environ: variables above the file; `os.environ`.
        clock: gives the present moment; the system's.
    """

    home: Path | str | None
    settings: Settings | None
    environ: Mapping[str, str]
    clock: Clock


class Shop(Rooms):
    """One shop: `shop = Shop.open("teahouse")`, then `shop.recommend.for_customer("u42", k=5)`.

    A shop is closed with `close()`, or by leaving a `with` block.
    """

    __slots__ = ()

    @classmethod
    def open(cls, name: str, **where: Unpack[Where]) -> Self:
        """Open a shop that is there.

        Args:
            name: of the shop.
            where: `home`, `settings`, `environ` and `clock`: see `Where`.

        Raises:
            UnknownShop: there is none of that name here.
            WrongRevision: its store needs `zhanggui migrate`.
        """
        rooms = open_rooms(name, _settings(where), clock=where.get("clock", system_clock))
        return cls(**{field.name: getattr(rooms, field.name) for field in fields(rooms)})

    @classmethod
    def create(cls, name: str, **where: Unpack[Where]) -> Self:
        """Make a shop, or take the one of that name, and open it; the arguments are those of `open`.

        Raises:
            BadShopName: the name cannot be a shop's.
        """
        held, clock = _settings(where), where.get("clock", system_clock)
        create_shop(held, name, clock)
        return cls.open(name, settings=held, clock=clock)


def _settings(where: Where) -> Settings:
    held, home, environ = where.get("settings"), where.get("home"), where.get("environ", os.environ)
    if held is not None:
        return held
    above = {} if home is None else {"ZHANGGUI_HOME": str(home)}
    return load_settings(None, {**environ, **above})
