"""The pictures of an export: a folder like a shop's own, each file named by the SHA-256 of its bytes."""

from __future__ import annotations

from pathlib import Path

from zhanggui.kernel.media import MediaStore
from zhanggui.shop.errors import BadFile
from zhanggui.shop.types import PutReport

FOLDER = "media"


def copy_media(source: MediaStore, target: MediaStore) -> PutReport:
    """Copy what the target lacks, one picture in memory at a time.

    Raises:
        BadFile: a file's bytes are not those of its name.
    """
    created = unchanged = 0
    for name in source.names():
        if target.has(name):
            unchanged += 1
            continue
        if (kept := target.put(source.get(name))) != name:
            target.remove(kept)
            raise BadFile(
                f"The picture {name} is not what its name says.", hint="Export again, or leave that file out."
            )
        created += 1
    return PutReport(created, 0, unchanged)


def media_in(folder: Path) -> MediaStore:
    """The pictures of an export."""
    return MediaStore(folder / FOLDER)
