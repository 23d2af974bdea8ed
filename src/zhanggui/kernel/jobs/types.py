"""What goes in and out of the queue."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from .context import JobContext

Effect = Callable[[sa.Connection], None]
"""What a job changes in the store: committed in one write with the mark that it is done."""

Payload = TypeVar("Payload", bound=msgspec.Struct)


class JobState(enum.StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"  # failed too often; its last error is kept, and `retry` starts it anew
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHandler(Generic[Payload]):
    """How jobs of one kind are done.

    `run` may be called more than once for a job (after a crash), so what it does outside the store must carry
    `context.idempotency_key`; what it returns is applied once. `version` is that of the payload: a job of a higher
    version waits for a newer program, one of a lower version is brought up by `upcast(version, fields)`.
    """

    kind: str
    version: int = 1
    payload: type[Payload]
    run: Callable[[Payload, JobContext], Effect | None]
    max_attempts: int = 8
    upcast: Callable[[int, dict[str, Any]], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A job that comes again every `every_s` seconds; turns that were missed are made up by one."""

    kind: str
    every_s: int
    payload: msgspec.Struct
    version: int = 1
    is_due_at_start: bool = False


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as an operator sees it. Times are epoch milliseconds UTC; 0 where it has not come to that."""

    id: str
    kind: str
    state: JobState
    due_ms: int
    attempts: int
    steps_done: int
    steps_of: int
    error: str
    is_cancel_wanted: bool
    started_ms: int
    ended_ms: int


class JobAsk(msgspec.Struct, frozen=True, kw_only=True):
    """Which jobs an operator wants to see. `sort` is a field of `Job`; of equals, and without one, the newest first."""

    states: tuple[JobState, ...] = tuple(JobState)
    kinds: tuple[str, ...] | None = None  # None: all
    sort: str = "id"
    is_descending: bool = True
    offset: int = 0
    limit: int = 50


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """When a schedule comes next, in epoch milliseconds UTC."""

    kind: str
    every_s: int
    next_ms: int


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A job in hand: only the holder of the highest `fence` may finish it."""

    id: str
    kind: str
    version: int
    payload: bytes
    fence: int
    attempts: int
