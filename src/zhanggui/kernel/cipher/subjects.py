"""The first working cipher: AES-256-GCM under a key per person, wrapped by a master key.

Erasure is the destruction of one row's key: what was sealed under it, in this store or in any old backup of the
data, is noise from then on (crypto-erasure, NIST SP 800-88 r1, section 2.5). A tombstone stays in the key's place,
so a person number that was erased can never be sealed for again.

Layout of a sealed value: version byte, 12 bytes nonce, ciphertext, 16 bytes tag. The person is associated data
(NIST SP 800-38D): bytes copied to another person's row do not open.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhanggui.kernel.db import Database, insert_ignoring
from zhanggui.kernel.slices import sliced

from .errors import BadMasterKey, ErasedSubject, SealBroken
from .held import about_person, lookup_key, old_lookup_key, subject_keys, wrapping_key
from .keyring import Keyring
from .wrapping import NONCE_BYTES, MasterKey

_VERSION = b"\x01"
_AT_ONCE = 500  # bound parameters in one statement


class SubjectCipher:
    """Implements `kernel.privacy.Cipher`.

    Data keys are read with each call and never cached: a key made in a work that was rolled back must not be used
    again, and an erasure in one process must bind all others at once. One read by primary key is the whole price.

    Args:
        keys: the master keys, or the only one (32 bytes).
        lookup: the key of lookup hashes that the store keeps; None where it keeps none.
    """

    def __init__(self, keys: Keyring | bytes, lookup: bytes | None = None) -> None:
        self._keys = Keyring.of(keys) if isinstance(keys, bytes) else keys
        self._lookup_key = lookup or old_lookup_key(self._keys.first)

    @classmethod
    def over(cls, database: Database, keys: Keyring) -> SubjectCipher:
        """The cipher of a store, with the lookup key that it keeps."""
        with database.read() as db:
            return cls(keys, lookup_key(db, keys))

    def seal(self, db: sa.Connection, person: int, clear: str) -> bytes:
        """Ciphertext of `clear` for `person`; see `Cipher.seal`."""
        return self.seal_many(db, [(person, clear)])[0]

    def open(self, db: sa.Connection, person: int, sealed: bytes) -> str:
        """The clear text; see `Cipher.open`."""
        return _open(self._key_of(db, person), person, sealed)

    def seal_many(self, db: sa.Connection, clear: Sequence[tuple[int, str]]) -> list[bytes]:
        """Ciphertexts in the order given; missing keys are made in one statement."""
        persons = {person for person, _ in clear}
        wrapped = _wrapped_keys(db, persons)
        missing = sorted(persons - wrapped.keys())
        if missing:
            master = wrapping_key(db, self._keys)
            fresh = [{"person": person, "wrapped": _fresh_key(master, person)} for person in missing]
            insert_ignoring(db, subject_keys, fresh, keys=["person"])
            # Read back: on PostgreSQL another transaction may have made the key first, and then its key counts.
            wrapped |= _wrapped_keys(db, missing)
        keys = {person: self._unwrap(person, wrapped[person]) for person in persons}
        return [_seal(keys[person], person, text) for person, text in clear]

    def open_many(self, db: sa.Connection, sealed: Sequence[tuple[int, bytes]]) -> list[str | None]:
        """Clear texts in the order given; None where the person was erased."""
        wrapped = _wrapped_keys(db, {person for person, _ in sealed})
        keys = {person: self._unwrap(person, key) for person, key in wrapped.items() if key}
        return [_open(keys[person], person, value) if person in keys else None for person, value in sealed]

    def destroy(self, db: sa.Connection, person: int) -> None:
        """Put a tombstone in the key's place; see `Cipher.destroy`."""
        gone = sa.update(subject_keys).where(subject_keys.c.person == person).values(wrapped=b"")
        if db.execute(gone).rowcount == 0:
            insert_ignoring(db, subject_keys, [{"person": person, "wrapped": b""}], keys=["person"])

    def lookup_hash(self, kind: str, clear: str) -> bytes:
        """32 bytes of keyed BLAKE2b (RFC 7693) over the kind and the normalised identifier."""
        text = f"{kind}\0{normalise_identifier(kind, clear)}"
        return hashlib.blake2b(text.encode(), key=self._lookup_key, digest_size=32).digest()

    def _key_of(self, db: sa.Connection, person: int) -> AESGCM:
        mark = "%s" if db.dialect.name == "postgresql" else "?"
        row = db.exec_driver_sql(f"SELECT wrapped FROM subject_keys WHERE person = {mark}", (person,)).fetchone()  # noqa: S608
        return self._unwrap(person, b"" if row is None else bytes(row[0]))

    def _unwrap(self, person: int, wrapped: bytes) -> AESGCM:
        if not wrapped:
            raise ErasedSubject(
                f"Person {person} was erased: there is no key to seal or open with.",
                hint="Nothing can bring the data back. A person who returns gets a new number.",
            )
        try:
            return AESGCM(self._keys.unwrap(wrapped, about_person(person)))
        except BadMasterKey as error:
            raise BadMasterKey(f"The key of person {person} does not open: {error}", hint=error.hint) from error


def _fresh_key(master: MasterKey, person: int) -> bytes:
    return master.wrap(AESGCM.generate_key(256), about_person(person))


def normalise_identifier(kind: str, clear: str) -> str:
    """One spelling per identifier: `+8613800138000` for a phone, case folded for an e-mail and everything else."""
    text = unicodedata.normalize("NFKC", clear).strip()
    if kind != "phone":
        return text.casefold()
    digits = re.sub(r"\D", "", text)
    is_international = text.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    if len(digits) == 13 and digits.startswith("861"):
        return f"+{digits}"
    return f"+{digits}" if is_international else f"+86{digits}"


def _about(version: bytes, person: int) -> bytes:
    return version + b"value" + person.to_bytes(8, "big", signed=True)


def _wrapped_keys(db: sa.Connection, persons: Collection[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for chunk in sliced(sorted(persons), _AT_ONCE):
        rows = db.execute(sa.select(subject_keys).where(subject_keys.c.person.in_(chunk)))
        found.update((row.person, bytes(row.wrapped)) for row in rows)
    return found


def _seal(key: AESGCM, person: int, clear: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _VERSION + nonce + key.encrypt(nonce, clear.encode(), _about(_VERSION, person))


def _open(key: AESGCM, person: int, sealed: bytes) -> str:
    try:
        version, nonce, body = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return key.decrypt(nonce, body, _about(version, person)).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken(
            f"A value of person {person} does not open with their key: it was changed, or belongs to somebody else.",
            hint="Restore the row from a backup.",
        ) from error
