"""The publishable key that the page of the widgets shows its live examples with."""

from __future__ import annotations

import os
from dataclasses import dataclass

from zhanggui.app.places import migrating
from zhanggui.kernel.settings import Settings
from zhanggui.trust import CreateKey, Keys

NAME = "widgets page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Showcase:
    """Knows one key a shop, which is as public as the page that it stands in.

    It lists no origin: it serves pages of this server only. Who revokes it ends the live examples of that shop.

    Args:
        settings: of the installation.
        keys: makes keys.
    """

    settings: Settings
    keys: Keys

    def key(self, shop: str) -> str:
        """The key of a shop; "" after it was revoked. The first call makes it."""
        kept = self.settings.home / "widgets" / f"{shop}.key"
        if not kept.exists():
            with migrating(self.settings):  # another process may be making it
                if not kept.exists():
                    self._make(shop)
        secret = kept.read_text(encoding="ascii")
        held = next((key for key in self.keys.list(shop) if key.id == secret[6:].partition("_")[0]), None)
        return secret if held is not None and held.revoked_at is None else ""

    def _make(self, shop: str) -> None:
        folder = self.settings.home / "widgets"
        folder.mkdir(mode=0o700, exist_ok=True)
        secret = self.keys.create(shop, CreateKey(name=NAME, kind="publishable")).secret
        fresh = folder / f"{shop}.key.new"
        fresh.write_text(secret, encoding="ascii")
        fresh.chmod(0o600)
        os.replace(fresh, folder / f"{shop}.key")  # noqa: PTH105  (the same, and known to be one step)
