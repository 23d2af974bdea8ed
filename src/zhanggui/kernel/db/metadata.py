"""Two sets of tables: those of each shop's own store, and those of the server's control store."""

from __future__ import annotations

import sqlalchemy as sa

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}

shop_metadata = sa.MetaData(naming_convention=_NAMES)
control_metadata = sa.MetaData(naming_convention=_NAMES)

BigKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""A dense integer primary key that the store hands out (SQLite does so only for INTEGER)."""
