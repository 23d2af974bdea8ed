"""The secret from which the installation derives what must outlive a master key: API keys, logins, cursors.

It is kept wrapped in the control store. One that is older than this was the first master key itself.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from zhanggui.app.tables import installation_secrets, master_key_mark
from zhanggui.kernel.cipher import KEY_BYTES, Keyring, MasterKey
from zhanggui.kernel.db import insert_ignoring

ROOT = "root"
_ABOUT = b"root"


def root_secret(db: sa.Connection, ring: Keyring) -> bytes:
    """32 bytes that stay what they are while master keys come and go."""
    row = db.execute(sa.select(installation_secrets.c.wrapped).where(installation_secrets.c.use == ROOT)).scalar()
    if row is not None:
        return ring.unwrap(bytes(row), _ABOUT)
    noted = master_key_mark(db)
    return ((ring.marked(noted) if noted else None) or ring.first).secret


def hold_root(db: sa.Connection, ring: Keyring, master: MasterKey, *, is_new: bool) -> None:
    """Keep the secret, wrapped by `master`; what is kept stays.

    Args:
        db: of a write in the control store.
        ring: all keys.
        master: the one in use.
        is_new: nothing was derived yet, so that it may be one that no master key leads to.
    """
    secret = secrets.token_bytes(KEY_BYTES) if is_new else root_secret(db, ring)
    row = {"use": ROOT, "key_id": master.id, "wrapped": master.wrap(secret, _ABOUT)}
    insert_ignoring(db, installation_secrets, [row], keys=["use"])


def root_under(db: sa.Connection, ring: Keyring, master: MasterKey) -> None:
    """Wrap the secret by `master` from now on."""
    hold_root(db, ring, master, is_new=False)
    values = {"key_id": master.id, "wrapped": master.wrap(root_secret(db, ring), _ABOUT)}
    db.execute(sa.update(installation_secrets).where(installation_secrets.c.use == ROOT).values(values))
