"""Writing pages of facts to a file, and reading them again, never more than a page in memory."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from zhanggui.kernel.durable import whole_file
from zhanggui.shop.engines.fact_rows import columns_of, csv_rows, from_row, to_row
from zhanggui.shop.types.exports import ExportFormat

READ_AT_ONCE = 1000
_encoder = msgspec.json.Encoder()


def write_facts(
    path: Path, kind: type[msgspec.Struct], pages: Iterable[Sequence[msgspec.Struct]], form: ExportFormat
) -> int:
    """Write a file that only its owner may read; it appears under its name when it is whole. Returns the rows."""
    with whole_file(path, mode=0o600) as file:
        return _WRITERS[form](file, kind, pages)


def lines(pages: Iterable[Sequence[msgspec.Struct]]) -> Iterator[bytes]:
    """JSON lines, a page at a time."""
    for facts in pages:
        if facts:
            yield _encoder.encode_lines(facts)


def _write_jsonl(file: IO[bytes], _: type[msgspec.Struct], pages: Iterable[Sequence[msgspec.Struct]]) -> int:
    rows = 0
    for facts in pages:
        file.write(_encoder.encode_lines(facts))
        rows += len(facts)
    return rows


def _write_csv(file: IO[bytes], kind: type[msgspec.Struct], pages: Iterable[Sequence[msgspec.Struct]]) -> int:
    columns, rows = columns_of(kind), 0

    class _Utf8:
        def write(self, text: str) -> int:
            return file.write(text.encode())

    # Lines end in CR LF (RFC 4180), so that the writer quotes a cell that holds either of the two.
    writer = csv.DictWriter(_Utf8(), [column.name for column in columns], lineterminator="\r\n")
    writer.writeheader()
    for facts in pages:
        writer.writerows(to_row(fact, columns) for fact in facts)
        rows += len(facts)
    return rows


def _write_parquet(file: IO[bytes], kind: type[msgspec.Struct], pages: Iterable[Sequence[msgspec.Struct]]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns, rows = columns_of(kind), 0
    types = {"int": pa.int64()}
    schema = pa.schema([(column.name, types.get(column.holds, pa.string())) for column in columns])
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for facts in pages:
            writer.write_table(pa.Table.from_pylist([to_row(fact, columns) for fact in facts], schema=schema))
            rows += len(facts)
    return rows


_WRITERS: dict[ExportFormat, Callable[[IO[bytes], type[msgspec.Struct], Iterable[Sequence[msgspec.Struct]]], int]] = {
    ExportFormat.JSONL: _write_jsonl,
    ExportFormat.CSV: _write_csv,
    ExportFormat.PARQUET: _write_parquet,
}


def read_facts(path: Path, kind: type[msgspec.Struct]) -> Iterator[list[Any]]:
    """The facts of a file that `write_facts` wrote, a page at a time; its ending tells the format.

    Raises:
        ValueError: a row is no such fact (msgspec's errors are ValueErrors too).
    """
    rows = _READERS[ExportFormat(path.suffix[1:])](path, kind)
    while page := list(itertools.islice(rows, READ_AT_ONCE)):
        yield page


def _read_jsonl(path: Path, kind: type[msgspec.Struct]) -> Iterator[msgspec.Struct]:
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as file:
        for line in file:
            yield decoder.decode(line)


def _read_csv(path: Path, kind: type[msgspec.Struct]) -> Iterator[msgspec.Struct]:
    columns = columns_of(kind)
    with path.open(encoding="utf-8", newline="") as file:
        for _, row in csv_rows(file):
            yield from_row(row, kind, columns)


def _read_parquet(path: Path, kind: type[msgspec.Struct]) -> Iterator[msgspec.Struct]:
    import pyarrow.parquet as pq

    columns = columns_of(kind)
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=READ_AT_ONCE):
            for row in batch.to_pylist():
                yield from_row(row, kind, columns)


_READERS: dict[ExportFormat, Callable[[Path, type[msgspec.Struct]], Iterator[msgspec.Struct]]] = {
    ExportFormat.JSONL: _read_jsonl,
    ExportFormat.CSV: _read_csv,
    ExportFormat.PARQUET: _read_parquet,
}
