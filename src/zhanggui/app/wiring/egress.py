"""The door to the outside: which hosts settings and secrets name, and the register that lets calls pass."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from zhanggui.app.briefs.robots import FORMS
from zhanggui.audience.ports import Leaving
from zhanggui.kernel.egress import EgressUse
from zhanggui.kernel.settings import Settings, load_secret
from zhanggui.trust import Ledger
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.types.egress import Configured

from .base import Base


def register_of(base: Base, ledger: Ledger) -> EgressRegister:
    """The register of a shop: naming a host in the settings is the act that registers it."""
    configured = tuple(dict.fromkeys(configured_hosts(base.settings)))
    return EgressRegister(db=base.db, clock=base.clock, ledger=ledger, configured=configured)


def leaving_of(settings: Settings, register: EgressRegister) -> Leaving:
    """Whose data may leave by an outlet: where it is the webhook, those whom its host's entry lets go there."""
    host = urlsplit(settings.outbox.webhook_url).hostname or ""

    def leaving(outlet: str, persons: Collection[int]) -> set[int]:
        if outlet != "webhook" or not host:
            return set(persons)  # a file and a card stay in the house
        return register.agreed(host, EgressUse.OUTBOX, persons)

    return leaving


def configured_hosts(settings: Settings) -> Iterator[Configured]:
    """The hosts that settings and secrets name, and what calls to them are for."""
    addresses = {EgressUse.OUTBOX: settings.outbox.webhook_url, EgressUse.KMS: settings.keys.kms_url}
    addresses[EgressUse.ALERTS] = settings.watch.webhook_url
    named = [(use, urlsplit(url).hostname) for use, url in addresses.items()]
    named.append((EgressUse.BRIEF_EMAIL, settings.brief.smtp_host))
    for robot in FORMS:
        url = load_secret(f"{robot}_robot", settings.home, os.environ)
        named.append((EgressUse.BRIEF_ROBOT, urlsplit(url).hostname if url else ""))
    for use, host in named:
        if host:
            yield Configured(host.casefold(), use)
