"""Find customers by keyed hashes of phone and e-mail: the tables of shop."""

import sqlalchemy as sa
from alembic import op

revision = "0023_shop"
down_revision = "0022_trust"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        op.create_table(
            "customer_lookups",
            sa.Column(
                "person", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
            ),
            sa.Column("kind", sa.String(length=8), nullable=False),
            sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
            sa.PrimaryKeyConstraint("person", "kind", name=op.f("pk_customer_lookups")),
        )
        op.create_index(op.f("ix_customer_lookups_hash"), "customer_lookups", ["hash"])


def downgrade(store: str) -> None:
    if store == "shop":
        op.drop_table("customer_lookups")
