"""Lay the first tables: the tables of recommend."""

import sqlalchemy as sa
from alembic import op

revision = "0004_recommend"
down_revision = '0003_trust'
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    pass
    # ### end Alembic commands ###


def _downgrade_shop() -> None:
    pass
    # ### end Alembic commands ###


def _upgrade_control() -> None:
    pass
    # ### end Alembic commands ###


def _downgrade_control() -> None:
    pass
    # ### end Alembic commands ###
