"""`init`, `migrate` and `settings`."""

from __future__ import annotations

import os
from typing import Any

from zhanggui.app.places import create_shop, migrate_all
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.options import Json
from zhanggui.kernel.settings import all_settings
from zhanggui.kernel.terminal import print_json, print_table, say

from .session import settings_now


def init(shop: str) -> None:
    """Make a new, empty shop; one that is there already is left as it is.

    Args:
        shop: its name: small letters, digits and hyphens.
    """
    settings = settings_now()
    create_shop(settings, shop, system_clock)
    say(f"Shop {shop} stands in {settings.home}. Put facts in: zhanggui import {shop} products FILE")


def migrate() -> None:
    """Bring the control store and all shops to this version; stop the server first."""
    names = migrate_all(settings_now())
    say(f"{len(names)} shops stand at this version: {', '.join(names) or 'none yet'}")


def settings(*, json: Json = False) -> None:
    """Show all settings: the value that holds, its variable, and what it is for."""
    held = settings_now()
    rows = [
        {"path": one.path, "value": _held(held, one.path), "variable": one.variable, "help": one.help}
        for one in all_settings()
    ]
    if json:
        print_json(rows)
        return
    print_table(("setting", "value", "what it is for"), ((row["path"], row["value"], row["help"]) for row in rows))
    say(
        f"Variables ZHANGGUI_* stand above the file; ZHANGGUI_CONFIG is {os.environ.get('ZHANGGUI_CONFIG', 'not set')}."
    )


def _held(settings: Any, path: str) -> str:
    value = settings
    for part in path.split("."):
        value = getattr(value, part)
    # A store's address may hold its password.
    return "postgresql://…" if path == "database" and str(value).startswith("postgresql") else str(value)
