"""What a Python user holds: one shop, its rooms as attributes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Self

from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.settings import Settings, load_settings

from .build import open_rooms
from .places import create_shop
from .rooms import Rooms


class Shop(Rooms):
    """One shop: `shop = Shop.open("teahouse")`, then `shop.recommend.for_customer("u42", k=5)`.

    A shop is closed with `close()`, or by leaving a `with` block.
    """

    __slots__ = ()

    @classmethod
    def open(
        cls,
        name: str,
        *,
        home: Path | str | None = None,
        settings: Settings | None = None,
        environ: Mapping[str, str] = os.environ,
        clock: Clock = system_clock,
    ) -> Self:
        """Open a shop that is there.

        Args:
            name: of the shop.
            home: folder of all data; without one, the settings say.
            settings: all of them; without, they are read from the file and `environ`.
            environ: variables above the file.
            clock: gives the present moment.

        Raises:
            UnknownShop: there is none of that name here.
            WrongRevision: its store needs `zhanggui migrate`.
        """
        held = settings or _settings(home, environ)
        rooms = open_rooms(name, held, clock=clock)
        return cls(**{field.name: getattr(rooms, field.name) for field in fields(rooms)})

    @classmethod
    def create(
        cls,
        name: str,
        *,
        home: Path | str | None = None,
        settings: Settings | None = None,
        environ: Mapping[str, str] = os.environ,
        clock: Clock = system_clock,
    ) -> Self:
        """Make a shop, or take the one of that name, and open it.

        Raises:
            BadShopName: the name cannot be a shop's.
        """
        held = settings or _settings(home, environ)
        create_shop(held, name, clock)
        return cls.open(name, settings=held, clock=clock)


def _settings(home: Path | str | None, environ: Mapping[str, str]) -> Settings:
    above = {} if home is None else {"ZHANGGUI_HOME": str(home)}
    return load_settings(None, {**environ, **above})
