"""What a process of ours does before its own work: quick switching, few native threads, logs, no orphans."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
import threading
from typing import Any

import structlog

from zhanggui.app.log_redaction import log_redaction
from zhanggui.kernel import logs
from zhanggui.kernel.errors import Unavailable, ZhangguiError
from zhanggui.kernel.settings import LogSettings

from .left_out import leave_out

speak = structlog.get_logger(__name__)

SWITCH_S = 0.0005
"""How long a thread may hold the interpreter: a route in a pool must not hold up the event loop for the usual 5 ms."""
ORPHAN_LOOK_S = 1.0
CANNOT_START = 78
"""Exit code of a worker whose application could not be made (EX_CONFIG of sysexits.h)."""
_NATIVE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "ARROW_NUM_THREADS")


def resolve(target: str) -> Any:
    """The object that `package.module:name` names.

    Raises:
        Unavailable: there is no such thing.
    """
    module, _, name = target.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except AttributeError as error:
        raise Unavailable(
            f"{target} is not there: {error}.", hint="Reinstall: pip install --force-reinstall zhanggui"
        ) from error


def native_environ(threads: int) -> dict[str, str]:
    """The variables that bound native thread pools; libraries read them when they are loaded."""
    return dict.fromkeys(_NATIVE, str(threads))


def settle(log: LogSettings, native_threads: int) -> None:
    """Prepare this process; called once, at its start."""
    sys.setswitchinterval(SWITCH_S)
    logs.configure(level=log.level, style=log.format, redact=log_redaction())
    bound_native(native_threads)
    follow_parent()


def bound_native(threads: int) -> None:
    """Bound the native pools of the libraries that are loaded by now."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    threadpool_limits(limits=threads)


def follow_parent() -> None:
    """End this process (as by SIGTERM) when its parent dies: a worker without a supervisor would hold the port."""
    parent = os.getppid()

    def watch() -> None:
        while not asleep.wait(ORPHAN_LOOK_S):
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)
                return

    asleep = threading.Event()
    threading.Thread(target=watch, name="follow-parent", daemon=True).start()


def rest_collector() -> None:
    """Keep the collector of cycles off what stands for good, and from looking after every 700 new objects.

    Requests leave no cycles; each look at all that the libraries brought cost a seventh of a small request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def load_app(target: str, log: LogSettings, native_threads: int) -> Any:
    """Runs in each worker: the ASGI application that the factory `target` makes."""
    settle(log, native_threads)
    leave_out()
    try:
        app = resolve(target)()
    except ZhangguiError as error:
        speak.error("the application cannot start", reason=str(error), hint=error.hint)
        raise SystemExit(CANNOT_START) from None
    except Exception:  # noqa: BLE001  (an application may fail to start for any reason; the log has it)
        speak.exception("the application cannot start")
        raise SystemExit(CANNOT_START) from None
    bound_native(native_threads)  # of the libraries that came with the application
    # A framework may have set up its own meanwhile.
    logs.configure(level=log.level, style=log.format, redact=log_redaction())
    rest_collector()
    return app
