"""Which encoding a text file is in, found from its bytes alone, over the whole file."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from zhanggui.shop.errors import BadFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CHUNK = 1 << 20
MAX_LINE = 8 * 2**20
"""Characters in one line of a text file; a longer one is no line."""


def find_encoding(path: Path) -> str:
    """`utf-8`, `utf-8-sig`, `utf-16` (with BOM), `utf-16-le`, `utf-16-be`, `gb18030` or `cp1252`.

    UTF-16 without a BOM shows by NULs on one side of most characters, or by its line feeds. What is valid UTF-8
    throughout is UTF-8; what is valid GB18030 throughout is that; else whichever explains more of the file, and the
    rows with characters that it does not explain go to the rejects.
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
        for bom, name in _BOMS:
            if head.startswith(bom):
                return name
        wide = _wide(head)
        if wide:
            return wide
        file.seek(0)
        return _narrow(file)


def _wide(head: bytes) -> str:
    even, odd = head[0::2], head[1::2]
    if len(head) < 4 or not even.count(0) + odd.count(0):
        return ""
    # Western text has a NUL in nearly every pair; Chinese text only around separators and line ends.
    separators = sum(head.count(sign + b"\x00") for sign in (b",", b"\t", b"\n"))
    reversed_separators = sum(head.count(b"\x00" + sign) for sign in (b",", b"\t", b"\n"))
    if odd.count(0) > 4 * even.count(0) and separators:
        return "utf-16-le"
    if even.count(0) > 4 * odd.count(0) and reversed_separators:
        return "utf-16-be"
    return ""


def _narrow(file: BinaryIO) -> str:
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "gb18030")}
    reached = dict.fromkeys(decoders, 0)
    single = high = 0
    for chunk in iter(lambda: file.read(_CHUNK), b""):
        for name in list(decoders):
            try:
                decoders[name].decode(chunk)
                reached[name] += len(chunk)
            except UnicodeDecodeError:
                del decoders[name]
        if not decoders:
            single, high = _lonely_bytes(chunk)
            break
    for name in ("utf-8", "gb18030"):
        if name in decoders and _ends_well(decoders[name]):
            return name
    if high and single / high > 0.8:
        return "cp1252"
    return max(reached, key=lambda name: reached[name])


def _ends_well(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lonely_bytes(chunk: bytes) -> tuple[int, int]:
    """(bytes ≥ 128 whose neighbours are below, all bytes ≥ 128): Western text has the first, Chinese text pairs."""
    import numpy as np

    is_high = np.frombuffer(chunk, dtype=np.uint8) >= 128
    padded = np.pad(is_high, 1)
    lonely = is_high & ~padded[:-2] & ~padded[2:]
    return int(lonely.sum()), int(is_high.sum())


def text_lines(path: Path, encoding: str) -> Iterator[str]:
    """Lines with their ends. What the encoding does not explain becomes U+FFFD.

    Raises:
        BadFile: a line of more than `MAX_LINE` characters.
    """
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as file:
        while line := file.readline(MAX_LINE):
            if len(line) >= MAX_LINE:
                raise BadFile(
                    f"{path.name} has a line of more than {MAX_LINE:,} characters.",
                    hint="It is not a table of text; export it again as CSV or XLSX.",
                )
            yield line
