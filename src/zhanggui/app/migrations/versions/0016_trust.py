"""Keep erasures, their receipts and the list of who was erased: the tables of trust."""

import sqlalchemy as sa
from alembic import op

revision = "0016_trust"
down_revision = "0015_kernel"
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {"shop": _upgrade_shop, "control": _upgrade_control}[store]()


def downgrade(store: str) -> None:
    {"shop": _downgrade_shop, "control": _downgrade_control}[store]()


def _upgrade_shop() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=False),
        sa.Column("rest", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_state"), "erasures", ["state"], unique=False)
    op.create_table(
        "erased_ids",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("erasure", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_erased_ids")),
    )
    op.create_index(op.f("ix_erased_ids_erasure"), "erased_ids", ["erasure"], unique=False)


def _downgrade_shop() -> None:
    op.drop_index(op.f("ix_erased_ids_erasure"), table_name="erased_ids")
    op.drop_table("erased_ids")
    op.drop_index(op.f("ix_erasures_state"), table_name="erasures")
    op.drop_table("erasures")


def _upgrade_control() -> None:
    pass


def _downgrade_control() -> None:
    pass
