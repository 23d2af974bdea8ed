"""CSV, TSV and their kin."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zhanggui.shop.types.imports import Reject

from .encoding import find_encoding, text_lines
from .header import LOOK_ROWS, column_names, find_header
from .quotes import parted_rows
from .rows import row_batches
from .source import Batch, OnReject

_DELIMITERS = (",", "\t", ";", "|")
_NAMES = {",": "CSV", "\t": "TSV", ";": "CSV with semicolons", "|": "CSV with bars"}


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text table."""

    path: Path
    encoding: str
    delimiter: str
    header: int  # rows above it
    columns: tuple[str, ...]
    on_reject: OnReject
    has_more_columns: bool = False

    @classmethod
    def open(cls, path: Path, on_reject: OnReject, encoding: str = "") -> Delimited:
        """Find encoding, delimiter and header.

        Raises:
            BadFile: no row looks like a header.
        """
        encoding = encoding or find_encoding(path)
        lines = list(itertools.islice(text_lines(path, encoding), LOOK_ROWS * 3))
        delimiter = find_delimiter(lines)
        rows = [row for _, row in itertools.islice(parted_rows(iter(lines), delimiter, path.name, _ignore), LOOK_ROWS)]
        header = find_header(rows, path.name)
        return cls(path, encoding, delimiter, header, column_names(rows[header]), on_reject)

    @property
    def format(self) -> str:
        """What the file is."""
        return f"{_NAMES[self.delimiter]}, {self.encoding.removesuffix('-sig').upper()}"

    def batches(self) -> Iterator[Batch]:
        """The rows below the header."""
        rows = parted_rows(text_lines(self.path, self.encoding), self.delimiter, self.path.name, self.on_reject)
        below = itertools.islice(rows, self.header + 1, None)
        return row_batches(below, self.columns, self.path.name, self.on_reject)


def find_delimiter(lines: list[str]) -> str:
    """The separator that parts the lines most evenly into the most cells; a comma when none does."""
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        rows = [row for _, row in parted_rows(iter(lines), delimiter, "", _ignore) if any(row)]
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda pair: (pair[1] if pair[0] > 1 else 0, pair[0]))
        score = (width - 1) ** 0.5 * times / len(rows)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _ignore(_: Reject) -> None:
    """Rows looked at for the header are read again, and rejected then."""
