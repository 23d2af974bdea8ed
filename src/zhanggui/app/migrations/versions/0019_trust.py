"""Keep the last result of each clause's check: a table of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0019_trust"
down_revision = "0018_trust"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "ethics_results",
        sa.Column("clause", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clause", name=op.f("pk_ethics_results")),
    )


def _downgrade_shop() -> None:
    op.drop_table("ethics_results")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
