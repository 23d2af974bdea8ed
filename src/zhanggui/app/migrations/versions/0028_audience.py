"""Keep what any two segments have in common: a table of audience."""

import sqlalchemy as sa
from alembic import op

revision = "0028_audience"
down_revision = "0027_audience"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        op.create_table(
            "audience_segment_overlaps",
            sa.Column("first", sa.String(length=26), nullable=False),
            sa.Column("second", sa.String(length=26), nullable=False),
            sa.Column("day", sa.String(length=10), nullable=False),
            sa.Column("people", sa.BigInteger(), nullable=True),
            sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_audience_segment_overlaps")),
        )


def downgrade(store: str) -> None:
    if store == "shop":
        op.drop_table("audience_segment_overlaps")
