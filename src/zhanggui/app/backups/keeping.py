"""The key of an installation's backups, and opening the two halves of one."""

from __future__ import annotations

import hmac
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from .layout import BACKUP_KEY, MANIFEST, BackupBroken, Manifest, NoBackup, NoPassphrase
from .sealing import KEY_BYTES, key_from_passphrase, open_file, seal_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPart:
    """One half of a backup, with what opens it; `key` None where its files lie open."""

    folder: Path
    manifest: Manifest
    key: bytes | None

    def put(self, place: str, target: Path) -> None:
        """Write the clear form of one file, for its owner only.

        Raises:
            BackupBroken: it does not open.
        """
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.key is None:
            target.touch(mode=0o600)
            target.write_bytes((self.folder / place).read_bytes())
        else:
            open_file(self.folder / place, target, self.key, place)

    @contextmanager
    def clear(self, place: str) -> Iterator[Path]:
        """The clear form of one file, for a moment."""
        with tempfile.TemporaryDirectory(prefix="zhanggui-") as passing:
            target = Path(passing) / Path(place).name
            self.put(place, target)
            yield target


def backup_key(home: Path) -> bytes:
    """The key that seals the data of backups; made with the first one."""
    path = home / BACKUP_KEY
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(f"{secrets.token_hex(KEY_BYTES)}\n", encoding="ascii")
        draft.rename(path)
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def open_keys(folder: Path, passphrase: str | None) -> OpenPart:
    """The half with the keys.

    Raises:
        NoBackup: there is none.
        NoPassphrase: it is sealed with a passphrase, and none or another one was given.
    """
    manifest = _manifest(folder)
    if not manifest.salt:
        return OpenPart(folder=folder, manifest=manifest, key=None)
    hint = "Set ZHANGGUI_BACKUP_KEY to the passphrase that the backup was made with."
    if passphrase is None:
        raise NoPassphrase("The keys of this backup are sealed with a passphrase.", hint=hint)
    part = OpenPart(folder=folder, manifest=manifest, key=key_from_passphrase(passphrase, bytes.fromhex(manifest.salt)))
    if not _is_sealed(part):
        raise NoPassphrase("This is not the passphrase of this backup, or its manifest was changed.", hint=hint)
    return part


def open_data(folder: Path, keys: OpenPart) -> OpenPart:
    """The half with the data, which the key in the other half opens.

    Raises:
        NoBackup: there is none.
        BackupBroken: its manifest was changed, or the keys belong to other data.
    """
    manifest = _manifest(folder)
    with keys.clear(BACKUP_KEY) as path:
        part = OpenPart(folder=folder, manifest=manifest, key=bytes.fromhex(path.read_text(encoding="ascii").strip()))
    if not _is_sealed(part):
        raise BackupBroken(
            f"The manifest of {folder} was changed, or these keys belong to other data.",
            hint="Put the folder of the keys that belongs to it beside the data, or use another backup.",
        )
    return part


def seal_words(manifest: Manifest, key: bytes) -> str:
    """The keyed digest over all that a manifest says but itself."""
    return seal_of(key, msgspec.json.encode(msgspec.structs.replace(manifest, seal=""), order="deterministic"))


def _is_sealed(part: OpenPart) -> bool:
    return part.key is not None and hmac.compare_digest(seal_words(part.manifest, part.key), part.manifest.seal)


def _manifest(folder: Path) -> Manifest:
    if not (folder / MANIFEST).is_file():
        raise NoBackup(f"There is no backup {folder}.", hint="List them: the names are folders under data/.")
    return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
