"""What a store keeps about its keys: people's own ones, and which master key wraps a new one.

The key of lookup hashes is kept wrapped, apart from the master key that it may once have come from: so hashes stay
what they are while master keys come and go.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from zhanggui.kernel.db import BigKey, insert_ignoring, shop_metadata

from .keyring import Keyring
from .wrapping import KEY_BYTES, MasterKey, begins_with, derive

subject_keys = sa.Table(
    "subject_keys",
    shop_metadata,
    sa.Column("person", BigKey, primary_key=True, autoincrement=False),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),  # empty: destroyed
)

held_keys = sa.Table(
    "held_keys",
    shop_metadata,
    sa.Column("use", sa.String(16), primary_key=True),
    sa.Column("key_id", sa.LargeBinary(8), nullable=False),  # of the master key
    sa.Column("wrapped", sa.LargeBinary, nullable=False),  # empty: says only which master key
)
SUBJECTS, LOOKUP = "subjects", "lookup"
LOOKUP_ABOUT = b"lookup"


def about_person(person: int) -> bytes:
    """What the wrapped key of a person is bound to."""
    return b"key" + person.to_bytes(8, "big", signed=True)


def old_lookup_key(master: MasterKey) -> bytes:
    """The key of lookup hashes of a store that keeps none: it came from the master key."""
    return derive(master.secret, b"zhanggui lookup")


def hold_keys(db: sa.Connection, master: MasterKey, *, is_new: bool) -> None:
    """Note which master key wraps new keys, and keep the key of lookup hashes; what is noted stays.

    Args:
        db: of a write.
        master: the one in use.
        is_new: the store holds no hash yet, so that its lookup key may be one that no master key leads to.
    """
    lookup = secrets.token_bytes(KEY_BYTES) if is_new else old_lookup_key(master)
    rows = [
        {"use": SUBJECTS, "key_id": master.id, "wrapped": b""},
        {"use": LOOKUP, "key_id": master.id, "wrapped": master.wrap(lookup, LOOKUP_ABOUT)},
    ]
    insert_ignoring(db, held_keys, rows, keys=["use"])


def lookup_key(db: sa.Connection, ring: Keyring) -> bytes:
    """The key of this store's lookup hashes."""
    wrapped = db.execute(sa.select(held_keys.c.wrapped).where(held_keys.c.use == LOOKUP)).scalar()
    return old_lookup_key(ring.first) if wrapped is None else ring.unwrap(bytes(wrapped), LOOKUP_ABOUT)


def wrapping_key(db: sa.Connection, ring: Keyring) -> MasterKey:
    """The master key that wraps a new person's key; it cannot be replaced before this transaction ends."""
    ask = sa.select(held_keys.c.key_id).where(held_keys.c.use == SUBJECTS).with_for_update(read=True)
    key_id = db.execute(ask).scalar()
    return ring.first if key_id is None else ring.named(bytes(key_id))


def turn_to(db: sa.Connection, ring: Keyring, master: MasterKey) -> None:
    """From this commit on new keys are wrapped by `master`, and the lookup key is."""
    lookup = lookup_key(db, ring)
    hold_keys(db, master, is_new=False)
    of = held_keys.c.use
    db.execute(sa.update(held_keys).where(of == SUBJECTS).values(key_id=master.id))
    wrapped = master.wrap(lookup, LOOKUP_ABOUT)
    db.execute(sa.update(held_keys).where(of == LOOKUP).values(key_id=master.id, wrapped=wrapped))


def rewrap(db: sa.Connection, ring: Keyring, master: MasterKey, *, after: int, limit: int) -> tuple[int | None, int]:
    """Wrap the next keys of people, by number, that `master` did not wrap.

    A key that is destroyed between reading and writing stays destroyed.

    Returns:
        The number to go on after, None at the end; how many were wrapped anew.
    """
    c = subject_keys.c
    ask = sa.select(c.person, c.wrapped).where(c.person > after, *_wrapped_elsewhere(master))
    rows = db.execute(ask.order_by(c.person).limit(limit)).all()
    count = 0
    for row in rows:
        about, old = about_person(row.person), bytes(row.wrapped)
        fresh = master.wrap(ring.unwrap(old, about), about)
        put = sa.update(subject_keys).where(c.person == row.person, c.wrapped == old).values(wrapped=fresh)
        count += db.execute(put).rowcount
    return (rows[-1].person if len(rows) == limit else None), count


def wrapped_elsewhere(db: sa.Connection, master: MasterKey) -> int:
    """How many keys of this store another master key wraps: people's, the lookup key, and what wraps new ones."""
    people = sa.select(sa.func.count()).select_from(subject_keys).where(*_wrapped_elsewhere(master))
    others = sa.select(sa.func.count()).select_from(held_keys).where(held_keys.c.key_id != master.id)
    missing = 2 - int(db.execute(sa.select(sa.func.count()).select_from(held_keys)).scalar_one())
    return int(db.execute(people).scalar_one()) + int(db.execute(others).scalar_one()) + missing


def living_keys(db: sa.Connection) -> int:
    """How many people's keys are not destroyed."""
    ask = sa.select(sa.func.count()).select_from(subject_keys).where(subject_keys.c.wrapped != b"")
    return int(db.execute(ask).scalar_one())


def _wrapped_elsewhere(master: MasterKey) -> tuple[sa.ColumnElement[bool], ...]:
    c, head = subject_keys.c, begins_with(master.id)
    return (c.wrapped != b"", sa.func.substr(c.wrapped, 1, len(head)) != head)
