"""Which ways out the brief has, as settings and secrets say."""

from __future__ import annotations

import os

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.settings import Settings, load_secret
from zhanggui.trust.ports import BriefChannel

from .email import EmailChannel
from .robots import FORMS, RobotChannel
from .wording import BriefWords


def channels_of(settings: Settings, words: BriefWords, clock: Clock) -> tuple[BriefChannel, ...]:
    """E-mail where addresses are set, and each robot whose address is known.

    Raises:
        Unavailable: a robot's address cannot be used.
    """
    held = settings.brief
    channels: list[BriefChannel] = []
    if held.email_to and held.smtp_host:
        password = load_secret("smtp_password", settings.home, os.environ)
        channels.append(EmailChannel(settings=held, password=password, words=words))
    for name in FORMS:
        url = load_secret(f"{name}_robot", settings.home, os.environ)
        if url is not None:
            channels.append(_robot(name, url, settings, words, clock))
    return tuple(channels)


def _robot(name: str, url: str, settings: Settings, words: BriefWords, clock: Clock) -> RobotChannel:
    import httpx

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
        client=httpx.Client(trust_env=False),
        clock=clock,
        timeout_s=settings.brief.timeout_s,
    )
