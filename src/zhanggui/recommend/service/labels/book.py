"""The earned labels that show now, as filters and shelves read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.text import normalise
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.tables import labels as tables
from zhanggui.recommend.tables.labels import StoredLabel
from zhanggui.recommend.types.labels import LabelCode
from zhanggui.recommend.words.labels import NAMES, spellings

CHANGE = "earned"
"""Kind of the change that other processes see."""
_NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class LabelBook:
    """What shows: by code, the numbers of the products, ascending, and what each rests on in the same order."""

    products: Mapping[LabelCode, Ints] = field(default_factory=dict)
    rows: Mapping[LabelCode, tuple[StoredLabel, ...]] = field(default_factory=dict)
    by_word: Mapping[str, LabelCode] = field(default_factory=dict)

    def marked(self, word: str) -> Ints:
        """Numbers of the products with a label, by its code or its name in any language; ascending."""
        code = self.by_word.get(normalise(word))
        return _NOBODY if code is None else self.products[code]

    def traits(self) -> Iterator[tuple[str, Ints]]:
        """All words that find something, with what they find."""
        return ((word, self.products[code]) for word, code in self.by_word.items())

    def changed_since(self, before: LabelBook) -> Ints:
        """Numbers of the products that have another set of labels."""
        if self is before:
            return _NOBODY
        codes = [*NAMES]
        moved = [np.setxor1d(self.products.get(one, _NOBODY), before.products.get(one, _NOBODY)) for one in codes]
        return np.unique(np.concatenate(moved)).astype(np.int64)


NO_LABELS = LabelBook()


def label_book(db: sa.Connection) -> LabelBook:
    """The labels as the connection sees them, without hidden ones."""
    hidden = {(one.product, one.label) for one in tables.hidden_in(db)}
    held: dict[LabelCode, list[StoredLabel]] = {}
    for row in tables.labels_in(db):
        if (row.product, row.label) not in hidden:
            held.setdefault(row.label, []).append(row)
    return LabelBook(
        products={code: np.array([row.product for row in rows], dtype=np.int64) for code, rows in held.items()},
        rows={code: tuple(rows) for code, rows in held.items()},
        by_word={normalise(word): code for code in held for word in sorted(spellings(code))},
    )
