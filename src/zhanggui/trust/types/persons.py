"""Erasure and access: why somebody is erased, what the receipt says, what learned from them."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

import msgspec

from zhanggui.kernel.ids import MerchantId
from zhanggui.kernel.persons import KnownPerson


class Ground(enum.StrEnum):
    """Why somebody is erased (PIPL art. 47). A code and no text of one's own: a receipt names nobody."""

    ASKED = "asked"  # the person asked for it
    WITHDRAWN = "withdrawn"  # consent was withdrawn
    PURPOSE_OVER = "purpose_over"  # the purpose is reached, or cannot be, or the data are needed no longer
    PERIOD_OVER = "period_over"  # the service has ended, or the time for which they may be kept
    UNLAWFUL = "unlawful"  # they are held against law or contract
    RESTORED = "restored"  # they were erased before, and came back with an old backup


class LearnedModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model that was trained on rows of the person, and when it is made anew without them."""

    kind: str
    id: str
    trained_at: datetime
    retrained_by: datetime | None  # None: only when somebody trains it


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure did. It names nobody, and can be shown to anybody.

    `rows` are rows deleted or made nobody's, by table; `trails` are files and texts that were changed or deleted.
    `state` is `cleaning` until every trail is clean, then `done`. `backups_until`: so long keys in backups may open old
    copies of what was sealed. `signature` is the shop's (Ed25519, hex) on everything else, as `receipt_message` says.
    """

    id: str
    shop: str
    at: datetime
    ground: Ground
    state: str
    persons: int
    rows: dict[str, int]
    trails: dict[str, int] = {}
    done_at: datetime | None = None
    models: tuple[LearnedModel, ...] = ()
    backups_until: datetime
    entry: int = 0  # of the ledger
    public_key: str = ""
    signature: str = ""


class ReceiptPage(msgspec.Struct, frozen=True, kw_only=True):
    """Receipts, newest first; `next` is where the next page starts, None at the end."""

    items: tuple[Receipt, ...]
    next: str | None = None


class ErasePerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for an erasure. `id` repeats the one of the address: what is done cannot be undone."""

    id: MerchantId
    ground: Ground = Ground.ASKED


class Readmit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Let somebody come back; phone and e-mail of then, where they are still theirs."""

    phone: Annotated[str, msgspec.Meta(max_length=512)] = ""
    email: Annotated[str, msgspec.Meta(max_length=512)] = ""


class PersonErased(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of an erasure."""

    receipt: str
    ground: str
    rows: int


class PersonExported(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of an export; the entry stands under the person's number and goes with them."""

    person: int
    bytes: int


class PersonReadmitted(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was erased came back and may be taken in again."""

    receipt: str


class DataSubject(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an access or an erasure is about; sealed and kept until the trails of an erased one are clean.

    `names` count only where nobody else here has them.
    """

    person: KnownPerson
    names: tuple[str, ...] = ()
