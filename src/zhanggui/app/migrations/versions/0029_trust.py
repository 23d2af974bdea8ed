"""Let an alert have no usual: what is held against a limit has none. A column of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0029_trust"
down_revision = "0028_audience"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    if store == "shop":
        with op.batch_alter_table("trust_alerts", schema=None) as batch_op:
            batch_op.alter_column("usual", existing_type=sa.Float(), nullable=True)
        op.execute(
            "UPDATE trust_alerts SET usual = NULL WHERE kind = 'model' OR kind = 'data' AND subject = 'categories'"
        )


def downgrade(store: str) -> None:
    if store == "shop":
        op.execute("UPDATE trust_alerts SET usual = 0.0 WHERE usual IS NULL")
        with op.batch_alter_table("trust_alerts", schema=None) as batch_op:
            batch_op.alter_column("usual", existing_type=sa.Float(), nullable=False)
