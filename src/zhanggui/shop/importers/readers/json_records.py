"""JSON lines, and JSON documents that hold one list of records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from zhanggui.kernel.errors import TooLarge
from zhanggui.shop.errors import BadFile

from .encoding import text_lines
from .source import JsonSource

MAX_DOCUMENT = 512 * 2**20
"""Bytes of a JSON document, which is read at once; JSON lines may be of any length."""


def open_json(path: Path, encoding: str) -> JsonSource:
    """Tell lines from a document by the first line: it is a whole object, or it is not.

    Raises:
        BadFile: neither, or nested beyond what is read.
    """
    first = next((line for line in text_lines(path, encoding) if line.strip()), "")
    is_lines = first.lstrip().startswith("{") and _is_whole(first) and not _is_only_line(path, encoding)
    name = encoding.removesuffix("-sig").upper()
    if is_lines:
        return JsonSource(f"JSON lines, {name}", lambda: _lines(path, encoding))
    return JsonSource(f"JSON, {name}", lambda: _document(path, encoding))


def _is_whole(line: str) -> bool:
    try:
        msgspec.json.decode(line.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _is_only_line(path: Path, encoding: str) -> bool:
    seen = 0
    for line in text_lines(path, encoding):
        seen += bool(line.strip())
        if seen > 1:
            return False
    return True


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(text_lines(path, encoding), 1):
        if line.strip():
            yield number, line.encode("utf-8", "replace")


def read_document(path: Path, encoding: str) -> bytes:
    """The whole file as UTF-8.

    Raises:
        TooLarge: over `MAX_DOCUMENT`.
    """
    size = path.stat().st_size
    if size > MAX_DOCUMENT:
        raise TooLarge(
            f"{path.name} is a JSON document of {size / 2**20:,.0f} MiB; {MAX_DOCUMENT // 2**20} are read at once.",
            hint="Write it as JSON lines, one record a line: those may be of any length.",
        )
    return path.read_text(encoding=encoding, errors="replace").encode("utf-8", "replace")


def _document(path: Path, encoding: str) -> Iterator[tuple[int, bytes]]:
    records = _list_in(read_document(path, encoding), path.name)
    yield from ((place, bytes(record)) for place, record in enumerate(records, 1))


def _list_in(text: bytes, name: str) -> list[msgspec.Raw]:
    """The records of an array, or of the longest array in an object; an object without one is one record."""
    try:
        found = msgspec.json.decode(text, type=list[msgspec.Raw] | dict[str, msgspec.Raw])
        if isinstance(found, list):
            return found
        lists = [
            msgspec.json.decode(each, type=list[msgspec.Raw]) for each in found.values() if bytes(each)[:1] == b"["
        ]
    except RecursionError as error:
        raise BadFile(f"{name} is nested too deep.", hint="Write one flat object a record.") from error
    except msgspec.DecodeError as error:
        raise BadFile(
            f"{name} is not JSON: {error}", hint="Write one object a line, or one array of objects."
        ) from error
    is_table = bool(lists) and len(found) <= 3
    return max(lists, key=len) if is_table else [msgspec.Raw(text)]
