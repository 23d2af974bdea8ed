"""Which ways out the brief has, as settings and secrets say."""

from __future__ import annotations

import os

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.egress import EgressDoor, EgressUse
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.settings import Settings, load_secret
from zhanggui.trust.ports import BriefChannel

from .email import EmailChannel, connecting
from .robots import FORMS, RobotChannel
from .wording import BriefWords


def channels_of(settings: Settings, words: BriefWords, clock: Clock, door: EgressDoor) -> tuple[BriefChannel, ...]:
    """E-mail where addresses are set, and each robot whose address is known; both are called through `door`.

    Raises:
        Unavailable: a robot's address cannot be used.
    """
    held = settings.brief
    channels: list[BriefChannel] = []
    if held.email_to and held.smtp_host:
        password = load_secret("smtp_password", settings.home, os.environ)
        channels.append(EmailChannel(settings=held, password=password, words=words, connect=connecting(door)))
    for name in FORMS:
        url = load_secret(f"{name}_robot", settings.home, os.environ)
        if url is not None:
            channels.append(_robot(name, url, settings, words, clock, door))
    return tuple(channels)


def _robot(name: str, url: str, settings: Settings, words: BriefWords, clock: Clock, door: EgressDoor) -> RobotChannel:
    if not url.startswith("https://") and not (settings.brief.allow_private and url.startswith("http://")):
        raise Unavailable(
            f"The address of the {name} robot does not begin with https://.",
            hint=f"Copy the whole webhook address into ZHANGGUI_{name.upper()}_ROBOT.",
        )
    return RobotChannel(
        name=name,
        url=url,
        secret=load_secret(f"{name}_secret", settings.home, os.environ),
        words=words,
        client=door.client(EgressUse.BRIEF_ROBOT, timeout_s=settings.brief.timeout_s),
        clock=clock,
        timeout_s=settings.brief.timeout_s,
    )
