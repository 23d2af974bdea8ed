"""The ledger as it is read, and what a verification found."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

BreakKind = Literal[
    "edited",
    "removed",
    "reordered",
    "inserted",
    "payload_edited",
    "payload_missing",
    "cut",
    "checkpoint_differs",
    "checkpoint_forged",
    "checkpoint_missing",
    "anchor_differs",
    "anchor_forged",
]

Blind = Literal["tail_after_last_checkpoint", "tail_after_anchor", "no_anchor", "stolen_key", "truth_of_entries"]
"""What a verification cannot see, as a code; docs/trust.md puts each in words."""


Hex32 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Hex64 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{128}$(?!\n)")]


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `payload` is None when it was erased; `receipt` then names the entry that says so."""

    seq: int
    kind: str
    at_ms: int
    hash: str
    actor: str = ""
    payload: object = None
    receipt: int | None = None


class LedgerPage(msgspec.Struct, frozen=True, kw_only=True):
    """Entries, oldest first; `next` is where the next page starts, None at the end."""

    items: tuple[LedgerEntry, ...]
    next: str | None = None


class LedgerAsk(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries somebody wants to see; what is empty narrows nothing.

    `actors` are those of whom any did it; `subject` is the whole name of a thing (`product:p7`) or a shopper's number;
    the moments are from (included) and until (excluded); `beyond` is the entry after which to go on, in the order that
    is asked for.
    """

    kind: str = ""
    actors: tuple[str, ...] = ()
    subject: str = ""
    from_ms: int | None = None
    until_ms: int | None = None
    is_oldest_first: bool = False
    beyond: int | None = None


class LedgerFinds(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that fit, and the entry beyond which to look on; None: all has been looked through."""

    items: tuple[LedgerEntry, ...]
    next: int | None


class LedgerPlace(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in its place in the chain. `is_sound`: its hashes follow from its content and the entry before."""

    entry: LedgerEntry
    previous: str
    payload_hash: str
    is_sound: bool
    entries: int


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signed word that the chain stood at `hash` after entry `seq`. An anchor is one kept elsewhere."""

    shop: str
    seq: Annotated[int, msgspec.Meta(ge=0, le=2**62)]
    hash: Hex32
    at_ms: Annotated[int, msgspec.Meta(ge=0, le=2**62)]
    public_key: Hex32  # Ed25519
    signature: Hex64
    format: Literal["zhanggui-ledger-anchor-1"] = "zhanggui-ledger-anchor-1"


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """One place where the ledger is not what was written."""

    kind: BreakKind
    seq: int
    until: int | None = None  # the last entry of a removed run
    belongs_at: int | None = None  # of a reordered entry


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """A payload that erasure took, and the entry that is its receipt."""

    seq: int
    receipt: int


class VerifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a verification found. `breaks` is in order of place and stops at 1,000."""

    entries: int
    is_intact: bool
    first_break: Break | None
    breaks: tuple[Break, ...]
    erased: tuple[Erased, ...]
    checkpoints: int
    last_checkpoint: int
    anchor: int | None
    cannot_see: tuple[Blind, ...]
