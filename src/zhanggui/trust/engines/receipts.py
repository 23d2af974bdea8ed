"""What the signature on a receipt covers: everything in it but the signature itself, as canonical JSON."""

from __future__ import annotations

import msgspec

from zhanggui.trust.types.persons import Receipt

_encode = msgspec.json.Encoder(order="sorted").encode


def receipt_message(receipt: Receipt) -> bytes:
    """The bytes that are signed."""
    return b"zhanggui erasure receipt 1\n" + _encode(msgspec.structs.replace(receipt, signature=""))
