"""The ledger: an append-only hash chain of what was decided, applied, consented to and erased."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import hash64
from zhanggui.trust.engines.chain import SALT_BYTES, checkpoint_message, entry_hash, payload_hash
from zhanggui.trust.errors import BadAnchor, NoSigningKey
from zhanggui.trust.tables import ledger as tables
from zhanggui.trust.types.ledger import (
    Checkpoint,
    LedgerAsk,
    LedgerFinds,
    LedgerPage,
    LedgerPlace,
    VerifyReport,
)

from .ledger_reading import Envelope, entry_in_place, entry_of, find_entries
from .ledger_verify import verify_chain
from .signing import Signer

ERASED = "ledger.erased"
_ENVELOPE = msgspec.json.Encoder(order="sorted")


class LedgerDraft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to append.

    `person` (our dense integer) lets erasure find the payload again, `about` (such as `product:p7`) a reader.
    """

    kind: str
    payload: object
    actor: str
    person: int | None = None
    about: str = ""


class PayloadsErased(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt of an erasure: which payloads went, and under which rule."""

    seqs: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The chain of one shop.

    Args:
        entropy: gives so many random bytes (`secrets.token_bytes`).
        signer: signs checkpoints; None in a process that may not.
        checkpoint_every: a checkpoint stands at each multiple of this many entries.
        known: the kinds that may be written; None for any. A shop's ledger takes `words.ledger.KINDS`, so that no
            entry is written that pages and reviews do not know.
    """

    db: Database
    clock: Clock
    entropy: Callable[[int], bytes]
    shop: str
    signer: Signer | None = None
    checkpoint_every: int = 1_000
    known: Collection[str] | None = None

    def append(
        self,
        db: sa.Connection,
        kind: str,
        payload: object,
        actor: str = "system",
        *,
        person: int | None = None,
        about: str = "",
    ) -> int:
        """Append one entry inside the caller's transaction; returns its number."""
        draft = LedgerDraft(kind=kind, payload=payload, actor=actor, person=person, about=about)
        return self.append_many(db, [draft])[0]

    def append_many(self, db: sa.Connection, drafts: Iterable[LedgerDraft]) -> list[int]:
        """Append entries in order, inside the caller's transaction; returns their numbers."""
        wanted = list(drafts)
        if not wanted:
            return []
        self._require_known(wanted)
        seq, previous = tables.lock_head(db)
        at_ms = to_ms(self.clock())
        entries, payloads, signed = list[tables.Entry](), list[tables.Payload](), list[tuple[int, bytes]]()
        salts = self.entropy(SALT_BYTES * len(wanted))
        for place, draft in enumerate(wanted):
            seq += 1
            payload = _ENVELOPE.encode(Envelope(draft.actor, draft.payload))
            salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
            digest = payload_hash(salt, payload)
            previous = entry_hash(previous, seq, draft.kind, at_ms, digest)
            entries.append((seq, draft.kind, at_ms, digest, previous))
            payloads.append((seq, salt, payload, draft.person, hash64(draft.about) if draft.about else None))
            if seq % self.checkpoint_every == 0:
                signed.append((seq, previous))
        tables.store_entries(db, entries, payloads)
        for at, entry in signed:
            self._sign(db, at, entry, at_ms)
        return [entry[0] for entry in entries]

    def lock(self, db: sa.Connection) -> None:
        """Wait for everybody who is appending, and make them wait until this transaction ends."""
        tables.lock_head(db)

    def entries(self, *, after: int = 0, limit: int = 100, kind: str | None = None) -> LedgerPage:
        """Entries after number `after`, oldest first."""
        with self.db.read() as db:
            rows = tables.page(db, after=after, limit=limit, kind=kind)
        found = tuple(entry_of(row.seq, row.kind, row.at_ms, row.hash, row.payload, row.receipt) for row in rows)
        return LedgerPage(items=found, next=str(found[-1].seq) if len(found) == limit else None)

    def find(self, ask: LedgerAsk, *, limit: int = 50) -> LedgerFinds:
        """Entries that fit, newest first unless asked otherwise.

        Actor and subject stand in payloads only, where erasure finds all of them: each search looks into at most
        `WINDOW` payloads, so that few or no entries and a `next` are an answer too. What an entry is about has an
        index: all entries of a product come at once.
        """
        with self.db.read() as db:
            return find_entries(db, ask, limit)

    def kinds(self) -> list[str]:
        """The kinds of entries that there are."""
        with self.db.read() as db:
            return tables.kinds(db)

    def count(self) -> int:
        """The number of the last entry."""
        with self.db.read() as db:
            return tables.read_head(db)[0]

    def entry(self, seq: int) -> LedgerPlace:
        """One entry, and whether its hashes follow from what stands there.

        Raises:
            UnknownEntry: no entry has that number.
        """
        with self.db.read() as db:
            return entry_in_place(db, seq)

    def erase(
        self, db: sa.Connection, *, persons: Sequence[int] = (), seqs: Sequence[int] = (), reason: str, actor: str
    ) -> int | None:
        """Take away the payloads about `persons`, or those of `seqs`; returns the receipt's number, None if none stood.

        The hashes stay: the chain still verifies, and says "erased, receipt N" at each.
        """
        gone = sorted({*seqs, *(tables.payloads_of(db, persons) if persons else ())})
        if not gone:
            return None
        receipt = self.append(db, ERASED, PayloadsErased(seqs=tuple(gone), reason=reason), actor)
        tables.erase_payloads(db, gone, receipt)
        return receipt

    def checkpoint(self) -> Checkpoint:
        """Sign where the chain stands now.

        Raises:
            NoSigningKey: this process has no key.
        """
        signer = self._require_signer()

        def work(db: sa.Connection) -> Checkpoint:
            seq, entry = tables.lock_head(db)
            at_ms = to_ms(self.clock())
            self._sign(db, seq, entry, at_ms)
            signature = signer.sign(checkpoint_message(self.shop, seq, entry, at_ms))
            return Checkpoint(
                shop=self.shop,
                seq=seq,
                hash=entry.hex(),
                at_ms=at_ms,
                public_key=signer.public_key.hex(),
                signature=signature.hex(),
            )

        return self.db.write(work)

    def export_anchor(self, path: Path) -> Checkpoint:
        """Write a checkpoint to a file that should be kept elsewhere, and return it."""
        checkpoint = self.checkpoint()
        path.write_bytes(msgspec.json.format(msgspec.json.encode(checkpoint), indent=2) + b"\n")
        return checkpoint

    def verify(self, anchor: Path | Checkpoint | None = None) -> VerifyReport:
        """Walk the whole chain and name every place that is not as it was written.

        Raises:
            BadAnchor: the file is no anchor, or one of another shop.
        """
        walk = self.verify_slowly(read_anchor(anchor) if isinstance(anchor, Path) else anchor)
        while True:
            try:
                next(walk)
            except StopIteration as done:
                report: VerifyReport = done.value
                return report

    def verify_slowly(self, anchor: Checkpoint | None = None) -> Generator[int, None, VerifyReport]:
        """`verify` in steps, for who shows how far it is: yields the entries checked so far, returns the report.

        Raises:
            BadAnchor: it is one of another shop; before the first step.
        """
        if anchor is not None and anchor.shop != self.shop:
            raise BadAnchor(
                f"The anchor is of the shop {anchor.shop!r}, not {self.shop!r}.", hint="Take this shop's own."
            )
        return self._walked(anchor)

    def _walked(self, anchor: Checkpoint | None) -> Generator[int, None, VerifyReport]:
        with self.db.read() as db:
            return (
                yield from verify_chain(
                    db,
                    shop=self.shop,
                    anchor=anchor,
                    own_key=None if self.signer is None else self.signer.public_key,
                    checkpoint_every=self.checkpoint_every,
                    receipt_kind=ERASED,
                )
            )

    def _require_known(self, drafts: Iterable[LedgerDraft]) -> None:
        known = self.known
        unknown = () if known is None else {draft.kind for draft in drafts if draft.kind not in known}
        if unknown:
            raise ValueError(f"{sorted(unknown)} are no kinds of entries; trust/words/ledger.py names them all")

    def _sign(self, db: sa.Connection, seq: int, entry: bytes, at_ms: int) -> None:
        if self.signer is not None:
            signature = self.signer.sign(checkpoint_message(self.shop, seq, entry, at_ms))
            row = {"seq": seq, "hash": entry, "at_ms": at_ms, "public_key": self.signer.public_key}
            tables.store_checkpoint(db, {**row, "signature": signature})

    def _require_signer(self) -> Signer:
        if self.signer is None:
            raise NoSigningKey("This process has no key to sign with.", hint="Run the command on the shop's machine.")
        return self.signer


def read_anchor(path: Path) -> Checkpoint:
    """Read an anchor file.

    Raises:
        BadAnchor: it is missing or holds something else.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadAnchor(f"{path.name} cannot be read: {error.strerror}.", hint="Name the anchor's file.") from error
    return decode_anchor(content)


def decode_anchor(content: bytes) -> Checkpoint:
    """Read an anchor from what a file held.

    Raises:
        BadAnchor: it is something else.
    """
    try:
        return msgspec.json.decode(content, type=Checkpoint)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadAnchor(f"The file is not an anchor: {error}.", hint="Make one with: zhanggui ledger anchor") from error
