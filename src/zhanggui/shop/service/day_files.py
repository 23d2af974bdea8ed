"""The files of the archive: one Parquet file a day, named by its day and its content. The one place that knows Arrow.

A file is written beside, fsynced and renamed, and only then recorded in the store; a new version of a day has another
name. So at any moment each recorded file is whole, and what is not recorded is rubbish that `sweep` takes away.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from zhanggui.kernel.clock import DAY_MS, from_ms
from zhanggui.kernel.durable import sync_folder
from zhanggui.shop.errors import ArchiveBroken
from zhanggui.shop.tables.events import ArchivedDay, HotRow

COLUMNS = ("seq", "person", "product", "kind", "at_ms", "quantity", "value_minor", "extra")
ROW_GROUP = 65_536


class DayFiles:
    """The folder of the archive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, day: int, sha256: str) -> Path:
        """Where a day's file stands: `events/2026-03-14.0f3a….parquet`."""
        return self._folder / f"{from_ms(day * DAY_MS):%Y-%m-%d}.{sha256[:16]}.parquet"

    def write(self, day: int, table: Any) -> str:
        """Write a day's rows, sorted by person and arrival; durable when it returns the SHA-256 of the file."""
        import pyarrow.parquet as pq

        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._folder / f"{day}.{os.getpid()}.part"
        ordered = table.sort_by([("person", "ascending"), ("seq", "ascending")])
        with beside.open("wb") as file:
            pq.write_table(ordered, file, compression="zstd", row_group_size=ROW_GROUP)
            file.flush()
            os.fsync(file.fileno())
        sha256 = _sha256(beside)
        beside.rename(self.path(day, sha256))
        sync_folder(self._folder)
        return sha256

    def read(self, day: ArchivedDay, columns: Sequence[str] = COLUMNS) -> Any:
        """A day's rows as an Arrow table."""
        import pyarrow.parquet as pq

        with self._open(day) as file:
            return pq.read_table(file, columns=list(columns))

    def batches(self, day: ArchivedDay, columns: Sequence[str], among: Collection[int] | None = None) -> Iterator[Any]:
        """A day's rows in record batches, by person; a few MB in memory at a time.

        Args:
            day: which.
            columns: which of `COLUMNS`.
            among: rows of these persons alone; None of everybody. Rows stand by person, so of a day on which none of
                them came only the column of persons is read, and of one outside of whose range they lie not even that.
        """
        import pyarrow.parquet as pq

        with self._open(day) as file, pq.ParquetFile(file) as parquet:
            if among is None:
                yield from parquet.iter_batches(batch_size=ROW_GROUP, columns=list(columns))
                return
            ordered = sorted(among)
            for group in range(parquet.num_row_groups):
                if not _may_hold(parquet.metadata.row_group(group), ordered):
                    continue
                theirs = _are_among(parquet.read_row_group(group, columns=["person"])["person"], ordered)
                if theirs.any():
                    found = parquet.read_row_group(group, columns=list(columns))
                    yield from where(found, theirs).to_batches()

    def _open(self, day: ArchivedDay) -> IO[bytes]:
        path = self.path(day.day, day.sha256)
        try:
            return path.open("rb")
        except OSError as error:
            raise ArchiveBroken(
                f"The archive's file {path.name} cannot be read: {error.strerror}.",
                hint="Restore the folder of events from a backup.",
            ) from error

    @contextmanager
    def kept(self) -> Iterator[None]:
        """While it lasts, no file goes away: for readers that hold a snapshot of the record."""
        with self._locked("readers", fcntl.LOCK_SH):
            yield

    @contextmanager
    def changing(self) -> Iterator[None]:
        """While it lasts, nobody else changes the archive."""
        with self._locked("writer", fcntl.LOCK_EX):
            yield

    def sweep(self, recorded: Sequence[ArchivedDay]) -> bool:
        """Delete what the record does not name; False when a reader is at work and it must be tried again."""
        keep = {self.path(day.day, day.sha256).name for day in recorded}
        try:
            with self._locked("readers", fcntl.LOCK_EX | fcntl.LOCK_NB):
                for path in self._folder.iterdir():
                    if path.suffix in {".parquet", ".part"} and path.name not in keep:
                        path.unlink()
        except BlockingIOError:
            return False
        return True

    @contextmanager
    def _locked(self, name: str, mode: int) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f".{name}.lock").open("wb") as file:
            fcntl.flock(file, mode)
            yield


def to_table(rows: Sequence[HotRow]) -> Any:
    """Hot rows as an Arrow table."""
    import pyarrow as pa

    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    return pa.table({name: pa.array(column, type=_type(name)) for name, column in zip(COLUMNS, columns, strict=True)})


def together(tables: Sequence[Any]) -> Any:
    """One table of the rows of all."""
    import pyarrow as pa

    return pa.concat_tables(tables)


def where(table: Any, is_wanted: Any) -> Any:
    """The rows of a table or batch for which the (n,) array of booleans says so."""
    import pyarrow as pa

    return table.filter(pa.array(is_wanted))


def _may_hold(group: Any, ordered: Sequence[int]) -> bool:
    """Whether somebody's number lies between the least and the largest of a row group's persons."""
    held = group.column(COLUMNS.index("person")).statistics
    if held is None or not held.has_min_max:
        return True
    at = bisect_left(ordered, held.min)
    return at < len(ordered) and ordered[at] <= held.max


def _are_among(persons: Any, ordered: Sequence[int]) -> Any:
    """(n,) booleans."""
    import numpy as np

    return np.isin(persons.to_numpy(), np.array(ordered, dtype=np.int64))


def _type(name: str) -> Any:
    import pyarrow as pa

    return pa.binary() if name == "extra" else pa.int64()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
