"""API keys and the customer tokens that they mint."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, ms_or_none, to_ms
from zhanggui.kernel.db import Database
from zhanggui.trust.engines.secrets import CustomerClaims, fresh_secret, keyed_hash, sign_claims
from zhanggui.trust.errors import BadKey, UnknownKey, UnknownScope
from zhanggui.trust.tables import keys as tables
from zhanggui.trust.types.access import ApiKey, Caller, CreateKey, CustomerToken, IssuedKey, MintToken
from zhanggui.trust.types.scopes import CUSTOMER, PUBLISHABLE, SCOPES, is_known

KEY_HASH = b"zg-api-key"
TOKEN_KEY = b"zg-customer"
PREFIXES = {"service": "zg_sk_", "publishable": "zg_pk_"}
DEFAULT_OVERLAP = timedelta(hours=24)


def token_signing_key(pepper: bytes, key_hash: bytes) -> bytes:
    """What a service key's customer tokens are signed with: they fall with the key."""
    return keyed_hash(pepper, TOKEN_KEY, key_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys of all shops of an installation.

    Args:
        db: the control store.
        entropy: gives so many random bytes (`secrets.token_bytes`).
        pepper: the installation's secret (`access_pepper`).
    """

    db: Database
    clock: Clock
    entropy: Callable[[int], bytes]
    pepper: bytes

    def create(self, shop: str, wanted: CreateKey, *, by: Caller | None = None) -> IssuedKey:
        """Make a key; its secret is in the answer and nowhere else.

        Args:
            by: who asks; nobody grants what they do not hold. None: somebody at the machine itself.

        Raises:
            UnknownScope: a key was asked for with a scope that there is not or that it can never have, or with none.
            OutOfScope: `by` does not hold what the key would.
        """
        scopes = _fitting(wanted)
        _require_all(by, scopes, shop)
        return self.db.write(lambda db: self._store(db, shop, wanted, scopes))

    def rotate(
        self, shop: str, key_id: str, *, overlap: timedelta = DEFAULT_OVERLAP, by: Caller | None = None
    ) -> IssuedKey:
        """Make a key that may do the same; the old one goes on for `overlap`, so that nothing stops meanwhile.

        Raises:
            OutOfScope: `by` does not hold what the key does.
            UnknownKey: the shop has no such key.
            BadKey: it is revoked, or replaced already.
        """

        def work(db: sa.Connection) -> IssuedKey:
            old = self._held(db, shop, key_id)
            _require_all(by, old.scopes, shop)
            if old.revoked_at is not None or old.replaced_by is not None:
                raise BadKey(f"Key {key_id} is revoked or replaced already.", hint="Rotate the key that is in use.")
            # A key that was made for a while gets as long a while again, from now.
            life = None if old.expires_at is None else old.expires_at - old.created_at
            expires_at = None if life is None else self.clock() + life
            wanted = CreateKey(
                name=old.name, kind=old.kind, scopes=old.scopes, origins=old.origins, expires_at=expires_at
            )
            issued = self._store(db, shop, wanted, old.scopes)
            until = self.clock() + overlap
            ends = until if old.expires_at is None else min(until, old.expires_at)
            tables.change_key(db, key_id, expires_ms=to_ms(ends), replaced_by=issued.key.id)
            return issued

        return self.db.write(work)

    def revoke(self, shop: str, key_id: str) -> ApiKey:
        """End a key and all tokens it minted, from the next request on; a second time changes nothing.

        Raises:
            UnknownKey: the shop has no such key.
        """

        def work(db: sa.Connection) -> ApiKey:
            if self._held(db, shop, key_id).revoked_at is None:
                tables.change_key(db, key_id, revoked_ms=to_ms(self.clock()))
            return self._held(db, shop, key_id)

        return self.db.write(work)

    def list(self, shop: str) -> list[ApiKey]:
        """A shop's keys, oldest first, the revoked ones too."""
        with self.db.read() as db:
            return tables.keys_of(db, shop)

    def mint(self, shop: str, key_id: str, wanted: MintToken) -> CustomerToken:
        """Mint a token for one customer, in the name of a service key.

        Raises:
            UnknownKey: the shop has no such key.
            BadKey: it is no service key.
            UnknownScope: a scope that a customer can never have.
        """
        beyond = set(wanted.scopes) - CUSTOMER
        if beyond:
            raise UnknownScope(
                f"A customer cannot have {', '.join(sorted(beyond))}.", hint=f"Choose of: {', '.join(sorted(CUSTOMER))}"
            )
        with self.db.read() as db:
            held = tables.key_by_id(db, key_id)
        if held is None or held.key.shop != shop:
            raise _unknown(key_id)
        if held.key.kind != "service" or held.key.revoked_at is not None:
            raise BadKey("Only a service key in force mints tokens.", hint="Call with a key that begins with zg_sk_.")
        expires_at = self.clock() + timedelta(seconds=wanted.ttl_s)
        claims = CustomerClaims(key_id, shop, wanted.customer_id, wanted.scopes, to_ms(expires_at))
        token = sign_claims(claims, token_signing_key(self.pepper, held.hash))
        return CustomerToken(token=token, expires_at=expires_at)

    def _store(self, db: sa.Connection, shop: str, wanted: CreateKey, scopes: tuple[str, ...]) -> IssuedKey:
        key_id = base64.b32encode(self.entropy(10)).decode().lower()
        secret = f"{PREFIXES[wanted.kind]}{key_id}_{fresh_secret(self.entropy)}"
        tables.store_key(
            db,
            {
                "id": key_id,
                "shop": shop,
                "name": wanted.name,
                "kind": wanted.kind,
                "hash": keyed_hash(self.pepper, KEY_HASH, secret),
                "scopes": scopes,
                "origins": wanted.origins,
                "created_ms": to_ms(self.clock()),
                "expires_ms": ms_or_none(wanted.expires_at),
            },
        )
        return IssuedKey(key=self._held(db, shop, key_id), secret=secret)

    def _held(self, db: sa.Connection, shop: str, key_id: str) -> ApiKey:
        held = tables.key_by_id(db, key_id)
        if held is None or held.key.shop != shop:
            raise _unknown(key_id)
        return held.key


def _unknown(key_id: str) -> UnknownKey:
    return UnknownKey(f"The shop has no key {key_id!r}.", hint="List them with: zhanggui keys list SHOP")


def _require_all(by: Caller | None, scopes: Iterable[str], shop: str) -> None:
    if by is not None:
        for scope in scopes:
            by.require(scope, shop)


def _fitting(wanted: CreateKey) -> tuple[str, ...]:
    if wanted.kind == "publishable":
        beyond = set(wanted.scopes) - PUBLISHABLE
        if beyond:
            raise UnknownScope(
                f"A publishable key cannot have {', '.join(sorted(beyond))}.",
                hint="It stands in public JavaScript; use a service key on your own server.",
            )
        return tuple(sorted(PUBLISHABLE))
    if not wanted.scopes:
        raise UnknownScope("A service key needs at least one scope.", hint="For example: shop:read recommend:read")
    for scope in wanted.scopes:
        if not is_known(scope):
            raise UnknownScope.among(scope, SCOPES)
    return tuple(dict.fromkeys(wanted.scopes))
