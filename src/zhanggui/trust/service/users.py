"""Users, their logins and sessions.

Source: OWASP Password Storage and Session Management cheat sheets; argon2id per RFC 9106.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.trust.engines.secrets import csrf_token, fresh_secret, keyed_hash
from zhanggui.trust.engines.throttle import FORGOTTEN_AFTER_MS, FREE_BY_ACCOUNT, FREE_BY_ADDRESS, wait_ms
from zhanggui.trust.errors import BadLogin, BadToken, KnownUser, TooManyLogins, UnknownRole, UnknownUser, WeakPassword
from zhanggui.trust.tables import users as tables
from zhanggui.trust.types.access import IssuedSession, User
from zhanggui.trust.types.scopes import ROLES

from .access import ABSOLUTE_MS, SESSION_HASH
from .passwords import Passwords

LINK_HASH = b"zg-login-link"
FAILURE_HASH = b"zg-login-fail"
LINK_LIFE = timedelta(minutes=15)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """The users of an installation.

    Args:
        db: the control store.
        entropy: gives so many random bytes (`secrets.token_bytes`).
        pepper: the installation's secret (`access_pepper`).
    """

    db: Database
    clock: Clock
    entropy: Callable[[int], bytes]
    pepper: bytes
    passwords: Passwords
    make_id: Callable[[], str] = new_id

    def add(self, account: str, *, password: str | None = None, roles: dict[str, str] | None = None) -> User:
        """Make a user; without a password, a login link is the way in.

        Raises:
            KnownUser: the account name is taken.
            UnknownRole, WeakPassword: as they say.
        """
        name = _normal(account)
        for role in (roles or {}).values():
            _require_role(role)
        hashed = None if password is None else self._hashed(password)

        def work(db: sa.Connection) -> User:
            if tables.user_by_account(db, name) is not None:
                raise KnownUser(f"There is a user {name!r} already.", hint="Choose another name, or change that user.")
            user_id = self.make_id()
            tables.store_user(db, user_id, name, hashed, to_ms(self.clock()))
            for shop, role in (roles or {}).items():
                tables.set_role(db, user_id, shop, role)
            return _required(tables.user_by_account(db, name), name).user

        return self.db.write(work)

    def list(self) -> list[User]:
        """All users by account name."""
        with self.db.read() as db:
            return tables.all_users(db)

    def set_role(self, account: str, shop: str, role: str | None) -> User:
        """Give a role in a shop (`*`: in every shop), or take it away; the next request feels it."""
        if role is not None:
            _require_role(role)
        return self._change(account, lambda db, user: tables.set_role(db, user.id, shop, role))

    def set_password(self, account: str, password: str) -> User:
        """Set a password, and end all the user's sessions."""
        hashed = self._hashed(password)

        def change(db: sa.Connection, user: User) -> None:
            tables.change_user(db, user.id, password_hash=hashed)
            tables.end_sessions(db, user_id=user.id)

        return self._change(account, change)

    def disable(self, account: str) -> User:
        """Shut a user out, from the next request on."""

        def change(db: sa.Connection, user: User) -> None:
            tables.change_user(db, user.id, disabled_ms=to_ms(self.clock()))
            tables.end_sessions(db, user_id=user.id)

        return self._change(account, change)

    def login(self, account: str, password: str, *, address: str, previous: str | None = None) -> IssuedSession:
        """Begin a session by password; the session that the browser came with ends.

        The try is counted before the password is looked at, so that many at once gain nothing; an unknown account
        costs as much time as a known one.

        Raises:
            TooManyLogins: the account or the address has to wait; `retry_after_s` says how long.
            BadLogin: account and password do not fit each other.
        """
        name = _normal(account)
        hashes = [self._failure_hash("account", name), self._failure_hash("address", address)]
        self.db.write(lambda db: self._count_try(db, hashes))
        with self.db.read() as db:
            held = tables.user_by_account(db, name)
        is_right = self.passwords.fits(None if held is None else held.password_hash, password[:LONGEST_PASSWORD])
        if held is None or not is_right or held.user.is_disabled:
            raise BadLogin("Account and password do not fit each other.", hint="Ask an owner for a login link.")
        user = held.user

        def work(db: sa.Connection) -> IssuedSession:
            tables.forget_failures(db, hashes)
            return self._begin(db, user, previous)

        return self.db.write(work)

    def login_link(self, account: str) -> str:
        """A secret that lets its bearer in once, within 15 minutes."""
        token = fresh_secret(self.entropy)
        expires_ms = to_ms(self.clock() + LINK_LIFE)

        def change(db: sa.Connection, user: User) -> None:
            tables.store_link(db, keyed_hash(self.pepper, LINK_HASH, token), user.id, expires_ms)

        self._change(account, change)
        return token

    def login_by_link(self, token: str, *, previous: str | None = None) -> IssuedSession:
        """Begin a session by a login link, which is used up.

        Raises:
            BadToken: it is unknown, used or too old.
        """

        def work(db: sa.Connection) -> IssuedSession | None:
            user_id = tables.take_link(db, keyed_hash(self.pepper, LINK_HASH, token), to_ms(self.clock()))
            held = None if user_id is None else tables.user_by_id(db, user_id)
            return None if held is None or held.user.is_disabled else self._begin(db, held.user, previous)

        session = self.db.write(work)
        if session is None:
            raise BadToken("The login link is unknown, used or too old.", hint="Ask for a new one.")
        return session

    def logout(self, token: str) -> None:
        """End a session; an unknown one is ended already."""
        self.db.write(lambda db: tables.end_sessions(db, hash_=keyed_hash(self.pepper, SESSION_HASH, token)))

    def _begin(self, db: sa.Connection, user: User, previous: str | None) -> IssuedSession:
        now_ms = to_ms(self.clock())
        tables.forget_old(db, sessions_before_ms=now_ms - ABSOLUTE_MS, links_before_ms=now_ms)
        if previous:
            tables.end_sessions(db, hash_=keyed_hash(self.pepper, SESSION_HASH, previous))
        token = fresh_secret(self.entropy)
        tables.store_session(db, keyed_hash(self.pepper, SESSION_HASH, token), user.id, now_ms)
        expires_at = self.clock() + timedelta(milliseconds=ABSOLUTE_MS)
        return IssuedSession(token=token, csrf=csrf_token(self.pepper, token), user=user, expires_at=expires_at)

    def _count_try(self, db: sa.Connection, hashes: Sequence[bytes]) -> None:
        now_ms = to_ms(self.clock())
        known = tables.failures_of(db, hashes)
        until_ms = max((until for _, _, until in known.values()), default=0)
        if until_ms > now_ms:
            wait = math.ceil((until_ms - now_ms) / 1000)
            raise TooManyLogins(
                "Too many failed logins.", hint=f"Try again in {wait} s.", params={"retry_after_s": str(wait)}
            )
        for hash_, free in zip(hashes, (FREE_BY_ACCOUNT, FREE_BY_ADDRESS), strict=True):
            failures, last_ms, _ = known.get(hash_, (0, 0, 0))
            failures = 1 if now_ms - last_ms > FORGOTTEN_AFTER_MS else failures + 1
            tables.store_failure(db, hash_, failures, now_ms, now_ms + wait_ms(failures, free))

    def _failure_hash(self, what: str, value: str) -> bytes:
        return keyed_hash(self.pepper, FAILURE_HASH, f"{what}:{value}")

    def _change(self, account: str, change: Callable[[sa.Connection, User], None]) -> User:
        name = _normal(account)

        def work(db: sa.Connection) -> User:
            change(db, _required(tables.user_by_account(db, name), name).user)
            return _required(tables.user_by_account(db, name), name).user

        return self.db.write(work)

    def _hashed(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise WeakPassword(
                f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; this one has {len(password)}.",
                hint="Four random words are long enough and can be remembered.",
            )
        return self.passwords.hashed(password)


def _normal(account: str) -> str:
    return account.strip().casefold()[:254]


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise UnknownRole.among(role, ROLES)


def _required(held: tables.HeldUser | None, account: str) -> tables.HeldUser:
    if held is None:
        raise UnknownUser(f"There is no user {account!r}.", hint="List them with: zhanggui users list")
    return held
