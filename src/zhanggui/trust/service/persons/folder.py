"""Files in the shop's folder that may name somebody: lists that were exported, what went out, what tools left there.

Whatever has no trail of its own is looked into: rows of Parquet and lines of text that name the person go, a JSON
document keeps its shape, and what cannot be read but names them is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from zhanggui.kernel.durable import whole_file
from zhanggui.kernel.mentions import Mentions
from zhanggui.kernel.persons import KnownPerson

APART = frozenset({"events", "media", "models", "imports"})
"""Folders with trails of their own, or in which nothing stands about a person (models are arrays about goods)."""
STORES = (".db", ".db-wal", ".db-shm", ".lock", ".key", ".secret")
BY_LINE = frozenset({".csv", ".jsonl", ".log", ".tsv", ".ndjson"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderTrail:
    """The shop's folder, but for its stores and what others look after."""

    folder: Path
    name: str = "files"

    def clean(self, person: KnownPerson) -> int:
        """Change or delete the files that name the person; returns how many."""
        mentions = Mentions(person.words)
        return sum(_clean(path, mentions) for path in self._files() if mentions.may_be_in_file(path))

    def _files(self) -> Iterator[Path]:
        for path in sorted(self.folder.rglob("*")):
            is_apart = path.relative_to(self.folder).parts[0] in APART or path.name.endswith(STORES)
            if not is_apart and path.is_file() and not path.is_symlink():
                yield path


def _clean(path: Path, mentions: Mentions) -> bool:
    if path.suffix == ".parquet":
        return _clean_rows(path, mentions)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        path.unlink()
        return True
    left = _left(path.suffix, text, mentions)
    if left == text:
        return False
    _replace(path, left.encode())
    return True


def _left(suffix: str, text: str, mentions: Mentions) -> str:
    if suffix in BY_LINE:
        return "".join(line for line in text.splitlines(keepends=True) if not _names(line, mentions))
    if suffix == ".json":
        try:
            return msgspec.json.encode(mentions.plain_without(msgspec.json.decode(text))).decode()
        except msgspec.DecodeError:
            pass
    return mentions.without(text)


def _names(line: str, mentions: Mentions) -> bool:
    cells = (line, *(cell.strip().strip('"') for cell in line.rstrip("\r\n").replace("\t", ",").split(",")))
    return any(mentions.without(cell) != cell for cell in cells)


def _clean_rows(path: Path, mentions: Mentions) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    texts = [name for name in table.column_names if pa.types.is_string(table.schema.field(name).type)]
    kept = [not any(_says(row[name], mentions) for name in texts) for row in table.select(texts).to_pylist()]
    if all(kept):
        return False
    with whole_file(path) as file:
        pq.write_table(table.filter(pa.array(kept, type=pa.bool_())), file, compression="zstd")
    return True


def _says(value: Any, mentions: Mentions) -> bool:
    return isinstance(value, str) and mentions.without(value) != value


def _replace(path: Path, content: bytes) -> None:
    with whole_file(path, mode=path.stat().st_mode & 0o777) as file:
        file.write(content)
