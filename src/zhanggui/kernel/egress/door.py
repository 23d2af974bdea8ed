"""Connections to other hosts are opened here and nowhere else; a test walks the code for others."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .types import PEOPLE, EgressUse, Require, RequirePeople

if TYPE_CHECKING:
    import smtplib

    import httpx


def open_to_all(_host: str, _use: EgressUse) -> None:
    """Lets every host pass: for tools without a shop, and tests of what stands behind the door."""


def open_to_everybody(_host: str, _use: EgressUse, _people: Sequence[str] | None) -> None:
    """Lets everybody's data pass, where no register stands behind the door."""


@dataclass(frozen=True, slots=True)
class EgressDoor:
    """Opens connections, each call of which is held against the register.

    Args:
        require: raises for a host that is not registered.
        require_people: raises where the host rests on separate consents and not all whose data are sent gave theirs.
    """

    require: Require = open_to_all
    require_people: RequirePeople = open_to_everybody

    def client(self, use: EgressUse, *, timeout_s: float = 10.0) -> httpx.Client:
        """An HTTP client that takes no proxies from the environment.

        The name in `sni_hostname` counts where a caller connects to an address that it has looked up and checked.
        Whose data a call carries stands in its extension `people`, as customers' ids.

        Raises (each call):
            UnregisteredHost: nothing was sent.
            NoSeparateConsent: nothing was sent.
        """
        import httpx

        def ask(request: httpx.Request) -> None:
            host = str(request.extensions.get("sni_hostname") or request.url.host)
            self.require(host, use)
            self.require_people(host, use, request.extensions.get(PEOPLE))

        return httpx.Client(timeout=timeout_s, trust_env=False, event_hooks={"request": [ask]})

    def smtp(
        self, host: str, port: int, *, security: Literal["starttls", "tls", "none"], timeout_s: float
    ) -> smtplib.SMTP:
        """A mail server: TLS from the start, or STARTTLS before anything is said; certificates are verified.

        Raises:
            UnregisteredHost: nothing was sent.
            OSError: it cannot be reached.
        """
        import smtplib

        self.require(host, EgressUse.BRIEF_EMAIL)
        self.require_people(host, EgressUse.BRIEF_EMAIL, ())  # the brief is about no shopper
        if security == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=timeout_s, context=ssl.create_default_context())
        server = smtplib.SMTP(host, port, timeout=timeout_s)
        if security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except Exception:
                server.close()
                raise
        return server
