"""Password hashes: argon2id with the parameters of RFC 9106's second recommendation, by argon2-cffi."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


class Passwords:
    """Hashes and compares passwords.

    Args:
        memory_kib, time_cost: smaller only in tests.
    """

    def __init__(self, *, memory_kib: int = 65_536, time_cost: int = 3) -> None:
        self._memory_kib = memory_kib
        self._time_cost = time_cost

    @functools.cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher(memory_cost=self._memory_kib, time_cost=self._time_cost, parallelism=4)

    @functools.cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("the password of nobody at all")

    def hashed(self, password: str) -> str:
        """The hash to keep."""
        return self._hasher.hash(password)

    def fits(self, hashed: str | None, password: str) -> bool:
        """Whether the password fits; without a hash it is compared all the same, so that time tells nothing."""
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            self._hasher.verify(hashed or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None
