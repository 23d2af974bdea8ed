"""Bytes kept under the SHA-256 of their content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from zhanggui.kernel.durable import sync_folder, whole_file
from zhanggui.kernel.errors import InvalidInput, NotFound, did_you_mean

_NAME = re.compile(r"[0-9a-f]{64}")
_START = re.compile(r"[0-9a-f]{16,64}")


class BadMediaName(InvalidInput):
    """A name that is no SHA-256 in hex: it could be a path."""

    code = "media.bad_name"


class UnknownMedia(NotFound):
    """Nothing is kept under that name."""

    code = "media.unknown"


class MediaStore:
    """A folder of files, each named by the SHA-256 of its bytes, spread over 256 sub-folders.

    A file appears whole or not at all and never changes; the same bytes are kept once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep `data` durably; returns its name, 64 hex digits."""
        name = hashlib.sha256(data).hexdigest()
        path = self.path(name)
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(data)
        sync_folder(self._folder)
        return name

    def get(self, name: str) -> bytes:
        """The bytes kept under `name`.

        Raises:
            BadMediaName: not 64 hex digits.
            UnknownMedia: nothing is kept under it.
        """
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError as error:
            hint = did_you_mean(name, self.names(), otherwise="Upload the picture again.")
            raise UnknownMedia(f"No picture is kept under {name}.", hint=hint) from error

    def path(self, name: str) -> Path:
        """Where `name` stands or would stand; always inside the folder.

        Raises:
            BadMediaName: not 64 hex digits.
        """
        if _NAME.fullmatch(name) is None:
            raise BadMediaName(
                f"{name[:80]!r} is no name of a picture.", hint="A name is 64 hex digits, as put gave it."
            )
        return self._folder / name[:2] / name[2:]

    def find(self, start: str) -> str:
        """The name that begins with `start`, 16 hex digits or more: pages name pictures shortly.

        Raises:
            UnknownMedia: nothing is kept under such a name, or more than one thing.
        """
        found = []
        if _START.fullmatch(start) is not None:
            found = [start[:2] + path.name for path in self._folder.glob(f"{start[:2]}/{start[2:]}*")]
        if len(found) != 1:
            raise UnknownMedia(f"No picture is kept under {start[:80]!r}…", hint="Give more of its name.")
        return found[0]

    def has(self, name: str) -> bool:
        """Whether something is kept under `name`."""
        return self.path(name).exists()

    def remove(self, name: str) -> None:
        """Forget what is kept under `name`; nothing happens when there is nothing."""
        self.path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """All names, in order."""
        for path in sorted(self._folder.glob("[0-9a-f][0-9a-f]/*")):
            name = path.parent.name + path.name
            if _NAME.fullmatch(name):
                yield name
