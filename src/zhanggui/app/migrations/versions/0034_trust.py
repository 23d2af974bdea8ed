"""Keep the newest datasheet of each kind of training. A table of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0034_trust"
down_revision = "0033_recommend"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        op.create_table(
            "trust_datasheets",
            sa.Column("kind", sa.String(length=32), nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            sa.Column("fact", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("kind", name=op.f("pk_trust_datasheets")),
        )


def downgrade(store: str) -> None:
    if store == "shop":
        op.drop_table("trust_datasheets")
