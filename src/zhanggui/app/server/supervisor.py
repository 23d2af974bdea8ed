"""`zhanggui serve`: migrate, start the workers and the jobs process, keep them up, stop them in order."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import structlog

from zhanggui.app.log_redaction import log_redaction
from zhanggui.kernel import logs, metrics
from zhanggui.kernel.settings import Settings, settings_environ

from .address import checked_tls, free_port, note_address, require_safe
from .jobs_process import JobsProcess
from .loading import native_environ, resolve
from .pool import WorkerPool
from .waiting import wait_until_ready

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What runs, each as `package.module:name`."""

    app: str = "zhanggui.app.site:create_app"  # () -> ASGI application, in each worker
    work: str = "zhanggui.app.server.job_loop:main"  # () -> exit code, in the jobs process
    migrate: str = "zhanggui.app.places:migrate_all"  # (settings), here, before anything else


def serve(
    settings: Settings,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
    insecure: bool | None = None,  # noqa: FBT001  (the contract of this door)
    *,
    targets: Targets = Targets(),
    on_ready: Callable[[str], None] | None = None,
) -> int:
    """Serve all shops until SIGINT or SIGTERM; call it from the main thread, once in a process.

    Args:
        settings: of the installation; what is given besides stands above them.
        host: address to listen on.
        port: port to listen on; 0 for any free one.
        workers: server processes.
        tls_cert: certificate chain, PEM file.
        tls_key: its private key, PEM file.
        insecure: listen on a public address without TLS.
        targets: what runs (tests put their own).
        on_ready: told the address once a worker answers that it is ready; runs on a thread of its own.

    Returns:
        The exit code: 0 after a signal, 1 when the workers do not stay up.

    Raises:
        PublicWithoutTls: the address is public and nothing encrypts.
        TlsUnusable: certificate and key do not serve.
        PortTaken: the port is used.
        Unavailable: a store cannot be migrated.
    """
    given = {"host": host, "port": port, "workers": workers, "tls_cert": tls_cert, "tls_key": tls_key}
    held = _with_server(settings, given | {"insecure": insecure})
    server = held.server
    tls = checked_tls(server.tls_cert, server.tls_key)
    require_safe(server.host, has_tls=tls is not None, is_insecure=server.insecure)
    held = _with_server(held, {"port": free_port(server.host, server.port)})
    logs.configure(level=held.log.level, style=held.log.format, redact=log_redaction())
    resolve(targets.migrate)(held)
    note_address(held)
    _hand_down(held)
    return _run(held, targets, tls, on_ready)


def _run(
    settings: Settings, targets: Targets, tls: tuple[Path, Path] | None, on_ready: Callable[[str], None] | None
) -> int:
    pool = WorkerPool(settings, target=targets.app, tls=tls)
    jobs = JobsProcess(targets.work, native_threads=settings.jobs.native_threads)
    stopping = threading.Event()
    pool.on_startup(jobs.start)
    pool.before_stop(jobs.ask_to_stop)
    pool.before_stop(stopping.set)
    if on_ready is not None:
        address = _address(settings, has_tls=tls is not None)
        waiting = threading.Thread(target=wait_until_ready, args=(address, stopping, on_ready), daemon=True)
        pool.on_startup(waiting.start)
    log.info("serving", url=_address(settings, has_tls=tls is not None), workers=settings.server.workers)
    try:
        return pool.run()
    finally:
        jobs.stop(settings.server.drain_s)
        log.info("stopped")


def _with_server(settings: Settings, given: dict[str, Any]) -> Settings:
    changes = {name: value for name, value in given.items() if value is not None}
    return msgspec.structs.replace(settings, server=msgspec.structs.replace(settings.server, **changes))


def _hand_down(settings: Settings) -> None:
    """Give the processes started from here exactly these settings, whatever becomes of the file meanwhile."""
    home = settings.home.resolve()
    os.environ.update(settings_environ(msgspec.structs.replace(settings, home=home)))
    os.environ["ZHANGGUI_CONFIG"] = os.devnull
    os.environ.update(native_environ(settings.server.native_threads))
    metrics.start_afresh(home / "run" / "metrics")


def _address(settings: Settings, *, has_tls: bool) -> str:
    host = settings.server.host.strip("[]")
    return f"{'https' if has_tls else 'http'}://{f'[{host}]' if ':' in host else host}:{settings.server.port}"
