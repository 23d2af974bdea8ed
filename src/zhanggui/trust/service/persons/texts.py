"""Texts in the store that stand under nobody's number and may name somebody: notes, errors, entries on their way out.

Every table of the shop is looked through but those that a store of persons answers for, and those of the goods. So a
table that a later room adds is looked through before anybody thinks of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.mentions import Mentions
from zhanggui.kernel.persons import KnownPerson
from zhanggui.kernel.slices import sliced
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import ledger as ledger_tables

from .store import REASON

SPARED = frozenset(
    {"ledger", "ledger_checkpoints", "ledger_head", "erasures", "erased_ids", "held_keys", "alembic_version"}
    | {"products", "offers", "product_labels", "rival_prices"}
)
"""The chain, whose payloads have a trail of their own; what holds hashes and keys only; what is about goods."""
AT_ONCE = 500
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTrail:
    """Replaces mentions in texts.

    Args:
        tables: of the shop's store, all of them.
        answered_for: names of those that a `PersonalStore` answers for.
    """

    db: Database
    tables: Mapping[str, sa.Table]
    answered_for: Collection[str]
    name: str = "texts"

    def clean(self, person: KnownPerson) -> int:
        """Put `[erased]` in the place of every mention; returns how many rows were changed."""
        mentions = Mentions(person.words)
        return sum(self._clean_table(table, mentions) for table in self._searched())

    def _searched(self) -> Iterator[sa.Table]:
        with self.db.read() as db:
            standing = set(sa.inspect(db).get_table_names())
        for name in sorted(standing.intersection(self.tables)):
            if name not in SPARED and name not in self.answered_for and _texts_of(self.tables[name]):
                yield self.tables[name]

    def _clean_table(self, table: sa.Table, mentions: Mentions) -> int:
        with self.db.read() as db:
            found = list(_naming(db, table, mentions))
        changed = 0
        for some in sliced(found, AT_ONCE):
            changed += self.db.write(lambda db, some=some: sum(_rewrite(db, table, key, mentions) for key in some))  # type: ignore[misc]
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerTrail:
    """Payloads of the ledger that name the person and were not entered under their number."""

    db: Database
    ledger: Ledger
    name: str = "ledger"

    def clean(self, person: KnownPerson) -> int:
        """Take those payloads, with a receipt in the chain; returns how many."""
        mentions, after, gone = Mentions(person.words), 0, 0
        while True:
            with self.db.read() as db:
                page = ledger_tables.payload_page(db, after=after, limit=AT_ONCE)
            if not page:
                return gone
            after = page[-1][0]
            seqs = [seq for seq, payload in page if payload is not None and _without(payload, mentions) != payload]
            if seqs:
                self.db.write(lambda db, seqs=seqs: self.ledger.erase(db, seqs=seqs, reason=REASON, actor="system"))  # type: ignore[misc]
                gone += len(seqs)


def _texts_of(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns that may hold words; a key stays what others know it by."""
    kinds = (sa.String, sa.LargeBinary)
    return [c for c in table.columns if isinstance(c.type, kinds) and not c.primary_key and not c.unique]


def _naming(db: sa.Connection, table: sa.Table, mentions: Mentions) -> Iterator[Key]:
    keys, texts = list(table.primary_key.columns), _texts_of(table)
    for row in db.execute(sa.select(*keys, *texts), execution_options={"yield_per": AT_ONCE}):
        if any(_without(value, mentions) != value for value in row[len(keys) :]):
            yield tuple(row[: len(keys)])


def _rewrite(db: sa.Connection, table: sa.Table, key: Key, mentions: Mentions) -> bool:
    """Change one row as it stands now; False when it is gone or names nobody any more."""
    is_it = sa.and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))
    texts = _texts_of(table)
    row = db.execute(sa.select(*texts).where(is_it)).one_or_none()
    if row is None:
        return False
    fresh = {c.name: _without(value, mentions) for c, value in zip(texts, row, strict=True)}
    changed = {name: value for (name, value), old in zip(fresh.items(), row, strict=True) if value != old}
    if changed:
        db.execute(sa.update(table).where(is_it).values(changed))
    return bool(changed)


def _without(value: object, mentions: Mentions) -> object:
    """A column's value without mentions: a text, JSON in bytes; other bytes stay."""
    if isinstance(value, str):
        return mentions.without(value)
    if not isinstance(value, bytes | memoryview):
        return value
    held = bytes(value)
    if not mentions.may_be_in(held):
        return value
    try:
        plain = msgspec.json.decode(held)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return value
    left = mentions.plain_without(plain)
    return value if left == plain else msgspec.json.encode(left)
