"""The first working cipher: AES-256-GCM under a key per person, wrapped by the shop's master key.

Erasure is the destruction of one row's key: what was sealed under it, in this store or in any old backup of the
data, is noise from then on (crypto-erasure, NIST SP 800-88 r1, section 2.5). A tombstone stays in the key's place,
so a person number that was erased can never be sealed for again.

Layout of a sealed value: version byte, 12 bytes nonce, ciphertext, 16 bytes tag. The person is associated data
(NIST SP 800-38D): bytes copied to another person's row do not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .db import BigKey, insert_ignoring, shop_metadata
from .errors import Kind, ZhangguiError

subject_keys = sa.Table(
    "subject_keys",
    shop_metadata,
    sa.Column("person", BigKey, primary_key=True, autoincrement=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),  # empty: destroyed
)

KEY_FILE = "master.key"
KEY_VARIABLE = "ZHANGGUI_MASTER_KEY"
KEY_BYTES = 32
WHAT_IT_OPENS = (
    "Names, phones, e-mails and addresses of all shops can be read, API keys and logins be checked with that key only."
)
RESTORE_IT = (
    f"Restore it from a backup, as the file {KEY_FILE} or in {KEY_VARIABLE}. Where there is none they are lost: "
    "make a new installation (--home), restore an export into it and make new keys."
)
_VERSION = b"\x01"
_NONCE_BYTES = 12
_AT_ONCE = 500  # bound parameters in one statement


class CipherError(ZhangguiError):
    """Root of what the cipher raises."""

    code = "cipher.error"


class ErasedSubject(CipherError):
    """The person's key was destroyed, or never existed."""

    code, kind = "cipher.erased_subject", Kind.NOT_FOUND


class SealBroken(CipherError):
    """The bytes were not sealed for this person, or were changed since."""

    code, kind = "cipher.seal_broken", Kind.CONFLICT


class BadMasterKey(CipherError):
    """The master key is missing, misshapen, open to others, or not the one this store was written with."""

    code, kind = "cipher.bad_master_key", Kind.UNAVAILABLE


class SubjectCipher:
    """Implements `kernel.privacy.Cipher`.

    Data keys are read with each call and never cached: a key made in a work that was rolled back must not be used
    again, and an erasure in one process must bind all others at once. One read by primary key is the whole price.

    Args:
        master_key: 32 bytes, from `load_master_key`.
    """

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise BadMasterKey(f"A master key has {KEY_BYTES} bytes, this one {len(master_key)}.", hint=_KEY_HINT)
        self._wrapping = AESGCM(_derive(master_key, b"zhanggui wrap"))
        self._lookup_key = _derive(master_key, b"zhanggui lookup")

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
            fresh = [{"person": person, "wrapped": self._wrap(person)} for person in missing]
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

    def _wrap(self, person: int) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + nonce + self._wrapping.encrypt(nonce, AESGCM.generate_key(256), _about(b"key", person))

    def _unwrap(self, person: int, wrapped: bytes) -> AESGCM:
        if not wrapped:
            raise ErasedSubject(
                f"Person {person} was erased: there is no key to seal or open with.",
                hint="Nothing can bring the data back. A person who returns gets a new number.",
            )
        nonce, body = wrapped[1 : 1 + _NONCE_BYTES], wrapped[1 + _NONCE_BYTES :]
        try:
            return AESGCM(self._wrapping.decrypt(nonce, body, _about(b"key", person)))
        except (InvalidTag, ValueError) as error:
            raise BadMasterKey(
                f"The key of person {person} was not wrapped by this master key.",
                hint=f"Restore the {KEY_FILE} (or {KEY_VARIABLE}) that this shop was written with.",
            ) from error


def load_master_key(home: Path, environ: Mapping[str, str]) -> bytes:
    """The installation's master key: `ZHANGGUI_MASTER_KEY` (base64 or hex), else the file `master.key` in `home`.

    Raises:
        BadMasterKey: there is none, it is not 32 bytes, or its file is open to other users.
    """
    given = environ.get(KEY_VARIABLE, "").strip()
    if given:
        return _decode(given, source=KEY_VARIABLE)
    path = home / KEY_FILE
    if not path.exists():
        raise BadMasterKey(f"{KEY_FILE} is gone. {WHAT_IT_OPENS}", hint=f"{RESTORE_IT} It belongs at: {path}")
    if path.stat().st_mode & 0o077:
        raise BadMasterKey(f"{KEY_FILE} can be read by other users.", hint=f"Run: chmod 600 {path}")
    return _decode(path.read_text(encoding="ascii", errors="replace").strip(), source=KEY_FILE)


def make_master_key(home: Path, environ: Mapping[str, str]) -> None:
    """Make the file `master.key`, readable by its owner only, unless there is a key.

    Of two processes that do so at once, one makes it and both read the same key.
    """
    if not environ.get(KEY_VARIABLE, "").strip() and not (home / KEY_FILE).exists():
        _make_key_file(home / KEY_FILE)


def mark_of(master_key: bytes) -> bytes:
    """32 bytes that tell this key from others and give nothing of it away."""
    return _derive(master_key, b"zhanggui mark")


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


_KEY_HINT = "Make one with: python -c 'import secrets; print(secrets.token_hex(32))'"


def _derive(master_key: bytes, use: bytes) -> bytes:
    # One key, one use: BLAKE2b's personalisation separates the two (RFC 7693, section 2.5).
    return hashlib.blake2b(key=master_key, person=use, digest_size=KEY_BYTES).digest()


def _about(what: bytes, person: int) -> bytes:
    return what + person.to_bytes(8, "big", signed=True)


def _wrapped_keys(db: sa.Connection, persons: Collection[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for chunk in _chunks(sorted(persons)):
        rows = db.execute(sa.select(subject_keys).where(subject_keys.c.person.in_(chunk)))
        found.update((row.person, bytes(row.wrapped)) for row in rows)
    return found


def _chunks(persons: Sequence[int]) -> Iterable[Sequence[int]]:
    return (persons[start : start + _AT_ONCE] for start in range(0, len(persons), _AT_ONCE))


def _seal(key: AESGCM, person: int, clear: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + key.encrypt(nonce, clear.encode(), _about(_VERSION + b"value", person))


def _open(key: AESGCM, person: int, sealed: bytes) -> str:
    try:
        version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        return key.decrypt(nonce, body, _about(version + b"value", person)).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken(
            f"A value of person {person} does not open with their key: it was changed, or belongs to somebody else.",
            hint="Restore the row from a backup.",
        ) from error


def _decode(text: str, *, source: str) -> bytes:
    try:
        is_hex = re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None
        padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
        key = bytes.fromhex(text) if is_hex else base64.b64decode(padded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadMasterKey(f"{source} is neither hex nor base64.", hint=_KEY_HINT) from error
    if len(key) != KEY_BYTES:
        raise BadMasterKey(f"{source} holds {len(key)} bytes; a master key has {KEY_BYTES}.", hint=_KEY_HINT)
    return key


def _make_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link appears whole or not at all, and never replaces the key that another process has just made.
            path.hardlink_to(draft)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
