"""Users, their roles, sessions and login links, and failed logins, in the control store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.db import control_metadata, upsert
from zhanggui.trust.types.access import EVERY_SHOP, User

users = sa.Table(
    "users",
    control_metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("account", sa.String(254), nullable=False, unique=True),
    sa.Column("password_hash", sa.String(256)),  # argon2id; None: only by login link
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("disabled_ms", sa.BigInteger),
)

user_roles = sa.Table(
    "user_roles",
    control_metadata,
    sa.Column("user_id", sa.String(26), primary_key=True),
    sa.Column("shop", sa.String(63), primary_key=True),  # `*`: every shop
    sa.Column("role", sa.String(16), nullable=False),
)

sessions = sa.Table(
    "sessions",
    control_metadata,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("user_id", sa.String(26), nullable=False, index=True),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("seen_ms", sa.BigInteger, nullable=False),
)

login_links = sa.Table(
    "login_links",
    control_metadata,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("user_id", sa.String(26), nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
)

login_failures = sa.Table(
    "login_failures",
    control_metadata,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),  # of an account or an address
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_ms", sa.BigInteger, nullable=False),
    sa.Column("until_ms", sa.BigInteger, nullable=False),
)


class HeldUser(msgspec.Struct, frozen=True):
    """A user with the hash of the password."""

    user: User
    password_hash: str | None


class HeldSession(msgspec.Struct, frozen=True):
    """A session with its user."""

    user: User
    created_ms: int
    seen_ms: int


def store_user(db: sa.Connection, user_id: str, account: str, password_hash: str | None, now_ms: int) -> None:
    """Keep a new user."""
    row = {"id": user_id, "account": account, "password_hash": password_hash, "created_ms": now_ms}
    db.execute(sa.insert(users).values(row))
    announce(db, "user", [user_id])


def change_user(db: sa.Connection, user_id: str, **values: object) -> None:
    """Change a user so that every process sees it at its next request."""
    db.execute(sa.update(users).where(users.c.id == user_id).values(**values))
    announce(db, "user", [user_id])


def set_role(db: sa.Connection, user_id: str, shop: str, role: str | None) -> None:
    """Give a role in a shop, or take it away."""
    if role is None:
        c = user_roles.c
        db.execute(sa.delete(user_roles).where(c.user_id == user_id, c.shop == shop))
    else:
        upsert(db, user_roles, [{"user_id": user_id, "shop": shop, "role": role}], keys=["user_id", "shop"])
    announce(db, "user", [user_id])


def user_by_account(db: sa.Connection, account: str) -> HeldUser | None:
    """The user of that account name."""
    return _user(db, users.c.account == account)


def user_by_id(db: sa.Connection, user_id: str) -> HeldUser | None:
    """The user of that id."""
    return _user(db, users.c.id == user_id)


def all_users(db: sa.Connection) -> list[User]:
    """All users by account name."""
    ids = db.execute(sa.select(users.c.id).order_by(users.c.account)).scalars().all()
    return [held.user for held in (user_by_id(db, user_id) for user_id in ids) if held is not None]


def _user(db: sa.Connection, where: sa.ColumnElement[bool]) -> HeldUser | None:
    row = db.execute(sa.select(users).where(where)).first()
    if row is None:
        return None
    held = db.execute(sa.select(user_roles.c.shop, user_roles.c.role).where(user_roles.c.user_id == row.id))
    user = User(
        id=row.id,
        account=row.account,
        roles={role.shop: role.role for role in held},
        created_at=from_ms(row.created_ms),
        is_disabled=row.disabled_ms is not None,
        has_password=row.password_hash is not None,
    )
    return HeldUser(user, row.password_hash)


def owners_of(db: sa.Connection, shop: str) -> list[str]:
    """The ids of who may log in and owns a shop, by a role in it or in every shop."""
    r = user_roles.c
    held = (
        sa.select(users.c.id)
        .join(user_roles, r.user_id == users.c.id)
        .where(users.c.disabled_ms.is_(None), r.role == "owner", r.shop.in_({shop, EVERY_SHOP}))
        .distinct()
    )
    return [str(user_id) for user_id in db.execute(held).scalars()]


def store_session(db: sa.Connection, hash_: bytes, user_id: str, now_ms: int) -> None:
    """Begin a session."""
    db.execute(sa.insert(sessions).values(hash=hash_, user_id=user_id, created_ms=now_ms, seen_ms=now_ms))


def session_by_hash(db: sa.Connection, hash_: bytes) -> HeldSession | None:
    """A session, with its user as the user is now."""
    row = db.execute(sa.select(sessions).where(sessions.c.hash == hash_)).first()
    held = None if row is None else user_by_id(db, row.user_id)
    return None if row is None or held is None else HeldSession(held.user, row.created_ms, row.seen_ms)


def sessions_of(db: sa.Connection, user_id: str) -> int:
    """How many sessions a user has."""
    counted = sa.select(sa.func.count()).select_from(sessions).where(sessions.c.user_id == user_id)
    return int(db.execute(counted).scalar_one())


def note_seen(db: sa.Connection, hash_: bytes, now_ms: int) -> None:
    """Note that a session is in use."""
    db.execute(sa.update(sessions).where(sessions.c.hash == hash_).values(seen_ms=now_ms))


def end_sessions(
    db: sa.Connection, *, hash_: bytes | None = None, user_id: str | None = None, besides: bytes = b""
) -> int:
    """End one session, or all of a user but one; returns how many ended."""
    where = sessions.c.hash == hash_ if hash_ is not None else sessions.c.user_id == user_id
    ended = db.execute(sa.delete(sessions).where(where, sessions.c.hash != besides)).rowcount
    if ended:
        announce(db, "session", [user_id or "one"])
    return ended


def forget_old(db: sa.Connection, *, sessions_before_ms: int, links_before_ms: int) -> None:
    """Drop sessions and links whose time is over."""
    db.execute(sa.delete(sessions).where(sessions.c.created_ms < sessions_before_ms))
    db.execute(sa.delete(login_links).where(login_links.c.expires_ms < links_before_ms))


def store_link(db: sa.Connection, hash_: bytes, user_id: str, expires_ms: int) -> None:
    """Keep a login link."""
    db.execute(sa.insert(login_links).values(hash=hash_, user_id=user_id, expires_ms=expires_ms))


def has_link(db: sa.Connection, hash_: bytes, now_ms: int) -> bool:
    """Whether a login link would let somebody in now."""
    c = login_links.c
    fits = sa.and_(c.hash == hash_, c.expires_ms > now_ms, users.c.disabled_ms.is_(None))
    return db.execute(sa.select(c.hash).join(users, users.c.id == c.user_id).where(fits)).first() is not None


def take_link(db: sa.Connection, hash_: bytes, now_ms: int) -> str | None:
    """Use a login link up; returns its user's id, None when it is unknown, used or too old."""
    c = login_links.c
    row = db.execute(sa.delete(login_links).where(c.hash == hash_).returning(c.user_id, c.expires_ms)).first()
    return None if row is None or row.expires_ms <= now_ms else str(row.user_id)


def failures_of(db: sa.Connection, hashes: Sequence[bytes]) -> Mapping[bytes, tuple[int, int, int]]:
    """(failures, last_ms, until_ms) by hash."""
    rows = db.execute(sa.select(login_failures).where(login_failures.c.hash.in_(hashes)).with_for_update())
    return {bytes(row.hash): (row.failures, row.last_ms, row.until_ms) for row in rows}


def store_failure(db: sa.Connection, hash_: bytes, failures: int, now_ms: int, until_ms: int) -> None:
    """Note a failed login."""
    row = {"hash": hash_, "failures": failures, "last_ms": now_ms, "until_ms": until_ms}
    upsert(db, login_failures, [row], keys=["hash"])


def failed_since(db: sa.Connection, since_ms: int) -> int:
    """How often logins failed of accounts whose last failure is so young; each is counted by account and by address."""
    c = login_failures.c
    total = db.execute(sa.select(sa.func.sum(c.failures)).where(c.last_ms >= since_ms)).scalar()
    return int(total or 0) // 2


def forget_failures(db: sa.Connection, hashes: Sequence[bytes]) -> None:
    """Start from nothing again."""
    db.execute(sa.delete(login_failures).where(login_failures.c.hash.in_(hashes)))
