"""Finding and taking out what names one person in texts and files that others wrote.

A word counts only where it can hardly mean anything else: an id of two digits is also a quantity. Short ids are found
where a text says whose they are (`customer:u42`) or consists of nothing else. What cannot be told stays.
"""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

ERASED = "[erased]"
"""What stands in a text in the place of a name."""
WORTH_BYTES = 8
SIGNED_LENGTH = 5
LEAST_IN_FILES = 3
"""Signs of an id that is looked for, as a cell of its own, in files that can be sent again."""
OWNERS = ("customer", "visitor")
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
_CHUNK = 1 << 20
_HAN = re.compile(r"[\u3400-\u9fff]")
_ALNUM = re.compile(r"[0-9A-Za-z_]")


def is_distinctive(word: str) -> bool:
    """Whether a word names somebody wherever it stands."""
    if len(_HAN.findall(word)) >= 2 or len(word) >= WORTH_BYTES:
        return True
    has_both = any(map(str.isalpha, word)) and any(map(str.isdigit, word))
    return len(word) >= SIGNED_LENGTH and (has_both or "@" in word)


class Mentions:
    """What names one person: their words in each spelling.

    Args:
        words: ids, phone, e-mail, address, accounts, names.
    """

    def __init__(self, words: Iterable[str]) -> None:
        given = {word.strip() for word in words if word.strip()}
        spelled = {spelling for word in given for spelling in _spellings(word)}
        owned = {f"{owner}:{word}" for owner in OWNERS for word in given}
        self._whole = frozenset(word for word in given if not word.isdecimal() or len(word) >= WORTH_BYTES)
        self.words = tuple(sorted((word for word in spelled if is_distinctive(word)), key=len, reverse=True))
        parts = [_bounded(word) for word in (*sorted(owned, key=len, reverse=True), *self.words)]
        self._pattern = re.compile("|".join(parts), re.IGNORECASE) if parts else None
        short = {word for word in owned | self._whole if word not in self.words}
        in_files = sorted({*self.words, *(word for word in given if len(word) >= LEAST_IN_FILES)}, key=len)
        self._in_files = re.compile(b"|".join(_bounded_bytes(word) for word in in_files) or b"(?!)", re.IGNORECASE)
        self._bytes = tuple({spelling for word in (*self.words, *short) for spelling in _as_bytes(word)})

    def may_be_in(self, data: bytes) -> bool:
        """A quick look: when it says no, there is nothing."""
        folded = data.lower()
        return any(word in folded for word in self._bytes)

    def without(self, text: str) -> str:
        """A text with `[erased]` in the place of each mention."""
        if text in self._whole:
            return ERASED
        return text if self._pattern is None else self._pattern.sub(ERASED, text)

    def plain_without(self, value: object) -> object:
        """The same of all texts in what JSON can hold; numbers stay."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list | tuple):
            return [self.plain_without(one) for one in value]
        if isinstance(value, dict):
            return {self.plain_without(key): self.plain_without(one) for key, one in value.items()}
        return value

    def may_be_in_file(self, path: Path) -> bool:
        """Whether a file may name the person, also inside of what is packed; True where that cannot be looked into."""
        try:
            return any(self._in_files.search(part) is not None for part in _parts(path))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            return True


def _spellings(word: str) -> Iterator[str]:
    yield word
    digits = re.sub(r"[ ()+-]", "", word)
    if not digits.isdecimal() or len(digits) < WORTH_BYTES:
        return
    bare = digits.removeprefix("0086")
    bare = bare[2:] if len(bare) == 13 and bare.startswith("86") else bare
    yield from (digits, bare)
    if len(bare) == 11:
        yield from (f"{bare[:3]} {bare[3:7]} {bare[7:]}", f"{bare[:3]}-{bare[3:7]}-{bare[7:]}")


def _bounded(word: str) -> str:
    """A pattern that does not find `u42` in `u421`; between Chinese characters there is no boundary to ask for."""
    before = r"(?<![0-9A-Za-z_])" if _ALNUM.match(word) else ""
    after = r"(?![0-9A-Za-z_])" if _ALNUM.match(word[-1]) else ""
    return before + re.escape(word) + after


def _bounded_bytes(word: str) -> bytes:
    spelled = b"|".join(re.escape(one) for one in sorted(set(_as_bytes(word))))
    before = rb"(?<![0-9A-Za-z_])" if _ALNUM.match(word) else b""
    after = rb"(?![0-9A-Za-z_])" if _ALNUM.match(word[-1]) else b""
    return before + b"(?:" + spelled + b")" + after


def _as_bytes(word: str) -> Iterator[bytes]:
    for encoding in _ENCODINGS:
        yield word.encode(encoding, "replace").lower()
    yield word.encode("ascii", "backslashreplace").lower()  # \u5f20, as JSON may write it


def _parts(path: Path) -> Iterator[bytes]:
    """What a file holds, some MB at a time; each part repeats the end of the one before."""
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(0)
        if head[:2] == b"\x1f\x8b":
            with gzip.open(file) as opened:
                yield from _overlapping(iter(lambda: opened.read(_CHUNK), b""))
        elif head == b"PK\x03\x04":
            with zipfile.ZipFile(file) as packed:
                for name in packed.namelist():
                    with packed.open(name) as member:
                        yield name.encode()
                        yield from _overlapping(iter(lambda m=member: m.read(_CHUNK), b""))  # type: ignore[misc]
        elif head == b"PAR1":
            yield from _columns(path)
        else:
            yield from _overlapping(iter(lambda: file.read(_CHUNK), b""))


def _overlapping(chunks: Iterator[bytes]) -> Iterator[bytes]:
    tail = b""
    for chunk in chunks:
        yield tail + chunk
        tail = chunk[-4096:]


def _columns(path: Path) -> Iterator[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as parquet:
        for batch in parquet.iter_batches(batch_size=10_000):
            for column in batch.columns:
                if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
                    continue
                yield "\n".join(str(one) for one in column.to_pylist() if one is not None).encode()
