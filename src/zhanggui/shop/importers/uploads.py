"""Uploads on their way into the shop: streamed to its folder, within a limit, under a safe name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO, Protocol

from zhanggui.kernel.errors import TooLarge
from zhanggui.kernel.ids import new_id

MAX_UPLOAD = 2 * 2**30
_CHUNK = 1 << 20


class Readable(Protocol):
    """Bytes to come."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""


def keep_upload(folder: Path, name: str, stream: Readable, limit: int, id_: str = "") -> Path:
    """The upload as a file in a new folder of its own, which is called `id_` (a ULID), or by a new one.

    Raises:
        FileExistsError: that folder is there already.
        TooLarge: over `limit` bytes; nothing stays.
    """
    home = folder / (id_ or new_id())
    home.mkdir(parents=True)
    path = home / safe_name(name)
    try:
        with path.open("xb") as file:
            _copy(stream, file, limit)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    return path


def _copy(stream: Readable, file: IO[bytes], limit: int) -> None:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"The upload is over {limit // 2**20:,} MiB.", hint="Import it on the command line.")
        file.write(chunk)


def safe_name(name: str) -> str:
    """The last part of a name with nothing in it that a path could mean; what merchants call a file stays readable."""
    last = name.replace("\\", "/").rpartition("/")[2]
    safe = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in last)
    return safe.lstrip(".")[-60:] or "upload"


def drop_upload(path: Path) -> None:
    """Forget an upload, with its folder."""
    shutil.rmtree(path.parent, ignore_errors=True)


def drop_old_uploads(folder: Path, before_ms: int) -> None:
    """Forget uploads that came before a moment and whose import never came to its end."""
    from ulid import ULID

    for home in folder.iterdir() if folder.is_dir() else ():
        if ULID.from_str(home.name).milliseconds < before_ms:
            shutil.rmtree(home, ignore_errors=True)
