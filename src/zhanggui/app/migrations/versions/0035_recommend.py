"""Say of a space of vectors whether its import has ended: a column of recommend."""

import sqlalchemy as sa
from alembic import op

revision = "0035_recommend"
down_revision = "0034_trust"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        with op.batch_alter_table("recommend_vector_spaces", schema=None) as batch_op:
            batch_op.add_column(sa.Column("is_finished", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade(store: str) -> None:
    if store == "shop":
        with op.batch_alter_table("recommend_vector_spaces", schema=None) as batch_op:
            batch_op.drop_column("is_finished")
