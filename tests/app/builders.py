from __future__ import annotations

from pathlib import Path

from zhanggui.app.places import create_shop
from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.settings import Settings

SHOP = "teahouse"


def an_installation(folder: Path, *shops: str, clock: Clock = system_clock, **settings: object) -> Settings:
    """Settings of an installation in `folder`, with its shops made."""
    held = Settings(home=folder / "home", **settings)  # type: ignore[arg-type]
    for name in shops or (SHOP,):
        create_shop(held, name, clock)
    return held
