"""Where a connection to the outside may go: addresses of a name, and which of them are public."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult

Resolve = Callable[[str, int], Sequence[str]]
"""All addresses of a host and port.

Raises:
    OSError: the name has none.
"""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host name, as the system finds them.

    Raises:
        OSError: it has none, or is no name.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host[:80]!r} is no host name") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address lies in the public internet, also when it wraps an IPv4 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def port_of(target: SplitResult) -> int:
    """The port that an http(s) address means."""
    return target.port or (443 if target.scheme == "https" else 80)


def pinned(target: SplitResult, address: str) -> str:
    """The same URL at an address that was checked: a name may point elsewhere a moment later."""
    wrapped = f"[{address}]" if ":" in address else address
    return target._replace(netloc=f"{wrapped}:{port_of(target)}", fragment="").geturl()
