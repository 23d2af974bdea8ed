"""The ledger and the proposals as records in a shop's export: they go out to be read, and nothing takes them in.

A ledger says what happened in one shop, and an approval is of one state of it; in another shop both would be untrue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.trust.tables import ledger as ledger_tables
from zhanggui.trust.tables import proposals as proposal_tables
from zhanggui.trust.types.proposals import Proposal

PAGE = 1_000


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry with all that a follower of the chain needs; bytes are hex.

    `payload_hash` is SHA-256 of salt and `payload` (its exact text); `engines/chain.py` says what `hash` covers. An
    erased payload is empty, with the number of its receipt.
    """

    seq: int
    kind: str
    at: datetime
    payload_hash: str
    hash: str
    salt: str = ""
    payload: str = ""
    receipt: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """The chain, oldest entry first."""

    name = "ledger"
    holds = LedgerRow

    def rows(self, db: sa.Connection) -> Iterator[list[LedgerRow]]:
        """All entries."""
        for batch in ledger_tables.chain_batches(db):
            yield [
                LedgerRow(
                    seq=seq,
                    kind=kind,
                    at=from_ms(at_ms),
                    payload_hash=bytes(digest).hex(),
                    hash=bytes(entry).hex(),
                    salt=bytes(salt or b"").hex(),
                    payload=bytes(payload or b"").decode(),
                    receipt=receipt,
                )
                for seq, kind, at_ms, digest, entry, salt, payload, receipt in batch
            ]


@dataclass(frozen=True, slots=True)
class ProposalRecord:
    """Proposals as they stand, newest first."""

    name = "proposals"
    holds = Proposal

    def rows(self, db: sa.Connection) -> Iterator[list[Proposal]]:
        """All proposals."""
        after: str | None = None
        while page := proposal_tables.proposals_page(db, after=after, limit=PAGE, state=None, kind=None, subject=None):
            after = page[-1].id
            yield page
