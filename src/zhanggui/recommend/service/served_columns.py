"""The log of served lists as flat columns, with whose lists may be used for a purpose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.recommend.engines.interactions import Ints, gather
from zhanggui.recommend.ports import ServedHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedColumns:
    """Lists (n,), oldest first, and the products of all of them end to end.

    Attributes:
        person: (n,) whom each was for; 0 for nobody known.
        at_ms: (n,) when.
        length: (n,) how many products.
        product: (sum of `length`,).
        is_allowed: (n,) whether the person allows the purpose; False for nobody known.
    """

    person: Ints
    at_ms: Ints
    length: Ints
    product: Ints
    is_allowed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedReader:
    """Reads them.

    Args:
        db: the shop's store.
        served: the log.
        gate: says whose lists may be used.
    """

    db: Database
    served: ServedHistory
    gate: ConsentGate

    def between(self, since_ms: int, until_ms: int, purpose: Purpose) -> ServedColumns:
        """The lists that were shown from a moment until before another."""
        with self.db.read() as db:
            parts = list(self.served.lists(db, since_ms, until_ms, purpose=purpose))
        person, at_ms, length = gather(((one.person, one.at_ms, one.length) for one in parts), 3)
        (product,) = gather(((one.product,) for one in parts), 1)
        allowed = self.gate.allowed_among(np.unique(person[person > 0]).tolist(), purpose)
        is_allowed = np.isin(person, np.array(sorted(allowed), dtype=np.int64))
        return ServedColumns(person=person, at_ms=at_ms, length=length, product=product, is_allowed=is_allowed)
