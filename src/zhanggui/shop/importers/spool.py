"""Converted rows on disk as Arrow: lines of an order that stand apart in a file come together in bounded memory.

The file has no name: it is gone when the process is, however it ends. What stays in memory is 8 to 16 bytes a row.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .conversion import Plan

Ints = npt.NDArray[np.int64]
LINE, FILE = "_line", "_file"
_NUMBERS = {"count", "moment"}


class Spool:
    """Rows of one import: first `add`, then `finish`, then `codes` and `slices`."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        import pyarrow as pa

        types = {column.name: column.field.type for column in plan.columns}
        columns = [(name, pa.int64() if type_ in _NUMBERS else pa.string()) for name, type_ in types.items()]
        self._schema = pa.schema([(FILE, pa.int64()), (LINE, pa.int64()), *columns])
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (it lives as long as the spool)
        self._sink = pa.PythonFile(self._file, mode="w")
        self._writer = pa.ipc.new_file(self._sink, self._schema)
        self.rows = 0
        self.table: Any = None

    @property
    def names(self) -> list[str]:
        """The fields in it."""
        return [name for name in self._schema.names if name not in {FILE, LINE}]

    def add(self, file: int, lines: Sequence[int], columns: dict[str, list[object]]) -> None:
        """Append rows; fields that the first file did not have are left out, missing ones are empty."""
        import pyarrow as pa

        count = len(lines)
        if not count:
            return
        given = {FILE: [file] * count, LINE: lines, **columns}
        arrays = [
            pa.array(given[field.name], type=field.type) if field.name in given else pa.nulls(count, field.type)
            for field in self._schema
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self.rows += count

    def finish(self) -> None:
        """Close the writing side and map the rows into memory."""
        import pyarrow as pa

        self._writer.close()
        self._file.flush()
        mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self.table = pa.ipc.open_file(pa.py_buffer(mapped)).read_all()

    def close(self) -> None:
        """Let go of the file."""
        self.table = None
        self._file.close()

    def numbers(self, name: str) -> Ints:
        """A column of whole numbers, 0 where there is none."""
        return np.asarray(self.table[name].fill_null(0).to_numpy(), dtype=np.int64)

    def codes(self, name: str) -> tuple[Ints, list[str]]:
        """A column of texts as places in a list of the different ones, by first appearance; −1 where there is none."""
        encoded = self.table[name].dictionary_encode()
        if not encoded.num_chunks:
            return np.empty(0, dtype=np.int64), []
        parts = [chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in encoded.chunks]
        words = encoded.chunk(encoded.num_chunks - 1).dictionary.to_pylist()
        return np.concatenate(parts).astype(np.int64), words

    def firsts(self, name: str) -> Ints:
        """For each row the first one with the same text in a column, and itself where it has none."""
        codes, words = self.codes(name)
        rows = np.arange(self.rows, dtype=np.int64)
        first, has = np.full(len(words) + 1, self.rows, dtype=np.int64), codes >= 0
        np.minimum.at(first, codes[has], rows[has])
        return np.where(has, first[codes], rows)

    def slices(self, groups: Ints | None, size: int) -> Iterator[tuple[Ints, dict[str, list[Any]], list[int]]]:
        """Rows by group in the order of first appearance, whole groups together, about `size` rows at a time.

        Yields:
            The places of the rows in the spool, the rows by column, and where each group starts, with the end last.
        """
        groups = np.arange(self.rows, dtype=np.int64) if groups is None else groups
        order = np.argsort(groups, kind="stable")
        starts = np.flatnonzero(np.diff(groups[order], prepend=-2))
        starts = np.append(starts, self.rows)
        first = 0
        while first < len(starts) - 1:
            last = int(np.searchsorted(starts, starts[first] + size, side="right")) - 1
            last = max(last, first + 1)
            places = order[starts[first] : starts[last]]
            yield places, self._take(places), (starts[first : last + 1] - starts[first]).tolist()
            first = last

    def _take(self, places: Ints) -> dict[str, list[Any]]:
        begin, end = int(places[0]), int(places[-1]) + 1
        # Files are mostly in order already; a slice then costs nothing, where take would copy whole columns.
        if end - begin == len(places) and bool((np.diff(places) == 1).all()):
            rows = self.table.slice(begin, len(places))
        else:
            low, high = int(places.min()), int(places.max()) + 1
            rows = self.table.slice(low, high - low).take(places - low)
        found: dict[str, list[Any]] = rows.to_pydict()
        return found
