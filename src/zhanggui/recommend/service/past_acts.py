"""What people did with products in a stretch of time, as arrays; nobody who may not be counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.engines.interactions import Ints, gather
from zhanggui.recommend.ports import PastBehaviour
from zhanggui.shop import subjects_of

COLUMNS = ("person", "product", "kind", "at_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """Acts of those who may be counted, with the subject of each; columns of one length."""

    person: Ints
    product: Ints
    kind: Ints
    at_ms: Ints


def acts_between(db: Database, history: PastBehaviour, since_ms: int, until_ms: int) -> Acts:
    """Acts with products from a moment on and before another."""
    batches = (
        tuple(batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64) for name in COLUMNS)
        for batch in history.history(Purpose.ANALYTICS, from_ms(since_ms))
    )
    person, product, kind, at_ms = gather(batches, len(COLUMNS))
    used = (product > 0) & (at_ms >= since_ms) & (at_ms < until_ms)
    return Acts(person=subjects(db, person[used]), product=product[used], kind=kind[used], at_ms=at_ms[used])


def subjects(db: Database, person: Ints) -> Ints:
    """(n,) whom each of these numbers belongs to: a visitor's acts are those of the customer it was found to be."""
    numbers, place = np.unique(person, return_inverse=True)
    with db.read() as connection:
        roots, _ = subjects_of(connection, numbers.tolist())
    return np.array([roots[number] for number in numbers.tolist()], dtype=np.int64)[place]
