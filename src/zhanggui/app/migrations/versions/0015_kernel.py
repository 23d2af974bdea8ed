"""Keep which master key wraps what, and secrets that outlive it: the tables of kernel and app."""

import sqlalchemy as sa
from alembic import op

revision = "0015_kernel"
down_revision = "0014_recommend"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    _table({"shop": "held_keys", "control": "installation_secrets"}[store])


def downgrade(store: str) -> None:
    op.drop_table({"shop": "held_keys", "control": "installation_secrets"}[store])


def _table(name: str) -> None:
    op.create_table(
        name,
        sa.Column("use", sa.String(length=16), nullable=False),
        sa.Column("key_id", sa.LargeBinary(length=8), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("use", name=op.f(f"pk_{name}")),
    )
