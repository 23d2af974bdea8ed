"""What every command needs: the settings that hold."""

from __future__ import annotations

import os

from zhanggui.kernel.settings import Settings, load_settings


def settings_now() -> Settings:
    """The settings from the file and the environment of this command."""
    return load_settings(None, os.environ)
