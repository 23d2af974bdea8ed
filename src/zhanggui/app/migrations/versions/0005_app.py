"""Lay the first tables: the tables of app."""

import sqlalchemy as sa
from alembic import op

revision = "0005_app"
down_revision = "0004_recommend"
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
    op.create_table(
        "shops",
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shops")),
    )
    # ### end Alembic commands ###


def _downgrade_control() -> None:
    op.drop_table("shops")
    # ### end Alembic commands ###
