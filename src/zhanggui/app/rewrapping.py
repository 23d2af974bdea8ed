"""Wrapping people's keys anew, some hundred a commit: a job that goes on where a killed one stopped."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import sqlalchemy as sa

from zhanggui.app.rooms import Rooms
from zhanggui.kernel.cipher import Keyring, living_keys, rewrap, wrapped_elsewhere
from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import Effect, JobContext, JobHandler
from zhanggui.trust import Ledger

from .key_ring import ring_of

REWRAP_KIND = "app.master_key.rewrap"
AT_ONCE = 500


class Rewrap(msgspec.Struct, frozen=True):
    """Wrap what is left by the master key of this id (hex)."""

    key_id: str


class Rewrapped(msgspec.Struct, frozen=True):
    """The ledger's word of a rotation that is through: so many people's keys are wrapped by that master key."""

    subject: str
    people: int


def handler(rooms: Rooms) -> JobHandler[Rewrap]:
    """How the job is done."""

    def run(payload: Rewrap, context: JobContext) -> Effect | None:
        return rewrap_all(rooms.db, rooms.ledger, ring_of(rooms.settings), payload.key_id, context)

    return JobHandler(kind=REWRAP_KIND, payload=Rewrap, run=run)


def rewrap_all(
    database: Database, ledger: Ledger, ring: Keyring, key_id: str, context: JobContext, *, at_once: int = AT_ONCE
) -> Effect | None:
    """Wrap all of a store's keys by one master key; None when told to stop.

    Each commit takes the next by person's number and skips those that are done: nothing is kept beside them. People
    who come meanwhile have the new one from the start.
    """
    master = ring.named(bytes.fromhex(key_id))
    with database.read() as db:
        left, of = wrapped_elsewhere(db, master), living_keys(db)
    after: int | None = 0
    while after is not None:
        if context.is_cancelled():
            return None
        after, count = database.write(_batch(ring, key_id, after, at_once))
        left -= count
        context.on_step(of - max(left, 0), of)

    def done(db: sa.Connection) -> None:
        told = Rewrapped(subject=f"master-key:{key_id}", people=living_keys(db))
        ledger.append(db, "keys.rotated", told)

    return done


def _batch(ring: Keyring, key_id: str, after: int, at_once: int) -> Callable[[sa.Connection], tuple[int | None, int]]:
    master = ring.named(bytes.fromhex(key_id))
    return lambda db: rewrap(db, ring, master, after=after, limit=at_once)
