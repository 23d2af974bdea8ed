"""Keep versions of notices, consent for single channels, and contests of decisions: tables of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0020_trust"
down_revision = "0019_trust"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "notice_versions",
        sa.Column("notice", sa.String(length=512), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("notice", "version", name=op.f("pk_notice_versions")),
    )
    op.create_table(
        "channel_consents",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.String(length=512), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "purpose", "channel", name=op.f("pk_channel_consents")),
    )
    op.create_table(
        "contests",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contests")),
    )
    with op.batch_alter_table("contests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contests_person"), ["person"], unique=False)
        batch_op.create_index("ix_contests_state_due", ["state", "due_ms"], unique=False)


def _downgrade_shop() -> None:
    with op.batch_alter_table("contests", schema=None) as batch_op:
        batch_op.drop_index("ix_contests_state_due")
        batch_op.drop_index(batch_op.f("ix_contests_person"))

    op.drop_table("contests")
    op.drop_table("channel_consents")
    op.drop_table("notice_versions")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
