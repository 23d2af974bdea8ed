from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from zhanggui.app.migrations import upgrade
from zhanggui.app.migrations.every_table import Store
from zhanggui.app.places import create_shop, shop_folder
from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.db import open_database
from zhanggui.kernel.settings import Settings

SHOP = "teahouse"


def an_installation(folder: Path, *shops: str, clock: Clock = system_clock, **settings: object) -> Settings:
    """Settings of an installation in `folder`, with its shops made."""
    held = Settings(home=folder / "home", **settings)  # type: ignore[arg-type]
    names = shops or (SHOP,)
    if held.database == "sqlite":
        _lay_stores(held, names)
    for name in names:
        create_shop(held, name, clock)
    return held


def _lay_stores(settings: Settings, names: tuple[str, ...]) -> None:
    """Empty stores at the newest revision, for `create_shop` to find: migrated anew, they took most of its time."""
    shops = (shop_folder(settings, name) / "shop.db" for name in names)
    for store, path in (("control", settings.home / "control.db"), *(("shop", path) for path in shops)):
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(_migrated(store))


@functools.cache
def _migrated(store: Store) -> bytes:
    with tempfile.TemporaryDirectory(prefix="zg-migrated-") as folder:
        path = Path(folder) / "store.db"
        database = open_database(f"sqlite:///{path}")
        upgrade(database, store)
        database.close()
        return path.read_bytes()
