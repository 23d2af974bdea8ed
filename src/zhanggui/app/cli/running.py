"""`serve`, `work`, `doctor` and `mcp`."""

from __future__ import annotations

import os
from typing import Annotated

from cyclopts import Parameter

from zhanggui.app import server
from zhanggui.app.build import open_rooms
from zhanggui.app.mcp.server import build_server
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.options import Json, Port
from zhanggui.kernel.terminal import print_json, print_table

from .session import settings_now

CHECK_FAILED = 3
_COLOURS = {"ok": "green", "warning": "yellow", "failure": "red"}


def serve(
    *,
    host: str | None = None,
    port: Port | None = None,
    workers: int | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
    insecure: Annotated[bool | None, Parameter(negative=())] = None,
) -> int:
    """Serve all shops over HTTP until Ctrl-C; the jobs process runs beside, at lower priority.

    Args:
        host: address to listen on.
        port: port to listen on; 0 for any free one.
        workers: server processes.
        tls_cert: certificate chain, PEM file.
        tls_key: its private key, PEM file.
        insecure: listen on a public address without TLS.
    """
    return server.serve(settings_now(), host, port, workers, tls_cert, tls_key, insecure)


def work(*, shop: str | None = None, once: bool = False) -> int:
    """Do the background work of all shops, or of one; `serve` does it by itself.

    Args:
        shop: only this one's.
        once: end when nothing is due.
    """
    return server.work(settings_now(), shop=shop, once=once)


def doctor(*, json: Json = False) -> int:
    """Look for what is wrong with this installation, and name the cure. Changes nothing."""
    from rich.text import Text

    findings = server.doctor(settings_now(), os.environ, system_clock())
    if json:
        print_json(findings)
    else:
        rows = ((Text(one.level, _COLOURS[one.level]), one.subject, one.seen, one.cure) for one in findings)
        print_table(("", "what", "seen", "cure"), rows)
    return CHECK_FAILED if any(one.level == "failure" for one in findings) else 0


def mcp(shop: str) -> None:
    """Offer a shop's tools to an assistant over stdio (MCP): what it may read, and what it may propose.

    Args:
        shop: the shop's name.
    """
    with open_rooms(shop, settings_now()) as rooms:
        build_server(rooms).run("stdio")
