"""Keep account of the privacy budget of who gets figures: the tables of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0024_trust"
down_revision = "0023_shop"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        op.create_table(
            "privacy_budget",
            sa.Column("id", sa.String(length=26), nullable=False),
            sa.Column("audience", sa.String(length=128), nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            sa.Column("is_grant", sa.Boolean(), nullable=False),
            sa.Column("micro_epsilon", sa.BigInteger(), nullable=False),
            sa.Column("asked", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_budget")),
        )
        op.create_index(op.f("ix_privacy_budget_audience"), "privacy_budget", ["audience"])


def downgrade(store: str) -> None:
    if store == "shop":
        op.drop_table("privacy_budget")
