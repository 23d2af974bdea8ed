"""Parquet, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhanggui.kernel.errors import TooLarge
from zhanggui.shop.errors import BadFile

from .source import BATCH_ROWS, Batch, flatten

MAX_GROUP_BYTES = 4 * 2**30


@dataclass(frozen=True, slots=True)
class Parquet:
    """A Parquet file."""

    path: Path
    columns: tuple[str, ...]
    rows: int
    format: str = "Parquet"
    has_more_columns: bool = False

    @classmethod
    def open(cls, path: Path) -> Parquet:
        """Read the footer.

        Raises:
            BadFile: not a sound Parquet file.
            TooLarge: a row group unpacks to more than `MAX_GROUP_BYTES`.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(path) as file:
                groups = [file.metadata.row_group(n).total_byte_size for n in range(file.num_row_groups)]
                names, count = file.schema_arrow.names, file.metadata.num_rows
        except (pa.ArrowException, OSError) as error:
            raise BadFile(f"{path.name} is not a sound Parquet file: {error}", hint="Export it again.") from error
        if max(groups, default=0) > MAX_GROUP_BYTES:
            raise TooLarge(f"{path.name} has a row group of over 4 GiB.", hint="Write it with smaller row groups.")
        return cls(path, tuple(names), count)

    def records(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Whole records, nested as they are."""
        line = 0
        for batch in self._arrow_batches(1024):
            for record in batch.to_pylist():
                line += 1
                yield line, record

    def batches(self) -> Iterator[Batch]:
        """The rows; nested columns get dotted names."""
        line = 1
        for batch in self._arrow_batches(BATCH_ROWS):
            lines = list(range(line, line + batch.num_rows))
            line += batch.num_rows
            columns: dict[str, list[object]] = {}
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                columns |= _values(name, column)
            yield Batch(lines, columns)

    def _arrow_batches(self, size: int) -> Iterator[Any]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(self.path, buffer_size=1 << 20) as file:
                yield from file.iter_batches(batch_size=size, use_threads=False)
        except (pa.ArrowException, OSError) as error:
            raise BadFile(f"{self.path.name} breaks off: {error}", hint="Export it again.") from error


def _values(name: str, column: Any) -> dict[str, list[object]]:
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)  # Python's moments stop at microseconds
    values = column.to_pylist()
    if not pa.types.is_nested(column.type) and not pa.types.is_binary(column.type):
        return {name: values}
    records = [flatten({name: value}) for value in values]
    names = dict.fromkeys(inner for record in records for inner in record)
    return {inner: [record.get(inner) for record in records] for inner in names or [name]}
