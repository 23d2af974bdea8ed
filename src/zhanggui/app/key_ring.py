"""Where this installation's master keys come from, as its settings say."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from zhanggui.kernel.cipher import CommandKms, Keyring, KeyWrapper, TransitKms, load_keyring
from zhanggui.kernel.egress import EgressDoor, EgressUse, Require, UnregisteredHost
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.settings import Settings, load_secret


def ring_of(settings: Settings) -> Keyring:
    """All master keys that this process can have.

    Raises:
        BadMasterKey: there is none, or one cannot be used.
        KmsFailed: a service is set, and does not unwrap.
    """
    return load_keyring(settings.home, os.environ, kms_of(settings))


def kms_of(settings: Settings) -> KeyWrapper | None:
    """The key management service that the settings name; its host is registered by that and nothing else is sent there.

    Raises:
        Unavailable: an address is set without its token.
    """
    held = settings.keys
    if held.kms_command:
        return CommandKms(command=held.kms_command, timeout_s=held.kms_timeout_s)
    if not held.kms_url:
        return None
    token = load_secret("kms_token", settings.home, os.environ)
    if token is None:
        raise Unavailable(
            "A key management service is set and its token is missing.",
            hint="Set ZHANGGUI_KMS_TOKEN, or ZHANGGUI_KMS_TOKEN_FILE.",
        )
    door = EgressDoor(_only(urlsplit(held.kms_url).hostname or ""))
    return TransitKms(url=held.kms_url, key=held.kms_key, token=token, door=door, timeout_s=held.kms_timeout_s)


def _only(named: str) -> Require:
    def require(host: str, use: EgressUse) -> None:
        if host != named or use is not EgressUse.KMS:
            raise UnregisteredHost.of(host, use)

    return require
