"""From a request's headers and cookies to its caller, some 50 µs when the caller was here before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.changes import last_seq, latest_seq
from zhanggui.kernel.clock import DAY_MS, HOUR_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.trust.engines.secrets import (
    CUSTOMER_PREFIX,
    csrf_token,
    is_equal,
    key_id_of,
    keyed_hash,
    open_claims,
)
from zhanggui.trust.errors import BadCsrf, BadKey, BadToken, OutOfScope
from zhanggui.trust.tables import keys as key_tables
from zhanggui.trust.tables import users as user_tables
from zhanggui.trust.tables.keys import HeldKey
from zhanggui.trust.tables.users import HeldSession
from zhanggui.trust.types.access import Caller
from zhanggui.trust.types.scopes import CUSTOMER, ROLES

from .keys import KEY_HASH, token_signing_key

SESSION_COOKIE = "zg_session"
VISITOR_COOKIE = "zg_visitor"
CSRF_HEADER = "x-csrf-token"
SESSION_HASH = b"zg-session"
IDLE_MS = 8 * HOUR_MS
ABSOLUTE_MS = 7 * DAY_MS
NOTED_EVERY_MS = 60_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_CACHE = 20_000


@dataclass(slots=True)
class _Remembered:
    """Who was recognised while the control store stood at one change; thrown away as a whole."""

    seq: int
    keys: dict[str, HeldKey | None]
    sessions: dict[bytes, HeldSession]
    origins: dict[str, int | None] | None = None  # read when the first page of another origin asks


class Access:
    """Recognises callers. One for each process; safe among threads.

    What was recognised is remembered until anything changes in the control store: each request reads one number to
    know, so a revoked key is refused by the very next request in any process.
    """

    def __init__(self, *, db: Database, clock: Clock, pepper: bytes) -> None:
        self._db = db
        self._clock = clock
        self._pepper = pepper
        self._remembered = _Remembered(-1, {}, {})
        self._noted_ms: dict[str | bytes, int] = {}

    def authenticate(self, headers: Mapping[str, str], cookies: Mapping[str, str], *, method: str = "GET") -> Caller:
        """Who calls. Header names are lower case.

        Args:
            method: of the request: a page's session needs its CSRF token (`X-CSRF-Token`) for all but GET.

        Raises:
            BadKey: no credentials, or a key or session that is unknown, expired or revoked.
            BadToken: a customer token that is forged or too old.
            BadCsrf: a page's request without the token of its session.
            OutOfScope: a publishable key used from an origin that is not listed.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        token = token.strip()
        now_ms = to_ms(self._clock())
        if scheme.lower() == "bearer" and token.startswith(CUSTOMER_PREFIX):
            return self._customer(token, now_ms)
        if scheme.lower() == "bearer":
            return self._key(token, headers.get("origin"), cookies.get(VISITOR_COOKIE), now_ms)
        if SESSION_COOKIE in cookies:
            return self._user(cookies[SESSION_COOKIE], headers.get(CSRF_HEADER, ""), method, now_ms)
        raise BadKey("The request carries no key.", hint="Send the header Authorization: Bearer zg_sk_…")

    def csrf_of(self, cookies: Mapping[str, str]) -> str:
        """What the forms of a page must carry: made from the session, else from the visitor; "" for neither."""
        secret = cookies.get(SESSION_COOKIE) or cookies.get(VISITOR_COOKIE)
        return csrf_token(self._pepper, secret) if secret else ""

    def require_csrf(self, cookies: Mapping[str, str], given: str) -> None:
        """Hold the token of a form against its session or visitor.

        Raises:
            BadCsrf: it is missing, or of another.
        """
        expected = self.csrf_of(cookies)
        if not expected or not is_equal(expected, given):
            raise BadCsrf("The form lacks the token of its page.", hint="Load the page again, then send the form.")

    def lists_origin(self, origin: str) -> bool:
        """Whether a publishable key in force names this origin: its pages may then ask, before any key is seen.

        Which shop and which key is held against the origin again when the request itself comes, with its key.
        """
        memory = self._remembered
        if memory.seq != latest_seq(self._db) or memory.origins is None:
            with self._db.read() as db:
                memory = self._memory(db)
                memory.origins = origins = key_tables.listed_origins(db)
        else:
            origins = memory.origins
        ends_ms = origins.get(origin, 0)
        return ends_ms is None or ends_ms > to_ms(self._clock())

    def _key(self, token: str, origin: str | None, visitor_id: str | None, now_ms: int) -> Caller:
        key_id = token[6:].partition("_")[0] if token.startswith(("zg_sk_", "zg_pk_")) else ""
        held = self._held_key(key_id)
        if held is None or not is_equal(keyed_hash(self._pepper, KEY_HASH, token), held.hash):
            raise _bad_key()
        key = held.key
        _require_in_force(held, now_ms)
        self._note(key_id, now_ms, lambda db: key_tables.note_use(db, key_id, now_ms))
        grants = {key.shop: frozenset(key.scopes)}
        if key.kind == "service":
            return Caller(kind="key", id=key_id, grants=grants)
        # A server that calls with a public key sends no origin; a browser always does for what it posts.
        if origin is not None and origin not in key.origins:
            raise OutOfScope(f"The key is not for pages of {origin}.", hint="List the origin when you make the key.")
        return Caller(kind="publishable", id=key_id, grants=grants, visitor_id=visitor_id, origins=key.origins)

    def _customer(self, token: str, now_ms: int) -> Caller:
        held = self._held_key(key_id_of(token))
        claims = None if held is None else open_claims(token, token_signing_key(self._pepper, held.hash))
        if held is None or claims is None or claims.shop != held.key.shop:
            raise BadToken("The customer token was not minted here.", hint="Mint one with a service key.")
        _require_in_force(held, now_ms)
        if claims.exp_ms <= now_ms:
            raise BadToken("The customer token is too old.", hint="Mint a new one; they live at most 15 minutes.")
        grants = {claims.shop: frozenset(claims.scopes) & CUSTOMER}
        return Caller(kind="customer", id=claims.key_id, grants=grants, customer_id=claims.customer_id)

    def _user(self, token: str, csrf: str, method: str, now_ms: int) -> Caller:
        hash_ = keyed_hash(self._pepper, SESSION_HASH, token)
        held = self._held_session(hash_)
        if held is not None and now_ms - self._seen_ms(hash_, held) > IDLE_MS:
            # Another process may have seen the user since: only the store knows.
            with self._db.read() as db:
                held = user_tables.session_by_hash(db, hash_)
            if held is not None and now_ms - held.seen_ms > IDLE_MS:
                held = None
        if held is None or held.user.is_disabled or now_ms - held.created_ms >= ABSOLUTE_MS:
            raise BadKey("The session is over.", hint="Log in again.")
        if method.upper() not in SAFE_METHODS and not is_equal(csrf_token(self._pepper, token), csrf):
            raise BadCsrf("The request lacks the CSRF token of its session.", hint="Send it as X-CSRF-Token.")
        self._note(hash_, now_ms, lambda db: user_tables.note_seen(db, hash_, now_ms))
        grants = {shop: ROLES.get(role, frozenset()) for shop, role in held.user.roles.items()}
        return Caller(kind="user", id=held.user.id, grants=grants)

    def _seen_ms(self, hash_: bytes, held: HeldSession) -> int:
        return max(held.seen_ms, self._noted_ms.get(hash_, 0))

    def _held_key(self, key_id: str) -> HeldKey | None:
        memory = self._remembered
        if memory.seq == latest_seq(self._db) and key_id in memory.keys:
            return memory.keys[key_id]
        with self._db.read() as db:
            # What a snapshot says is remembered under its own change, even if another thread has moved on since.
            keys = self._memory(db).keys
            if key_id not in keys:
                keys[key_id] = key_tables.key_by_id(db, key_id) if key_id else None
            return keys[key_id]

    def _held_session(self, hash_: bytes) -> HeldSession | None:
        memory = self._remembered
        if memory.seq == latest_seq(self._db) and hash_ in memory.sessions:
            return memory.sessions[hash_]
        with self._db.read() as db:
            sessions = self._memory(db).sessions
            if hash_ not in sessions:
                found = user_tables.session_by_hash(db, hash_)
                if found is None:
                    return None  # not remembered: a login announces nothing, and may make it true
                sessions[hash_] = found
            return sessions[hash_]

    def _memory(self, db: sa.Connection) -> _Remembered:
        seq = last_seq(db)
        memory = self._remembered
        if seq != memory.seq or len(memory.keys) + len(memory.sessions) > LARGEST_CACHE:
            memory = self._remembered = _Remembered(seq, {}, {})
        if len(self._noted_ms) > LARGEST_CACHE:
            self._noted_ms = {}
        return memory

    def _note(self, what: str | bytes, now_ms: int, work: Callable[[sa.Connection], None]) -> None:
        """Write a moment of use at most once a minute, and do not wait for it."""
        if now_ms - self._noted_ms.get(what, 0) >= NOTED_EVERY_MS:
            self._noted_ms[what] = now_ms
            self._db.submit(work)


def _bad_key() -> BadKey:
    return BadKey(
        "The key is unknown, expired or revoked.",
        hint="Ask whoever runs the shop for a key; they see theirs with: zhanggui keys list SHOP",
    )


def _require_in_force(held: HeldKey, now_ms: int) -> None:
    key = held.key
    if key.revoked_at is not None or (key.expires_at is not None and to_ms(key.expires_at) <= now_ms):
        raise _bad_key()
