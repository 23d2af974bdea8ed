"""Lay the first tables: the tables of recommend."""

import sqlalchemy as sa
from alembic import op

revision = "0004_recommend"
down_revision = "0003_trust"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "preferences",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.BigInteger(), nullable=False),
        sa.Column("chips", sa.LargeBinary(), nullable=False),
        sa.Column("strength", sa.Float(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_undone", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
    )
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preferences_person"), ["person"], unique=False)

    op.create_table(
        "recommend_models",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommend_models")),
    )


def _downgrade_shop() -> None:
    op.drop_table("recommend_models")
    with op.batch_alter_table("preferences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preferences_person"))

    op.drop_table("preferences")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
