"""What visitors of the tour bring or break: each in a folder of their own, which goes after an hour."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from anyio import to_thread

from zhanggui.app.build import wire
from zhanggui.app.migrations import upgrade
from zhanggui.app.places import shop_folder, shop_store, tour_folder
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.cipher import make_master_key
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.errors import NotFound, Unavailable
from zhanggui.kernel.settings import OutboxSettings, Settings
from zhanggui.trust import make_signing_key

LIFE = timedelta(hours=1)
MOST = 40
QUOTA_BYTES = 2 * 2**30
SWEEP_S = 60
SHOP = "trial"
TOKEN = re.compile(r"[0-9a-f]{32}")
_BORN = "born"
T = TypeVar("T")


class TourFull(Unavailable):
    """Too many visitors of the tour hold a shop of their own at this moment."""

    code = "tour.full"


class NothingThere(NotFound):
    """A visitor of the tour has nothing of this sort, or no longer."""

    code = "tour.nothing_there"


def new_token() -> str:
    """What a visitor's browser keeps, and nobody guesses."""
    return secrets.token_hex(16)


class Trials:
    """Makes, opens and forgets the folders of visitors, below `tour/` in the installation's home.

    They are never listed among the shops: no login, key or job reaches them. Each has a master key of its own, which
    goes with it.

    Args:
        settings: of the installation.
        clock: says when an hour is over.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self.folder = tour_folder(settings)

    def sweep(self) -> None:
        """Delete what is older than an hour."""
        before_ms = to_ms(self._clock() - LIFE)
        for home in self.folder.iterdir() if self.folder.is_dir() else ():
            if _born_ms(home) < before_ms:
                shutil.rmtree(home, ignore_errors=True)

    def make(self, token: str, what: str, fill: Callable[[Path], T]) -> T:
        """A new folder of a visitor in place of the one before; it is there once `fill` has returned.

        Args:
            token: of the visitor.
            what: sort of thing, a word.
            fill: puts into the folder what belongs there.

        Raises:
            TourFull: too many visitors, or too much on the disk.
        """
        self.sweep()
        self._require_space()
        fresh = self.folder / f"new-{new_token()}"
        fresh.mkdir(mode=0o700, parents=True)
        (fresh / _BORN).write_text(str(to_ms(self._clock())))
        try:
            made = fill(fresh)
            self.forget(token, what)
            fresh.rename(self._home(token, what))
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        return made

    def find(self, token: str, what: str) -> Path:
        """A visitor's folder.

        Raises:
            NothingThere: they have none, or its hour is over.
        """
        home = self._home(token, what)
        if _born_ms(home) < to_ms(self._clock() - LIFE):
            raise NothingThere("There is nothing of yours here any more.", hint="It is kept for one hour. Begin anew.")
        return home

    def forget(self, token: str, what: str) -> None:
        """Delete a visitor's folder, if there is one."""
        shutil.rmtree(self._home(token, what), ignore_errors=True)

    def new_shop(self, home: Path) -> None:
        """Make an empty shop in a folder."""
        settings = self._settings_of(home)
        make_master_key(home, os.environ)
        make_signing_key(shop_folder(settings, SHOP))
        store = shop_store(settings, SHOP)
        upgrade(store, "shop")
        store.close()

    @contextmanager
    def opened(self, home: Path) -> Iterator[Rooms]:
        """The rooms of the shop in a folder, for as long as they are needed."""
        settings = self._settings_of(home)
        with wire(SHOP, settings, shop_store(settings, SHOP), clock=self._clock) as rooms:
            yield rooms

    @asynccontextmanager
    async def swept(self) -> AsyncIterator[None]:
        """Sweep each minute, as long as the server runs: what nobody asks for again goes as well."""

        async def each_minute() -> None:
            while True:
                await to_thread.run_sync(self.sweep)
                await asyncio.sleep(SWEEP_S)

        sweeping = asyncio.create_task(each_minute())
        try:
            yield
        finally:
            sweeping.cancel()

    def lifespan(self) -> Callable[[Any], AbstractAsyncContextManager[None]]:
        """`swept`, as an application asks for it."""
        return lambda _: self.swept()

    def _settings_of(self, home: Path) -> Settings:
        # Nothing leaves a throw-away shop: no webhook, no pictures from the network.
        features = msgspec.structs.replace(self._settings.features, fetch_pictures=False)
        return msgspec.structs.replace(
            self._settings, home=home, database="sqlite", outbox=OutboxSettings(), features=features
        )

    def _home(self, token: str, what: str) -> Path:
        if TOKEN.fullmatch(token) is None:
            raise NothingThere("There is nothing of yours here.", hint="Begin at /tour.")
        return self.folder / f"{token}-{what}"

    def _require_space(self) -> None:
        homes = list(self.folder.iterdir()) if self.folder.is_dir() else []
        used = sum(_size(file) for home in homes for file in home.rglob("*"))
        if len(homes) >= MOST or used >= QUOTA_BYTES:
            raise TourFull("Many people are trying this at the moment.", hint="Come again in a quarter of an hour.")


def _born_ms(home: Path) -> int:
    """When a folder was made; 0 for one that is half gone."""
    try:
        return int((home / _BORN).read_text())
    except (OSError, ValueError):
        return 0


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # its hour was over just now
        return 0
