"""What a person left in the shop beside rows of their own: archive, files of imports, other people's orders, pictures.

Each is a trail in the sense of trust's port: run by a job, as often as it takes.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zhanggui.kernel.db import Database
from zhanggui.kernel.durable import whole_file
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.mentions import ERASED, Mentions
from zhanggui.kernel.persons import KnownPerson
from zhanggui.shop.service.archive import Archive
from zhanggui.shop.tables import forgetting

_PICTURE = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveTrail:
    """Files of the days on which they did something."""

    archive: Archive
    name: str = "archive"

    def clean(self, person: KnownPerson) -> int:
        """Write those files anew.

        Raises:
            ArchiveBusy: a reader holds one.
        """
        return self.archive.forget_people(person.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTrail:
    """Orders that somebody else made on a browser of theirs."""

    db: Database
    name: str = "others_orders"

    def clean(self, person: KnownPerson) -> int:
        """Take the browser out."""
        return self.db.write(lambda db: forgetting.forget_order_visitors(db, person.numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTrail:
    """Pictures that were kept for reviews of theirs, where nothing else shows them."""

    db: Database
    media: MediaStore
    name: str = "pictures"

    def clean(self, person: KnownPerson) -> int:
        """Delete them."""
        gone = 0
        for name in filter(_PICTURE.fullmatch, person.words):
            with self.db.read() as db:
                is_shown = forgetting.shows_picture(db, name)
            if self.media.has(name) and not is_shown:
                self.media.remove(name)
                gone += 1
        return gone


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTrail:
    """What imports keep: uploads that wait, and rows that were refused.

    An upload that names the person goes as a whole: whoever sent it can send it again. Of a refused row nobody can
    tell whose it was, so all values of the files of rejects go; where it stood, and why it was refused, stays.
    """

    folder: Path
    name: str = "imports"

    def clean(self, person: KnownPerson) -> int:
        """Delete those uploads, blank those values."""
        mentions = Mentions(person.words)
        gone = 0
        for home in _folders(self.folder / "uploads"):
            if any(mentions.may_be_in_file(path) for path in home.rglob("*") if path.is_file()):
                shutil.rmtree(home, ignore_errors=True)
                gone += 1
        return gone + sum(_blank(path, mentions) for path in sorted(self.folder.glob("*.rejects.csv")))


def _folders(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_dir()) if folder.is_dir() else iter(())


def _blank(path: Path, mentions: Mentions) -> int:
    """Take the values, and the person, out of a file of rejects; 1 when there was anything to take."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    left = [_blanked(row, mentions) for row in rows]
    if left == rows:
        return 0
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(left)
    with whole_file(path) as file:
        file.write(text.getvalue().encode("utf-8-sig"))
    return 1


def _blanked(row: dict[str, str], mentions: Mentions) -> dict[str, str]:
    seen = row["value"]
    bare = {name: cell.replace(seen, ERASED) if seen else cell for name, cell in row.items() if name != "line"}
    left = {name: mentions.without(cell) for name, cell in bare.items()}
    return {name: left.get(name, row[name]) for name in row}
