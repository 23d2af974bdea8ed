"""What a reader of the figures must know of how the files were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from zhanggui.recommend.engines.evaluation.audit import Finding

from .column_words import columns_of, is_vague, values_among
from .columns import Columns
from .event_words import plain_word
from .files import File

_MOST_CODES = 20


def told_of(data: File, columns: Columns, test: File | None) -> Iterator[Finding]:
    """Rows made of lists, and columns of codes and of values that nobody explained, so that all rows count alike.

    Args:
        data: the file of behaviour.
        columns: as they were found in it.
        test: the second file.
    """
    for file in (data, test) if test else (data,):
        yield from _unpacked(file)
    if columns.value or columns.event:
        return
    read = msgspec.structs.astuple(columns)
    others = [name for name in data.columns if name not in read]
    yield from _events(data, others)
    yield from _values(data, others)


def _unpacked(file: File) -> Iterator[Finding]:
    if file.unpacked is None:
        return
    name, objects = file.unpacked.name, file.unpacked.objects
    words = f"rows came of {objects:,} objects of {file.name}: one for each entry of {name!r}"
    yield Finding(code="rows_unpacked", level="note", count=file.rows, of=file.rows, words=words)


def _events(file: File, names: Sequence[str]) -> Iterator[Finding]:
    coded = ((name, _codes(file, name)) for name in columns_of("event", names) if not is_vague(name))
    name, codes = next(((name, codes) for name, codes in coded if codes), ("", []))
    if not name:
        return
    weights = ",".join(f"{code}=1" for code in codes)
    words = (
        f"rows have a code in {name!r} that nobody explained: all count alike. "
        f"Say how much each is wanted: --event {name} --weights {weights}"
    )
    yield Finding(code="events_unread", level="warning", count=file.rows, of=file.rows, words=words)


def _codes(file: File, name: str) -> list[str]:
    """The different words of a column; none where it holds too many to be kinds of event, or lists."""
    import pyarrow as pa

    column = file.column(name)
    if pa.types.is_nested(column.type):
        return []
    found = column.drop_null().unique()
    if len(found) > _MOST_CODES:
        return []
    codes = {plain_word(str(code)) for code in found.to_pylist()} - {""}
    return sorted(codes, key=lambda code: (len(code), code))


def _values(file: File, names: Sequence[str]) -> Iterator[Finding]:
    """Ratings and quantities change what is wanted, so they are read only where they are named."""
    name = values_among(names)
    if not name:
        return
    words = (
        f"rows have a value in {name!r} that is not read: all count alike. --value {name} weighs by it; where low "
        f"ratings speak against a product: --event {name} --weights 1=-1,2=-1,3=0.3,4=0.7,5=1"
    )
    yield Finding(code="values_unread", level="warning", count=file.rows, of=file.rows, words=words)
