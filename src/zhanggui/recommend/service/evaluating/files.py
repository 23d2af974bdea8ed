"""Tables from files of any common kind: CSV and its kin, JSON lines, Parquet; packed or not."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from zhanggui.recommend.errors import BadLog

from .nested import Unpacked, unpack
from .text_files import read_text

_PARQUET = {".parquet", ".pq"}
_JSON = {".json", ".jsonl", ".ndjson"}
_TEXT = {".csv", ".tsv", ".txt", ".tab", ".data", ".dat", ".inter"}
_PACKED = {".gz", ".bz2", ".zst"}
_KNOWN = "Known are .csv, .tsv, .txt, .inter, .jsonl, .json and .parquet, each also with .gz, or one of them in a .zip."


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A table.

    Attributes:
        name: of the file.
        columns: names of its columns.
        rows: how many.
        column: gives one column by name, a pyarrow ChunkedArray; those of a text file are all text.
        left_out: rows that could not be read, by reason.
        unpacked: where a row was made of every entry of a list.
    """

    name: str
    columns: list[str]
    rows: int
    column: Callable[[str], Any]
    left_out: dict[str, int] = field(default_factory=dict)
    unpacked: Unpacked | None = None


def read_file(path: Path) -> File:
    """Open a file; of Parquet only the columns that are asked for are read, other kinds are read whole.

    Raises:
        BadLog: it is not there, empty, of an unknown kind or broken.
    """
    import pyarrow as pa

    if not path.is_file():
        raise BadLog(f"There is no file {path}.", hint="Check the path.")
    if path.suffix.lower() == ".zip":
        return _unzipped(path)
    try:
        file = _opened(path)
    except UnicodeDecodeError as error:
        words = f"{path.name} is neither UTF-8, UTF-16 nor GB18030: byte {error.start} is wrong."
        raise BadLog(words, hint="Export it as UTF-8.") from error
    except (pa.ArrowException, OSError, EOFError) as error:
        raise _broken(path, error) from error
    if file.rows == 0:
        raise BadLog(f"{path.name} has no rows.", hint="Check the export.")
    return file


def _opened(path: Path) -> File:
    kind = next((suffix for suffix in reversed(path.suffixes) if suffix.lower() not in _PACKED), "").lower()
    if kind in _PARQUET:
        return _parquet(path)
    if kind in _JSON:
        return _json(path)
    if kind in _TEXT:
        return _in_memory(path, *read_text(path))
    raise BadLog(f"{path.name} is of no known kind.", hint=_KNOWN)


def _unzipped(path: Path) -> File:
    """The one file of an archive; Parquet is not looked for there, since its columns are read when they are asked for.

    Raises:
        BadLog: it holds none, several or one that cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive, TemporaryDirectory() as folder:
            inside = [name for name in archive.namelist() if not name.endswith("/") and "__MACOSX" not in name]
            if len(inside) != 1 or Path(inside[0]).suffix.lower() in {".zip", *_PARQUET}:
                raise BadLog(f"{path.name} holds {', '.join(inside[:5]) or 'no file'}.", hint="Unpack it and name one.")
            return replace(read_file(Path(archive.extract(inside[0], folder))), name=f"{path.name}/{inside[0]}")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise _broken(path, error) from error


def _parquet(path: Path) -> File:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as parquet:
        names, rows = parquet.schema_arrow.names, parquet.metadata.num_rows
    return File(name=path.name, columns=names, rows=rows, column=partial(_parquet_column, path))


def _parquet_column(path: Path, name: str) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, columns=[name]).column(0)
    except (pa.ArrowException, OSError) as error:  # a sound footer says nothing about the pages
        raise _broken(path, error) from error


def _in_memory(path: Path, table: Any, left_out: dict[str, int]) -> File:
    return File(name=path.name, columns=table.column_names, rows=table.num_rows, column=table.column, left_out=left_out)


def _json(path: Path) -> File:
    """Objects, one a line or in one array; values of any kind, mixed ones become text."""
    import msgspec
    import pyarrow as pa

    with pa.input_stream(str(path)) as stream:
        data = stream.read()
    try:
        rows = msgspec.json.decode(data) if data.lstrip()[:1] == b"[" else msgspec.json.Decoder().decode_lines(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadLog(f"{path.name} is not JSON: {error}", hint="Write one object a line.") from error
    records, unpacked = unpack([row for row in rows if isinstance(row, dict)])
    names = list(dict.fromkeys(name for row in records[:1000] for name in row))
    columns = {name: _column([row.get(name) for row in records]) for name in names}
    others = sum(not isinstance(row, dict) for row in rows)
    left_out = {"not an object": others} if others else {}
    return replace(_in_memory(path, pa.table(columns), left_out), unpacked=unpacked)


def _column(values: Sequence[Any]) -> Any:
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        pass
    if any(isinstance(value, list) for value in values):
        lists = [[str(one) for one in value] if isinstance(value, list) else None for value in values]
        return pa.array(lists, type=pa.list_(pa.string()))
    return pa.array([None if value is None else str(value) for value in values], type=pa.string())


def _broken(path: Path, error: Exception) -> BadLog:
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return BadLog(f"{path.name} cannot be read: {first}", hint="Export it again.")
