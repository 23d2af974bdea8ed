"""What every reader of personal rows must name, and the ports that `trust` implements.

Law: PIPL art. 6 (purpose limitation), art. 13 to 15 (legal basis, consent and its withdrawal), art. 24.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from typing import Protocol

import sqlalchemy as sa


class Purpose(enum.StrEnum):
    """Why personal data is read or kept (处理目的)."""

    SERVICE = "service"
    PERSONALIZATION = "personalization"
    MARKETING = "marketing"
    ANALYTICS = "analytics"
    TRAINING = "training"


class Channel(enum.StrEnum):
    """By what way somebody is written to or called; consent is asked for each (PIPL art. 14)."""

    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"
    PHONE = "phone"
    APP = "app"
    WEB = "web"
    POST = "post"


class Duty(enum.StrEnum):
    """Reading that the law or the rows themselves demand: nobody is asked for it, and nobody could refuse it."""

    UPKEEP = "upkeep"
    """To number persons, recognise what came twice, link, move to the archive, copy, restore, forget when due."""
    RIGHTS = "rights"
    """To know and honour what a person said: consent, withdrawal, access, erasure, contests (PIPL art. 44-50)."""


Reason = Purpose | Duty
"""What whoever reads personal rows must name."""


class Cipher(Protocol):
    """Encrypts direct identifiers under a key per subject; destroying the key erases them all.

    Keys stand in the same store as the data, so each method takes the caller's connection: a sealed value and the key
    it needs are one commit. `person` is our dense integer.
    """

    def seal(self, db: sa.Connection, person: int, clear: str) -> bytes:
        """Ciphertext of `clear` under the key of `person`; a first call makes the key (so it needs a `write`).

        Raises:
            ErasedSubject: the key was destroyed; a person who comes back is a new number.
        """

    def open(self, db: sa.Connection, person: int, sealed: bytes) -> str:
        """The clear text.

        Raises:
            ErasedSubject: the key was destroyed.
            SealBroken: the bytes were not sealed for this person.
        """

    def seal_many(self, db: sa.Connection, clear: Sequence[tuple[int, str]]) -> list[bytes]:
        """`seal` for many (person, text) pairs, in their order; all or none."""

    def open_many(self, db: sa.Connection, sealed: Sequence[tuple[int, bytes]]) -> list[str | None]:
        """`open` for many (person, bytes) pairs, in their order; None where the person was erased."""

    def destroy(self, db: sa.Connection, person: int) -> None:
        """Destroy the key of `person`: nothing sealed under it can be opened again, by any process. Idempotent."""

    def lookup_hash(self, kind: str, clear: str) -> bytes:
        """A keyed hash of a normalised identifier, for equality search and suppression lists.

        `kind` is `phone`, `email`, or any other name (the text then only loses case, width and outer blanks).
        """


class ConsentGate(Protocol):
    """Says whose rows may be read for a purpose."""

    def allows(self, person: int, purpose: Purpose) -> bool:
        """Whether one person's data may be used for `purpose` now."""

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        """Those of `persons` whose data may be used for `purpose` now."""

    def allowed_through(self, persons: Collection[int], purpose: Purpose, channel: Channel) -> set[int]:
        """Those of `persons` who may be reached by a channel for `purpose` now."""


class ReadingGate(ConsentGate, Protocol):
    """A gate that is asked in the middle of a reading, where a snapshot of its own would cost more than its answer."""

    def allows_in(self, db: sa.Connection, person: int, purpose: Purpose) -> bool:
        """What `allows` says, as the connection sees it."""
