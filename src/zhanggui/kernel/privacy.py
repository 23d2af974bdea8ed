"""What every reader of personal rows must name, and the ports that `trust` implements.

Law: PIPL art. 6 (purpose limitation), art. 13 to 15 (legal basis, consent and its withdrawal), art. 24.
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from typing import Protocol


class Purpose(enum.StrEnum):
    """Why personal data is read or kept (处理目的)."""

    SERVICE = "service"
    PERSONALIZATION = "personalization"
    MARKETING = "marketing"
    ANALYTICS = "analytics"
    TRAINING = "training"


class Cipher(Protocol):
    """Encrypts direct identifiers under a key per subject; destroying the key erases them all."""

    def seal(self, person: int, clear: str) -> bytes:
        """Ciphertext of `clear` under the key of `person` (our dense integer); a first call makes the key."""

    def open(self, person: int, sealed: bytes) -> str:
        """The clear text.

        Raises:
            ErasedSubject: the key was destroyed.
            SealBroken: the bytes were not sealed for this person.
        """

    def lookup_hash(self, kind: str, clear: str) -> bytes:
        """A keyed hash of a normalised identifier, for equality search and suppression lists."""


class ConsentGate(Protocol):
    """Says whose rows may be read for a purpose."""

    def allows(self, person: int, purpose: Purpose) -> bool:
        """Whether one person's data may be used for `purpose` now."""

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        """Those of `persons` whose data may be used for `purpose` now."""
