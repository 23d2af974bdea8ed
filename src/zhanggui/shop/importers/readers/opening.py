"""Which reader a file needs, by its content and never by its name."""

from __future__ import annotations

from pathlib import Path

from zhanggui.shop.errors import BadFile

from .delimited import Delimited
from .encoding import find_encoding, text_lines
from .json_records import open_json
from .merchant import MerchantTable, is_merchant, open_feed
from .parquet import Parquet
from .source import OnReject, Source
from .workbook import Workbook

_MAGIC = {
    b"PK\x03\x04": "zip",
    b"PAR1": "parquet",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "xls",
    b"\x1f\x8b": "gzip",
    b"%PDF": "pdf",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
}
_PICTURES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"RIFF": "WebP"}
_CURES = {
    "gzip": "Unpack it first: gunzip FILE",
    "rar": "Unpack it first.",
    "7z": "Unpack it first.",
    "pdf": "Export it as XLSX or CSV.",
}


def open_source(path: Path, on_reject: OnReject) -> Source:
    """Look into a file and open it with the reader that it needs.

    Raises:
        BadFile: not there, empty, or of no kind that can be read.
        TooLarge: over a limit that the message names.
    """
    if path.is_dir():
        raise BadFile(f"{path.name!r} is a folder.", hint="Name the files in it, one after the other.")
    if not path.is_file():
        raise BadFile(f"There is no file {path.name!r}.", hint="Check the path.")
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise BadFile(f"{path.name} is empty.", hint="Export it again.")
    picture = next((name for magic, name in _PICTURES.items() if head.startswith(magic)), None)
    if picture is not None:
        hint = "Pictures come in by folder: zhanggui import SHOP images FOLDER"
        raise BadFile(f"This is a picture ({picture}): {path.name}.", hint=hint)
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "text")
    if kind == "zip" or kind == "xls":
        return Workbook.open(path, on_reject, is_zip=kind == "zip")
    if kind == "parquet":
        return Parquet.open(path)
    if kind in _CURES:
        raise BadFile(f"{path.name} is a {kind} file, which holds no table.", hint=_CURES[kind])
    return _open_text(path, on_reject)


def _open_text(path: Path, on_reject: OnReject) -> Source:
    encoding = find_encoding(path)
    first = next((line.strip() for line in text_lines(path, encoding) if line.strip()), "")
    if first[:1] in {"{", "["}:
        return open_json(path, encoding)
    if first[:1] == "<":
        if first[:14].lower().startswith(("<html", "<!doctype html", "<table", "<meta")):
            raise BadFile(f"{path.name} is a web page, whatever its name says.", hint="Save it in Excel as XLSX.")
        return open_feed(path)
    table = Delimited.open(path, on_reject, encoding)
    return MerchantTable(table) if is_merchant(table.columns) else table
