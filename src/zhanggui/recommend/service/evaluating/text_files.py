"""Tables of text: what parts their cells, whether they have a header, and lists of a different length a line."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from zhanggui.recommend.errors import BadLog

from .column_words import is_known
from .moments import are_moments

_DELIMITERS = ("::", "\t", ",", ";", "|", " ")
_NULLS = ["", "NULL", "null", "NaN", "nan", "NA", "N/A", "#N/A", "<NA>", "None", "\\N"]
_QUOTED = re.compile(r'"[^"]*"')
_LOOK_BYTES = 1 << 16
_CHECK_BYTES = 1 << 20
_MOST_OF_ONE_LENGTH = 0.8
"""Of lines of a table; of lists, a person's products a line, fewer have the same number of cells."""


def read_text(path: Path) -> tuple[Any, dict[str, int]]:
    """(pyarrow table of text, lines left out by reason).

    Raises:
        BadLog: empty, or two columns have one name.
        UnicodeDecodeError: in none of the encodings that are known.
    """
    import pyarrow as pa

    with pa.input_stream(str(path)) as stream:
        head = stream.read(_LOOK_BYTES)
    encoding = _encoding(head)
    if encoding == "utf-8":
        _hold_to_utf8(path)
    lines = [line for line in head.decode(encoding, errors="replace").splitlines() if line.strip()]
    if not lines:
        raise BadLog(f"{path.name} is empty.", hint="Check the export.")
    some = lines[: max(1, len(lines) - 1)][:50]
    delimiter = _delimiter(some)
    if _holds_lists(some, delimiter):
        return _lists(path, encoding, delimiter), {}
    first = _split(lines[0].removeprefix("\ufeff"), delimiter)
    names = [_plain(cell) or f"column{n + 1}" for n, cell in enumerate(first)]
    has_header = _is_header(names) and not _recur(first, [_split(line, delimiter) for line in some[1:]])
    names = names if has_header else [f"column{n + 1}" for n in range(len(names))]
    if len(set(names)) < len(names):
        raise BadLog(f"{path.name} has two columns of one name: {', '.join(names)}.", hint="Rename one of them.")
    return _cells(path, encoding, delimiter, names, skip=int(has_header))


def _cells(path: Path, encoding: str, delimiter: str, names: list[str], *, skip: int) -> tuple[Any, dict[str, int]]:
    import pyarrow as pa
    import pyarrow.csv

    wrong: Counter[str] = Counter()
    with pa.input_stream(str(path)) as stream:
        one = stream if len(delimiter) == 1 else io.BytesIO(stream.read().replace(delimiter.encode(), b"\t"))
        table = pyarrow.csv.read_csv(
            one,
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=skip, encoding=encoding),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter if len(delimiter) == 1 else "\t", invalid_row_handler=partial(_count_wrong, wrong)
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=_NULLS
            ),
        )
    return table, dict(wrong)


def _split(line: str, delimiter: str) -> list[str]:
    """Cells of a line; a sign between quotes parts nothing."""
    return line.split(delimiter) if len(delimiter) > 1 else next(csv.reader([line], delimiter=delimiter), [""])


def _recur(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first line is of the same stuff as those below: none of its cells is what a column is called, and
    one of them stands below in its own column again."""
    if any(map(is_known, map(_plain, first))):
        return False
    return any(cell and cell in {row[n] for row in rows if n < len(row)} for n, cell in enumerate(first))


def _lists(path: Path, encoding: str, delimiter: str) -> Any:
    """A person and all their products a line: `user` and `items`."""
    import pyarrow as pa

    with pa.input_stream(str(path)) as stream:
        lines = [line.strip() for line in stream.read().decode(encoding).splitlines() if line.strip()]
    people, _, products = zip(*(line.partition(delimiter) for line in lines), strict=True)
    return pa.table({"user": pa.array(people), "items": pa.array(products)})


def _holds_lists(lines: Sequence[str], delimiter: str) -> bool:
    cells = [line.split(delimiter) for line in lines]
    (_, same), *_ = Counter(map(len, cells)).most_common(1)
    is_even = same >= _MOST_OF_ONE_LENGTH * len(cells)
    return not is_even and all(cell.strip().isdecimal() for row in cells for cell in row if cell.strip())


def _is_header(names: Sequence[str]) -> bool:
    """A line of numbers and moments is none, unless one of its cells is what a column is called."""
    values = sum(_is_number(name) or _is_moment(name) for name in names)
    return values == 0 or (values < len(names) and any(map(is_known, names)))


def _count_wrong(wrong: Counter[str], _row: Any) -> str:
    wrong["wrong number of cells"] += 1
    return "skip"


def _encoding(head: bytes) -> str:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    is_cut = len(head) == _LOOK_BYTES
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=not is_cut)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _hold_to_utf8(path: Path) -> None:
    """Read all once: Arrow hands lines with too many cells to Python, where a wrong byte could not be told of.

    Raises:
        UnicodeDecodeError: a byte is wrong; its start counts from the beginning of the (unpacked) file.
    """
    import pyarrow as pa

    decoder, read = codecs.getincrementaldecoder("utf-8")(), 0
    with pa.input_stream(str(path)) as stream:
        while block := stream.read(_CHECK_BYTES):
            _check(decoder, block, read)
            read += len(block)
        _check(decoder, b"", read)


def _check(decoder: codecs.IncrementalDecoder, block: bytes, read: int) -> None:
    kept = len(decoder.getstate()[0])
    try:
        decoder.decode(block, final=not block)
    except UnicodeDecodeError as error:
        start = read - kept + error.start
        raise UnicodeDecodeError("utf-8", block, start, start + 1, error.reason) from error


def _delimiter(lines: Sequence[str]) -> str:
    """The sign that stands equally often in most lines."""
    best, most = ",", 0.0
    lines = [_QUOTED.sub("", line) for line in lines]
    for sign in _DELIMITERS:
        count, lines_with = Counter(line.count(sign) for line in lines).most_common(1)[0]
        score = lines_with / len(lines) if count else 0.0
        if score > most:
            best, most = sign, score
    return best


def _plain(cell: str) -> str:
    """A name without quotes, and without the type that atomic files put behind it (`user_id:token`)."""
    name = cell.strip().strip("\"'")
    head, colon, kind = name.partition(":")
    return head if colon and kind in {"token", "token_seq", "float", "float_seq"} else name


def _is_moment(text: str) -> bool:
    import pyarrow as pa

    return are_moments(pa.array([text]))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
