"""Verification of a chain against itself, its checkpoints, and one checkpoint kept elsewhere."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.trust.engines.chain import checkpoint_message
from zhanggui.trust.engines.walk import MAX_BREAKS, ChainWalk
from zhanggui.trust.tables import ledger as tables
from zhanggui.trust.types.ledger import Blind, Break, Checkpoint, Erased, VerifyReport

from .signing import is_signed


class _Receipt(msgspec.Struct, frozen=True):
    seqs: frozenset[int]


class _ReceiptEnvelope(msgspec.Struct, frozen=True):
    payload: _Receipt


def verify_chain(
    db: sa.Connection,
    *,
    shop: str,
    anchor: Checkpoint | None,
    own_key: bytes | None,
    checkpoint_every: int,
    receipt_kind: str,
) -> Generator[int, None, VerifyReport]:
    """Walk all entries once, yielding how many are checked, and return what was found.

    `own_key` is the public key that checkpoints must be signed by, where it is known.
    """
    checkpoints = tables.all_checkpoints(db)
    signed = {int(row.seq): bytes(row.hash) for row in checkpoints}
    if anchor is not None:
        signed.setdefault(anchor.seq, bytes.fromhex(anchor.hash))
    walk = ChainWalk(wanted=signed, receipt_kind=receipt_kind)
    for rows in tables.chain_batches(db):
        walk.feed(rows)
        yield walk.count
    head_seq, head_hash = tables.read_head(db)
    found = [
        *walk.breaks(),
        *_cut(walk, head_seq, head_hash),
        *_checkpoint_breaks(walk, checkpoints, shop, own_key, checkpoint_every),
        *_anchor_breaks(walk, anchor, signed, own_key),
        *_receipt_breaks(walk),
    ]
    found.sort(key=lambda broken: (broken.seq, broken.kind))
    last = max((seq for seq in (int(row.seq) for row in checkpoints) if seq <= walk.last), default=0)
    return VerifyReport(
        entries=walk.count,
        is_intact=not found,
        first_break=found[0] if found else None,
        breaks=tuple(found[:MAX_BREAKS]),
        erased=tuple(Erased(seq=seq, receipt=receipt) for seq, receipt in walk.erased),
        checkpoints=len(checkpoints),
        last_checkpoint=last,
        anchor=None if anchor is None else anchor.seq,
        cannot_see=_blind(walk, last, anchor),
    )


def _cut(walk: ChainWalk, head_seq: int, head_hash: bytes) -> list[Break]:
    if head_seq > walk.last:
        return [Break(kind="cut", seq=walk.last + 1, until=head_seq)]
    if head_seq < walk.last:
        return [Break(kind="inserted", seq=head_seq + 1, until=walk.last)]
    return [] if head_hash == walk.head else [Break(kind="edited", seq=walk.last)]


def _checkpoint_breaks(
    walk: ChainWalk, checkpoints: Sequence[sa.Row[Any]], shop: str, own_key: bytes | None, every: int
) -> list[Break]:
    found = []
    differs = set(walk.differs)
    for row in checkpoints:
        seq, key = int(row.seq), bytes(row.public_key)
        message = checkpoint_message(shop, seq, bytes(row.hash), int(row.at_ms))
        if (own_key is not None and key != own_key) or not is_signed(key, message, bytes(row.signature)):
            found.append(Break(kind="checkpoint_forged", seq=seq))
        if seq in differs:
            found.append(Break(kind="checkpoint_differs", seq=seq))
        if seq > walk.last:
            found.append(Break(kind="cut", seq=walk.last + 1, until=seq))
    if own_key is not None:
        kept = {int(row.seq) for row in checkpoints}
        due = range(every, walk.last + 1, every)
        found.extend(Break(kind="checkpoint_missing", seq=seq) for seq in due if seq not in kept)
    return found


def _anchor_breaks(
    walk: ChainWalk, anchor: Checkpoint | None, signed: dict[int, bytes], own_key: bytes | None
) -> list[Break]:
    if anchor is None:
        return []
    found = []
    key, entry = bytes.fromhex(anchor.public_key), bytes.fromhex(anchor.hash)
    message = checkpoint_message(anchor.shop, anchor.seq, entry, anchor.at_ms)
    is_own = own_key is None or key == own_key
    if not is_own or not is_signed(key, message, bytes.fromhex(anchor.signature)):
        found.append(Break(kind="anchor_forged", seq=anchor.seq))
    if anchor.seq > walk.last:
        found.append(Break(kind="cut", seq=walk.last + 1, until=anchor.seq))
    elif anchor.seq in walk.differs or (anchor.seq > 0 and signed[anchor.seq] != entry):
        found.append(Break(kind="anchor_differs", seq=anchor.seq))
    return found


def _receipt_breaks(walk: ChainWalk) -> list[Break]:
    """A payload that is gone without a receipt that names it was taken by somebody else than erasure."""
    named = {seq: _named_by(payload) for seq, payload in walk.receipts.items()}
    return [
        Break(kind="payload_missing", seq=seq)
        for seq, receipt in walk.erased
        if seq not in named.get(receipt, frozenset())
    ]


def _blind(walk: ChainWalk, last_checkpoint: int, anchor: Checkpoint | None) -> tuple[Blind, ...]:
    blind: list[Blind] = ["no_anchor" if anchor is None else "tail_after_anchor"]
    if walk.last > last_checkpoint:
        blind.append("tail_after_last_checkpoint")
    return (*blind, "stolen_key", "truth_of_entries")


def _named_by(receipt: bytes) -> frozenset[int]:
    try:
        return msgspec.json.decode(receipt, type=_ReceiptEnvelope).payload.seqs
    except msgspec.DecodeError:  # written by somebody else than `Ledger.erase`: it excuses nothing
        return frozenset()
