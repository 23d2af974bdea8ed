"""Rows that were not taken, written beside the import as they come; the good ones go on."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import msgspec

from zhanggui.shop.types.imports import Reject

_FIELDS = Reject.__struct_fields__
_MOST_COUNTED, _MOST_REASONS, _FIRST = 500_000, 20, 20
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RejectsFile:
    """A CSV (UTF-8 with BOM, so that Excel reads it) that comes into being with the first reject."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, reject: Reject) -> None:
        """Write one row."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(_FIELDS)
        self._writer.writerow([_safe(getattr(reject, name)) for name in _FIELDS])
        self.count += 1

    @property
    def name(self) -> str | None:
        """The file's name, None when there was nothing to write."""
        return self.path.name if self.count else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
            if kind is not None:
                with suppress(OSError):
                    self.path.unlink()


def read_rejects(path: Path) -> tuple[tuple[tuple[str, int], ...], tuple[Reject, ...]]:
    """How often each reason stands in a file of rejects, the most frequent first, and its first rows.

    Of a very long file only the head is counted. Nothing where there is no file.
    """
    if not path.is_file():
        return (), ()
    reasons: Counter[str] = Counter()
    first: list[Reject] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in islice(csv.DictReader(file), _MOST_COUNTED):
            reasons[row["reason"]] += 1
            if len(first) < _FIRST:
                cells = {name: _unmarked(cell) for name, cell in row.items()}
                first.append(msgspec.convert(cells, Reject, strict=False))
    first.sort(key=lambda reject: (reject.file, reject.line))
    return tuple(reasons.most_common(_MOST_REASONS)), tuple(first)


def _unmarked(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _safe(value: object) -> object:
    """A cell that a spreadsheet shows and does not run: a formula gets a text mark before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
