"""What a call to another host must say of itself."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence

from zhanggui.kernel.errors import Kind, ZhangguiError


class EgressUse(enum.StrEnum):
    """What a call to another host is for."""

    OUTBOX = "outbox"
    BRIEF_EMAIL = "brief_email"
    BRIEF_ROBOT = "brief_robot"
    PICTURES = "pictures"
    KMS = "kms"
    ALERTS = "alerts"
    LLM = "llm"


class UnregisteredHost(ZhangguiError):
    """A host that no entry of the egress register names was to be called; nothing was sent."""

    code, kind = "egress.unregistered", Kind.FORBIDDEN

    @classmethod
    def of(cls, host: str, use: EgressUse) -> UnregisteredHost:
        """Name the host and the way to register it."""
        return cls(
            f"The host {host!r} is not in the egress register for {use}; nothing was sent.",
            hint=f"Say what it gets, why and where it is: zhanggui egress add SHOP {host} --use {use} --country CN",
        )

    @classmethod
    def incomplete(cls, host: str, use: EgressUse, country: str) -> UnregisteredHost:
        """Name a host whose entry leaves open where it is or, abroad, what binds it, and the way to complete it."""
        if not country:
            return cls(
                f"The egress register does not say in which country {host!r} is ({use}); nothing was sent.",
                hint=f"Say it: zhanggui egress add SHOP {host} --use {use} --country CN; personal data that go abroad "
                "need --contract TEXT too",
            )
        return cls(
            f"The host {host!r} ({use}) is in {country}, would get personal data, and no contract is named for it in "
            "the egress register; nothing was sent.",
            hint="PIPL art. 38-39: conclude one of the ways of art. 38, ask for separate consent, then name it: "
            f"zhanggui egress add SHOP {host} --use {use} --country {country} --contract TEXT",
        )


class NoSeparateConsent(ZhangguiError):
    """People's data were to go to a host that rests on their separate consent, and not all of them gave it."""

    code, kind = "egress.no_separate_consent", Kind.FORBIDDEN

    @classmethod
    def of(cls, host: str, use: EgressUse, missing: int) -> NoSeparateConsent:
        """Say how many have not agreed; nobody is named."""
        return cls(
            f"{missing} people whose data were to go to {host!r} ({use}) have not given the separate consent that it "
            "rests on; nothing was sent.",
            hint="PIPL art. 23 and 39: send again without them, or ask them: zhanggui consents separate asks SHOP",
        )

    @classmethod
    def unsaid(cls, host: str, use: EgressUse) -> NoSeparateConsent:
        """The call did not say whose data it carries."""
        return cls(
            f"{host!r} ({use}) rests on separate consents, and the call did not say whose data it carries; nothing was "
            "sent.",
            hint=f"Name them in the request's extension {PEOPLE!r}, an empty list where there are none.",
        )


PEOPLE = "people"
"""The extension of a request that names the customers whose data it carries."""
Require = Callable[[str, EgressUse], None]
"""Raises `UnregisteredHost` unless the host (a name, without port) may be called for this use."""
RequirePeople = Callable[[str, EgressUse, Sequence[str] | None], None]
"""Raises `NoSeparateConsent` unless these customers' data may go to the host; None: the call does not say whose."""
