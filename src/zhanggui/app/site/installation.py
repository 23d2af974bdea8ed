"""What a worker holds for as long as it runs: the installation's own store, and its shops."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from anyio import to_thread

from zhanggui.app.build import open_control
from zhanggui.app.http.shops import OpenShops
from zhanggui.app.places import known_shops
from zhanggui.app.rooms import Control
from zhanggui.app.server.health import Readiness
from zhanggui.kernel.clock import Clock
from zhanggui.kernel.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An installation, its own store open; the shops open when the worker starts."""

    settings: Settings
    clock: Clock
    control: Control
    shops: OpenShops
    root: bytes

    @classmethod
    def open(cls, settings: Settings, clock: Clock) -> Installation:
        """Open the installation's own store.

        Raises:
            Unavailable: there is no installation yet.
            WrongRevision: its stores need `zhanggui migrate`.
        """
        control = open_control(settings, clock=clock)
        return cls(
            settings=settings,
            clock=clock,
            control=control,
            shops=OpenShops(settings, control.db, clock),
            root=control.root,
        )

    def shop_names(self) -> list[str]:
        """The shops that there are now."""
        return known_shops(self.control.db)

    def lifespan(self, readiness: Readiness) -> Callable[[Any], AbstractAsyncContextManager[None]]:
        """Opens the shops before the worker is ready, and closes all stores after its last answer."""

        @asynccontextmanager
        async def opened(_: Any) -> AsyncIterator[None]:
            to_thread.current_default_thread_limiter().total_tokens = self.settings.server.threads
            await to_thread.run_sync(self.shops.open_all)
            readiness.done("shops")
            yield
            await to_thread.run_sync(self.shops.close)
            await to_thread.run_sync(self.control.close)

        return opened
