"""Let rooms compete for the inbox, and note which briefs went out: the tables of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0009_trust"
down_revision = "0008_shop"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "brief_sendings",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "channel", name=op.f("pk_brief_sendings")),
    )
    op.create_table(
        "inbox_bids",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("subject_hash", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("draft", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_bids")),
        sa.UniqueConstraint("subject_hash", name=op.f("uq_inbox_bids_subject_hash")),
    )
    op.create_table(
        "inbox_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("taken", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_inbox_days")),
    )


def _downgrade_shop() -> None:
    op.drop_table("inbox_days")
    op.drop_table("inbox_bids")
    op.drop_table("brief_sendings")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
