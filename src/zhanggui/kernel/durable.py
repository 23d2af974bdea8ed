"""Files that are there whole and on disk, or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

READABLE = 0o666
"""By whoever the process's mask lets."""


@contextmanager
def whole_file(path: Path, *, mode: int = READABLE) -> Iterator[BinaryIO]:
    """A file to write; once the block ends it is on disk and takes the place of what stood under `path`.

    Until then, and where the block raises, `path` is as it was. Two writers of one path do not disturb each other:
    the last to end stays.

    Args:
        path: in a folder that is there.
        mode: of the new file, under the process's mask; `0o600` for what only its owner may read.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk: a file that was renamed may otherwise go with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
