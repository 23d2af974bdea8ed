"""Keep versions of learned segments: a table of audience."""

import sqlalchemy as sa
from alembic import op

revision = "0027_audience"
down_revision = "0026_audience"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        op.create_table(
            "audience_learned",
            sa.Column("id", sa.String(length=26), nullable=False),
            sa.Column("state", sa.String(length=16), nullable=False),
            sa.Column("card", sa.LargeBinary(), nullable=False),
            sa.Column("model", sa.LargeBinary(), nullable=True),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_learned")),
        )


def downgrade(store: str) -> None:
    if store == "shop":
        op.drop_table("audience_learned")
