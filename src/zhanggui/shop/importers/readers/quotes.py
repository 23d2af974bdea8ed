"""Rows of a text table, and the quotes among them that open and never close."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhanggui.shop.types.imports import Reject

from .rows import Numbered
from .source import OnReject


def parted_rows(lines: Iterator[str], delimiter: str, file: str, on_reject: OnReject) -> Iterator[Numbered]:
    """Parsed rows with the line that each starts on.

    A quote that does not close would take the lines below it into its cell. Its line is rejected, and reading goes on
    at the next line that has as many cells as the widest row before: text within a cell seldom has.
    """
    return _Parting(lines, delimiter, file, on_reject).rows()


@dataclass(slots=True)
class _Parting:
    lines: Iterator[str]
    delimiter: str
    file: str
    on_reject: OnReject
    held: list[str] = field(default_factory=list)  # the lines of the row that is being read
    width: int = 0
    last: int = 0  # the last line of the row before
    is_at_end: bool = False

    def rows(self) -> Iterator[Numbered]:
        reader = csv.reader(self._lines(), delimiter=self.delimiter)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._refuse(error)
            else:
                if self.width and self._is_open():
                    self._refuse(None)
                else:
                    yield self.last + 1, row
                    self.width = max(self.width, len(row))
                    self.last += len(self.held)
                    self.held.clear()
                    continue
            reader = csv.reader(self._lines(), delimiter=self.delimiter)

    def _lines(self) -> Iterator[str]:
        for line in self.lines:
            self.held.append(line)
            yield line
        self.is_at_end = True

    def _is_open(self) -> bool:
        """Whether the row ended with the file, or its quote closed at the opening one of a row below."""
        if len(self.held) < 2:
            return self.is_at_end
        return self.is_at_end or (
            _width(self.held, self.delimiter) == 0 and _width(self.held[1:2], self.delimiter) == self.width
        )

    def _refuse(self, error: csv.Error | None) -> None:
        """Reject the row at hand and give back the lines that are rows of their own."""
        first, below = self.last + 1, self.held[1:]
        skipped = 0 if self.width > 1 else len(below)
        while skipped < len(below) and _width(below[skipped : skipped + 1], self.delimiter) != self.width:
            skipped += 1
        if error is not None and not below:
            reason = f"cells that cannot be parted: {error}"
        else:
            lost = f"; the lines to {first + skipped} were taken for its text" if skipped else ""
            reason = f"a quote opened on line {first} does not close{lost}"
        cure = 'Close it with a second ", or take it out; a cell holds at most 131,072 characters.'
        self.on_reject(Reject(file=self.file, line=first, value=self.held[0].rstrip()[:200], reason=reason, cure=cure))
        self.lines = itertools.chain(below[skipped:], self.lines)
        self.last = first + skipped
        self.held.clear()
        self.is_at_end = False


def _width(lines: list[str], delimiter: str) -> int:
    """How many cells the one row of these lines has; 0 where its quotes do not match."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return 0
    return len(rows[0]) if len(rows) == 1 else 0
