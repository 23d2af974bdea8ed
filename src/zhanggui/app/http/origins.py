"""Whose pages may call the API from another origin (CORS): those of the settings, and those that keys list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from litestar.config.cors import CORSConfig

if TYPE_CHECKING:
    from zhanggui.kernel.settings import Settings
    from zhanggui.trust import Access


@dataclass(kw_only=True)
class ListedOrigins(CORSConfig):
    """Looks each page's origin up: a new key's origins hold at once, and a revoked one's no more."""

    access: Access

    def is_origin_allowed(self, origin: str) -> bool:
        """Whether the settings name the origin, or a publishable key in force."""
        return super().is_origin_allowed(origin) or self.access.lists_origin(origin)


def origins_of(settings: Settings, access: Access) -> CORSConfig:
    """The origins of one installation. Cookies come along only where the settings list origins: keys need none."""
    listed = list(settings.server.allowed_origins)
    return ListedOrigins(
        access=access,
        allow_origins=listed,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-Zhanggui-Visitor"],
        expose_headers=["X-Request-ID"],
        allow_credentials=bool(listed),
        max_age=600,
    )
