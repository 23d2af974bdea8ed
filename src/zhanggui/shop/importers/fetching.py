"""Loading pictures from public hosts, bounded, and only when somebody asked."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from zhanggui.kernel.errors import Forbidden, TooLarge, Unavailable

MAX_HOPS = 3
SECONDS = 20.0


def fetch_public(url: str, most_bytes: int) -> bytes:
    """The bytes at a public address.

    Raises:
        Forbidden: the host is this machine or a private network.
        TooLarge: over `most_bytes`.
        Unavailable: no answer, or one that is no success.
    """
    import httpx

    try:
        with httpx.Client(timeout=SECONDS) as client:
            for _ in range(MAX_HOPS + 1):
                require_public(url)
                with client.stream("GET", url) as answer:
                    if answer.is_redirect:
                        url = urljoin(url, answer.headers.get("location", ""))
                        continue
                    answer.raise_for_status()
                    return _bounded(answer.iter_bytes(), most_bytes)
    except httpx.HTTPError as error:
        raise Unavailable(f"{url[:200]} did not answer: {error}", hint="Check the address, then try again.") from error
    raise Unavailable(f"{url[:200]} was redirected more than {MAX_HOPS} times.", hint="Check the address.")


def _bounded(chunks: Iterable[bytes], most_bytes: int) -> bytes:
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > most_bytes:
            raise TooLarge(f"The picture is over {most_bytes // 2**20} MiB.", hint="Make it smaller.")
    return bytes(found)


def require_public(url: str) -> None:
    """Refuse addresses inside: a list of pictures must not make the shop read its own services.

    Raises:
        Forbidden: not http(s), or a host that is not public.
        Unavailable: the host has no address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Forbidden(f"{url[:200]!r} is no http address.", hint="Write whole addresses: https://…")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
    except OSError as error:
        raise Unavailable(f"{parts.hostname} has no address.", hint="Check the spelling.") from error
    if not all(ipaddress.ip_address(str(entry[4][0])).is_global for entry in found):
        raise Forbidden(f"{parts.hostname} is inside this network.", hint="Pictures are loaded from public hosts only.")
