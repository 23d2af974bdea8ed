"""Keep the egress register, alerts and what is counted for them: the tables of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0018_trust"
down_revision = "0017_audience"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "trust_egress_hosts",
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("use", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=512), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.Column("is_personal", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("contract", sa.String(length=512), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("host", "use", name=op.f("pk_trust_egress_hosts")),
    )
    op.create_table(
        "trust_alerts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("most", sa.Float(), nullable=False),
        sa.Column("acknowledged_ms", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_alerts")),
        sa.UniqueConstraint("mark", name=op.f("uq_trust_alerts_mark")),
    )
    op.create_table(
        "trust_watch_counts",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "day", name=op.f("pk_trust_watch_counts")),
    )


def _downgrade_shop() -> None:
    op.drop_table("trust_watch_counts")
    op.drop_table("trust_alerts")
    op.drop_table("trust_egress_hosts")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
