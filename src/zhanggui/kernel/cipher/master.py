"""Where the master keys of an installation are kept: a variable, a file for its owner only, or wrapped by a service.

Each may hold several, oldest first: `ZHANGGUI_MASTER_KEY` with commas between them, the files one a line.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from zhanggui.kernel.durable import sync_folder

from .errors import BadMasterKey
from .keyring import Keyring
from .wrapping import KEY_BYTES, KEY_HINT, KeyWrapper

KEY_FILE = "master.key"
WRAPPED_FILE = "master.key.wrapped"
KEY_VARIABLE = "ZHANGGUI_MASTER_KEY"
KMS_ABOUT = b"zhanggui master key"
WHAT_IT_OPENS = (
    "Names, phones, e-mails and addresses of all shops can be read, API keys and logins be checked with that key only."
)
RESTORE_IT = (
    f"Restore it from a backup, as the file {KEY_FILE} or in {KEY_VARIABLE}. Where there is none they are lost: "
    "make a new installation (--home), restore an export into it and make new keys."
)


def load_keyring(home: Path, environ: Mapping[str, str], kms: KeyWrapper | None = None) -> Keyring:
    """All master keys of an installation; see `load_master_keys`.

    Raises:
        BadMasterKey: there is none, or one cannot be used.
        KmsFailed: the service does not unwrap.
    """
    return Keyring(lambda: load_master_keys(home, environ, kms))


def load_master_keys(home: Path, environ: Mapping[str, str], kms: KeyWrapper | None = None) -> tuple[bytes, ...]:
    """`ZHANGGUI_MASTER_KEY` (base64 or hex), else the file `master.key` in `home`; then those that a service wrapped.

    Raises:
        BadMasterKey: there is none, one is not 32 bytes, or a file is open to other users.
        KmsFailed: the service does not unwrap.
    """
    given = environ.get(KEY_VARIABLE, "").strip()
    wrapped = _wrapped_keys(home, kms) if kms is not None else ()
    if given:
        return tuple(_decode(part.strip(), source=KEY_VARIABLE) for part in given.split(",")) + wrapped
    if not (home / KEY_FILE).exists():
        if wrapped:
            return wrapped
        hint = f"{RESTORE_IT} It belongs at: {home / KEY_FILE}"
        raise BadMasterKey(f"{KEY_FILE} is gone. {WHAT_IT_OPENS}", hint=hint)
    return tuple(_decode(line, source=KEY_FILE) for line in _lines(home / KEY_FILE)) + wrapped


def load_master_key(home: Path, environ: Mapping[str, str]) -> bytes:
    """The oldest master key that lies open: see `load_master_keys`."""
    return load_master_keys(home, environ)[0]


def make_master_key(home: Path, environ: Mapping[str, str], kms: KeyWrapper | None = None) -> None:
    """Make the first master key, readable by its owner only, unless there is a key.

    Of two processes that do so at once, one makes it and both read the same key.
    """
    is_there = environ.get(KEY_VARIABLE, "").strip() or (home / KEY_FILE).exists() or (home / WRAPPED_FILE).exists()
    if not is_there:
        _make_once(*_fresh_line(home, kms))


def add_master_key(home: Path, kms: KeyWrapper | None = None) -> None:
    """Put a new master key behind those that there are; nothing is wrapped by it yet."""
    path, line = _fresh_line(home, kms)
    _rewrite(path, [*(_lines(path) if path.exists() else ()), line])


def drop_master_keys(home: Path, kept: bytes, kms: KeyWrapper | None = None) -> None:
    """Forget all master keys in files but one; a file that is left with none goes."""
    plain, wrapped = home / KEY_FILE, home / WRAPPED_FILE
    if plain.exists():
        _rewrite(plain, [line for line in _lines(plain) if _decode(line, source=KEY_FILE) == kept])
    if kms is not None and wrapped.exists():
        _rewrite(wrapped, [line for line in _lines(wrapped) if kms.unwrap(line.encode(), KMS_ABOUT) == kept])


def _fresh_line(home: Path, kms: KeyWrapper | None) -> tuple[Path, str]:
    key = secrets.token_bytes(KEY_BYTES)
    if kms is None:
        return home / KEY_FILE, key.hex()
    return home / WRAPPED_FILE, kms.wrap(key, KMS_ABOUT).decode("ascii")


def _wrapped_keys(home: Path, kms: KeyWrapper) -> tuple[bytes, ...]:
    path = home / WRAPPED_FILE
    return tuple(kms.unwrap(line.encode(), KMS_ABOUT) for line in _lines(path)) if path.exists() else ()


def _lines(path: Path) -> Sequence[str]:
    if path.stat().st_mode & 0o077:
        raise BadMasterKey(f"{path.name} can be read by other users.", hint=f"Run: chmod 600 {path}")
    return path.read_text(encoding="ascii", errors="replace").split() or [""]


def _decode(text: str, *, source: str) -> bytes:
    try:
        is_hex = re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None
        padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
        key = bytes.fromhex(text) if is_hex else base64.b64decode(padded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadMasterKey(f"{source} is neither hex nor base64.", hint=KEY_HINT) from error
    if len(key) != KEY_BYTES:
        raise BadMasterKey(f"{source} holds {len(key)} bytes; a master key has {KEY_BYTES}.", hint=KEY_HINT)
    return key


def _make_once(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _drafted(path, [line])
    try:
        # A link appears whole or not at all, and never replaces the key that another process has just made.
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    sync_folder(path.parent)


def _rewrite(path: Path, lines: Sequence[str]) -> None:
    if lines:
        _drafted(path, lines).rename(path)
    else:
        path.unlink()
    sync_folder(path.parent)


def _drafted(path: Path, lines: Sequence[str]) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    return draft
