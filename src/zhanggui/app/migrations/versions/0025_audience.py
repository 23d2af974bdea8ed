"""Keep segments and their sizes by day: tables of audience."""

import sqlalchemy as sa
from alembic import op

revision = "0025_audience"
down_revision = "0024_trust"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        op.create_table(
            "audience_segments",
            sa.Column("id", sa.String(length=26), nullable=False),
            sa.Column("name", sa.String(length=100), nullable=False),
            sa.Column("rule", sa.String(length=1000), nullable=False),
            sa.Column("origin", sa.String(length=16), nullable=False),
            sa.Column("author", sa.String(length=300), nullable=False),
            sa.Column("created_ms", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_segments")),
        )
        op.create_table(
            "audience_segment_sizes",
            sa.Column("segment", sa.String(length=26), nullable=False),
            sa.Column("day", sa.String(length=10), nullable=False),
            sa.Column("people", sa.BigInteger(), nullable=True),
            sa.PrimaryKeyConstraint("segment", "day", name=op.f("pk_audience_segment_sizes")),
        )


def downgrade(store: str) -> None:
    if store == "shop":
        op.drop_table("audience_segment_sizes")
        op.drop_table("audience_segments")
