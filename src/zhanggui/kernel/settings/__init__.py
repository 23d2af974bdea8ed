"""Settings: one TOML file, `ZHANGGUI_*` variables above it, and defaults that work below both.

`ZHANGGUI_SERVER__PORT=9000` sets `server.port`. A key that nobody knows is refused, with its place and the nearest
known one. Secrets never stand in the file: each is a variable, a file named by one, or a file beside the data.
"""

from .reading import (
    FILE_NAME,
    HeldSetting,
    Setting,
    SettingsError,
    all_settings,
    held_settings,
    load_settings,
    settings_environ,
)
from .secrets import SecretMissing, load_secret
from .sections import (
    FairnessSettings,
    FeatureSettings,
    JobSettings,
    LogSettings,
    OutboxSettings,
    RecommendSettings,
    ServerSettings,
    Settings,
    ShopSettings,
    WatchSettings,
)

__all__ = [
    "FILE_NAME",
    "FairnessSettings",
    "FeatureSettings",
    "HeldSetting",
    "JobSettings",
    "LogSettings",
    "OutboxSettings",
    "RecommendSettings",
    "SecretMissing",
    "ServerSettings",
    "Setting",
    "Settings",
    "SettingsError",
    "ShopSettings",
    "WatchSettings",
    "all_settings",
    "held_settings",
    "load_secret",
    "load_settings",
    "settings_environ",
]
