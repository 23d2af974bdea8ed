"""Receipts: signed by the shop, checked by anybody, naming nobody."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa

from zhanggui.trust.engines.receipts import receipt_message
from zhanggui.trust.service.signing import Signer, is_signed
from zhanggui.trust.tables import persons as tables
from zhanggui.trust.types.persons import Receipt

_decoder = msgspec.json.Decoder(Receipt)


def signed(receipt: Receipt, signer: Signer | None) -> Receipt:
    """The receipt with the shop's signature; without one in a process that has no key."""
    if signer is None:
        return receipt
    bare = msgspec.structs.replace(receipt, public_key=signer.public_key.hex())
    return msgspec.structs.replace(bare, signature=signer.sign(receipt_message(bare)).hex())


def is_genuine(receipt: Receipt) -> bool:
    """Whether the key that the receipt names has signed exactly this; whose key it is, an anchor of the ledger says."""
    try:
        key, signature = bytes.fromhex(receipt.public_key), bytes.fromhex(receipt.signature)
    except ValueError:
        return False
    return is_signed(key, receipt_message(receipt), signature)


def kept(db: sa.Connection, id_: str) -> Receipt | None:
    """A receipt as it stands."""
    held = tables.erasure(db, id_)
    return None if held is None else read(held)


def read(held: tables.HeldErasure) -> Receipt:
    """The receipt of an erasure."""
    return _decoder.decode(held.receipt)


def written(receipt: Receipt) -> bytes:
    """As it is kept."""
    return msgspec.json.encode(receipt)


def with_trail(receipt: Receipt, name: str, count: int) -> Receipt:
    """The receipt once a trail was cleaned; what an earlier try has cleaned counts too."""
    trails: Mapping[str, int] = receipt.trails
    return msgspec.structs.replace(receipt, trails={**trails, name: trails.get(name, 0) + count})
