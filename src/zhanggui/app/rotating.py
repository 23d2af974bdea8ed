"""From one master key to the next while everything serves, and giving the old one up.

1. The new key is put behind the old ones: every process can read it, nothing is wrapped by it.
2. The control store, then each shop, turns to it in one commit: from that on new people's keys are wrapped by it, and a
   job wraps the others anew. A process that meets the new key's id reads the ring again.
3. When nothing is wrapped by the old ones any more they are given up.

Each step may be done again after a crash: it finds what is done.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.places import known_shops, migrating
from zhanggui.app.rooms import Rooms
from zhanggui.app.tables import change_master_key, installation_secrets, master_key_mark
from zhanggui.kernel.cipher import (
    KEY_VARIABLE,
    Keyring,
    MasterKey,
    add_master_key,
    drop_master_keys,
    turn_to,
    wrapped_elsewhere,
)
from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import InvalidInput, Kind, ZhangguiError
from zhanggui.kernel.jobs import enqueue
from zhanggui.kernel.settings import Settings

from .key_ring import kms_of, ring_of
from .rewrapping import REWRAP_KIND, Rewrap
from .root_secret import root_under


class StillWrapped(ZhangguiError):
    """Something is still wrapped by a master key that was to be given up; nothing was changed."""

    code, kind = "cipher.still_wrapped", Kind.CONFLICT


class KeyState(msgspec.Struct, frozen=True, kw_only=True):
    """Where the master keys stand.

    Attributes:
        known: ids of all that this process can read, oldest first.
        current: id of the one that new keys are wrapped by.
        left: by shop, how many keys another one wraps; `control` is the installation's own store.
    """

    known: tuple[str, ...]
    current: str
    left: dict[str, int]


class KeyTurned(msgspec.Struct, frozen=True):
    """The ledger's word of a step: which master keys it is about (ids, nothing secret)."""

    subject: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterKeys:
    """The master keys of one installation, in the hands of whoever runs it.

    Args:
        actor: what the ledger writes down.
    """

    settings: Settings
    clock: Clock
    actor: str = "cli"

    def state(self) -> KeyState:
        """Where the keys stand now."""
        ring = ring_of(self.settings)
        with self._control() as control:
            current, names = _current(control, ring), known_shops(control)
            left = {"control": _secrets_elsewhere(control, current)}
        for name in names:
            with self._rooms(name) as rooms, rooms.db.read() as db:
                left[name] = wrapped_elsewhere(db, current)
        return KeyState(known=tuple(key.id.hex() for key in ring.keys), current=current.id.hex(), left=left)

    def rotate(self) -> KeyState:
        """Go to a new master key; where a rotation was begun already, on with that.

        Raises:
            InvalidInput: keys come from a variable, and it holds no new one.
        """
        with migrating(self.settings):
            ring = self._ring_with_next()
            with self._control() as control:
                control.write(_turning_control(ring, ring.newest))
                names = known_shops(control)
            for name in names:
                with self._rooms(name) as rooms:
                    rooms.db.write(self._turning(rooms, ring, ring.newest))
        return self.state()

    def retire(self) -> KeyState:
        """Give up all master keys but the one in use.

        Raises:
            StillWrapped: something is wrapped by another one.
            InvalidInput: keys come from a variable, which only its owner can change.
        """
        with migrating(self.settings):
            state = self.state()
            left = {name: count for name, count in state.left.items() if count}
            if left:
                told = ", ".join(f"{name} {count}" for name, count in left.items())
                hint = "Let the jobs end (zhanggui work --once, or serve), or begin again: zhanggui master-key rotate"
                raise StillWrapped(f"Another master key still wraps keys: {told}.", hint=hint)
            others = tuple(key for key in state.known if key != state.current)
            if others:
                self._give_up(state.current, others)
        return self.state()

    def _give_up(self, current: str, others: tuple[str, ...]) -> None:
        if os.environ.get(KEY_VARIABLE, "").strip():
            hint = f"Leave only the key {current} in {KEY_VARIABLE} and start the processes again, one by one."
            raise InvalidInput(f"The keys come from {KEY_VARIABLE}.", hint=hint)
        secret = ring_of(self.settings).named(bytes.fromhex(current)).secret
        with self._control() as control:
            names = known_shops(control)
        drop_master_keys(self.settings.home, secret, kms_of(self.settings))
        told = KeyTurned(f"master-key:{current}", others)
        for name in names:
            with self._rooms(name) as rooms:
                rooms.db.write(_noting(rooms, told, self.actor))

    def _ring_with_next(self) -> Keyring:
        ring = ring_of(self.settings)
        with self._control() as control:
            is_begun = _current(control, ring) is not ring.newest
        if is_begun or any(self.state().left.values()):
            return ring
        kms = kms_of(self.settings)
        if kms is None and os.environ.get(KEY_VARIABLE, "").strip():
            hint = f'Set {KEY_VARIABLE}="OLD,NEW" for every process, start them again one by one, then rotate.'
            raise InvalidInput(f"The keys come from {KEY_VARIABLE}, and there is no new one behind the old.", hint=hint)
        add_master_key(self.settings.home, kms)
        ring.reload()
        return ring

    def _turning(self, rooms: Rooms, ring: Keyring, master: MasterKey) -> Callable[[sa.Connection], None]:
        key_id = master.id.hex()
        others = tuple(key.id.hex() for key in ring.keys if key is not master)

        def work(db: sa.Connection) -> None:
            if wrapped_elsewhere(db, master) == 0:
                return
            turn_to(db, ring, master)
            enqueue(db, REWRAP_KIND, Rewrap(key_id), dedupe_key=key_id)
            rooms.ledger.append(db, "keys.rotation_begun", KeyTurned(f"master-key:{key_id}", others), self.actor)

        return work

    @contextmanager
    def _control(self) -> Iterator[Database]:
        with open_control(self.settings, clock=self.clock) as control:
            yield control.db

    def _rooms(self, name: str) -> Rooms:
        return open_rooms(name, self.settings, clock=self.clock)


def _noting(rooms: Rooms, told: KeyTurned, actor: str) -> Callable[[sa.Connection], None]:
    def work(db: sa.Connection) -> None:
        rooms.ledger.append(db, "keys.retired", told, actor)

    return work


def _turning_control(ring: Keyring, master: MasterKey) -> Callable[[sa.Connection], None]:
    def work(db: sa.Connection) -> None:
        root_under(db, ring, master)
        change_master_key(db, master.mark)

    return work


def _current(control: Database, ring: Keyring) -> MasterKey:
    with control.read() as db:
        mark = master_key_mark(db)
    return (ring.marked(mark) if mark is not None else None) or ring.first


def _secrets_elsewhere(control: Database, current: MasterKey) -> int:
    elsewhere = sa.select(sa.func.count()).where(installation_secrets.c.key_id != current.id)
    with control.read() as db:
        return int(db.execute(elsewhere).scalar_one())
