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


def _downgrade_shop() -> None:
    pass


def _upgrade_control() -> None:
    op.create_table(
        "idempotent_answers",
        sa.Column("scope", sa.LargeBinary(length=32), nullable=False),
        sa.Column("owner", sa.String(length=26), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_idempotent_answers")),
    )
    with op.batch_alter_table("idempotent_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotent_answers_begun_ms"), ["begun_ms"], unique=False)

    op.create_table(
        "shops",
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shops")),
    )


def _downgrade_control() -> None:
    op.drop_table("shops")
    with op.batch_alter_table("idempotent_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotent_answers_begun_ms"))

    op.drop_table("idempotent_answers")
