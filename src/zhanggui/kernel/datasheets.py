"""What every training set carries: what it is made of, which checks it passed, and whether it may be learned from.

The form follows Gebru et al., "Datasheets for Datasets", Communications of the ACM 64(12), 2021. Law: PIPL art. 6 and 8
(only what the purpose needs, and of good quality), art. 55 and 56 (assessment, kept three years);
生成式人工智能服务管理暂行办法 art. 7 (lawful sources of training data). Their texts were not read anew for this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

DataCheckName = Literal[
    "consent", "duplicates", "one_source", "bursts", "outliers", "bombing", "future", "words", "texts", "licence"
]


class DataCheck(msgspec.Struct, frozen=True, kw_only=True):
    """One check of a training set.

    Attributes:
        name: which.
        state: `pass`; `warn` where something was found and left out or is worth a look; `block` stops the training.
        found: how many rows, people or products it found.
        of: among how many.
        limit: share of these from which on it blocks.
        where: up to five products that it is about, as the merchant calls them; never a person.
    """

    name: DataCheckName
    state: Literal["pass", "warn", "block"]
    found: int
    of: int
    limit: float
    where: tuple[str, ...] = ()


class Datasheet(msgspec.Struct, frozen=True, kw_only=True):
    """What a training set is made of; counts alone, nothing of people.

    Attributes:
        kind: of the model that was to learn from it.
        at_ms: when it was looked at.
        from_ms: its oldest row.
        until_ms: its newest row.
        rows: that are learned from.
        left_out: rows that looked like manipulation or came from the future.
        people: whose rows they are.
        products: they are about.
        texts: products whose words are learned from.
        by_basis: rows by the legal basis that the person's data is held on; `visitor` for the shop's own observation.
        checks: all of them, in order.
        seconds: that looking took.
    """

    kind: str
    at_ms: int
    from_ms: int
    until_ms: int
    rows: int
    left_out: int
    people: int
    products: int
    texts: int
    by_basis: dict[str, int]
    checks: tuple[DataCheck, ...]
    seconds: float = 0.0

    @property
    def reason(self) -> str:
        """The first check that stops the training; empty where none does."""
        return next((one.name for one in self.checks if one.state == "block"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingData:
    """A training set, to be looked at. Columns of one length, sorted by person, then time.

    Attributes:
        kind: of the model.
        person: our numbers.
        product: product numbers; 0 where a row is about none.
        at_ms: when.
        strength: how much a row says for its product; below 0: against it.
        texts: words by the merchant's id of each product whose words are learned from.
        withheld: ids of products whose words are left out, for their licence forbids to learn from them.
        names: the merchant's id by product number.
    """

    kind: str
    person: npt.NDArray[np.int64]
    product: npt.NDArray[Any]
    at_ms: npt.NDArray[np.int64]
    strength: npt.NDArray[Any]
    texts: Mapping[str, str]
    names: Mapping[int, str]
    withheld: frozenset[str] = frozenset()


class DataGate(Protocol):
    """Says whether a training set may be learned from."""

    def check(self, data: TrainingData) -> tuple[Datasheet, npt.NDArray[np.bool_]]:
        """(its datasheet, (n,) the rows that may be learned from)."""
