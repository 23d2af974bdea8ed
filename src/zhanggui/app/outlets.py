"""Which ways out a shop has: a webhook where the settings name one, a file, a card."""

from __future__ import annotations

import os
from pathlib import Path

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.egress import EgressDoor, EgressUse
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.guarding import TextGuard
from zhanggui.kernel.settings import Settings, load_secret
from zhanggui.shop.outbox import PLAIN_COLUMNS, ByHandOutlet, FileOutlet, Outlet, WebhookOutlet


def outlets_of(
    settings: Settings, folder: Path, clock: Clock, door: EgressDoor, guard: TextGuard | None = None
) -> dict[str, Outlet]:
    """The outlets of a shop by name; a webhook is called through `door`, and its free texts pass the guard.

    Raises:
        Unavailable: a webhook is named and its secret is missing.
    """
    outlets: dict[str, Outlet] = {
        "by-hand": ByHandOutlet(),
        "file": FileOutlet(folder=folder / "outbox", columns=PLAIN_COLUMNS),
    }
    if settings.outbox.webhook_url:
        outlets["webhook"] = _webhook(settings, clock, door, guard)
    return outlets


def _webhook(settings: Settings, clock: Clock, door: EgressDoor, guard: TextGuard | None) -> WebhookOutlet:
    secret = load_secret("webhook_secret", settings.home, os.environ)
    if secret is None:
        raise Unavailable(
            "A webhook is configured and its secret is missing.",
            hint="Set ZHANGGUI_WEBHOOK_SECRET to the secret that the receiver knows.",
        )
    return WebhookOutlet(
        url=settings.outbox.webhook_url,
        secret=secret.encode(),
        client=door.client(EgressUse.OUTBOX, timeout_s=settings.outbox.timeout_s),
        clock=clock,
        timeout_s=settings.outbox.timeout_s,
        allow_private=settings.outbox.allow_private,
        guard=guard,
    )
