"""The master keys that an installation knows: while it goes from one to the next, two."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from .errors import BadMasterKey
from .wrapping import MasterKey, wrapper_id

Load = Callable[[], Sequence[bytes]]
"""Reads all master keys anew from where they are kept, oldest first."""


class Keyring:
    """All master keys, oldest first; never empty.

    A process that meets something wrapped by a key it has not seen yet reads the ring anew, so that no process has to
    be started again for a rotation.

    Args:
        load: reads the keys; called once now, and again for an unknown id.

    Raises:
        BadMasterKey: there is none, or one is misshapen.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._keys = self._loaded()

    @classmethod
    def of(cls, *keys: bytes) -> Keyring:
        """A ring of keys that are at hand."""
        return cls(lambda: keys)

    @property
    def keys(self) -> tuple[MasterKey, ...]:
        """All keys, oldest first."""
        return self._keys

    @property
    def first(self) -> MasterKey:
        """The oldest: what wraps where a store does not say which."""
        return self._keys[0]

    @property
    def newest(self) -> MasterKey:
        """Where a rotation goes to."""
        return self._keys[-1]

    def named(self, key_id: bytes) -> MasterKey:
        """The key of an id.

        Raises:
            BadMasterKey: none is known, not even after reading the ring anew.
        """
        found = self._find(key_id) or self._find_anew(key_id)
        if found is None:
            raise BadMasterKey(
                f"The master key {key_id.hex()} is not known here.",
                hint="Restore the master key that this shop was written with. Those known: zhanggui master-key list",
            )
        return found

    def marked(self, mark: bytes) -> MasterKey | None:
        """The key of a mark; None where there is none."""
        return next((key for key in self._keys if key.mark == mark), None)

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """A key that any of the ring has wrapped.

        Raises:
            BadMasterKey: none has.
        """
        key_id = wrapper_id(wrapped)
        if key_id is not None:
            return self.named(key_id).unwrap(wrapped, about)
        for key in self._keys[:-1]:
            try:
                return key.unwrap(wrapped, about)
            except BadMasterKey:
                continue
        return self.newest.unwrap(wrapped, about)

    def reload(self) -> None:
        """Read the keys anew."""
        keys = self._loaded()
        with self._lock:
            self._keys = keys

    def _find(self, key_id: bytes) -> MasterKey | None:
        return next((key for key in self._keys if key.id == key_id), None)

    def _find_anew(self, key_id: bytes) -> MasterKey | None:
        self.reload()
        return self._find(key_id)

    def _loaded(self) -> tuple[MasterKey, ...]:
        keys = tuple(MasterKey(key) for key in dict.fromkeys(self._load()))
        if not keys:
            raise BadMasterKey("There is no master key.", hint="Restore it from a backup.")
        return keys
