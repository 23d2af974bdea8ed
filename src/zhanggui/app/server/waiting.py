"""Waiting for a server to be ready."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

LOOK_S = 0.1


def is_ready(address: str) -> bool:
    """Whether a server answers that it is ready. Its certificate is not judged: it is our own, on this machine."""
    parts = urlsplit(address)
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (compared, not bound)
    host = everywhere.get(parts.hostname or "", parts.hostname or "")
    connection = (
        http.client.HTTPSConnection(host, parts.port, timeout=2, context=ssl._create_unverified_context())  # noqa: S323
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=2)
    )
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_ready(address: str, stopping: threading.Event, on_ready: Callable[[str], None]) -> None:
    """Call `on_ready(address)` once the server is ready, unless it stops before."""
    while not is_ready(address):
        if stopping.wait(LOOK_S):
            return
    on_ready(address)
