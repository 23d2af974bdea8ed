"""Rows of cells into batches of columns; shared by text tables and workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from zhanggui.shop.types.imports import Reject

from .source import BATCH_ROWS, Batch, OnReject

Numbered = tuple[int, Sequence[object]]


def row_batches(rows: Iterable[Numbered], names: Sequence[str], file: str, on_reject: OnReject) -> Iterator[Batch]:
    """Batches of the rows below the header. Short rows are filled up, blank ones left out.

    A row with more filled cells than there are columns is rejected: a cell holds an unquoted separator, and nobody
    knows which.
    """
    width = len(names)
    lines: list[int] = []
    kept: list[Sequence[object]] = []
    for line, row in rows:
        if len(row) != width:
            if not any(row):
                continue
            if any(row[width:]):
                on_reject(_too_wide(file, line, row, width))
                continue
            row = [*row[:width], *([None] * (width - len(row)))]
        lines.append(line)
        kept.append(row)
        if len(kept) == BATCH_ROWS:
            yield from _batch(lines, kept, names)
            lines, kept = [], []
    yield from _batch(lines, kept, names)


def _batch(lines: list[int], kept: list[Sequence[object]], names: Sequence[str]) -> Iterator[Batch]:
    if not all(any(row) for row in kept):
        filled = [(line, row) for line, row in zip(lines, kept, strict=True) if any(row)]
        lines, kept = [line for line, _ in filled], [row for _, row in filled]
    if kept:
        yield Batch(lines, {name: list(column) for name, column in zip(names, zip(*kept, strict=True), strict=True)})


def _too_wide(file: str, line: int, row: Sequence[object], width: int) -> Reject:
    return Reject(
        file=file,
        line=line,
        value=str(row[-1])[:200],
        reason=f"{len(row)} cells where the header names {width}",
        cure="Put cells that hold the separator into double quotes.",
    )
