"""Keep separate consents, and name in the egress register the one that a host rests on. Tables of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0032_trust"
down_revision = "0031_shop"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        op.create_table(
            "separate_asks",
            sa.Column("name", sa.String(length=64), nullable=False),
            sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            sa.Column("fact", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_separate_asks")),
        )
        op.create_table(
            "separate_consents",
            sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("name", sa.String(length=64), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("granted", sa.Boolean(), nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("person", "name", name=op.f("pk_separate_consents")),
        )
        with op.batch_alter_table("trust_egress_hosts", schema=None) as batch_op:
            batch_op.add_column(sa.Column("separate", sa.String(length=64), server_default="", nullable=False))


def downgrade(store: str) -> None:
    if store == "shop":
        with op.batch_alter_table("trust_egress_hosts", schema=None) as batch_op:
            batch_op.drop_column("separate")
        op.drop_table("separate_consents")
        op.drop_table("separate_asks")
