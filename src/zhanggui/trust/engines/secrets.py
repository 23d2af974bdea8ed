"""Keys, session and customer tokens: how they are written, hashed and signed. A store never holds one in clear.

Keys and sessions are 256 bits of randomness, so one keyed BLAKE2b is enough to hash them: nobody guesses them, and
without the installation's secret the hashes of a stolen store fit nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable

import msgspec

SECRET_BYTES = 32
CUSTOMER_PREFIX = "zg_ct_"


class CustomerClaims(msgspec.Struct, frozen=True, array_like=True):
    """What a customer token says: for one customer of one shop, until `exp_ms`."""

    key_id: str
    shop: str
    customer_id: str
    scopes: tuple[str, ...]
    exp_ms: int


def access_pepper(master_key: bytes) -> bytes:
    """The installation's secret for this module, from its master key."""
    return hashlib.blake2b(master_key, digest_size=32, person=b"zg-access").digest()


def keyed_hash(pepper: bytes, purpose: bytes, text: str | bytes) -> bytes:
    """32 bytes; `purpose` (at most 16 bytes) keeps a hash made for one thing from fitting another."""
    content = text.encode() if isinstance(text, str) else text
    return hashlib.blake2b(content, key=pepper, digest_size=32, person=purpose).digest()


def fresh_secret(entropy: Callable[[int], bytes]) -> str:
    """43 characters that carry 256 random bits."""
    return _b64(entropy(SECRET_BYTES))


def csrf_token(pepper: bytes, session_token: str) -> str:
    """The token that a page of this session must send along: from the session itself, so nothing is stored."""
    return _b64(keyed_hash(pepper, b"zg-csrf", session_token))


def is_equal(one: str | bytes, other: str | bytes) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(
        one.encode() if isinstance(one, str) else one, other.encode() if isinstance(other, str) else other
    )


def sign_claims(claims: CustomerClaims, signing_key: bytes) -> str:
    """`zg_ct_` KEY `.` CLAIMS `.` MAC; claims are readable by who holds the token, and cannot be changed."""
    body = _b64(msgspec.json.encode(claims))
    return f"{CUSTOMER_PREFIX}{claims.key_id}.{body}.{_mac(signing_key, claims.key_id, body)}"


def key_id_of(token: str) -> str:
    """The id of the service key that is said to have minted a token; empty when it says none."""
    return token.removeprefix(CUSTOMER_PREFIX).partition(".")[0]


def open_claims(token: str, signing_key: bytes) -> CustomerClaims | None:
    """The claims of a token, or None when it was not signed by this key. Its age is for the caller to judge."""
    parts = token.removeprefix(CUSTOMER_PREFIX).split(".")
    if len(parts) != 3 or not is_equal(_mac(signing_key, parts[0], parts[1]), parts[2]):
        return None
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=="), type=CustomerClaims)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None
    return claims if claims.key_id == parts[0] else None


def _mac(signing_key: bytes, key_id: str, body: str) -> str:
    return _b64(hmac.new(signing_key, f"{key_id}.{body}".encode(), hashlib.sha256).digest())


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
