"""Rows as a CSV file that a spreadsheet opens as they are: Chinese stays readable, and no cell becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice

from litestar import Response
from litestar.response import Stream

ROWS_AT_ONCE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response[bytes]:
    """A download.

    Args:
        name: of the file, ASCII, without its ending.
        head: the names of the columns.
        rows: their cells; None is an empty one.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_plain(cell) for cell in head])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=headers)


def csv_stream(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Stream:
    """The same download, some hundred rows at a time: a file of any length is never whole in memory."""

    def chunks() -> Iterator[bytes]:
        yield "\ufeff".encode()
        left: Iterator[Sequence[object]] = chain((head,), rows)
        while part := list(islice(left, ROWS_AT_ONCE)):
            text = io.StringIO()
            csv.writer(text).writerows([_plain(cell) for cell in row] for row in part)
            yield text.getvalue().encode()

    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Stream(chunks(), media_type="text/csv", headers=headers)


def _plain(cell: object) -> object:
    if cell is None or isinstance(cell, bool | int | float | Decimal):
        return "" if cell is None else cell
    shown = str(cell)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
