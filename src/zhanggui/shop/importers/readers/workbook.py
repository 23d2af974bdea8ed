"""XLSX and XLS by calamine, checked for bombs before anything is unpacked into memory."""

from __future__ import annotations

import itertools
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from zhanggui.kernel.errors import TooLarge
from zhanggui.shop.errors import BadFile

from .header import LOOK_ROWS, column_names, find_header
from .rows import Numbered, row_batches
from .source import Batch, OnReject

MAX_UNPACKED = 1 * 2**30
MAX_PARTS = 2_000
MAX_RATIO = 250
"""Unpacked to packed size; a sheet of one repeated row reaches some 100."""
_RATIO_FROM = 16 * 2**20  # small parts may be as regular as they like
_CHUNK = 1 << 20


def check_zip(path: Path) -> None:
    """Refuse archives that unpack to more than they should, lie about it, or name paths outside themselves.

    Raises:
        TooLarge: the declared or the real size is over the limits.
        BadFile: not a ZIP, broken, encrypted, or with names that climb out.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_declared(path.name, parts)
            for part in parts:
                with archive.open(part) as stream:
                    while stream.read(_CHUNK):
                        pass  # raises where the real bytes differ from the declared size and checksum
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise BadFile(
            f"{path.name} is not a sound XLSX file: {error}", hint="Save it again in Excel as XLSX."
        ) from error


def _check_declared(name: str, parts: list[zipfile.ZipInfo]) -> None:
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise TooLarge(
            f"{name} unpacks to {unpacked / 2**20:,.0f} MiB in {len(parts):,} parts; "
            f"at most {MAX_UNPACKED // 2**20:,} MiB in {MAX_PARTS:,} are read.",
            hint="Export it as CSV, or split it.",
        )
    if unpacked > _RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1):
        raise TooLarge(
            f"{name} unpacks to {unpacked // max(packed, 1):,} times its size, as decompression bombs do.",
            hint="Export it as CSV.",
        )
    for part in parts:
        inner = PurePosixPath(part.filename.replace("\\", "/"))
        if inner.is_absolute() or ".." in inner.parts or "\x00" in part.filename:
            raise BadFile(
                f"{name} holds a part named {part.filename!r}, outside itself.", hint="Save it again in Excel."
            )


@dataclass(frozen=True, slots=True)
class Workbook:
    """The first sheet of a workbook that has rows."""

    path: Path
    format: str
    sheet: Any  # python_calamine has no stubs worth the name
    header: int
    columns: tuple[str, ...]
    on_reject: OnReject
    has_more_columns: bool = False

    @classmethod
    def open(cls, path: Path, on_reject: OnReject, *, is_zip: bool) -> Workbook:
        """Check and open.

        Raises:
            TooLarge: see `check_zip`.
            BadFile: not a workbook, or one without a header row.
        """
        from python_calamine import CalamineError, CalamineWorkbook

        if is_zip:
            check_zip(path)
        try:
            book = CalamineWorkbook.from_path(str(path))
            sheets = (book.get_sheet_by_name(name) for name in book.sheet_names)
            sheet = next((each for each in sheets if each.height), None)
        except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
            raise BadFile(f"{path.name} cannot be read: {error}", hint="Save it again in Excel as XLSX.") from error
        if sheet is None:
            raise BadFile(f"{path.name} has no sheet with rows.", hint="Check which sheet was exported.")
        rows = list(itertools.islice(sheet.iter_rows(), LOOK_ROWS))
        header = find_header(rows, path.name)
        return cls(path, "XLSX" if is_zip else "XLS", sheet, header, column_names(rows[header]), on_reject)

    def batches(self) -> Iterator[Batch]:
        """The rows below the header."""
        first = (self.sheet.start or (0, 0))[0] + 1
        rows: Iterator[Numbered] = enumerate(self.sheet.iter_rows(), first)
        below = itertools.islice(rows, self.header + 1, None)
        return row_batches(below, self.columns, self.path.name, self.on_reject)
