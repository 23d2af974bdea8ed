"""Where the header of a table stands: below title rows, above the data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from zhanggui.shop.errors import BadFile
from zhanggui.shop.importers.cleaning import clean_text
from zhanggui.shop.importers.fields import FIELDS
from zhanggui.shop.importers.mapping import ready_maps
from zhanggui.shop.importers.naming import column_key

LOOK_ROWS = 40
_VALUE_LIKE = re.compile(r"^[-+¥$£€]?[\d.,:/\-\s%]+$")


@cache
def _known_names() -> frozenset[str]:
    fields = {column_key(name) for kind in FIELDS.values() for field in kind.values() for name in field.names}
    own = {column_key(name) for kind in FIELDS.values() for name in kind}
    ready = {column_key(name) for each in ready_maps() for name in each.columns}
    return frozenset(fields | own | ready)


def find_header(rows: Sequence[Sequence[object]], file: str) -> int:
    """The place of the header among the first rows: as wide as the data, words only, and best with known names.

    Raises:
        BadFile: no row looks like one.
    """
    cleaned = [[clean_text(cell) for cell in row] for row in rows[:LOOK_ROWS]]
    widths = [sum(bool(cell) for cell in row) for row in cleaned]
    usual = Counter(width for width in widths if width).most_common(1)
    if not usual:
        raise BadFile(f"{file} has no rows.", hint="Check that the right sheet or file was exported.")
    wide = max(usual[0][0], max(widths) // 2)
    best, best_score = -1, (-1, -1)
    for place, row in enumerate(cleaned):
        if widths[place] < max(1, round(0.6 * wide)) or not _is_words(row):
            continue
        score = (sum(column_key(cell) in _known_names() for cell in row), -place)
        if score[0] > best_score[0]:
            best, best_score = place, score
    if best < 0:
        raise BadFile(
            f"{file} has no header row: none of its first {len(rows)} rows names columns.",
            hint="Put the column names into the first row.",
        )
    return best


def _is_words(row: Sequence[str]) -> bool:
    cells = [cell for cell in row if cell]
    is_few_values = sum(bool(_VALUE_LIKE.match(cell)) for cell in cells) <= len(cells) // 10
    return bool(cells) and is_few_values and len(set(cells)) >= 0.6 * len(cells)


def column_names(row: Sequence[object]) -> tuple[str, ...]:
    """Names of columns as written: trailing empty ones dropped, nameless ones `column 3`, repeats `name (2)`."""
    cells = [clean_text(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(cells, 1):
        name = cell or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
